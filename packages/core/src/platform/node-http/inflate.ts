import { pipeline, type Readable, Transform, type TransformCallback } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

/**
 * Larger than zlib's default, since zlib comes back to this thread after each chunk.
 *
 * @unit bytes
 */
const CHUNK_SIZE = 262_144;
const OPTIONS = { chunkSize: CHUNK_SIZE };
/** Each costs memory, and a header has room for thousands. */
const MOST_ENCODINGS = 5;

/** @param first the first byte of the compressed body */
type Open = (first: number) => Transform;

const gunzip: Open = () => createGunzip(OPTIONS);
const DECODERS: Readonly<Record<string, Open>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  // With the header of zlib, as the standard says, or without, as some servers have it.
  deflate: (first) => ((first & 0x0f) === 8 ? createInflate(OPTIONS) : createInflateRaw(OPTIONS)),
  br: () => createBrotliDecompress(OPTIONS),
};

/**
 * A body without its content encodings. A compressed body that ends too early is an error; `fetch`
 * passes over that, and gives the beginning for the whole.
 *
 * @param encodings as in the header; the last was applied last. With one that is unknown the body
 * stays as it is, as `fetch` has it.
 * @throws {Error} when there are too many
 */
export function inflated(body: Readable, encodings: string): Readable {
  const names = encodings
    .toLowerCase()
    .split(',')
    .map((each) => each.trim());
  if (names.length > MOST_ENCODINGS)
    throw new Error(`the answer has more than ${MOST_ENCODINGS} content encodings`);
  const decoders = names.flatMap((name) =>
    Object.hasOwn(DECODERS, name) ? (DECODERS[name] as Open) : [],
  );
  if (decoders.length < names.length) return body;
  return decoders.reduceRight<Readable>(
    (source, open) => pipeline(source, new Decoded(open), () => {}),
    body,
  );
}

/** Begins with the first byte: an empty body is not a truncated compressed one. */
class Decoded extends Transform {
  readonly #open: Open;
  #decoder: Transform | undefined;
  #isOver = false;
  #done: TransformCallback | undefined;

  constructor(open: Open) {
    super({ writableHighWaterMark: CHUNK_SIZE, readableHighWaterMark: CHUNK_SIZE });
    this.#open = open;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    // Bytes after the end of the compressed data mean nothing.
    if (this.#isOver) return void done();
    this.#done = done;
    this.#decoder ??= this.#start(chunk[0] as number);
    this.#decoder.write(chunk, (error) => {
      if (!error) this.#settle();
    });
  }

  override _flush(done: TransformCallback): void {
    if (this.#decoder === undefined || this.#isOver) return void done();
    this.#done = done;
    this.#decoder.end();
  }

  override _read(size: number): void {
    this.#decoder?.resume();
    super._read(size);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#decoder?.destroy();
    done(error);
  }

  #start(first: number): Transform {
    const decoder = this.#open(first);
    decoder.on('data', (piece) => {
      if (!this.push(piece)) decoder.pause();
    });
    decoder.on('error', (error) => this.destroy(error));
    // Where bytes follow it, the decoder does not say that it has taken the last piece.
    decoder.on('end', () => {
      this.#isOver = true;
      this.#settle();
    });
    return decoder;
  }

  #settle(): void {
    const done = this.#done;
    this.#done = undefined;
    done?.();
  }
}
