import { DecodeError } from '../errors.js';
import { joinPages } from './join-pages.js';

/** Disjoint parts that a list endpoint offers of its items. */
const PARTITIONS = 10;

/**
 * Everything that the partitions of a list endpoint have, read at the same time and merged in the
 * endpoint's order. The first failure ends the others.
 *
 * @param first the first page of the whole list: the partitions must have its items, unless they
 * are gone or changed since
 * @param walk the pages of one partition, such as `"3/10"`
 * @param confirm gives those of some items that still exist, as they are now
 * @param report takes how many items were read, and in the end how many there are
 * @throws {DecodeError} when the partitions leave out an item.
 */
export async function readPartitions<T>(
  first: readonly T[],
  walk: (partition: string, signal: AbortSignal) => AsyncIterable<readonly T[]>,
  compare: (left: T, right: T) => number,
  confirm: (items: readonly T[]) => Promise<readonly T[]>,
  report: (done: number, total: number | undefined) => void,
): Promise<T[]> {
  let done = 0;
  const failing = new AbortController();
  const collect = async (_: unknown, index: number): Promise<T[]> => {
    const pages: (readonly T[])[] = [];
    for await (const items of walk(`${index + 1}/${PARTITIONS}`, failing.signal)) {
      pages.push(items);
      done += items.length;
      report(done, undefined);
    }
    return joinPages(pages);
  };
  try {
    const lists = await Promise.all(Array.from({ length: PARTITIONS }, collect));
    // An item without an identity has no place in the order: it is not even equal to itself.
    const isNamed = (item: T): boolean => compare(item, item) === 0;
    const merged = mergeOrdered(
      lists.map((list) => list.filter(isNamed)),
      compare,
    );
    const absent = absentFrom(merged, first.filter(isNamed), compare);
    if (absent.length > 0) await confirmAbsence(absent, compare, confirm);
    for (const list of lists) for (const item of list) if (!isNamed(item)) merged.push(item);
    report(merged.length, merged.length);
    return merged;
  } finally {
    failing.abort();
  }
}

/** The items of an ordered page that an ordered list does not have. */
function absentFrom<T>(
  merged: readonly T[],
  page: readonly T[],
  compare: (left: T, right: T) => number,
): readonly T[] {
  let position = 0;
  return [...page].sort(compare).filter((item) => {
    while (position < merged.length && compare(merged[position] as T, item) < 0) position++;
    return position === merged.length || compare(merged[position] as T, item) !== 0;
  });
}

async function confirmAbsence<T>(
  absent: readonly T[],
  compare: (left: T, right: T) => number,
  confirm: (items: readonly T[]) => Promise<readonly T[]>,
): Promise<void> {
  const present = await confirm(absent);
  const lost = absent.filter((item) =>
    present.some((now) => compare(now, item) === 0 && isSame(now, item)),
  );
  if (lost.length === 0) return;
  throw new DecodeError(
    `list: unexpected answer: the partitions lack ${lost.length} items of the first page`,
    {
      delivery: 'unknown',
    },
  );
}

function isSame(left: unknown, right: unknown): boolean {
  const [now, before] = [left, right] as { readonly lastUpdatedTime?: number }[];
  return now?.lastUpdatedTime === before?.lastUpdatedTime;
}

/**
 * Lists that are each in order as one list in order, without duplicates.
 *
 * @param compare a total order: 0 means the same item. Equal items are taken from the first list
 * that has them
 */
export function mergeOrdered<T>(
  lists: readonly T[][],
  compare: (left: T, right: T) => number,
): T[] {
  const merged: T[] = [];
  const positions = lists.map(() => 0);
  for (;;) {
    let next: T | undefined;
    let from = -1;
    for (let index = 0; index < lists.length; index++) {
      const head = lists[index]?.[positions[index] as number];
      if (head !== undefined && (next === undefined || compare(head, next) < 0)) {
        next = head;
        from = index;
      }
    }
    if (next === undefined) return merged;
    positions[from] = (positions[from] as number) + 1;
    const last = merged.at(-1);
    const step = last === undefined ? -1 : compare(last, next);
    // A list that is not in order after all: nothing may get lost or doubled by it.
    if (step > 0) return distinct(lists.flat().sort(compare), compare);
    if (step !== 0) merged.push(next);
  }
}

function distinct<T>(sorted: readonly T[], compare: (left: T, right: T) => number): T[] {
  return sorted.filter((item, index) => index === 0 || compare(sorted[index - 1] as T, item) !== 0);
}
