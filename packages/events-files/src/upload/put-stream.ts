import { type CallOptions, CdfError, type Transport } from '@cdf/core';
import { pause } from '../pause.js';
import { ByteReader } from './byte-reader.js';
import type { Hasher } from './checksum.js';
import type { StreamContent } from './content.js';
import { MAX_SINGLE_BYTES } from './part-plan.js';

/** Openings of a source that can be opened again. */
const MAX_ATTEMPTS = 5;
const FIRST_BACKOFF_MS = 250;

export interface PutStream {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Where the stream stands. */
  readonly reader: ByteReader;
  readonly source: StreamContent;
  readonly createHasher: (() => Hasher) | undefined;
}

/**
 * Sends a stream of unknown length in one request. It is sent again only when its source can be opened again, and then from
 * the start: what was read from a stream is gone.
 *
 * @returns how many bytes it had, and their checksum if one is wanted
 */
export async function putStream(
  transport: Transport,
  { url, headers, reader: first, source, createHasher }: PutStream,
  options: CallOptions,
): Promise<{ size: number; digest: string | undefined }> {
  for (let attempt = 1; ; attempt++) {
    const reader = attempt === 1 ? first : new ByteReader(await source.open(), options.signal);
    const hasher = createHasher?.();
    let size = 0;
    let broken: unknown;
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          try {
            const chunk = await reader.next();
            if (chunk === undefined) return controller.close();
            size += chunk.length;
            if (size > MAX_SINGLE_BYTES)
              throw new CdfError('upload: a stream of more than 5 GB needs its size stated, to go in parts');
            hasher?.update(chunk);
            options.onProgress?.(size, Infinity);
            controller.enqueue(chunk);
          } catch (error) {
            broken = error;
            controller.error(error);
          }
        },
        cancel: (reason) => reader.cancel(reason),
      },
      { highWaterMark: 0 },
    );
    try {
      const answer = await transport.transfer({ method: 'PUT', url, headers, body, replayable: false }, options);
      await answer.body?.cancel();
      return { size, digest: hasher?.digest() };
    } catch (error) {
      await reader.cancel(error);
      options.signal?.throwIfAborted();
      // What the source threw says more than that its request was cut.
      if (broken !== undefined) throw broken;
      if (!source.reopens || attempt === MAX_ATTEMPTS || !isPassing(error)) throw error;
      await pause(FIRST_BACKOFF_MS * 2 ** (attempt - 1), options.signal);
    }
  }
}

/** Whether another attempt may do better. */
function isPassing(error: unknown): boolean {
  if (!CdfError.isInstance(error)) return false;
  const { status } = error as { status?: number };
  return error.code === 'network' || error.code === 'timeout' || status === 429 || (status ?? 0) >= 500;
}
