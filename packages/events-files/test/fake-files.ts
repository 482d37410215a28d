import { createCipheriv } from 'node:crypto';
import {
  ApiError,
  type CallOptions,
  NetworkError,
  type RequestSpec,
  type TransferResponse,
  type TransferSpec,
} from '@cdf/core';
import { type MemoryTransport, memoryTransport } from '@cdf/core/testing';
import type { CdfFile } from '@cdf/events-files';

type Stored = CdfFile & { bytes?: Uint8Array };

/**
 * One step that the service takes, in the order it takes them: `POST /files`, `PUT single`,
 * `PUT part 2`, `GET download`.
 */
export interface Step {
  readonly name: string;
  /** Counting from 0. */
  readonly index: number;
}

/** Faults of a step in a test: throw before it is done, or after. */
export interface Interference {
  before?(step: Step, options: CallOptions): void;
  after?(step: Step): void;
}

interface FindBody {
  readonly items: readonly { id?: number; externalId?: string }[];
  readonly ignoreUnknownIds?: boolean;
}

/** CDF's files in memory: entries, single and multipart uploads, links, ranges. */
export class FakeFiles {
  readonly files = new Map<number, Stored>();
  readonly steps: string[] = [];
  interference: Interference = {};
  /** Bytes of a download's body that arrive before it is cut; one entry per cut. */
  cuts: number[] = [];
  knowsRanges = true;
  /** Instead of those that a download has by itself; an empty one is left out. */
  downloadHeaders: Record<string, string> = {};
  /** Changes the answers to downloads, counted from 0. */
  onDownload: (
    answer: TransferResponse,
    index: number,
    asked: Record<string, string>,
    url: string,
  ) => TransferResponse = (answer) => answer;
  beforeDownload: () => Promise<void> = async () => {};
  #downloads = 0;
  openBodies = 0;
  mostOpenBodies = 0;
  expiredLinks = new Set<string>();
  /** The answer of storage to bytes. */
  putAnswer: {
    status?: number;
    text?: string;
    headers?: Record<string, string>;
    /** @default true */
    stores?: boolean;
  } = {};
  /** Steps that are never answered. */
  readonly hanging = new Set<string>();
  readonly transport: MemoryTransport;
  readonly #parts = new Map<string, (Uint8Array | undefined)[]>();
  #links = 0;
  #nextId = 1;

  constructor() {
    this.transport = memoryTransport((spec, options) => this.#request(spec, options), {
      transfer: (spec, options) => this.#transfer(spec, options),
    });
  }

  add(file: Partial<Stored> & { name: string }, bytes?: Uint8Array): Stored {
    const id = this.#nextId++;
    const stored: Stored = {
      id,
      uploaded: bytes !== undefined,
      createdTime: id,
      lastUpdatedTime: id,
      ...file,
    };
    if (bytes !== undefined) stored.bytes = bytes;
    this.files.set(id, stored);
    return stored;
  }

  bytesOf(name: string): Uint8Array | undefined {
    return [...this.files.values()].find((file) => file.name === name)?.bytes;
  }

  async #step<T>(name: string, options: CallOptions, work: () => T | Promise<T>): Promise<T> {
    const step = { name, index: this.steps.length };
    this.steps.push(name);
    options.signal?.throwIfAborted();
    this.interference.before?.(step, options);
    options.signal?.throwIfAborted();
    if (this.hanging.has(name)) await new Promise(() => {});
    const result = await work();
    this.interference.after?.(step);
    options.signal?.throwIfAborted();
    return result;
  }

  #find(key: { id?: number; externalId?: string }): Stored {
    const found =
      key.id === undefined
        ? [...this.files.values()].find(({ externalId }) => externalId === key.externalId)
        : this.files.get(key.id);
    if (found === undefined)
      throw new ApiError('File ids not found', { status: 400, missing: [key] });
    return found;
  }

  #findAll({ items, ignoreUnknownIds }: FindBody): Stored[] {
    return items.flatMap((key) => {
      try {
        return [this.#find(key)];
      } catch (error) {
        if (ignoreUnknownIds === true) return [];
        throw error;
      }
    });
  }

  #request(spec: RequestSpec, options: CallOptions): Promise<unknown> {
    return this.#step(`${spec.method} ${spec.path}`, options, () => {
      const body = spec.body as { items: { id?: number; externalId?: string; update?: unknown }[] };
      const view = ({ bytes: _bytes, ...file }: Stored): CdfFile => file;
      switch (spec.path) {
        case '/files':
          return this.#link('single', this.#create(spec), view);
        case '/files/uploadlink':
          return { items: [this.#link('single', this.#find(body.items[0] as object), view)] };
        case '/files/initmultipartupload':
          return this.#partLinks(this.#create(spec), Number(spec.query?.parts), view);
        case '/files/multiuploadlink':
          return {
            items: [
              this.#partLinks(this.#find(body.items[0] as object), Number(spec.query?.parts), view),
            ],
          };
        case '/files/completemultipartupload':
          return this.#complete(spec.body as { id: number; uploadId: string });
        case '/files/downloadlink':
          return {
            items: body.items.map((key) => {
              const file = this.#find(key);
              if (!file.uploaded)
                throw new ApiError(`Files not uploaded, ids: ${file.id}`, { status: 400 });
              return {
                ...key,
                downloadUrl: `https://store/download/${file.id}?link=${++this.#links}`,
              };
            }),
          };
        case '/files/byids':
          return { items: this.#findAll(spec.body as FindBody).map(view) };
        case '/files/update':
          return {
            items: body.items.map((key) => {
              const file = this.#find(key);
              const { metadata: change } = key.update as {
                metadata?: { add?: Record<string, string>; remove?: string[] };
              };
              const metadata = { ...file.metadata, ...change?.add };
              for (const name of change?.remove ?? []) delete metadata[name];
              const updated = { ...file, metadata };
              this.files.set(file.id, updated);
              return view(updated);
            }),
          };
        case '/files/delete':
          for (const key of body.items) this.files.delete(this.#find(key).id);
          return {};
        default:
          throw new ApiError(`no ${spec.path}`, { status: 404 });
      }
    });
  }

  #create(spec: RequestSpec): Stored {
    const given = spec.body as { name: string; externalId?: string };
    const present = [...this.files.values()].find(
      ({ externalId }) => externalId !== undefined && externalId === given.externalId,
    );
    if (present === undefined) return this.add(given);
    if (spec.query?.overwrite !== true)
      throw new ApiError('Duplicate external ids', { status: 409 });
    Object.assign(present, given);
    return present;
  }

  #link(kind: string, file: Stored, view: (file: Stored) => CdfFile): object {
    return { ...view(file), uploadUrl: `https://store/upload/${file.id}/${kind}` };
  }

  #partLinks(file: Stored, parts: number, view: (file: Stored) => CdfFile): object {
    const uploadId = `upload-${++this.#links}`;
    this.#parts.set(uploadId, new Array(parts).fill(undefined));
    const uploadUrls = Array.from(
      { length: parts },
      (_, part) => `https://store/upload/${file.id}/${uploadId}/${part}`,
    );
    return { ...view(file), uploadId, uploadUrls };
  }

  #complete({ id, uploadId }: { id: number; uploadId: string }): object {
    const parts = this.#parts.get(uploadId) ?? [];
    if (parts.length === 0 || parts.includes(undefined))
      throw new ApiError('a part is missing', { status: 400 });
    this.#parts.delete(uploadId);
    const whole = Buffer.concat(parts as Uint8Array[]);
    Object.assign(this.#find({ id }), { bytes: new Uint8Array(whole), uploaded: true });
    return {};
  }

  async #transfer(spec: TransferSpec, options: CallOptions): Promise<TransferResponse> {
    const [, , , action, id, upload, part] = spec.url.split(/[/?]/);
    if (action === 'download')
      return this.#step('GET download', options, async () => {
        await this.beforeDownload();
        return this.#download(spec, this.#find({ id: Number(id) }));
      });
    const name = part === undefined ? 'PUT single' : `PUT part ${part}`;
    return this.#step(name, options, async () => {
      const bytes = new Uint8Array(await new Response(spec.body as BodyInit).arrayBuffer()).slice();
      const file = this.#find({ id: Number(id) });
      const { status = 200, headers = {}, text = '', stores = true } = this.putAnswer;
      if (stores && part === undefined) Object.assign(file, { bytes, uploaded: true });
      else if (stores) (this.#parts.get(upload as string) as Uint8Array[])[Number(part)] = bytes;
      return response(status, headers, new TextEncoder().encode(text));
    });
  }

  #download({ url, headers }: TransferSpec, file: Stored): TransferResponse {
    if (this.expiredLinks.has(url)) throw new ApiError('Request has expired', { status: 403 });
    const { bytes = new Uint8Array(0) } = file;
    const range = this.knowsRanges ? /^bytes=(\d+)-(\d*)$/.exec(headers?.range ?? '') : null;
    const start = Number(range?.[1] ?? 0);
    const end = range?.[2] ? Number(range[2]) + 1 : bytes.length;
    if (range !== null && start >= bytes.length)
      throw new ApiError('Range not satisfiable', { status: 416 });
    const sent = bytes.subarray(start, end);
    const own: Record<string, string> = {
      'content-length': String(sent.length),
      etag: `"${file.id}"`,
    };
    if (range !== null) own['content-range'] = `bytes ${start}-${end - 1}/${bytes.length}`;
    Object.assign(own, this.downloadHeaders);
    for (const [name, value] of Object.entries(own)) if (value === '') delete own[name];
    const cut = range?.[2] ? undefined : this.cuts.shift();
    const honest = response(range === null ? 200 : 206, own, sent, cut);
    const answer = this.onDownload(honest, this.#downloads++, headers ?? {}, url);
    this.openBodies += 1;
    this.mostOpenBodies = Math.max(this.mostOpenBodies, this.openBodies);
    const body = counted(answer.body as ReadableStream<Uint8Array>, () => {
      this.openBodies -= 1;
    });
    return { ...answer, body };
  }
}

function response(
  status: number,
  headers: Record<string, string>,
  bytes: Uint8Array,
  cutAfter: number = Infinity,
): TransferResponse {
  let position = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (position >= cutAfter)
        return controller.error(
          new NetworkError('the connection was reset', { delivery: 'unknown' }),
        );
      if (position >= bytes.length) return controller.close();
      const next = Math.min(bytes.length, cutAfter, position + 65_536);
      controller.enqueue(bytes.slice(position, next));
      position = next;
    },
  });
  return { status, headers: new Headers(headers), body, bytes: async () => bytes };
}

/** Tells when a body is read, broken or let go of. */
function counted(body: ReadableStream<Uint8Array>, onEnd: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) return controller.enqueue(value);
          onEnd();
          controller.close();
        } catch (error) {
          onEnd();
          controller.error(error);
        }
      },
      cancel(reason) {
        onEnd();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/** Bytes that tell where they belong. A cipher makes them, a hundred times as fast as a loop. */
export function pattern(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const key = Buffer.alloc(16);
  key.writeDoubleLE(seed);
  return new Uint8Array(
    createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(new Uint8Array(length)),
  );
}

/** True if the bytes are equal. Not `toEqual`, which takes seconds per MiB. */
export function isSame(left: Uint8Array | undefined, right: Uint8Array): boolean {
  return left !== undefined && Buffer.compare(left, right) === 0;
}

/** A stream of these bytes in chunks of odd sizes. */
export function streamOf(bytes: Uint8Array, chunk = 100_003): ReadableStream<Uint8Array> {
  let position = 0;
  return new ReadableStream({
    pull(controller) {
      if (position >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(position, position + chunk));
      position += chunk;
    },
  });
}
