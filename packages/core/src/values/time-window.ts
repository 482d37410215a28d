import { ConfigError } from '../errors.js';
import { isOther } from './is-other.js';
import { refuseUnknown } from './known-names.js';
import { shown } from './text.js';
import { type ReadLocal, type TimeArgument, toEpoch } from './time.js';

/** A span of time in a filter, inclusive on both sides; either side may be open. */
export interface TimeWindow {
  readonly min?: TimeArgument | undefined;
  readonly max?: TimeArgument | undefined;
}

const BOUNDS = { min: true, max: true, isNull: true };

/**
 * The same filter with the windows among `names` in epoch milliseconds.
 *
 * @throws {ConfigError} for a filter or a window that is not an object, for an unknown bound, and
 *   for one that is not a time: without it the filter would let everything through
 */
export function withEpochWindows<F extends object>(
  filter: F,
  names: readonly string[],
  now: number,
  readLocal?: ReadLocal,
): F {
  checkObject(filter, 'filter', 'an object');
  const fields = filter as Readonly<Record<string, TimeWindow | null | undefined>>;
  for (const [name, value] of Object.entries(filter))
    if (!names.includes(name) && typeof value === 'object' && value && !Array.isArray(value))
      checkObject(value, name, 'an object');
  const changed: Record<string, object> = {};
  for (const name of names) {
    const window = fields[name];
    if (window === undefined || window === null) continue;
    checkObject(window, name, "a window such as { min: '1d-ago' }");
    refuseUnknown(Object.keys(window), BOUNDS, name);
    const { min, max, ...rest } = window;
    changed[name] = {
      ...rest,
      ...(min === undefined ? {} : { min: toEpoch(min, now, `${name}.min`, readLocal) }),
      ...(max === undefined ? {} : { max: toEpoch(max, now, `${name}.max`, readLocal) }),
    };
  }
  return { ...filter, ...changed };
}

/** @throws {ConfigError} for what is none: a promise that was not awaited has no conditions */
export function checkObject(value: unknown, what: string, wanted: string): void {
  if (typeof value !== 'object' || value === null || isOther(value))
    throw new ConfigError(`${what}: expected ${wanted}, got ${shown(value)}`);
}
