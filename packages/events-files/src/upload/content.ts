import { ConfigError } from '@cdf/core';

/** Something to upload that is opened when its turn comes, such as a file on disk. Made by `fromPath`. */
export interface UploadSource {
  /** The entry's name unless it says another one. */
  readonly name?: string | undefined;
  readonly mimeType?: string | undefined;
  open(): Promise<Blob>;
}

/** Gives the same bytes from the start each time it is called. */
export type StreamFactory = () => ReadableStream<Uint8Array> | Promise<ReadableStream<Uint8Array>>;

/** What can be uploaded. Text is `new Blob([text])`, a path is `fromPath(path)` of `@cdf/events-files/node`. */
export type UploadContent =
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  | ReadableStream<Uint8Array>
  | StreamFactory
  | UploadSource;

/** Content whose size is known and of which any part can be had at any time. */
export interface RandomContent {
  readonly kind: 'random';
  readonly size: number;
  slice(start: number, end: number): Blob | Uint8Array;
}

/** Content that comes when it comes. */
export interface StreamContent {
  readonly kind: 'stream';
  /** Whether `open` may be called again. */
  readonly reopens: boolean;
  open(): Promise<ReadableStream<Uint8Array>>;
}

export interface OpenedContent {
  readonly name: string | undefined;
  readonly mimeType: string | undefined;
  readonly bytes: RandomContent | StreamContent;
}

/**
 * Any kind of content in one of two forms. Nothing is read yet.
 *
 * @throws {ConfigError} when it is none: a string above all, which may be text or a path
 */
export async function openContent(content: UploadContent): Promise<OpenedContent> {
  if (typeof content === 'string')
    throw new ConfigError(
      'upload: a string may be text or a path; give new Blob([text]), or fromPath(path) of @cdf/sdk/node (in the single package @cdf/events-files/node)',
    );
  if (typeof content === 'function')
    return {
      name: undefined,
      mimeType: undefined,
      bytes: { kind: 'stream', reopens: true, open: async () => checkStream(await content()) },
    };
  if (typeof content !== 'object' || content === null)
    throw new ConfigError(`upload: content must be bytes, a Blob or a stream, got ${typeof content}`);
  if (ArrayBuffer.isView(content)) return unnamed(viewContent(content));
  if (Object.prototype.toString.call(content) === '[object ArrayBuffer]')
    return unnamed(viewContent(new Uint8Array(content as ArrayBuffer)));
  if (isBlob(content)) return blobContent(content, {});
  if ('getReader' in content) {
    const stream = checkStream(content);
    return unnamed({ kind: 'stream', reopens: false, open: async () => stream });
  }
  if ('open' in content && typeof content.open === 'function') return blobContent(await content.open(), content);
  throw new ConfigError(
    'upload: content must be a Blob, a File, bytes, a ReadableStream, a function that opens one, or fromPath(path); a stream of Node becomes one by Readable.toWeb(stream)',
  );
}

function unnamed(bytes: RandomContent | StreamContent): OpenedContent {
  return { name: undefined, mimeType: undefined, bytes };
}

/** By what it can do: a Blob may come from another realm. */
function isBlob(content: object): content is Blob {
  return 'size' in content && 'stream' in content && 'slice' in content;
}

function blobContent(blob: Blob, named: { name?: string | undefined; mimeType?: string | undefined }): OpenedContent {
  const { name = 'name' in blob ? String(blob.name) : undefined, mimeType = blob.type } = named;
  const bytes: RandomContent = { kind: 'random', size: blob.size, slice: (start, end) => blob.slice(start, end) };
  return { name, mimeType: mimeType === '' ? undefined : mimeType, bytes };
}

function viewContent(view: ArrayBufferView): RandomContent {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  // Shared memory cannot be sent: what is sent is a copy of the part.
  const isShared = Object.prototype.toString.call(view.buffer) === '[object SharedArrayBuffer]';
  return {
    kind: 'random',
    size: bytes.byteLength,
    slice: (start, end) => (isShared ? bytes.slice(start, end) : bytes.subarray(start, end)),
  };
}

function checkStream(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  if (typeof stream?.getReader !== 'function')
    throw new ConfigError('upload: the function must give a ReadableStream each time it is called');
  if (stream.locked) throw new ConfigError('upload: the stream is being read by someone else');
  return stream;
}
