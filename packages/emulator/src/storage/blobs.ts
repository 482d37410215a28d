import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApiError } from '../errors.js';

/** A stored content. */
export interface StoredContent {
  readonly size: number;
  /** The bytes of the content from `from` up to, not including, `to`. */
  readonly stream: (from?: number, to?: number) => Readable;
}

/**
 * Where file contents are: files of a folder, or memory. Names are chosen by the emulator, never by
 * a client.
 */
export interface Blobs {
  /** Stores a content as a whole or not at all; gives its size. */
  write(name: string, content: Readable, maxBytes: number): Promise<number>;
  read(name: string): Promise<StoredContent>;
  /** Joins parts to one content and removes the parts. */
  join(name: string, parts: readonly string[]): Promise<number>;
  remove(name: string): Promise<void>;
  list(): Promise<readonly string[]>;
  copyTo(folder: string): Promise<void>;
}

/** Contents in memory, for an emulator without a data folder. */
export class MemoryBlobs implements Blobs {
  readonly #contents = new Map<string, Buffer>();

  async write(name: string, content: Readable, maxBytes: number): Promise<number> {
    const chunks: Buffer[] = [];
    for await (const chunk of content.compose(limiter(maxBytes)) as AsyncIterable<Buffer>)
      chunks.push(chunk);
    const whole = Buffer.concat(chunks);
    this.#contents.set(name, whole);
    return whole.length;
  }

  async read(name: string): Promise<StoredContent> {
    const content = this.#contents.get(name);
    if (content === undefined) throw gone();
    return {
      size: content.length,
      stream: (from, to) => Readable.from([content.subarray(from, to)]),
    };
  }

  async join(name: string, parts: readonly string[]): Promise<number> {
    const whole = Buffer.concat(parts.map((part) => this.#contents.get(part) ?? Buffer.alloc(0)));
    this.#contents.set(name, whole);
    for (const part of parts) this.#contents.delete(part);
    return whole.length;
  }

  async remove(name: string): Promise<void> {
    this.#contents.delete(name);
  }

  async list(): Promise<readonly string[]> {
    return [...this.#contents.keys()];
  }

  async copyTo(): Promise<void> {
    // Snapshots of an emulator in memory share its contents: they are never changed in place.
  }
}

/**
 * Contents as files: written beside, synced and renamed, so that a name always stands for a whole
 * content.
 */
export class FolderBlobs implements Blobs {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  async write(name: string, content: Readable, maxBytes: number): Promise<number> {
    return await this.#store(name, content, maxBytes);
  }

  async read(name: string): Promise<StoredContent> {
    const path = join(this.#folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) throw gone();
    const { size } = found;
    const stream = (from = 0, to = size): Readable =>
      from < to ? createReadStream(path, { start: from, end: to - 1 }) : Readable.from([]);
    return { size, stream };
  }

  async join(name: string, parts: readonly string[]): Promise<number> {
    const paths = parts.map((part) => join(this.#folder, part));
    const size = await this.#store(name, Readable.from(readAll(paths)), Number.POSITIVE_INFINITY);
    for (const part of parts) await this.remove(part);
    return size;
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.#folder, name), { force: true });
  }

  async list(): Promise<readonly string[]> {
    return await readdir(this.#folder);
  }

  async copyTo(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of await this.list()) {
      const { stream } = await this.read(name);
      await pipeline(stream(), createWriteStream(join(folder, name), { mode: 0o600 }));
    }
  }

  async #store(name: string, content: Readable, maxBytes: number): Promise<number> {
    const beside = join(this.#folder, `${name}.${crypto.randomUUID()}.new`);
    const limit = limiter(maxBytes);
    try {
      // `flush` syncs the file before it is closed.
      await pipeline(content, limit, createWriteStream(beside, { flush: true, mode: 0o600 }));
      await rename(beside, join(this.#folder, name));
      await syncFolder(this.#folder);
      return limit.bytes;
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
  }
}

/** A rename is only durable when the folder that records it is synced too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().catch(() => undefined);
  await handle.close();
}

async function* readAll(paths: readonly string[]): AsyncGenerator<Buffer> {
  for (const path of paths) for await (const chunk of createReadStream(path)) yield chunk as Buffer;
}

class Limiter extends Transform {
  bytes = 0;
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    super();
    this.#maxBytes = maxBytes;
  }

  override _transform(
    chunk: Buffer,
    _encoding: string,
    done: (error?: Error | null, data?: Buffer) => void,
  ): void {
    this.bytes += chunk.length;
    if (this.bytes > this.#maxBytes)
      done(new ApiError(413, `The content is larger than ${this.#maxBytes} bytes`));
    else done(null, chunk);
  }
}

function limiter(maxBytes: number): Limiter {
  return new Limiter(maxBytes);
}

function gone(): ApiError {
  return new ApiError(404, 'The content of this file is missing');
}
