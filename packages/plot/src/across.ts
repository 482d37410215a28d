import { type TimeTick, timeTicks } from './time-ticks.js';
import type { Zone } from './time-zone.js';

/** What stands along the horizontal axis: times, or the values of a series. */
export interface Across {
  readonly isTime: boolean;
  /** The shortest window to zoom to. */
  readonly least: number;
  /** About so many ticks, in order. */
  ticks(start: number, end: number, most: number): TimeTick[];
  /** A place for people; with seconds and zone where it is exact. */
  write(at: number, exact?: boolean): string;
  /** What the axis is about, in the corner below it: the zone, or the name of the values. */
  describe(start: number, end: number): string;
}

export function timesAcross(zone: Zone): Across {
  return {
    isTime: true,
    least: 1,
    ticks: (start, end, most) => timeTicks(start, end, most, zone),
    write: (at, exact) => zone.format({ dateStyle: 'medium', timeStyle: exact ? 'long' : 'short' })(at),
    describe: zone.describe,
  };
}

/** Where a place is between two others: 0 at the first, 1 at the second. By halves: their distance may be more than the largest number. */
export function share(start: number, end: number, at: number): number {
  return (at / 2 - start / 2) / (end / 2 - start / 2);
}
