import type { CallOptions, NotFoundError, Transport } from '@cdf/core';
import {
  callProgress,
  concurrently,
  loadPart,
  mayBeLocal,
  type ReadLocal,
  toEpoch,
  type ZONES,
} from '@cdf/core/resource';
import type { LatestItemsQuery, LatestRange } from '../query-types.js';
import type { readAnswer } from '../wire/answer.js';
import type { mostBytes } from './answer-bytes.js';
import type { matchSeries, namedAs } from './match-series.js';
import type { mergeMissing } from './missing.js';
import type { Retrieved } from './retrieve.js';
import type { checkKind, checkTimes, checkValues } from './series/check-points.js';
import type { LATEST, mapItems } from './series/query-items.js';
import type { toWireItem } from './series/series-request.js';

/**
 * The shared parts of reads that latest points use, passed in as arguments: bundlers would put what
 * both import into a script of its own.
 */
export interface LatestReading {
  readonly LATEST: typeof LATEST;
  readonly ZONES: typeof ZONES;
  readonly mapItems: typeof mapItems;
  readonly toWireItem: typeof toWireItem;
  readonly readAnswer: typeof readAnswer;
  readonly mostBytes: typeof mostBytes;
  readonly matchSeries: typeof matchSeries;
  readonly namedAs: typeof namedAs;
  readonly checkKind: typeof checkKind;
  readonly checkTimes: typeof checkTimes;
  readonly checkValues: typeof checkValues;
  readonly isMissing: (error: unknown) => error is NotFoundError;
  readonly mergeMissing: typeof mergeMissing;
}

/** Series in one request. */
const MOST_SERIES = 100;

type Latest = Pick<Retrieved, 'info' | 'columns'>;

/**
 * The latest point of each item, in the order of the items; a series that does not exist is left
 * out if that is ignored.
 */
export async function retrieveLatest(
  reading: LatestReading,
  transport: Transport,
  query: LatestItemsQuery,
  options: CallOptions = {},
): Promise<Latest[]> {
  const now = Date.now();
  // Epoch milliseconds also for "now", so that all requests of the call mean the same time; 0 is a
  // time like any other.
  const readerOf = await loadReaders(reading, query);
  const byDefault = toEpoch(query.before ?? now, now, 'before', readerOf(query, query));
  const asked = reading.mapItems(query, reading.LATEST, (item, identifier, what) => {
    const before =
      item.before === undefined
        ? byDefault
        : toEpoch(item.before, now, `${what}: before`, readerOf(item, query));
    const wire: Record<string, unknown> = {
      ...reading.toWireItem(identifier, item, query, what),
      before,
    };
    const isString = query.isString ?? ('isStep' in item ? undefined : item.isString);
    return { identifier, before, isString, wire };
  });
  const chunks = Array.from({ length: Math.ceil(asked.length / MOST_SERIES) }, (_, index) =>
    asked.slice(index * MOST_SERIES, (index + 1) * MOST_SERIES),
  );
  const missing: NotFoundError[] = [];
  let done = 0;
  const fetchChunk = async (chunk: typeof asked, signal: AbortSignal): Promise<Latest[]> => {
    const items = chunk.map(({ wire }) => wire);
    const answer = await transport.request<unknown>(
      {
        method: 'POST',
        path: '/timeseries/data/latest',
        body: { items, ignoreUnknownIds: query.ignoreUnknownIds },
        maxResponseBytes: reading.mostBytes(items, () => undefined).all,
        idempotent: true,
      },
      { ...options, signal },
    );
    const identifiers = chunk.map(({ identifier }) => identifier);
    const series = reading.matchSeries(
      identifiers,
      await reading.readAnswer(answer),
      query.ignoreUnknownIds !== true,
    );
    const latest = chunk.flatMap(({ identifier, before, isString, wire }, index): Latest[] => {
      const item = series[index];
      if (item === undefined) return [];
      reading.checkKind(identifier, item.info, isString);
      const columns = item.read(undefined, 1);
      reading.checkTimes(identifier, columns.timestamps, {
        from: Number.MIN_SAFE_INTEGER,
        to: before,
      });
      reading.checkValues(identifier, columns, wire);
      return [{ info: reading.namedAs(identifier, item), columns }];
    });
    done += chunk.length;
    callProgress(options, done, asked.length);
    return latest;
  };
  const answers = await concurrently(
    chunks,
    async (chunk, signal) => {
      try {
        return await fetchChunk(chunk, signal);
      } catch (error) {
        if (!reading.isMissing(error)) throw error;
        // The others are requested all the same, so that all missing series are named.
        missing.push(error);
        return [];
      }
    },
    { limit: transport.limits.read, signal: options.signal },
  );
  const error = reading.mergeMissing(missing);
  if (error !== undefined) throw error;
  return answers.flat();
}

type ReaderOf = (item: LatestRange, query: LatestRange) => ReadLocal | undefined;

/** A reader of the local times of an item, where there may be any. */
async function loadReaders({ ZONES }: LatestReading, query: LatestItemsQuery): Promise<ReaderOf> {
  const items: readonly (LatestRange | null | undefined)[] = Array.isArray(query.items)
    ? query.items
    : [];
  if (![query, ...items].some((range) => range && mayBeLocal([range.before], range.timeZone)))
    return () => undefined;
  const { localTimes } = await loadPart(import('./local-times.js'));
  return (item, { timeZone, disambiguation }) =>
    localTimes(ZONES, {
      timeZone: item.timeZone ?? timeZone,
      disambiguation: item.disambiguation ?? disambiguation,
    }).read;
}
