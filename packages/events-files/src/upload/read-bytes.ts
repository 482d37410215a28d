import { CdfError } from '@cdf/core';
import { untilAborted } from '@cdf/core/resource';

/** Waits for work that may never settle, as long as the signal allows. */
export function until<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  tooLate?: (value: T) => void,
): Promise<T> {
  return signal === undefined ? work : untilAborted(work, signal, tooLate);
}

/** The error for content that was changed or removed since it was opened. It is not retried. */
export function unreadable(cause: unknown): CdfError {
  return new CdfError(
    'the content can no longer be read; do not change a file while it is uploaded',
    { cause },
  );
}

/** The error for content whose length is not the announced one. It is not retried. */
export function wrongLength(actual: number, expected: number): CdfError {
  return new CdfError(
    `the content gave ${actual} bytes, expected ${expected}; do not change a file while it is uploaded`,
  );
}

/** @throws {CdfError} when the Blob is unreadable, or does not have the bytes that it announces */
export async function bytesOf(
  content: Blob | Uint8Array,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  if (content instanceof Uint8Array) return content as Uint8Array<ArrayBuffer>;
  const read = content.arrayBuffer().catch((cause) => {
    throw unreadable(cause);
  });
  const bytes = new Uint8Array(await until(read, signal));
  if (bytes.length !== content.size) throw wrongLength(bytes.length, content.size);
  return bytes;
}
