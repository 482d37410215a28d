import { type CallOptions, DecodeError, TimeoutError, type Transport } from '@cdf/core';
import { readObject, sleep } from '@cdf/core/resource';
import type { Partition } from './consume-start.js';
import type {
  ConsumeQuery,
  SeriesChange,
  SubscribedDatapoint,
  SubscribedSeries,
  SubscriptionBatch,
  SubscriptionCheckpoint,
  SubscriptionName,
} from './subscription-types.js';

export { startOf } from './consume-start.js';

/** The longest that the service waits for something to happen. */
const POLL_SECONDS = 5;

/** A consumer is given a checkpoint so often, also without a change. @unit milliseconds */
const LONGEST_SILENCE = 3_600_000;

/** The least time between two requests without changes. @unit milliseconds */
const IDLE_MS = 250;

/** Answers without updates that are followed when the caller does not wait for more. */
const MOST_IDLE = 100;

const PATH = '/timeseries/subscriptions/data/list';

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
  const poll = follow ? pollOf(options?.timeoutMs) : () => 0;
  let partitions = start;
  let idle = 0;
  let told = Date.now();
  // Without a checkpoint there is nothing yet that another consumer could go on from.
  let isNew = start.some(({ cursor }) => cursor === undefined);
  for (;;) {
    const pollTimeoutSeconds = isNew ? 0 : poll();
    const body = {
      ...{ externalId, partitions, limit: batchSize, pollTimeoutSeconds },
      ...{ initializeCursors, includeStatus, ignoreBadDataPoints, treatUncertainAsBad },
    };
    const startedAt = Date.now();
    const request = { method: 'POST', path: PATH, body, idempotent: true } as const;
    let answer: DataAnswer;
    try {
      answer = readData(await transport.request(request, options));
    } catch (error) {
      // A wait that is longer than the caller's requests may take is no failure.
      if (pollTimeoutSeconds === 0 || !TimeoutError.isInstance(error)) throw error;
      poll(pollTimeoutSeconds);
      continue;
    }
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
    if (!isIdle || isNew || Date.now() - told > LONGEST_SILENCE) {
      told = Date.now();
      isNew = false;
      yield {
        updates,
        added,
        removed,
        hasNext: answer.hasNext,
        checkpoint: { externalId, partitions: cursors },
      };
    }
    if (!answer.hasNext && !follow) return;
    idle = isIdle ? idle + 1 : 0;
    if (!follow && idle === MOST_IDLE)
      throw unexpected(`${MOST_IDLE} answers in a row have no updates and announce more`);
    // A service that holds no poll would be asked without a pause.
    const left = IDLE_MS - (Date.now() - startedAt);
    if (isIdle && left > 0) await sleep(left, options?.signal);
  }
}

/**
 * How long the service may wait: less than a request may take. The client's own limit is learned
 * from the requests that it ended, and forgotten after a while: a connection may have stalled.
 *
 * @returns the seconds, which are fewer after a wait that was too long
 */
function pollOf(timeoutMs: number | undefined): (tooLong?: number) => number {
  const longest = Math.min(POLL_SECONDS, Math.floor((timeoutMs ?? Infinity) / 2000));
  let seconds = longest;
  let learned = 0;
  return (tooLong) => {
    if (tooLong !== undefined) {
      seconds = Math.floor(tooLong / 2);
      learned = Date.now();
    } else if (Date.now() - learned > LONGEST_SILENCE) seconds = longest;
    return seconds;
  };
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
