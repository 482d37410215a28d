import { CdfError, ConfigError } from '@cdf/core';
import { ByteReader } from './byte-reader.js';
import type { RandomContent, StreamContent } from './content.js';
import { partSizeFor } from './part-plan.js';
import type { ContentUploadOptions } from './upload-options.js';

/** How a content will travel. */
export type Route =
  | { readonly kind: 'single'; readonly content: RandomContent }
  | { readonly kind: 'parts'; readonly content: RandomContent; readonly partSize: number }
  | { readonly kind: 'stream-parts'; readonly reader: ByteReader; readonly size: number; readonly partSize: number }
  | { readonly kind: 'stream'; readonly reader: ByteReader; readonly source: StreamContent };

/**
 * Chooses by size. Of a stream as much is read as one part holds: one that ends by then is content like any other, and one that
 * breaks by then has left nothing behind.
 *
 * @throws {ConfigError} when the sizes do not fit
 */
export async function chooseRoute(
  content: RandomContent | StreamContent,
  { size, partSize: wanted, signal }: ContentUploadOptions,
): Promise<Route> {
  if (size !== undefined && (!Number.isSafeInteger(size) || size < 0))
    throw new ConfigError(`upload: size must be a whole number of bytes, got ${size}`);
  if (content.kind === 'random') {
    checkSize(content.size, size);
    const partSize = partSizeFor(content.size, wanted);
    return content.size <= partSize ? { kind: 'single', content } : { kind: 'parts', content, partSize };
  }
  const partSize = partSizeFor(size ?? 0, wanted);
  const reader = new ByteReader(await content.open(), signal);
  if (size !== undefined && size > partSize) return { kind: 'stream-parts', reader, size, partSize };
  try {
    const head = await reader.take(partSize);
    if (await reader.atEnd()) {
      checkSize(head.length, size);
      await reader.cancel();
      return { kind: 'single', content: bytesContent(head) };
    }
    if (size !== undefined) throw tooMany(size);
    reader.putBack(head);
    return { kind: 'stream', reader, source: content };
  } catch (error) {
    await reader.cancel(error);
    throw error;
  }
}

function bytesContent(bytes: Uint8Array): RandomContent {
  return { kind: 'random', size: bytes.length, slice: (start, end) => bytes.subarray(start, end) };
}

function checkSize(actual: number, stated: number | undefined): void {
  if (stated !== undefined && actual !== stated)
    throw new ConfigError(`upload: the content has ${actual} bytes, where size says ${stated}`);
}

export function tooMany(size: number): CdfError {
  return new CdfError(`upload: the stream gave more than the ${size} bytes that size says`);
}
