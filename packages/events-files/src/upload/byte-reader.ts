import { CdfError } from '@cdf/core';

/** Reads a stream in pieces of a given length, whatever the lengths of its chunks. */
export class ByteReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #ahead: Uint8Array[] = [];

  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.cancel(this.#signal?.reason);

  constructor(stream: ReadableStream<Uint8Array>, signal?: AbortSignal) {
    this.#reader = stream.getReader();
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** The next `length` bytes, or fewer at the end. */
  async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const piece = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const chunk = await this.next();
      if (chunk === undefined) break;
      const fitting = chunk.subarray(0, length - filled);
      piece.set(fitting, filled);
      filled += fitting.length;
      if (fitting.length < chunk.length) this.putBack(chunk.subarray(fitting.length));
    }
    return filled === length ? piece : piece.slice(0, filled);
  }

  /** The next bytes as they come, or `undefined` at the end. */
  async next(): Promise<Uint8Array | undefined> {
    const ahead = this.#ahead.pop();
    if (ahead !== undefined) return ahead;
    for (;;) {
      this.#signal?.throwIfAborted();
      const { done, value } = await this.#reader.read();
      // A pending read ends like the stream when the reader is cancelled.
      this.#signal?.throwIfAborted();
      if (done) return undefined;
      const bytes = toBytes(value);
      if (bytes.length > 0) return bytes;
    }
  }

  /** Waits for the next bytes, and puts them back. */
  async atEnd(): Promise<boolean> {
    const chunk = await this.next();
    if (chunk !== undefined) this.putBack(chunk);
    return chunk === undefined;
  }

  putBack(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#ahead.push(bytes);
  }

  /** Does not wait: a source may never answer. */
  cancel(reason?: unknown): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#reader.cancel(reason).catch(() => {});
  }
}

/** For messages: `a string`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** The stream of a FileHandle gives an ArrayBuffer per chunk. */
function toBytes(chunk: unknown): Uint8Array {
  if (ArrayBuffer.isView(chunk))
    return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (Object.prototype.toString.call(chunk) === '[object ArrayBuffer]')
    return new Uint8Array(chunk as ArrayBuffer);
  throw new CdfError(`upload: the stream gave ${kindOf(chunk)}, expected bytes; encode it first`);
}
