import { badRequest } from '../errors.js';
import type { Reference } from '../model/common.js';
import type { TimeSeries } from '../model/time-series.js';

import { type Conversion, conversionTo } from '../units/catalog.js';
import { exactlyOneKey, externalIdText, idNumber, instanceId } from '../validation/common.js';
import {
  array,
  boolean,
  type Check,
  integer,
  needed,
  object,
  text,
  where,
} from '../validation/schema.js';
import { AGGREGATES, type Aggregate } from './bucket.js';
import { type Granularity, readGranularity } from './buckets.js';
import { readTime, TimeZone, timeInput } from './times.js';

/** The most points of one request, for raw points and for aggregates. */
export const MAX_RAW = 100_000;
export const MAX_AGGREGATES = 10_000;
const DEFAULT_LIMIT = 100;
const MAX_QUERIES = 100;

const shared = {
  start: timeInput,
  end: timeInput,
  limit: integer({ min: 0 }),
  aggregates: array(text(), { min: 1, max: AGGREGATES.length }),
  granularity: text(),
  includeOutsidePoints: boolean,
  timeZone: text({ max: 64 }),
};
const quality = {
  includeStatus: boolean,
  ignoreBadDataPoints: boolean,
  treatUncertainAsBad: boolean,
};
const units = { targetUnit: text(), targetUnitSystem: text() };
const keys = { id: idNumber, externalId: externalIdText, instanceId };

/** The flags that say which points a read sees. */
export interface Quality {
  readonly includeStatus?: boolean | undefined;
  readonly ignoreBadDataPoints?: boolean | undefined;
  readonly treatUncertainAsBad?: boolean | undefined;
}

interface UnitChoice {
  readonly targetUnit?: string | undefined;
  readonly targetUnitSystem?: string | undefined;
}

interface Window {
  readonly start?: unknown;
  readonly end?: unknown;
  readonly limit?: number | undefined;
  readonly aggregates?: readonly string[] | undefined;
  readonly granularity?: string | undefined;
  readonly includeOutsidePoints?: boolean | undefined;
  readonly timeZone?: string | undefined;
}

export interface ListItem extends Reference, Window, Quality, UnitChoice {
  readonly cursor?: string | undefined;
}

export interface ListBody extends Window {
  readonly items: readonly ListItem[];
  readonly ignoreUnknownIds?: boolean | undefined;
}

export interface LatestItem extends Reference, Quality, UnitChoice {
  readonly before?: unknown;
}

export const listCheck: Check<ListBody> = object({
  items: needed(
    array(
      where(
        object({ ...keys, ...shared, ...quality, ...units, cursor: text() }) as Check<ListItem>,
        exactlyOneKey,
      ),
      {
        min: 1,
        max: MAX_QUERIES,
      },
    ),
  ),
  ...shared,
  ignoreUnknownIds: boolean,
});

export const latestCheck: Check<{ items: LatestItem[]; ignoreUnknownIds?: boolean | undefined }> =
  object({
    items: needed(
      array(
        where(
          object({ ...keys, before: timeInput, ...quality, ...units }) as Check<LatestItem>,
          exactlyOneKey,
        ),
        {
          min: 1,
          max: MAX_QUERIES,
        },
      ),
    ),
    ignoreUnknownIds: boolean,
  });

/**
 * One item of a read with everything resolved: settings of the top level, defaults, times, units.
 */
export interface PointQuery {
  readonly series: TimeSeries;
  readonly start: number;
  readonly end: number;
  readonly limit: number;
  readonly outside: boolean;
  readonly cursor: string | undefined;
  readonly aggregates: ReadonlySet<Aggregate> | undefined;
  readonly granularity: Granularity | undefined;
  readonly zone: TimeZone;
  readonly includeStatus: boolean;
  readonly ignoreBad: boolean;
  readonly uncertainIsBad: boolean;
  readonly conversion: Conversion | undefined;
}

/** Resolves one item against its series; refuses contradictions. */
export function pointQuery(
  item: ListItem,
  top: ListBody,
  series: TimeSeries,
  now: number,
): PointQuery {
  const start = readTime(item.start ?? top.start ?? 0, now, 'start');
  const end = readTime(item.end ?? top.end ?? now, now, 'end');
  const everywhere = aggregatesOf(top.aggregates);
  const aggregates = aggregatesOf(item.aggregates) ?? everywhere;
  const granularity = item.granularity ?? top.granularity;
  const outside = item.includeOutsidePoints ?? top.includeOutsidePoints ?? false;
  if (start >= end) throw badRequest(`start must be before end: ${start} is not before ${end}`);
  if (aggregates !== undefined) {
    if (granularity === undefined)
      throw badRequest('granularity is required when aggregates are requested');
    if (series.isString) throw badRequest('Aggregates are not supported for string time series');
    if (outside) throw badRequest('includeOutsidePoints is not available for aggregates');
  }
  if (outside && item.cursor !== undefined)
    throw badRequest('includeOutsidePoints is not available with a cursor');
  return {
    series,
    start,
    end,
    limit: item.limit ?? top.limit ?? DEFAULT_LIMIT,
    outside,
    cursor: item.cursor,
    aggregates,
    granularity:
      aggregates === undefined || granularity === undefined
        ? undefined
        : readGranularity(granularity),
    zone: new TimeZone(item.timeZone ?? top.timeZone ?? 'UTC'),
    ...qualityOf(item),
    conversion: conversionTo(series.unitExternalId, item.targetUnit, item.targetUnitSystem),
  };
}

/** By default bad points are hidden, and uncertain ones count as bad. */
export function qualityOf(
  item: Quality,
): Pick<PointQuery, 'includeStatus' | 'ignoreBad' | 'uncertainIsBad'> {
  const { includeStatus = false, ignoreBadDataPoints = true, treatUncertainAsBad = true } = item;
  return { includeStatus, ignoreBad: ignoreBadDataPoints, uncertainIsBad: treatUncertainAsBad };
}

function aggregatesOf(names: readonly string[] | undefined): ReadonlySet<Aggregate> | undefined {
  if (names === undefined || names.length === 0) return undefined;
  for (const name of names) {
    if (!AGGREGATES.includes(name as Aggregate))
      throw badRequest(`Could not recognize aggregation value: '${name}'.`);
  }
  if (new Set(names).size < names.length) throw badRequest('aggregates must not repeat');
  return new Set(names as Aggregate[]);
}
