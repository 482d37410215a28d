import { ConfigError } from '@cdf/core';
import { describeTime, ZONES } from '@cdf/core/resource';
import type { AnyDatapoints } from '../datapoints-types.js';
import {
  approximateLength,
  beginOfMonth,
  floorTo,
  monthOf,
  type ParsedGranularity,
  parseGranularity,
  UNIT_MS,
} from '../read/series/granularity.js';

/**
 * A row is 8 bytes and 8 more for each column: few machines hold more. A million days are older than
 * any clock.
 */
const MOST_ROWS = { fixed: 100_000_000, calendar: 1_000_000 };

/**
 * A row for every bucket from the first row to the last.
 *
 * @param rows of all series
 * @throws {ConfigError} where the series do not have the same buckets, or there are too many
 */
export function uniformRows(rows: Float64Array, series: readonly AnyDatapoints[]): Float64Array {
  const [first, last] = [rows[0], rows.at(-1)];
  const [text, others] = distinct(series, 'granularity');
  const [timeZone = 'UTC', otherZones] = distinct(series, 'timeZone');
  const granularity = text === undefined ? undefined : parseGranularity(text);
  const isLocal = granularity !== undefined && isCalendar(granularity, timeZone);
  if (granularity === undefined || others || (isLocal && otherZones))
    throw new ConfigError('uniformIndex needs aggregates of one granularity and time zone');
  if (first === undefined || last === undefined) return rows;
  const length = Math.round((last - first) / approximateLength(granularity)) + 1;
  const most = isLocal ? MOST_ROWS.calendar : MOST_ROWS.fixed;
  if (!(length <= most))
    throw new ConfigError(
      `uniformIndex: ${describeTime(first)} to ${describeTime(last)} has ${length} rows of ${text}, more than ${most}; use a longer granularity, or omit uniformIndex`,
    );
  const uniform = isLocal
    ? calendarRows(first, length, granularity, timeZone).filter((time) => time <= last)
    : Float64Array.from({ length }, (_, index) => first + index * approximateLength(granularity));
  const missing = missingRow(uniform, rows);
  if (missing >= 0)
    throw new ConfigError(
      `uniformIndex: ${describeTime(rows[missing] as number)} does not begin a bucket of ${text} from ${describeTime(first)}`,
    );
  return uniform;
}

/** Of days and months a zone has some that are longer. */
function isCalendar({ unit }: ParsedGranularity, timeZone: string): boolean {
  return unit === 'mo' || (unit === 'd' && timeZone !== 'UTC');
}

/** At least so many, from the bucket that `first` is in. */
function calendarRows(
  first: number,
  length: number,
  { count, unit }: ParsedGranularity,
  timeZone: string,
): Float64Array {
  const offsetAt = ZONES.offsetsOf(timeZone);
  const local = first + offsetAt(first);
  const origin = unit === 'mo' ? monthOf(local) : floorTo(local, UNIT_MS.d);
  // Days and months differ from their mean, by less than a tenth and two.
  const begins = Array.from({ length: Math.ceil(length * 1.1) + 2 }, (_, index) => {
    const step = index * count;
    const begin = unit === 'mo' ? beginOfMonth(origin + step) : origin + step * UNIT_MS.d;
    // A midnight that clocks skip: the day begins with the change.
    return ZONES.fromLocal(offsetAt, begin).change;
  });
  // A day that a zone skipped begins with the next one.
  return Float64Array.from(new Set(begins));
}

/** The first time that has no row, or -1. */
function missingRow(rows: Float64Array, times: Float64Array): number {
  let next = 0;
  return times.findIndex((time) => {
    while ((rows[next] as number) < time) next++;
    return rows[next] !== time;
  });
}

/** The value of the first series, and whether another one has another. */
function distinct<K extends 'granularity' | 'timeZone'>(
  series: readonly AnyDatapoints[],
  name: K,
): readonly [AnyDatapoints[K], boolean] {
  const [first] = series;
  return [first?.[name], series.some((each) => each[name] !== first?.[name])];
}
