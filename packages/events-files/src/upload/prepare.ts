import { CdfError, ConfigError } from '@cdf/core';
import { ByteReader } from './byte-reader.js';
import type { RandomContent, StreamContent } from './content.js';
import { partSizeFor } from './part-plan.js';
import type { ContentUploadOptions } from './upload-options.js';

/** Of a stream that can be read only once, and of which the size is not known, this much waits in memory for its end. */
const MAX_AHEAD_BYTES = 64 * 1024 * 1024;

/** How a content will travel. */
export type Route =
  | { readonly kind: 'single'; readonly content: RandomContent }
  | { readonly kind: 'parts'; readonly content: RandomContent; readonly partSize: number }
  | { readonly kind: 'stream-parts'; readonly reader: ByteReader; readonly size: number; readonly partSize: number };

/**
 * Chooses by size. The service has to be told beforehand how many parts there are, so that the size of a stream is found out before
 * anything is sent: one that breaks by then has left nothing behind.
 *
 * @throws {ConfigError} when the sizes do not fit, or the size of a long stream cannot be found out
 */
export async function chooseRoute(
  content: RandomContent | StreamContent,
  options: ContentUploadOptions,
): Promise<Route> {
  const { size, partSize: wanted } = options;
  if (size !== undefined && (!Number.isSafeInteger(size) || size < 0))
    throw new ConfigError(`upload: size must be a whole number of bytes, got ${size}`);
  if (content.kind === 'stream') return chooseForStream(content, options);
  checkSize(content.size, size);
  const partSize = partSizeFor(content.size, wanted);
  return content.size <= partSize ? { kind: 'single', content } : { kind: 'parts', content, partSize };
}

async function chooseForStream(
  content: StreamContent,
  { size, partSize: wanted, signal }: ContentUploadOptions,
): Promise<Route> {
  const partSize = partSizeFor(size ?? 0, wanted);
  const reader = new ByteReader(await content.open(), signal);
  if (size !== undefined && size > partSize) return { kind: 'stream-parts', reader, size, partSize };
  try {
    const isOnce = size === undefined && !content.reopens;
    const limit = isOnce ? Math.max(partSize, MAX_AHEAD_BYTES) : partSize;
    const length = await lengthWithin(reader, limit, partSize);
    if (length !== undefined && length > partSize) return { kind: 'stream-parts', reader, size: length, partSize };
    if (length !== undefined) {
      checkSize(length, size);
      const bytes = await reader.take(length);
      await reader.cancel();
      return { kind: 'single', content: bytesContent(bytes) };
    }
    if (size !== undefined) throw tooMany(size);
    if (isOnce)
      throw new ConfigError(
        `upload: the stream has more than ${Math.floor(limit / 1024 ** 2)} MiB, and nobody says how many; pass its size in the options, or a function that opens it, which is read twice then`,
      );
    const measured = await restOf(reader);
    const again = new ByteReader(await content.open(), signal);
    return { kind: 'stream-parts', reader: again, size: measured, partSize: partSizeFor(measured, wanted) };
  } catch (error) {
    await reader.cancel(error);
    throw error;
  }
}

/** How many bytes there are, if no more than `limit`. They are read part by part, and are still to come afterwards. */
async function lengthWithin(reader: ByteReader, limit: number, partSize: number): Promise<number | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let isFull = true; isFull && length < limit; ) {
    const wanted = Math.min(partSize, limit - length);
    const piece = await reader.take(wanted);
    pieces.push(piece);
    length += piece.length;
    isFull = piece.length === wanted;
  }
  const isAll = await reader.atEnd();
  for (const piece of pieces.reverse()) reader.putBack(piece);
  return isAll ? length : undefined;
}

async function restOf(reader: ByteReader): Promise<number> {
  let length = 0;
  for (let chunk = await reader.next(); chunk !== undefined; chunk = await reader.next()) length += chunk.length;
  await reader.cancel();
  return length;
}

function bytesContent(bytes: Uint8Array): RandomContent {
  return { kind: 'random', size: bytes.length, slice: (start, end) => bytes.subarray(start, end) };
}

function checkSize(actual: number, stated: number | undefined): void {
  if (stated !== undefined && actual !== stated)
    throw new ConfigError(`upload: the content has ${actual} bytes, where size says ${stated}`);
}

export function tooMany(size: number): CdfError {
  return new CdfError(`upload: the stream gave more than the ${size} bytes that it was to have`);
}
