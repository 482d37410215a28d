import { type ReadLocal, type TimeArgument, toEpoch } from './time.js';

/** A span of time in a filter, inclusive on both sides; either side may be open. */
export interface TimeWindow {
  readonly min?: TimeArgument | undefined;
  readonly max?: TimeArgument | undefined;
}

/**
 * The same filter with the windows among `names` in epoch milliseconds.
 *
 * @throws {ConfigError} naming a bound that is not a time.
 */
export function withEpochWindows<F extends object>(
  filter: F,
  names: readonly string[],
  now: number,
  readLocal?: ReadLocal,
): F {
  const fields = filter as Readonly<Record<string, TimeWindow | null | undefined>>;
  const changed: Record<string, object> = {};
  for (const name of names) {
    const window = fields[name];
    if (window === undefined || window === null) continue;
    const { min, max, ...rest } = window;
    changed[name] = {
      ...rest,
      ...(min === undefined ? {} : { min: toEpoch(min, now, `${name}.min`, readLocal) }),
      ...(max === undefined ? {} : { max: toEpoch(max, now, `${name}.max`, readLocal) }),
    };
  }
  return { ...filter, ...changed };
}
