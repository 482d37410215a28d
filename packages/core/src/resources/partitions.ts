/** Disjoint parts that a list endpoint offers of its items. */
const PARTITIONS = 10;

/**
 * Everything that the partitions of a list endpoint have, read at the same time and merged in the endpoint's order. The first failure ends
 * the others.
 *
 * @param walk the pages of one partition, such as `"3/10"`
 */
export async function readPartitions<T>(
  walk: (partition: string, signal: AbortSignal) => AsyncIterable<readonly T[]>,
  compare: (left: T, right: T) => number,
): Promise<T[]> {
  const failing = new AbortController();
  const collect = async (_: unknown, index: number): Promise<T[]> => {
    const pages: (readonly T[])[] = [];
    for await (const items of walk(`${index + 1}/${PARTITIONS}`, failing.signal)) pages.push(items);
    return pages.flat() as T[];
  };
  try {
    return mergeOrdered(await Promise.all(Array.from({ length: PARTITIONS }, collect)), compare);
  } finally {
    failing.abort();
  }
}

/**
 * Lists that are each in order as one list in order, in which what several have is there once.
 *
 * @param compare a total order: 0 means the same item. What is equal is taken from the first list that has it
 */
export function mergeOrdered<T>(lists: readonly T[][], compare: (left: T, right: T) => number): T[] {
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
