import { ConfigError, DecodeError, type Identifier } from '@cdf/core';
import { describeIdentifier } from '@cdf/core/resource';
import type { SeriesInfo } from '../../datapoints-types.js';
import type { Columns } from '../../points/columns.js';

/** Times that an answer may have. */
export interface TimeBounds {
  /** Inclusive. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** The last time of the pages before. */
  readonly after?: number | undefined;
}

/**
 * Checks that times ascend within bounds. One pass that compares each time with the one before: NaN
 * compares as wrong, and what ascends is finite and within bounds if its first and last time are.
 *
 * @throws {DecodeError} that names the series and the time
 */
export function checkTimes(series: Identifier, timestamps: Float64Array, bounds: TimeBounds): void {
  const { from, to, after = -Infinity } = bounds;
  const { length } = timestamps;
  let last = after;
  let isWrong = false;
  for (let index = 0; index < length; index++) {
    const time = timestamps[index] as number;
    isWrong ||= !(time > last);
    last = time;
  }
  if (isWrong || (length > 0 && ((timestamps[0] as number) < from || last >= to)))
    throw unexpectedPoints(series, describeWrong(timestamps, { from, to, after }));
}

function describeWrong(
  timestamps: Float64Array,
  { from, to, after = -Infinity }: TimeBounds,
): string {
  let last: number = after;
  for (const [index, time] of timestamps.entries()) {
    const came = `timestamps[${index}] is ${time}, expected`;
    if (!(time >= from && time < to)) return `${came} ${from} to ${to - 1}`;
    if (time <= last) return `${came} more than ${last}`;
    last = time;
  }
  return '';
}

/**
 * Bad points may have no value: others have one.
 *
 * @throws {DecodeError} where they have not, and bad points are to be left out
 */
export function checkValues(
  series: Identifier,
  { nulls, timestamps }: Columns,
  { ignoreBadDataPoints }: { readonly ignoreBadDataPoints?: unknown },
): void {
  const [first] = nulls ?? [];
  if (first !== undefined && ignoreBadDataPoints !== false)
    throw unexpectedPoints(
      series,
      `the point of timestamps[${first}], ${timestamps[first]}, has no value`,
    );
}

/** @throws {ConfigError} where the series does not hold what the query says that it does */
export function checkKind(
  series: Identifier,
  info: SeriesInfo,
  isString: boolean | undefined,
): void {
  if (isString !== undefined && info.isString !== isString)
    throw new ConfigError(
      `${describeIdentifier(series)} holds ${info.isString ? 'strings' : 'numbers'}, and the query says isString: ${isString}`,
    );
}

/** The error for faulty points of a series. */
export function unexpectedPoints(series: Identifier, what: string): DecodeError {
  return new DecodeError(
    `data points of ${describeIdentifier(series)}: unexpected answer: ${what}`,
  );
}
