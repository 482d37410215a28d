import type { RandomContent } from './content.js';

/** A checksum that is kept in a file's metadata. `sha256` of `@cdf/events-files/node` is one. */
export interface Checksum {
  /** The metadata key. */
  readonly name: string;
  create(): Hasher;
}

/** One computation of a checksum. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** As text, the way it is kept. */
  digest(): string;
}

const SLICE_BYTES = 1024 * 1024;

/** Reads a content once, a MiB at a time. */
export async function checksumOf(content: RandomContent, checksum: Checksum, signal?: AbortSignal): Promise<string> {
  const hasher = checksum.create();
  for (let start = 0; start < content.size; start += SLICE_BYTES) {
    signal?.throwIfAborted();
    const slice = content.slice(start, Math.min(content.size, start + SLICE_BYTES));
    hasher.update(slice instanceof Uint8Array ? slice : new Uint8Array(await slice.arrayBuffer()));
  }
  return hasher.digest();
}
