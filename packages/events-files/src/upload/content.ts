import { CdfError, ConfigError } from '@cdf/core';
import { shown } from '@cdf/core/resource';
import { ByteReader, kindOf } from './byte-reader.js';
import type { Checksum, Hasher } from './entry.js';
import { isIterable, iterableStream } from './iterable-stream.js';
import { partSizeFor } from './plan.js';
import { bytesOf, until } from './read-bytes.js';

/** Content that is opened when its upload starts, such as a file on disk. Made by `fromPath`. */
export interface UploadSource {
  /** The entry's name, unless the entry has one. */
  readonly name?: string | undefined;
  readonly mimeType?: string | undefined;
  /**
   * When the content was last modified: a resumed upload refuses content that was modified since.
   *
   * @unit milliseconds since the epoch
   */
  modifiedTime?(): Promise<number>;
  open(): Promise<Blob>;
}

/** Returns a stream of the same bytes each time it is called. */
export type StreamFactory = () => ReadableStream<Uint8Array> | Promise<ReadableStream<Uint8Array>>;

/**
 * Content to upload. A `Readable` of Node, such as `fs.createReadStream(path)` or `handle.createReadStream()`, is an
 * `AsyncIterable` that is read once. A string is `new Blob([text])`, a path is `fromPath(path)` of `@cdf/events-files/node`. */
export type UploadContent =
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | StreamFactory
  | UploadSource;

/** Content of known size. Parts of `random` content can be read at any time, parts of a `stream` once and in order. */
export interface SizedContent {
  readonly kind: 'random' | 'stream';
  readonly size: number;
  read(start: number, end: number): Promise<Blob | Uint8Array>;
  /**
   * Random content is read now; a stream is hashed while its parts are read.
   *
   * @returns gives the digest once all parts are read
   */
  hash(checksum: Checksum, signal: AbortSignal | undefined): Promise<() => string>;
  /** Cancels a stream, without waiting for its source. */
  close(reason?: unknown): void;
}

/** A stream that is not yet open. */
interface UnopenedStream {
  readonly kind: 'unopened';
  /** True if `open` can be called again. */
  readonly reopens: boolean;
  open(): Promise<ReadableStream<Uint8Array>>;
}

export interface OpenedContent {
  readonly name: string | undefined;
  readonly mimeType: string | undefined;
  /** The modification time of a path. */
  readonly modifiedTime?: number | undefined;
  readonly bytes: RandomContent | UnopenedStream;
}

/**
 * Brings any kind of content into one of two forms. Reads nothing yet.
 *
 * @throws {ConfigError} when it is not content, such as a string, which may be text or a path
 */
export async function openContent(
  content: UploadContent,
  signal: AbortSignal | undefined,
): Promise<OpenedContent> {
  if (typeof content === 'string')
    throw new ConfigError(
      'upload: content must be bytes, a Blob or a stream, got a string; pass new Blob([text]), or fromPath(path) of @cdf/sdk/node (or @cdf/events-files/node)',
    );
  if (typeof content === 'function')
    return unnamed({
      kind: 'unopened',
      reopens: true,
      open: async () => checkStream(await content()),
    });
  if (typeof content !== 'object' || content === null)
    throw new ConfigError(
      `upload: content must be bytes, a Blob or a stream, got ${kindOf(content)}`,
    );
  if (ArrayBuffer.isView(content)) return unnamed(viewContent(content));
  if (Object.prototype.toString.call(content) === '[object ArrayBuffer]')
    return unnamed(viewContent(new Uint8Array(content as ArrayBuffer)));
  if (isBlob(content)) return blobContent(content, {});
  if ('getReader' in content) {
    const stream = checkStream(content);
    return unnamed({ kind: 'unopened', reopens: false, open: async () => stream });
  }
  if ('readableWebStream' in content)
    throw new ConfigError(
      'upload: got a FileHandle; pass fromPath(path), or handle.createReadStream() with { size }',
    );
  if (isIterable(content)) {
    const stream = iterableStream(content);
    return unnamed({ kind: 'unopened', reopens: false, open: async () => stream });
  }
  if ('open' in content && typeof content.open === 'function') {
    const blob = await until(content.open(), signal);
    const modifiedTime = content.modifiedTime && (await until(content.modifiedTime(), signal));
    return { ...blobContent(blob, content), modifiedTime };
  }
  throw new ConfigError(
    'upload: content must be a Blob, bytes, a ReadableStream, a Readable of Node, a function that returns a ReadableStream, or fromPath(path), got another object',
  );
}

/** Lets go of a stream that is not read, such as the open file of a `Readable`. */
export function closeContent(content: UploadContent, reason: unknown): void {
  if (typeof content !== 'object' || content === null || ArrayBuffer.isView(content)) return;
  if ('getReader' in content) {
    // A stream with a reader is somebody else's, or was closed with its reader.
    if (!content.locked) content.cancel(reason).catch(() => {});
  } else if (!isBlob(content) && !('readableWebStream' in content) && isIterable(content))
    iterableStream(content)
      .cancel(reason)
      .catch(() => {});
}

/** A stream of unknown size that cannot be reopened is buffered up to here. */
const MAX_AHEAD_BYTES = 64 * 1024 * 1024;

/**
 * Determines the size. The service must know the number of parts beforehand, so a stream of unknown
 * size is read ahead before anything is sent; a stream of one part is in memory afterwards.
 *
 * @throws {ConfigError} when the content has another size, or the size of a long stream is unknown
 */
export async function sizeContent(
  { bytes }: OpenedContent,
  options: {
    readonly size?: number | undefined;
    readonly partSize?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<SizedContent> {
  const { size, partSize: wanted, signal } = options;
  if (size !== undefined && (!Number.isSafeInteger(size) || size < 0))
    throw new ConfigError(`upload: size must be a whole number of bytes, got ${shown(size)}`);
  if (bytes.kind === 'random') {
    checkSize(bytes.size, size);
    return bytes;
  }
  const partSize = partSizeFor(size ?? 0, wanted);
  const reader = new ByteReader(await openStream(bytes, signal), signal);
  if (size !== undefined && size > partSize) return new StreamContent(reader, size);
  try {
    const isOnce = size === undefined && !bytes.reopens;
    const limit = isOnce ? Math.max(partSize, MAX_AHEAD_BYTES) : partSize;
    const length = await lengthWithin(reader, limit, partSize);
    if (length !== undefined && length > partSize) return new StreamContent(reader, length);
    if (length !== undefined) {
      checkSize(length, size);
      const whole = await reader.take(length);
      reader.cancel();
      return viewContent(whole);
    }
    if (size !== undefined) throw tooLong(size);
    if (isOnce)
      throw new ConfigError(
        `upload: the stream exceeds ${Math.floor(limit / 1024 ** 2)} MiB and its size is unknown; pass size, or a function that reopens the stream`,
      );
    const measured = await countRest(reader);
    return new StreamContent(new ByteReader(await openStream(bytes, signal), signal), measured);
  } catch (error) {
    reader.cancel(error);
    throw error;
  }
}

/** A function may never return its stream: the signal ends the wait. */
function openStream(
  { open }: UnopenedStream,
  signal: AbortSignal | undefined,
): Promise<ReadableStream<Uint8Array>> {
  return until(open(), signal, (late) => void late.cancel().catch(() => {}));
}

function unnamed(bytes: OpenedContent['bytes']): OpenedContent {
  return { name: undefined, mimeType: undefined, bytes };
}

/** Not by instanceof: a Blob may come from another realm. */
function isBlob(content: object): content is Blob {
  return 'size' in content && 'stream' in content && 'slice' in content;
}

function blobContent(
  blob: Blob,
  named: { name?: string | undefined; mimeType?: string | undefined },
): OpenedContent {
  const { name = 'name' in blob ? String(blob.name) : undefined, mimeType = blob.type } = named;
  const bytes = new RandomContent(blob.size, (start, end) => blob.slice(start, end));
  return { name, mimeType: mimeType === '' ? undefined : mimeType, bytes };
}

function viewContent(view: ArrayBufferView): RandomContent {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  // Shared memory cannot be sent, so its parts are copied.
  const isShared = Object.prototype.toString.call(view.buffer) === '[object SharedArrayBuffer]';
  return new RandomContent(bytes.length, (start, end) =>
    bytes[isShared ? 'slice' : 'subarray'](start, end),
  );
}

function checkStream(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  if (typeof stream?.getReader !== 'function')
    throw new ConfigError(
      `upload: the content function must return a ReadableStream, got ${kindOf(stream)}`,
    );
  if (stream.locked)
    throw new ConfigError('upload: the stream is locked to another reader; pass an unlocked one');
  return stream;
}

function checkSize(actual: number, stated: number | undefined): void {
  if (stated !== undefined && actual !== stated)
    throw new ConfigError(`upload: the content has ${actual} bytes, but size is ${stated}`);
}

function tooLong(size: number): CdfError {
  return new CdfError(`upload: the stream gave more than the expected ${size} bytes`);
}

const SLICE_BYTES = 1024 * 1024;

class RandomContent implements SizedContent {
  readonly kind = 'random';
  readonly size: number;
  readonly #slice: (start: number, end: number) => Blob | Uint8Array;

  constructor(size: number, slice: (start: number, end: number) => Blob | Uint8Array) {
    this.size = size;
    this.#slice = slice;
  }

  async read(start: number, end: number): Promise<Blob | Uint8Array> {
    return this.#slice(start, end);
  }

  async hash(checksum: Checksum, signal: AbortSignal | undefined): Promise<() => string> {
    const hasher = checksum.create();
    for (let start = 0; start < this.size; start += SLICE_BYTES) {
      signal?.throwIfAborted();
      const slice = this.#slice(start, Math.min(this.size, start + SLICE_BYTES));
      hasher.update(await bytesOf(slice, signal));
    }
    return () => hasher.digest();
  }

  close(): void {}
}

class StreamContent implements SizedContent {
  readonly kind = 'stream';
  readonly size: number;
  readonly #reader: ByteReader;
  #hasher: Hasher | undefined;

  constructor(reader: ByteReader, size: number) {
    this.#reader = reader;
    this.size = size;
  }

  /** Rejects a stream of another length with its last part, before the file is complete. */
  async read(start: number, end: number): Promise<Uint8Array> {
    const bytes = await this.#reader.take(end - start);
    if (bytes.length < end - start)
      throw new CdfError(
        `upload: the stream gave ${start + bytes.length} bytes, expected ${this.size}`,
      );
    if (end === this.size && !(await this.#reader.atEnd())) throw tooLong(this.size);
    this.#hasher?.update(bytes);
    return bytes;
  }

  async hash(checksum: Checksum): Promise<() => string> {
    const hasher = checksum.create();
    this.#hasher = hasher;
    return () => hasher.digest();
  }

  close(reason?: unknown): void {
    this.#reader.cancel(reason);
  }
}

/** The length of the stream, or `undefined` above `limit`. The bytes are put back. */
async function lengthWithin(
  reader: ByteReader,
  limit: number,
  partSize: number,
): Promise<number | undefined> {
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

async function countRest(reader: ByteReader): Promise<number> {
  let length = 0;
  for (let chunk = await reader.next(); chunk !== undefined; chunk = await reader.next())
    length += chunk.length;
  reader.cancel();
  return length;
}
