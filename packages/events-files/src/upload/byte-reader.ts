import { CdfError } from '@cdf/core';

/** Reads a stream in pieces of a wanted length, whatever lengths it comes in. */
export class ByteReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #ahead: Uint8Array[] = [];

  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => void this.cancel(this.#signal?.reason);

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
      // A read that was waiting when the reader was cancelled looks like the end.
      this.#signal?.throwIfAborted();
      if (done) return undefined;
      if (!ArrayBuffer.isView(value))
        throw new CdfError(`upload: the stream gave ${typeof value} where bytes were expected; encode it first`);
      if (value.byteLength > 0) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    }
  }

  /** Whether there is nothing more. Waits for what comes. */
  async atEnd(): Promise<boolean> {
    const chunk = await this.next();
    if (chunk !== undefined) this.putBack(chunk);
    return chunk === undefined;
  }

  /** The next to come is this. */
  putBack(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#ahead.push(bytes);
  }

  /** Lets go of the stream. */
  async cancel(reason?: unknown): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    await this.#reader.cancel(reason).catch(() => {});
  }
}
