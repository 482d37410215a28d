import type { CallOptions } from '@cdf/core';
import type { Checksum } from './checksum.js';
import type { UploadSession } from './upload-session.js';

/**
 * How bytes get to the service. `onProgress` counts bytes, those of a part that is sent again once: in Node as they leave, in a browser
 * when a part or a request is done, since `fetch` tells no more there.
 */
export interface ContentUploadOptions extends CallOptions {
  /**
   * How many bytes a stream will give; one that gives more or fewer fails. The service has to know the number of parts beforehand, so
   * that without it a `ReadableStream` waits in memory for its end, and fails when it has more than 64 MiB; a function that opens a
   * stream is read twice.
   * @unit bytes
   */
  readonly size?: number | undefined;
  /**
   * Content that is not larger goes in one request, larger content in parts of this size: more than 5 MiB.
   * @unit bytes
   * @default 6 MiB, or what 250 parts need to be
   */
  readonly partSize?: number | undefined;
  /**
   * Parts on their way at the same time. So many of a stream's are in memory.
   * @default 3, of a stream 2
   */
  readonly parallelParts?: number | undefined;
  /**
   * Asks the service for the length it has stored, when all is sent: two requests.
   * @default true, but for content of one part
   */
  readonly verify?: boolean | undefined;
  /** Keeps a checksum of the bytes in the file's metadata. */
  readonly checksum?: Checksum | undefined;
  /**
   * Gets the session of a multipart upload at its start and after each part, to be kept as JSON. With it, a failed upload leaves
   * its entry behind, so that `resumeUpload` can go on. What is kept is a secret: it holds signed addresses.
   */
  readonly onSession?: ((session: UploadSession) => void) | undefined;
}

/** How a new file, or one that may be there, gets its bytes. */
export interface UploadOptions extends ContentUploadOptions {
  /**
   * Gives the file of that external id new bytes, and the fields that are set; metadata is replaced as a whole. The old bytes stay
   * until the new ones are complete.
   * @default false: a file of that external id is an error
   */
  readonly overwrite?: boolean | undefined;
}
