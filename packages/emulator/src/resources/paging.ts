import { createHash } from 'node:crypto';
import { badRequest } from '../errors.js';
import { JsonText } from '../http/route.js';
import type { Item } from '../model/common.js';
import type { Collection, Entry } from '../storage/collection.js';

/** The parameters of a list request. */
export interface PageRequest<T> {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly partition?: string | undefined;
  readonly matches?: ((item: T) => boolean) | undefined;
  /** The only items that can match, where an index knows them. */
  readonly candidates?: Iterable<number> | undefined;
  /** Order other than that of creation. */
  readonly compare?: ((a: T, b: T) => number) | undefined;
  /** Everything of the request that must stay the same from page to page. */
  readonly fingerprint: unknown;
  /** The behaviour above 10 partitions: a refusal, or quietly 10. */
  readonly partitionsAboveTen: 'refuse' | 'ten';
}

export interface Page<T> {
  readonly entries: readonly Entry<T>[];
  readonly nextCursor: string | undefined;
}

/**
 * One page of a collection. Cursors stand for the last item seen, so items created meanwhile do not
 * shift pages.
 */
export function page<T extends Item>(collection: Collection<T>, request: PageRequest<T>): Page<T> {
  const part = partitionOf(request);
  if (part === 'none') return { entries: [], nextCursor: undefined };
  const mark = fingerprintOf(collection.kind, request);
  const after = request.cursor === undefined ? undefined : readCursor(request.cursor, mark);
  const { matches, limit, compare, candidates } = request;
  const fits = (item: T): boolean =>
    (part === undefined || item.id % part.parts === part.index) &&
    (matches === undefined || matches(item));
  const entriesAfter = (seq?: number): Iterable<Entry<T>> =>
    candidates === undefined ? collection.entries(seq) : collection.entriesOf(candidates, seq);
  if (compare !== undefined)
    return sortedPage(entriesAfter(), fits, compare, limit, after ?? 0, mark);
  const entries: Entry<T>[] = [];
  for (const entry of entriesAfter(after)) {
    if (!fits(entry.item)) continue;
    if (entries.length === limit) {
      return { entries, nextCursor: writeCursor(mark, (entries[limit - 1] as Entry<T>).seq) };
    }
    entries.push(entry);
  }
  return { entries, nextCursor: undefined };
}

/** A page as the API sends it, joined from the items' JSON. */
export function pageText<T>(found: Page<T>, textOf: (entry: Entry<T>) => string): JsonText {
  const cursor =
    found.nextCursor === undefined ? '' : `,"nextCursor":${JSON.stringify(found.nextCursor)}`;
  return new JsonText(`{"items":[${found.entries.map(textOf).join(',')}]${cursor}}`);
}

/** A cursor for endpoints that page through something else than a collection. */
export function writeCursor(mark: string, position: number): string {
  return Buffer.from(`${mark}.${position}`).toString('base64url');
}

export function readCursor(cursor: string, mark: string): number {
  const [own, position] = Buffer.from(cursor, 'base64url').toString().split('.');
  if (own !== mark || position === undefined || !/^-?\d+$/.test(position)) {
    throw badRequest(
      'The cursor does not belong to this request: send the same filter, order and partition with it',
    );
  }
  return Number(position);
}

export function hashOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('base64url')
    .slice(0, 12);
}

function fingerprintOf<T>(kind: string, request: PageRequest<T>): string {
  return hashOf([kind, request.partition ?? null, request.fingerprint ?? null]);
}

/** A page of a sorted listing; its cursor is the number of items before it. */
function sortedPage<T extends Item>(
  entries: Iterable<Entry<T>>,
  fits: (item: T) => boolean,
  compare: (a: T, b: T) => number,
  limit: number,
  offset: number,
  mark: string,
): Page<T> {
  const all: Entry<T>[] = [];
  for (const entry of entries) if (fits(entry.item)) all.push(entry);
  all.sort((a, b) => compare(a.item, b.item) || a.seq - b.seq);
  const end = offset + limit;
  return {
    entries: all.slice(offset, end),
    nextCursor: end < all.length ? writeCursor(mark, end) : undefined,
  };
}

function partitionOf<T>(
  request: PageRequest<T>,
): { index: number; parts: number } | 'none' | undefined {
  if (request.partition === undefined) return undefined;
  const [part, parts] = request.partition.split('/').map(Number) as [number, number];
  if (parts > 10 && request.partitionsAboveTen === 'refuse')
    throw badRequest('At most 10 partitions are allowed');
  if (part > 10) return 'none';
  return { index: part - 1, parts: Math.min(parts, 10) };
}
