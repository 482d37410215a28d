import { type CallOptions, ConfigError, DecodeError, type Transport } from '@cdf/core';
import type {
  ConsumeQuery,
  SeriesChange,
  SubscribedDatapoint,
  SubscribedSeries,
  SubscriptionBatch,
  SubscriptionCheckpoint,
  SubscriptionName,
} from './subscription-types.js';

/** The longest that the service waits for something to happen. */
const POLL_SECONDS = 5;

interface Partition {
  readonly index: number;
  readonly cursor?: string | undefined;
}

interface DataAnswer {
  readonly updates: readonly (Partial<SeriesChange> & Pick<SeriesChange, 'timeSeries'>)[];
  readonly subscriptionChanges?:
    | { readonly added?: readonly SubscribedSeries[]; readonly removed?: readonly SubscribedSeries[] }
    | undefined;
  readonly partitions: readonly { readonly index: number; readonly nextCursor: string }[];
  readonly hasNext: boolean;
}

/** The batches of some partitions, one request after the other: the next is sent when the last batch has been dealt with. */
export async function* readBatches(
  transport: Transport,
  { externalId }: SubscriptionName,
  start: readonly Partition[],
  query: ConsumeQuery,
  options?: CallOptions,
): AsyncGenerator<SubscriptionBatch, void, undefined> {
  const { follow = true, batchSize = 1000, start: initializeCursors } = query;
  const { includeStatus, ignoreBadDataPoints, treatUncertainAsBad } = query;
  let partitions = start;
  for (;;) {
    const body = {
      ...{ externalId, partitions, limit: batchSize, pollTimeoutSeconds: follow ? POLL_SECONDS : 0 },
      ...{ initializeCursors, includeStatus, ignoreBadDataPoints, treatUncertainAsBad },
    };
    const answer = await transport.request<DataAnswer>(
      { method: 'POST', path: '/timeseries/subscriptions/data/list', body, idempotent: true },
      options,
    );
    const cursors = nextCursors(partitions, answer);
    partitions = cursors;
    const { added = [], removed = [] } = answer.subscriptionChanges ?? {};
    const updates = answer.updates.map(
      ({ timeSeries, upserts = [], deletes = [] }): SeriesChange => ({
        timeSeries,
        upserts: timeSeries.isString ? upserts : upserts.map(withNumber),
        deletes,
      }),
    );
    if (updates.length + added.length + removed.length > 0)
      yield { updates, added, removed, hasNext: answer.hasNext, checkpoint: { externalId, partitions: cursors } };
    if (!answer.hasNext && !follow) return;
  }
}

const NO_NUMBERS: readonly unknown[] = ['NaN', 'Infinity', '-Infinity'];

/** JSON has no NaN and no infinities: bad points of numeric series carry them as text. */
function withNumber(point: SubscribedDatapoint): SubscribedDatapoint {
  return NO_NUMBERS.includes(point.value) ? { ...point, value: Number(point.value) } : point;
}

/** Every partition asked for has to go on somewhere: one that is lost would be read no more, without a word. */
function nextCursors(asked: readonly Partition[], answer: DataAnswer): SubscriptionCheckpoint['partitions'] {
  const next = new Map(answer.partitions.map(({ index, nextCursor }) => [index, nextCursor]));
  return asked.map(({ index }) => {
    const cursor = next.get(index);
    if (cursor === undefined)
      throw new DecodeError(`consume: the answer has no cursor for partition ${index}`, { delivery: 'unknown' });
    return { index, cursor };
  });
}

/**
 * Where a consumer begins, as far as its query tells; `undefined` when every partition is wanted.
 *
 * @throws {ConfigError} when the query contradicts itself or cannot work
 */
export function startOf({ externalId }: SubscriptionName, query: ConsumeQuery): readonly Partition[] | undefined {
  const { checkpoint, partitions, start, batchSize = 1000 } = query;
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > 100_000)
    throw new ConfigError(`consume: batchSize must be a whole number from 1 to 100,000, got ${batchSize}`);
  if (start !== undefined && !/^(now|\d{1,6}[wdhm]-ago)$/.test(start))
    throw new ConfigError(
      `consume: start must be 'now' or such as '2d-ago' (w, d, h, m), got ${JSON.stringify(start)}`,
    );
  if (checkpoint === undefined) return partitions?.map((index) => ({ index: toIndex(index) }));
  if (partitions !== undefined || start !== undefined)
    throw new ConfigError('consume: a checkpoint says where to go on; leave out partitions and start');
  if (checkpoint.externalId !== externalId)
    throw new ConfigError(
      `consume: the checkpoint is one of ${JSON.stringify(checkpoint.externalId)}, not of ${JSON.stringify(externalId)}`,
    );
  return checkpoint.partitions.map(({ index, cursor }) => {
    if (typeof cursor !== 'string')
      throw new ConfigError(`consume: the checkpoint has no cursor for partition ${index}`);
    return { index: toIndex(index), cursor };
  });
}

function toIndex(index: number): number {
  if (Number.isInteger(index) && index >= 0 && index < 100) return index;
  throw new ConfigError(`consume: a partition is a whole number from 0 to 99, got ${String(index)}`);
}
