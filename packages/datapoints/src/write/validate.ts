import { ConfigError } from '@cdf/core';
import { describeIdentifier, MAX_TIME, MIN_TIME } from '@cdf/core/resource';
import { hasIndex } from '../points/sparse.js';
import type { SeriesPoints, WriteColumns } from './points.js';
import { isBad } from './status.js';

const MOST_TEXT_BYTES = 1023;
export const MOST_VALUE = 1e100;
const MOST_NAMED = 5;
/** How these values usually come about. */
const NAN_TIME =
  'new Date() reads ISO 8601; read times such as "26.10.2025 02:30" with localTimeReader({ timeZone })';
const NAN_VALUE =
  'Is a cell unparsed? Number() gives NaN for "4,3", which has a decimal comma, and for text';

/**
 * True if the points need neither a correction nor an order: whole ascending times, numbers, no
 * statuses. That is so nearly always, and every point is looked at before the first is sent: one
 * pass, with nothing in it that allocates.
 */
export function isPlain({ timestamps, values, statuses, nulls }: WriteColumns): boolean {
  if (!(values instanceof Float64Array) || statuses !== undefined || nulls !== undefined)
    return false;
  let last = MIN_TIME - 1;
  for (let index = 0; index < timestamps.length; index++) {
    const time = timestamps[index] as number;
    const value = values[index] as number;
    // NaN fails every comparison.
    if (!(time > last && value > -MOST_VALUE && value < MOST_VALUE) || Math.floor(time) !== time)
      return false;
    last = time;
  }
  return last <= MAX_TIME;
}

/**
 * Checks every point before any is sent.
 *
 * @throws {ConfigError} naming series, index and reason of the first few that cannot be written,
 * and how many there are.
 */
export function checkPoints(series: readonly SeriesPoints[]): void {
  const problems: string[] = [];
  const hints = new Set<string>();
  let count = 0;
  for (const each of series)
    checkSeries(each, (index, reason, hint) => {
      if (hint !== undefined) hints.add(hint);
      if (count++ < MOST_NAMED)
        problems.push(`${describeIdentifier(each.identifier)}, point ${index}: ${reason}`);
    });
  if (count === 0) return;
  const more = count > problems.length ? `; and ${count - problems.length} more` : '';
  throw new ConfigError(
    `${count} data point${count === 1 ? '' : 's'} cannot be written: ${[problems.join('; ') + more, ...hints].join('. ')}`,
  );
}

function checkSeries(
  { columns }: SeriesPoints,
  report: (index: number, reason: string, hint?: string) => void,
): void {
  const { timestamps, values, nulls } = columns;
  const isText = !(values instanceof Float64Array);
  const bad = badIndexes(columns);
  for (let index = 0; index < timestamps.length; index++) {
    const time = timestamps[index] as number;
    // Number.isInteger is a call that boxes each number; this is one instruction.
    if (Math.floor(time) !== time || time < MIN_TIME || time > MAX_TIME)
      report(
        index,
        Number.isInteger(time)
          ? `timestamp ${time} is outside the years 1900 to 2099`
          : Number.isNaN(time)
            ? 'the timestamp is NaN or an Invalid Date'
            : `timestamp ${time} is not a whole number of milliseconds`,
        Number.isNaN(time) ? NAN_TIME : undefined,
      );
    if (nulls !== undefined && hasIndex(nulls, index)) {
      if (!bad.has(index)) report(index, 'the value is missing; only bad points may omit it');
    } else if (isText) {
      const text = values[index] as string;
      // A UTF-16 unit is at most three bytes: most strings need no counting.
      if (
        text.length * 3 > MOST_TEXT_BYTES &&
        new TextEncoder().encode(text).length > MOST_TEXT_BYTES
      )
        report(index, `a string of more than ${MOST_TEXT_BYTES} bytes`);
      else if (/\p{Cs}/u.test(text)) report(index, 'a string with an unpaired surrogate');
    } else {
      const value = values[index] as number;
      // One comparison for all that can be wrong; NaN fails it as well.
      if (
        !(value > -MOST_VALUE && value < MOST_VALUE) &&
        !(bad.has(index) && !Number.isFinite(value))
      )
        report(
          index,
          Number.isFinite(value)
            ? `value ${value} is outside -1e100 to 1e100`
            : `value ${value} is allowed for bad points only`,
          Number.isNaN(value) ? NAN_VALUE : undefined,
        );
    }
  }
}

function badIndexes({ statuses }: SeriesPoints['columns']): Set<number> {
  const bad = new Set<number>();
  statuses?.indexes.forEach((index, position) => {
    if (isBad(statuses.codes[position] as number)) bad.add(index);
  });
  return bad;
}
