import { type CallOptions, ConfigError, DecodeError, type Transport } from '@cdf/core';
import { checkMethodOptions, type OptionKind, readObject, shown, sleep } from '@cdf/core/resource';
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

/** The least time between two requests without changes. @unit milliseconds */
const IDLE_MS = 250;

/** Answers without updates that are followed when the caller does not wait for more. */
const MOST_IDLE = 100;

const PATH = '/timeseries/subscriptions/data/list';

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

interface Partition {
  readonly index: number;
  readonly cursor?: string | undefined;
}

interface DataAnswer {
  readonly updates: readonly (Partial<SeriesChange> & Pick<SeriesChange, 'timeSeries'>)[];
  readonly subscriptionChanges?:
    | {
        readonly added?: readonly SubscribedSeries[];
        readonly removed?: readonly SubscribedSeries[];
      }
    | undefined;
  readonly partitions: readonly { readonly index: number; readonly nextCursor: string }[];
  readonly hasNext: boolean;
}

/**
 * The batches of some partitions, one request after the other: the next is sent when the last batch
 * has been handled.
 */
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
  let idle = 0;
  for (;;) {
    const body = {
      ...{
        externalId,
        partitions,
        limit: batchSize,
        pollTimeoutSeconds: follow ? POLL_SECONDS : 0,
      },
      ...{ initializeCursors, includeStatus, ignoreBadDataPoints, treatUncertainAsBad },
    };
    const startedAt = Date.now();
    const answer = readData(
      await transport.request({ method: 'POST', path: PATH, body, idempotent: true }, options),
    );
    const cursors = nextCursors(partitions, answer);
    partitions = cursors;
    const added = answer.subscriptionChanges?.added ?? [];
    const removed = answer.subscriptionChanges?.removed ?? [];
    const updates = answer.updates.map(
      ({ timeSeries, upserts, deletes }): SeriesChange => ({
        timeSeries,
        upserts: timeSeries.isString ? (upserts ?? []) : (upserts ?? []).map(withNumber),
        deletes: deletes ?? [],
      }),
    );
    const isIdle = updates.length + added.length + removed.length === 0;
    if (!isIdle)
      yield {
        updates,
        added,
        removed,
        hasNext: answer.hasNext,
        checkpoint: { externalId, partitions: cursors },
      };
    if (!answer.hasNext && !follow) return;
    idle = isIdle ? idle + 1 : 0;
    if (!follow && idle === MOST_IDLE)
      throw unexpected(`${MOST_IDLE} answers in a row have no updates and announce more`);
    // A service that holds no poll would be asked without a pause.
    const left = IDLE_MS - (Date.now() - startedAt);
    if (isIdle && left > 0) await sleep(left, options?.signal);
  }
}

/** @throws {DecodeError} when the answer is not of the form of one. */
function readData(answer: unknown): DataAnswer {
  const { updates, partitions, hasNext, subscriptionChanges } = readObject(
    answer,
    `POST ${PATH}`,
  ) as Partial<DataAnswer>;
  const areObjects = (list: unknown): boolean =>
    Array.isArray(list) && list.every((each) => typeof each === 'object' && each !== null);
  if (!areObjects(partitions)) throw unexpected('partitions is not an array of objects');
  // A service that has nothing to say may leave lists out.
  if (updates !== undefined && updates !== null && !areObjects(updates))
    throw unexpected('updates is not an array of objects');
  for (const { timeSeries, upserts, deletes } of updates ?? []) {
    if (typeof timeSeries !== 'object' || timeSeries === null)
      throw unexpected('an update does not name its time series');
    for (const list of [upserts, deletes])
      if (list !== undefined && list !== null && !areObjects(list))
        throw unexpected('an update has invalid data points');
  }
  return {
    partitions: partitions as DataAnswer['partitions'],
    updates: updates ?? [],
    subscriptionChanges: subscriptionChanges ?? undefined,
    hasNext: hasNext === true,
  };
}

function unexpected(what: string): DecodeError {
  return new DecodeError(`consume: unexpected answer: ${what}`, { delivery: 'unknown' });
}

const NO_NUMBERS: readonly unknown[] = ['NaN', 'Infinity', '-Infinity'];

/** JSON has no NaN and no infinities: bad points of numeric series carry them as text. */
function withNumber(point: SubscribedDatapoint): SubscribedDatapoint {
  return NO_NUMBERS.includes(point.value) ? { ...point, value: Number(point.value) } : point;
}

/** Every requested partition has to go on: a lost one would silently not be read any more. */
function nextCursors(
  asked: readonly Partition[],
  answer: DataAnswer,
): SubscriptionCheckpoint['partitions'] {
  const next = new Map(answer.partitions.map(({ index, nextCursor }) => [index, nextCursor]));
  return asked.map(({ index }) => {
    const cursor = next.get(index);
    // An empty one would begin at the start once more.
    if (typeof cursor !== 'string' || cursor === '')
      throw unexpected(`it has no cursor for partition ${index}`);
    return { index, cursor };
  });
}

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
  if (checkpoint === undefined) return partitions?.map((index) => ({ index: toIndex(index) }));
  if (partitions !== undefined || start !== undefined)
    throw new ConfigError('consume: a checkpoint sets the start; omit partitions and start');
  if (checkpoint.externalId !== externalId)
    throw new ConfigError(
      `consume: the checkpoint belongs to ${JSON.stringify(checkpoint.externalId)}, not to ${JSON.stringify(externalId)}`,
    );
  return checkpoint.partitions.map(({ index, cursor }) => {
    if (typeof cursor !== 'string')
      throw new ConfigError(`consume: the checkpoint has no cursor for partition ${index}`);
    return { index: toIndex(index), cursor };
  });
}

function toIndex(index: number): number {
  if (Number.isInteger(index) && index >= 0 && index < 100) return index;
  throw new ConfigError(
    `consume: partitions must be whole numbers from 0 to 99, got ${shown(index)}`,
  );
}
