// What only calls with a time zone need: loaded when the first of them comes.
import type { LocalTimeOptions } from '@cdf/core';
import { type LocalTimes, localTimes, ZONES } from '@cdf/core/resource';
import type { BucketClock } from './series/bucket-grid.js';

/** @throws {ConfigError} for a zone or a disambiguation that does not exist. */
export function readLocalTimes(options: LocalTimeOptions): LocalTimes {
  return localTimes(ZONES, options);
}

/** @throws {ConfigError} for a zone that does not exist. */
export function bucketClock(timeZone: string): BucketClock {
  const offset = ZONES.offsetsOf(timeZone);
  return {
    isFixed: /^UTC([+-]|$)/.test(timeZone),
    offset,
    toUtc(local) {
      const [only, again] = ZONES.fromLocal(offset, local).instants;
      return again === undefined ? only : undefined;
    },
  };
}
