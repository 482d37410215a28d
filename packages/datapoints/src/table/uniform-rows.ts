import { ConfigError } from '@cdf/core';
import { describeTime } from '@cdf/core/resource';
import type { AnyDatapoints } from '../datapoints-types.js';
import { approximateLength, parseGranularity } from '../read/series/granularity.js';
import { bucketBegins } from './bucket-begins.js';

/** A row is 8 bytes and 8 more for each column. A million days are longer than any history. */
const MOST_ROWS = { fixed: 100_000_000, calendar: 1_000_000 };

/**
 * A row for every bucket from the first row to the last.
 *
 * @param rows of all series
 * @throws {ConfigError} where the series do not have the same buckets, or there are too many
 */
export function uniformRows(rows: Float64Array, series: readonly AnyDatapoints[]): Float64Array {
  const [{ granularity, timeZone } = {} as Partial<AnyDatapoints>] = series;
  if (
    granularity === undefined ||
    series.some((each) => each.granularity !== granularity || each.timeZone !== timeZone)
  )
    throw new ConfigError('uniformIndex needs aggregates of one granularity and time zone');
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return rows;
  const parsed = parseGranularity(granularity);
  const isCalendar = parsed.unit === 'd' || parsed.unit === 'mo';
  const length = approximateLength(parsed);
  const count = Math.round((last - first) / length) + 1;
  const most = isCalendar ? MOST_ROWS.calendar : MOST_ROWS.fixed;
  if (!(count <= most))
    throw new ConfigError(
      `uniformIndex: ${describeTime(first)} to ${describeTime(last)} has ${count} rows of ${granularity}, more than ${most}; use a longer granularity, or omit uniformIndex`,
    );
  // At least one time in each bucket: days and months may be shorter than their mean.
  const step = isCalendar ? length * 0.6 : length;
  const times = Float64Array.from(
    { length: Math.floor((last - first) / step) + (isCalendar ? 2 : 1) },
    (_, index) => first + index * step,
  );
  const uniform = isCalendar
    ? bucketBegins(times, granularity, { timeZone, origin: first }).filter(
        (begin, index, all) => begin <= last && begin !== all[index - 1],
      )
    : times;
  let next = 0;
  const odd = rows.find((time) => {
    while ((uniform[next] as number) < time) next++;
    return uniform[next] !== time;
  });
  if (odd !== undefined)
    throw new ConfigError(
      `uniformIndex: ${describeTime(odd)} does not begin a bucket of ${granularity} from ${describeTime(first)}`,
    );
  return uniform;
}
