import {
  ApiError,
  type CallOptions,
  CdfError,
  DecodeError,
  type TransferResponse,
  type Transport,
} from '@cdf/core';
import { sleep } from '@cdf/core/resource';
import {
  AnswerBody,
  compareVersions,
  isOfStorage,
  rangeOf,
  type Version,
  versionOf,
} from './answer.js';
import { Prefix } from './prefix.js';
import { lengthAt } from './stored-length.js';

/** Cuts and unusable answers that a download survives without progress in between. */
const MAX_FAILURES = 5;
/** Bytes that count as progress: a byte per connection would never end. */
const PROGRESS_BYTES = 64 * 1024;
const FIRST_BACKOFF_MS = 50;

/** The link of a file. Links expire: `renew` requests another one. */
export type LinkSource = (renew: boolean) => Promise<string>;

export interface FileSource {
  readonly link: LinkSource;
  /** Tells if the entry's type is HTML; called when an answer may be the page of a proxy. */
  isHtml(): Promise<boolean>;
}

/** An answer that is not the file. Another request may have a better one. */
class Unusable {
  readonly error: unknown;

  /** @param why in words, or the error of its first bytes */
  constructor(why: unknown) {
    this.error =
      typeof why === 'string' ? new DecodeError(`download: ${why}`, { delivery: 'unknown' }) : why;
  }
}

/**
 * Reads one file through any number of connections. It gives out bytes that are proven to be of one
 * version, and in order: by a strong ETag, which ranges need, or by the same bytes again from the
 * beginning.
 */
export class DownloadReader {
  /** Bytes given out. */
  received = 0;
  readonly #transport: Transport;
  readonly #source: FileSource;
  readonly #calls: CallOptions;
  #version: Version | undefined;
  #prefix: Prefix | undefined;
  #rangesWork = true;
  #failures = 0;
  #progressFrom = 0;
  #body: AnswerBody | undefined;
  /** Bytes of the current answer that come before those to give out. */
  #skip = 0;
  /** Where the current answer ends, if it says so. */
  #end: number | undefined;
  #compare: ((bytes: Uint8Array) => Promise<boolean>) | undefined;

  constructor(transport: Transport, source: FileSource, { signal, timeoutMs }: CallOptions) {
    this.#transport = transport;
    this.#source = source;
    this.#calls = { signal, timeoutMs };
  }

  /** Known after `open`. */
  get size(): number | undefined {
    return this.#version?.size;
  }

  get isCompressed(): boolean {
    return this.#version?.isCompressed === true;
  }

  async open(): Promise<void> {
    await this.#retrying(() => this.#connect());
  }

  /** The next bytes, or `undefined` at the end. */
  next(): Promise<Uint8Array | undefined> {
    return this.#retrying(async () => {
      for (;;) {
        const { size } = this;
        if (this.#body === undefined && size !== undefined && this.received >= size)
          return undefined;
        if (this.#body === undefined) await this.#connect();
        const chunk = await (this.#body as AnswerBody).read();
        if (chunk === undefined) {
          this.#checkEnd();
          return undefined;
        }
        const fresh = await this.#skipKnown(chunk);
        if (fresh.length > 0) return this.#giveOut(fresh);
      }
    });
  }

  async cancel(reason: unknown): Promise<void> {
    await this.#body?.cancel(reason);
    this.#body = undefined;
  }

  /**
   * Compares the length of a compressed or unmeasured file with the length that storage reports.
   *
   * @returns `false` when storage does not tell
   */
  async hasStoredLength(): Promise<boolean> {
    const { link } = this.#source;
    const length = await lengthAt(this.#transport, await link(false), this.#calls).catch(
      async (error) => {
        if (!isExpired(error)) throw error;
        return lengthAt(this.#transport, await link(true), this.#calls);
      },
    );
    if (length !== undefined && length !== this.received)
      throw new DecodeError(`download: the body ended after ${this.received} of ${length} bytes`);
    return length !== undefined || (!this.isCompressed && (await this.#hasNoMore()));
  }

  /** Asks for the bytes after the last one. The status says it where headers are hidden. */
  async #hasNoMore(): Promise<boolean> {
    const url = await this.#source.link(false);
    const headers = { range: `bytes=${this.received}-`, 'accept-encoding': 'identity' };
    try {
      const answer = await this.#transport.transfer(
        { method: 'GET', url, headers, replayable: true },
        this.#calls,
      );
      await answer.body?.cancel();
      if (answer.status === 206)
        throw new DecodeError(`download: the body ended early, after ${this.received} bytes`);
      return false;
    } catch (error) {
      if (ApiError.isInstance(error) && error.status === 416) return true;
      throw error;
    }
  }

  async #retrying<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const { signal } = this.#calls;
        signal?.throwIfAborted();
        // All bytes have arrived, however the connection ended.
        if (
          this.size !== undefined &&
          this.received > 0 &&
          this.received >= this.size &&
          isCut(error)
        ) {
          await this.cancel(error);
          return undefined as T;
        }
        this.#failures += 1;
        const reason = error instanceof Unusable ? error.error : error;
        const isTransient = error instanceof Unusable || (this.#body !== undefined && isCut(error));
        await this.cancel(reason);
        if (!isTransient || this.#failures > MAX_FAILURES) throw reason;
        await sleep(FIRST_BACKOFF_MS * 2 ** (this.#failures - 1), signal);
      }
    }
  }

  /** Makes another answer the current one. */
  async #connect(): Promise<void> {
    const { received } = this;
    const etag = this.#version?.etag;
    const isRange =
      received > 0 &&
      etag !== undefined &&
      this.#rangesWork &&
      this.#version?.isCompressed === false;
    const answer = await this.#request(
      isRange ? { range: `bytes=${received}-`, ...ifRange(etag) } : {},
    );
    const body = new AnswerBody(answer);
    try {
      if (isRange && answer.status === 206) this.#acceptRange(answer);
      else if (answer.status === 200) this.#acceptWhole(answer);
      else throw new Unusable(`storage answered ${answer.status}`);
      if (await body.beginsAsHtml()) {
        // In the middle of a file it is hardly its own: the whole file is requested.
        const isRangeAnswer = answer.status === 206;
        if (isRangeAnswer) this.#rangesWork = false;
        const isFile = !isRangeAnswer && (isOfStorage(answer) || (await this.#source.isHtml()));
        if (!isFile)
          throw new Unusable(
            'storage answered with an HTML page, probably of a proxy in between; if the file is one, set its mimeType to "text/html"',
          );
      }
    } catch (error) {
      await body.cancel(error);
      // A cut within the first bytes counts as any other.
      throw isCut(error) ? new Unusable(error) : error;
    }
    this.#body = body;
  }

  #acceptWhole(answer: TransferResponse): void {
    const version = versionOf(answer);
    const { received } = this;
    if (received === 0) {
      this.#version = version;
      this.#prefix = version.etag === undefined ? Prefix.create() : undefined;
    } else this.#checkVersion(version);
    this.#skip = received;
    this.#compare = received > 0 ? this.#prefix?.comparison() : undefined;
    this.#end = version.size;
  }

  #acceptRange(answer: TransferResponse): void {
    const range = rangeOf(answer);
    // Whatever the fault of ranges here, the whole file can be requested.
    this.#rangesWork = false;
    if (range === undefined) throw new Unusable('the answer does not say which range it has');
    const version = versionOf(answer);
    if (
      range.start !== this.received ||
      range.size !== (this.size ?? range.size) ||
      version.isCompressed
    )
      throw new Unusable('the answer is not the requested range');
    this.#checkVersion({ ...version, size: range.size });
    this.#rangesWork = true;
    this.#version = { ...(this.#version as Version), size: range.size };
    this.#skip = 0;
    this.#compare = undefined;
    this.#end = range.end;
  }

  #checkVersion(version: Version): void {
    const relation = compareVersions(this.#version as Version, version);
    if (relation === 'changed') throw changed();
    if (relation === 'unproven' && this.#prefix === undefined)
      throw new Unusable('the answer does not prove that the file is the same');
  }

  async #skipKnown(chunk: Uint8Array): Promise<Uint8Array> {
    if (this.#skip === 0) return chunk;
    const fresh = chunk.subarray(this.#skip);
    const known = chunk.subarray(0, chunk.length - fresh.length);
    if (this.#compare !== undefined && !(await this.#compare(known))) throw changed();
    this.#skip -= known.length;
    return fresh;
  }

  async #giveOut(bytes: Uint8Array): Promise<Uint8Array> {
    const received = this.received + bytes.length;
    const end = this.#end ?? this.size;
    if (end !== undefined && received > end)
      throw new DecodeError(`download: the body exceeds the announced ${end} bytes`);
    await this.#prefix?.add(bytes);
    this.received = received;
    if (received - this.#progressFrom >= PROGRESS_BYTES) {
      this.#progressFrom = received;
      this.#failures = 0;
    }
    return bytes;
  }

  /** @throws {CdfError} when the answer ended before the file */
  #checkEnd(): void {
    const { size, received } = this;
    if (this.#skip === 0 && (size === undefined || received >= size)) return;
    const ended = received - this.#skip;
    throw new CdfError(`download: the body ended after ${ended} of ${size ?? 'unknown'} bytes`, {
      delivery: 'unknown',
    });
  }

  async #request(range: Readonly<Record<string, string>>): Promise<TransferResponse> {
    // A compressed body has no length that proves its end. Browsers do not let a page ask for this.
    const headers = { 'accept-encoding': 'identity', ...range };
    const get = async (renew: boolean): Promise<TransferResponse> => {
      const url = await this.#source.link(renew);
      return this.#transport.transfer(
        { method: 'GET', url, headers, replayable: true },
        this.#calls,
      );
    };
    try {
      return await get(false).catch((error) => {
        if (!isExpired(error)) throw error;
        return get(true);
      });
    } catch (error) {
      if (!ApiError.isInstance(error) || error.status !== 416 || range.range === undefined)
        throw error;
      this.#rangesWork = false;
      throw new Unusable('storage does not have the requested range');
    }
  }
}

function changed(): DecodeError {
  return new DecodeError('download: the file changed during the download');
}

/** Not in a browser: storage would have to allow the header for pages of this origin. */
function ifRange(etag: string): Readonly<Record<string, string>> {
  return 'document' in globalThis || 'importScripts' in globalThis ? {} : { 'if-range': etag };
}

/** Storage services reject expired links with different statuses. */
function isExpired(error: unknown): boolean {
  return ApiError.isInstance(error) && [400, 401, 403, 404, 410].includes(error.status);
}

function isCut(error: unknown): boolean {
  return (
    CdfError.isInstance(error) &&
    (error.code === 'network' || error.code === 'timeout' || error.code === 'cdf')
  );
}
