import { ConfigError } from '@cdf/core';
import { checkMethodOptions, type OptionKind, shown } from '@cdf/core/resource';
import type { ConsumeQuery, SubscriptionName } from './subscription-types.js';

/** A partition, and how far it was read. */
export interface Partition {
  readonly index: number;
  readonly cursor?: string | undefined;
}

const OPTIONS: Readonly<Record<keyof ConsumeQuery, OptionKind>> = {
  partitions: 'other',
  checkpoint: 'other',
  start: 'other',
  follow: 'switch',
  batchSize: 'other',
  includeStatus: 'switch',
  ignoreBadDataPoints: 'switch',
  treatUncertainAsBad: 'switch',
};

/**
 * Where a consumer begins, as far as its query tells; `undefined` for all partitions.
 *
 * @throws {ConfigError} when the query contradicts itself or cannot work
 */
export function startOf(
  { externalId }: SubscriptionName,
  query: ConsumeQuery,
): readonly Partition[] | undefined {
  checkMethodOptions(query, OPTIONS, 'consume');
  const { checkpoint, partitions, start, batchSize = 1000 } = query;
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > 100_000)
    throw new ConfigError(
      `consume: batchSize must be a whole number from 1 to 100,000, got ${shown(batchSize)}`,
    );
  if (start !== undefined && !/^(now|\d{1,6}[wdhm]-ago)$/.test(start))
    throw new ConfigError(
      `consume: start must be 'now' or a time ago such as '2d-ago' (w, d, h, m), got ${JSON.stringify(start)}`,
    );
  // A store that has none yet may give null.
  if (checkpoint === undefined || checkpoint === null)
    return partitions === undefined ? undefined : indexesOf(partitions, (index) => index);
  if (partitions !== undefined || start !== undefined)
    throw new ConfigError('consume: a checkpoint sets the start; omit partitions and start');
  if (typeof checkpoint !== 'object' || !Array.isArray(checkpoint.partitions))
    throw new ConfigError(
      `consume: the checkpoint must be the object that a batch had, got ${shown(checkpoint)}; of JSON text make it with JSON.parse`,
    );
  if (checkpoint.externalId !== externalId)
    throw new ConfigError(
      `consume: the checkpoint belongs to ${JSON.stringify(checkpoint.externalId)}, not to ${JSON.stringify(externalId)}`,
    );
  const named = indexesOf(checkpoint.partitions, (partition) => Object(partition).index);
  return named.map(({ index }, at) => {
    const { cursor } = checkpoint.partitions[at] as Partition;
    if (typeof cursor !== 'string')
      throw new ConfigError(`consume: the checkpoint has no cursor for partition ${index}`);
    return { index, cursor };
  });
}

/** @throws {ConfigError} when there is none, one is no index, or one is there twice. */
function indexesOf<T>(
  partitions: readonly T[],
  indexOf: (partition: T) => unknown,
): { index: number }[] {
  if (!Array.isArray(partitions) || partitions.length === 0)
    throw new ConfigError(
      `consume: partitions must be an array with at least one index, got ${shown(partitions)}`,
    );
  const indexes = new Set<number>();
  for (const index of partitions.map(indexOf)) {
    if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= 100)
      throw new ConfigError(
        `consume: partitions must be whole numbers from 0 to 99, got ${shown(index)}`,
      );
    if (indexes.has(index as number))
      throw new ConfigError(`consume: partition ${index} is there twice`);
    indexes.add(index as number);
  }
  return [...indexes].map((index) => ({ index }));
}
