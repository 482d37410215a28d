import { ConfigError } from '@cdf/core';
import { quoted, shown } from '@cdf/core/resource';
import { epochOf } from '../points/point-time.js';

/**
 * Epoch milliseconds of the time of a point; NaN for an invalid Date, which the check of all points
 * reports.
 *
 * @throws {ConfigError} for a string: one without an offset would be another time on each machine.
 */
export function toPointTime(time: unknown, name: string): number {
  const epoch = epochOf(time);
  if (epoch !== undefined) return epoch;
  if (typeof time === 'string') throw new ConfigError(`${name}: ${stringProblem(time)}`);
  throw new ConfigError(
    `${name}: the timestamp must be epoch milliseconds, a Date or a Temporal instant, got ${shown(time)}`,
  );
}

/** @throws {ConfigError} naming the first that is not a number. */
export function toColumnTimes(times: ArrayLike<unknown>, name: string): Float64Array {
  const numbers = new Float64Array(times.length);
  for (let index = 0; index < numbers.length; index++) {
    const time = times[index];
    if (typeof time !== 'number')
      throw new ConfigError(
        `${name}, point ${index}: ${typeof time === 'string' ? stringProblem(time) : `timestamps of columns must be epoch milliseconds, got ${shown(time)}`}`,
      );
    numbers[index] = time;
  }
  return numbers;
}

function stringProblem(time: string): string {
  const text = quoted(time.slice(0, 60));
  return `the timestamp must be epoch milliseconds or a Date, got the string ${text}; ${remedyFor(time, text)}`;
}

function remedyFor(time: string, text: string): string {
  if (time === 'now') return 'pass Date.now()';
  if (/^-?\d+$/.test(time)) return `pass Number(${text})`;
  return /\d(Z|[+-]\d\d:?\d\d)$/i.test(time)
    ? `pass new Date(${text})`
    : 'read local times with localTimeReader({ timeZone })';
}
