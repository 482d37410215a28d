import { ConfigError } from '../errors.js';
import { parseIso } from './iso-time.js';
import { quoted } from './text.js';

/**
 * A point in time as an argument: epoch milliseconds, a `Date`, a Temporal instant, `'now'`, a time
 * relative to it such as `'2d-ago'` or `'1w-ahead'` (units s, m, h, d, w), or ISO 8601: with an
 * offset, with a zone such as `'2024-07-01 02:30[Europe/Oslo]'`, or with neither. That is local
 * time where the call has a `timeZone`, else UTC.
 */
export type TimeArgument = number | Date | { readonly epochMilliseconds: number } | string;

/** Inclusive on both sides. @unit milliseconds since the epoch */
export interface TimeRange {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Reads a string that is a local time; undefined for any other. */
export type ReadLocal = (text: string, what: string) => number | undefined;

/** True if strings may be local times: then their reader has to be loaded. */
export function mayBeLocal(times: readonly unknown[], timeZone: string | undefined): boolean {
  return (
    timeZone !== undefined || times.some((time) => typeof time === 'string' && time.includes('['))
  );
}

/**
 * Epoch milliseconds of a time argument.
 *
 * @param now the time that relative times start from: taken once per call, so that all of its parts
 *   agree
 * @param readLocal `localTimes(…)`, where strings may be local times
 * @throws {ConfigError} when the argument is not a time, naming `what`.
 */
export function toEpoch(
  value: TimeArgument,
  now: number,
  what = 'time',
  readLocal?: ReadLocal,
): number {
  if (typeof value === 'number') return whole(value, what);
  if (typeof value === 'string') return parse(value, now, what, readLocal);
  if (value instanceof Date) return whole(value.getTime(), what, value);
  if (typeof value === 'object' && value !== null && 'epochMilliseconds' in value)
    return whole(value.epochMilliseconds, what);
  throw new ConfigError(
    `${what} must be epoch milliseconds, a Date, 'now', '2d-ago' or ISO 8601, got ${typeof value}`,
  );
}

/**
 * A part of time, its end exclusive.
 *
 * @throws {ConfigError} when the window is empty, naming `what`.
 */
export function toEpochRange(
  from: TimeArgument,
  to: TimeArgument,
  now: number,
  what: string,
  readLocal?: ReadLocal,
): { readonly start: number; readonly end: number } {
  const start = toEpoch(from, now, `${what}: start`, readLocal);
  const end = toEpoch(to, now, `${what}: end`, readLocal);
  if (start >= end)
    throw new ConfigError(
      `${what}: start (${describeTime(start)}) must be before end (${describeTime(end)}, which is exclusive)`,
    );
  return { start, end };
}

/** A time as people read it, for messages; a number that is not a time as it is. */
export function describeTime(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}

/** @param given as messages show it: that of an invalid Date is `Invalid Date` */
function whole(value: number, what: string, given: unknown = value): number {
  if (!Number.isFinite(value)) throw new ConfigError(`${what} is not a time: ${given}`);
  if (!Number.isInteger(value))
    throw new ConfigError(`${what} must be whole milliseconds since the epoch, got ${value}`);
  return value;
}

function parse(text: string, now: number, what: string, readLocal?: ReadLocal): number {
  if (text === 'now') return now;
  const relative = /^(\d{1,9})([smhdw])-(ago|ahead)$/.exec(text);
  if (relative !== null) {
    const [, count, unit, direction] = relative as unknown as [string, string, string, string];
    const distance = Number(count) * (UNITS[unit] as number);
    return direction === 'ago' ? now - distance : now + distance;
  }
  const { local, offset = 0 } = parseIso(text);
  const time = readLocal?.(text, what) ?? local - offset;
  if (Number.isNaN(time))
    throw new ConfigError(
      `${what} ${quoted(text.slice(0, 60))} is not a time: use epoch milliseconds, 'now', '2d-ago', '1w-ahead' or ISO 8601`,
    );
  return time;
}
