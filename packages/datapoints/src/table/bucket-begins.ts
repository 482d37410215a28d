import { toEpoch, ZONES } from '@cdf/core/resource';
import {
  beginOfMonth,
  floorTo,
  monthOf,
  parseGranularity,
  UNIT_MS,
} from '../read/series/granularity.js';
import type { ResampleOptions } from './types.js';

/** 1970 began on a Thursday. */
const FIRST_MONDAY = 4 * UNIT_MS.d;

/**
 * For each time where its bucket begins.
 *
 * Seconds and minutes are counted in UTC. Hours and longer follow the local clock, so that `'6h'`
 * begins at 0:00, 6:00, 12:00 and 18:00 on the day of a change too; from `origin` on, hours are
 * real hours, as CDF counts them. Begins ascend with the times: where clocks go back over one, the
 * bucket that began there goes on.
 */
export function bucketBegins(
  timestamps: Float64Array,
  granularity: string,
  options: ResampleOptions,
): Float64Array {
  const { timeZone = 'UTC', origin = 'calendar' } = options;
  const { count, unit } = parseGranularity(granularity);
  const offsetAt = ZONES.offsetsOf(timeZone);
  const from =
    origin === 'calendar'
      ? undefined
      : origin === 'start'
        ? timestamps[0]
        : toEpoch(origin, Number.NaN, 'resample: origin');
  const size = count * (unit === 'mo' ? 1 : UNIT_MS[unit]);
  if (unit === 's' || unit === 'm' || (unit === 'h' && from !== undefined)) {
    const offset = unit === 'h' ? offsetAt(from ?? 0) : 0;
    const base = floorTo((from ?? 0) + offset, UNIT_MS[unit]) - offset;
    return timestamps.map((time) => base + floorTo(time - base, size));
  }
  const indexOf = (local: number): number =>
    unit === 'mo' ? monthOf(local) : floorTo(local, UNIT_MS[unit]);
  const base =
    from === undefined
      ? unit === 'd' && count % 7 === 0
        ? FIRST_MONDAY
        : 0
      : indexOf(from + offsetAt(from));
  let known = Number.NaN;
  let [begin, until] = [0, 0];
  return timestamps.map((time) => {
    const index = base + floorTo(indexOf(time + offsetAt(time)) - base, size);
    // Rows of one bucket mostly follow each other.
    if (index === known && time < until) return begin;
    known = index;
    [begin, until] = [-Infinity, Infinity];
    // Clocks may go back over the begin of a bucket: it has begun all the same, and goes on.
    for (let next = index, first = time; first <= time; next += size) {
      const { instants, change } = ZONES.fromLocal(
        offsetAt,
        unit === 'mo' ? beginOfMonth(next) : next,
      );
      first = change;
      // An hour that is repeated is two buckets. Others are one, which begins the first time.
      for (const each of [first, ...(size === UNIT_MS.h ? instants : [])])
        if (each <= time) begin = Math.max(begin, each);
        else until = Math.min(until, each);
    }
    return begin;
  });
}
