import type { Checksum } from './scenario.js';

const PAGE = 1000;

/**
 * Assets as the API sends them: a quarter with metadata of ten pairs, all with a parent but the
 * first.
 */
export function wireAsset(index: number): Record<string, unknown> {
  return {
    ...{ id: 1_000_000 + index, externalId: `asset-${index}`, name: `23-PT-${90_000 + index}` },
    ...(index === 0 ? {} : { parentId: 1_000_000 + Math.floor(index / 8) }),
    ...{ rootId: 1_000_000, description: `Pressure transmitter ${index}, area ${index % 40}` },
    metadata: Object.fromEntries(
      Array.from({ length: index % 4 === 0 ? 10 : 2 }, (_, field) => [
        `FIELD_${field}`,
        `value ${(index * 7 + field) % 1000}`,
      ]),
    ),
    ...{
      dataSetId: 77,
      createdTime: 1_600_000_000_000 + index,
      lastUpdatedTime: 1_700_000_000_000 + index,
    },
  };
}

/** Events as the API sends them, with the same ids, times and metadata as assets. */
export function wireEvent(index: number): Record<string, unknown> {
  const { id, metadata, createdTime, lastUpdatedTime } = wireAsset(index);
  return {
    ...{
      id,
      externalId: `event-${index}`,
      startTime: 1_650_000_000_000 + index,
      endTime: 1_650_000_060_000 + index,
    },
    ...{
      type: 'alarm',
      subtype: `level-${index % 4}`,
      description: `Pressure above limit ${index % 40}`,
    },
    ...{
      metadata,
      assetIds: [1_000_000 + (index % 5000)],
      dataSetId: 77,
      createdTime,
      lastUpdatedTime,
    },
  };
}

/** Pages by partition and cursor, ids ascending within each: `pages[partition][cursor]`. */
export function preparePages(
  count: number,
  partitions: number,
  wire: (index: number) => unknown,
): Buffer[][] {
  return Array.from({ length: partitions }, (_, partition) => {
    const own: unknown[] = [];
    for (let index = partition; index < count; index += partitions) own.push(wire(index));
    const pages = Math.max(1, Math.ceil(own.length / PAGE));
    return Array.from({ length: pages }, (_, page) => {
      const items = own.slice(page * PAGE, (page + 1) * PAGE);
      const nextCursor = page + 1 < pages ? { nextCursor: `${page + 1}` } : {};
      return Buffer.from(JSON.stringify({ items, ...nextCursor }));
    });
  });
}

export interface SummedAsset {
  readonly id: number;
  readonly createdTime: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Count, sum of ids and times, pairs of metadata. */
export function assetChecksum(assets: Iterable<SummedAsset>): Checksum {
  const sum = { count: 0, ids: 0, created: 0, pairs: 0 };
  for (const { id, createdTime, metadata = {} } of assets) {
    sum.count += 1;
    sum.ids += id;
    sum.created += Number(createdTime) - 1_600_000_000_000;
    for (const _ in metadata) sum.pairs += 1;
  }
  return sum;
}

export function expectedAssets(count: number): Checksum {
  const sum = { count, ids: 0, created: 0, pairs: 0 };
  for (let index = 0; index < count; index += 1) {
    sum.ids += 1_000_000 + index;
    sum.created += index;
    sum.pairs += index % 4 === 0 ? 10 : 2;
  }
  return sum;
}

export interface TreeAsset {
  readonly externalId: string;
  readonly name: string;
  readonly parentExternalId?: string;
  readonly description: string;
  readonly metadata: Record<string, string>;
}

const MAX_DEPTH = 40;

/** One tree, at most 40 deep, in random order unless told otherwise. The same every time. */
export function shuffledTree(count: number, shuffled = true): TreeAsset[] {
  const random = randomNumbers(7);
  const depth = new Uint8Array(count);
  const tree = Array.from({ length: count }, (_, index): TreeAsset => {
    let parent = Math.floor(random() * index);
    while (index > 0 && depth[parent] === MAX_DEPTH) parent = Math.floor(random() * index);
    if (index > 0) depth[index] = (depth[parent] as number) + 1;
    return {
      ...{ externalId: `asset-${index}`, name: `23-PT-${90_000 + index}` },
      ...(index === 0 ? {} : { parentExternalId: `asset-${parent}` }),
      ...{
        description: `Pressure transmitter ${index}`,
        metadata: { area: `${index % 40}`, source: 'bench' },
      },
    };
  });
  if (!shuffled) return tree;
  for (let index = count - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [tree[index], tree[other]] = [tree[other] as TreeAsset, tree[index] as TreeAsset];
  }
  return tree;
}

export function expectedTree(count: number): Checksum {
  return { count, indexes: (count * (count - 1)) / 2 };
}

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
