import { ConfigError } from '@cdf/core';
import { bytesOf } from './read-bytes.js';

const SLICE_BYTES = 1024 * 1024;
const DIGEST_BYTES = 32;

/**
 * A digest of one part: SHA-256 over the SHA-256 of each MiB, so that a part of any size takes a
 * MiB of memory.
 *
 * @throws {ConfigError} in a page without https, where browsers have no `crypto.subtle`
 */
export async function partDigest(
  part: Blob | Uint8Array,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { subtle } = globalThis.crypto;
  if (subtle === undefined)
    throw new ConfigError(
      'an upload session needs crypto.subtle; serve the page over https, or leave out onSession',
    );
  const size = part instanceof Uint8Array ? part.length : part.size;
  const digests = new Uint8Array(Math.ceil(size / SLICE_BYTES) * DIGEST_BYTES);
  for (let index = 0; index * SLICE_BYTES < size; index += 1) {
    signal?.throwIfAborted();
    const [start, end] = [index * SLICE_BYTES, Math.min(size, (index + 1) * SLICE_BYTES)];
    const slice = part instanceof Uint8Array ? part.subarray(start, end) : part.slice(start, end);
    const digest = await subtle.digest('SHA-256', await bytesOf(slice, signal));
    digests.set(new Uint8Array(digest), index * DIGEST_BYTES);
  }
  const whole = new Uint8Array(await subtle.digest('SHA-256', digests));
  return Array.from(whole, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
