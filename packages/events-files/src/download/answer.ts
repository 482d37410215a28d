import type { TransferResponse } from '@cdf/core';
import { HTML_START_BYTES, isHtml, isHtmlType } from '../html.js';

/** The version of the file that a download reads. */
export interface Version {
  /** A strong ETag: the only proof that two answers are of the same bytes. */
  readonly etag: string | undefined;
  /** The ETag as it is, also a weak one. */
  readonly tag: string | null;
  readonly lastModified: string | null;
  /** Absent where the answer has no length, or is compressed. */
  readonly size: number | undefined;
  readonly isCompressed: boolean;
}

export function versionOf({ headers }: TransferResponse): Version {
  const tag = headers.get('etag');
  const isCompressed = headers.has('content-encoding');
  return {
    etag: tag !== null && /^"[^"]*"$/.test(tag) ? tag : undefined,
    tag,
    lastModified: headers.get('last-modified'),
    // The content-length of a compressed body is not the size of the file.
    size: isCompressed ? undefined : lengthOf(headers),
    isCompressed,
  };
}

/** Compares the headers of both answers: a header that is hidden or missing proves nothing. */
export function compareVersions(before: Version, after: Version): 'same' | 'changed' | 'unproven' {
  const isOther = <T>(old: T | null | undefined, fresh: T | null | undefined): boolean =>
    old !== null && old !== undefined && fresh !== null && fresh !== undefined && old !== fresh;
  if (
    isOther(before.tag, after.tag) ||
    isOther(before.lastModified, after.lastModified) ||
    isOther(before.size, after.size)
  )
    return 'changed';
  return before.etag !== undefined && before.etag === after.etag ? 'same' : 'unproven';
}

/** Where a 206 begins and ends, and the size of the file; absent when the header is. */
export interface ContentRange {
  readonly start: number;
  readonly end: number;
  readonly size: number;
}

export function rangeOf({ headers }: TransferResponse): ContentRange | undefined {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers.get('content-range') ?? '');
  if (match === null) return undefined;
  const [start, last, size] = match.slice(1).map(Number) as [number, number, number];
  const length = lengthOf(headers);
  const isSound =
    start <= last && last < size && (length === undefined || length === last + 1 - start);
  return isSound ? { start, end: last + 1, size } : undefined;
}

function lengthOf(headers: Headers): number | undefined {
  const text = headers.get('content-length');
  return text === null ? undefined : Number(text);
}

/** Headers that only object stores send. Those of requests, such as `x-ms-request-id`, are others'. */
const STORE_HEADERS = ['x-goog-generation', 'x-goog-hash', 'x-ms-blob-type'];

/**
 * True if storage itself must have sent an HTML page: storage labels a file with its own type, and
 * a proxy labels its page as HTML, or not at all.
 */
export function isOfStorage({ headers }: TransferResponse): boolean {
  const type = headers.get('content-type') ?? '';
  return (type !== '' && !isHtmlType(type)) || STORE_HEADERS.some((name) => headers.has(name));
}

/** The body of one answer. */
export class AnswerBody {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #ahead: Uint8Array | undefined;

  constructor({ body }: TransferResponse) {
    this.#reader = (body ?? new Blob([]).stream()).getReader();
  }

  /** The next bytes, or `undefined` at the end. */
  async read(): Promise<Uint8Array | undefined> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead !== undefined) return ahead;
    const { done, value } = await this.#reader.read();
    return done ? undefined : value;
  }

  /** True if the body begins as an HTML page. Looks only as far as needed. */
  async beginsAsHtml(): Promise<boolean> {
    let start = new Uint8Array(0);
    for (;;) {
      const piece = await this.read();
      const joined = new Uint8Array(start.length + (piece?.length ?? 0));
      joined.set(start);
      if (piece !== undefined) joined.set(piece, start.length);
      start = joined;
      const mayBeHtml = /^\s*(<|$)/.test(
        new TextDecoder().decode(start.subarray(0, HTML_START_BYTES)),
      );
      if (piece !== undefined && mayBeHtml && start.length < HTML_START_BYTES) continue;
      if (start.length > 0) this.#ahead = start;
      return mayBeHtml && isHtml(start);
    }
  }

  async cancel(reason: unknown): Promise<void> {
    this.#reader.cancel(reason).catch(() => {});
  }
}
