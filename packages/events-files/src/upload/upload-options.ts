import type { CallOptions } from '@cdf/core';
import type { Checksum } from './entry.js';
import type { UploadSession } from './session.js';

/**
 * How bytes are sent. `onProgress` counts bytes; those of a part that is sent again count once. It
 * is called as bytes leave in Node, and when a request is done in a browser, where `fetch` tells no
 * more.
 */
export interface ContentUploadOptions extends CallOptions {
  /**
   * The size of a stream, which fails when it gives more or fewer bytes. The service must know the
   * number of parts beforehand: without `size`, a `ReadableStream` is buffered to its end and fails
   * beyond 64 MiB, and a function that opens a stream is called twice.
   * @unit bytes
   */
  readonly size?: number | undefined;
  /**
   * Content up to this size is sent in one request, larger content in parts of it. More than 5 MiB.
   * @unit bytes
   * @default 6 MiB, or the size that 250 parts need
   */
  readonly partSize?: number | undefined;
  /**
   * Parts sent at the same time. As many parts of a stream are in memory.
   * @default 3, or 2 for a stream
   */
  readonly parallelParts?: number | undefined;
  /**
   * Compares the stored length with the sent length at the end: two requests. Credentials that may
   * not read files get `verified: false`.
   * @default true for content of several parts
   */
  readonly verify?: boolean | undefined;
  /**
   * Stores a checksum of the bytes in the file's metadata. New bytes for a file that has this
   * checksum of its old ones, or `sha256`, remove that before they are sent: one more request. Pass
   * any other checksum each time.
   */
  readonly checksum?: Checksum | undefined;
  /**
   * Called with the session of a multipart upload at its start, after each part and before the file
   * is completed. A promise is waited for, and the next call comes after it; a rejection ends the
   * upload. Store the session as JSON; it is a secret, since it holds signed URLs. It has a digest of
   * each part that was sent. From the first call on, a failed or aborted upload keeps its entry, so
   * that `resumeUpload` can continue; only where the first call itself throws or rejects, without
   * an abort, the new entry is deleted. Content of one part has no session.
   */
  readonly onSession?: ((session: UploadSession) => void) | undefined;
}

/** How the bytes of a new file, or of one that is overwritten, are sent. */
export interface UploadOptions extends ContentUploadOptions {
  /**
   * Replaces the bytes of the file with that external id, and the fields that are set; metadata is
   * replaced as a whole. The old bytes stay until the new ones are complete.
   * @default false: an existing file with that external id is an error
   */
  readonly overwrite?: boolean | undefined;
}
