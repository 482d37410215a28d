import { ConfigError } from '../errors.js';
import { type TimeArgument, toEpoch } from './time.js';

/** A span of time in a filter, inclusive on both sides; either side may be open. */
export interface TimeWindow {
  readonly min?: TimeArgument | undefined;
  readonly max?: TimeArgument | undefined;
}

/**
 * The same filter with the windows among `names` in epoch milliseconds.
 *
 * @throws {ConfigError} when a bound is no time, naming it.
 */
export function withEpochWindows<F extends object>(filter: F, names: readonly string[], now: number): F {
  const fields = filter as Readonly<Record<string, TimeWindow | null | undefined>>;
  const changed: Record<string, object> = {};
  for (const name of names) {
    const window = fields[name];
    if (window === undefined || window === null) continue;
    const { min, max, ...rest } = window;
    changed[name] = {
      ...rest,
      ...(min === undefined ? {} : { min: toEpoch(min, now, `${name}.min`) }),
      ...(max === undefined ? {} : { max: toEpoch(max, now, `${name}.max`) }),
    };
  }
  return { ...filter, ...changed };
}

/** Deeper than the API takes, and far from where recursion ends. */
const MOST_LEVELS = 1000;

/**
 * The same filter with its dates in epoch milliseconds: JSON would make them text, which compares with no time.
 *
 * @throws {ConfigError} when a date is invalid, or the filter is nested too deep.
 */
export function withEpochDates<F>(filter: F, level = 0): F {
  if (level > MOST_LEVELS) throw new ConfigError(`filter: nested more than ${MOST_LEVELS} levels deep`);
  const map = (value: unknown): unknown => withEpochDates(value, level + 1);
  if (filter instanceof Date) return toEpoch(filter, 0, 'filter: date') as F;
  if (Array.isArray(filter)) return filter.map(map) as F;
  if (typeof filter !== 'object' || filter === null) return filter;
  return Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, map(value)])) as F;
}
