import type { Zones } from '@cdf/core/resource';
import {
  approximateLength,
  beginOfMonth,
  floorTo,
  monthOf,
  type ParsedGranularity,
  UNIT_MS,
} from './granularity.js';

/** Local time of a zone, as milliseconds that read like UTC. */
export interface BucketClock {
  /** True if clocks never change. */
  readonly isFixed: boolean;
  /** How far local time is ahead of UTC. @unit milliseconds */
  offset(time: number): number;
  /**
   * The one instant that has this local time; undefined when there are two, or the clock skips it.
   */
  toUtc(local: number): number | undefined;
}

/**
 * @param zones `ZONES`. Handed over: bundlers would put what several parts import into a script of
 * its own
 * @throws {ConfigError} for a zone that does not exist.
 */
export function bucketClock({ offsetsOf, fromLocal }: Zones, timeZone: string): BucketClock {
  const offset = offsetsOf(timeZone);
  return {
    isFixed: /^UTC([+-]|$)/.test(timeZone),
    offset,
    toUtc(local) {
      const [only, again] = fromLocal(offset, local).instants;
      return again === undefined ? only : undefined;
    },
  };
}

const UTC: BucketClock = { isFixed: true, offset: () => 0, toUtc: (local) => local };

/**
 * Where the buckets of a query begin. A request that starts at one of these times continues the
 * same buckets, so this is where a query can be cut.
 */
export class BucketGrid {
  readonly length: number;
  readonly #granularity: ParsedGranularity;
  readonly #clock: BucketClock;
  /** The local beginning of the first bucket: milliseconds, days or months, as the unit counts. */
  readonly #origin: number;
  readonly #originOffset: number;

  constructor(start: number, granularity: ParsedGranularity, clock: BucketClock = UTC) {
    this.length = approximateLength(granularity);
    this.#granularity = granularity;
    // Seconds and minutes are aligned to UTC whatever the time zone.
    this.#clock = granularity.unit === 's' || granularity.unit === 'm' ? UTC : clock;
    this.#originOffset = this.#clock.offset(start);
    const local = start + this.#originOffset;
    this.#origin =
      granularity.unit === 'mo' ? monthOf(local) : floorTo(local, UNIT_MS[granularity.unit]);
  }

  /** How many buckets there can be: exactly, where all have the same length. */
  mostBetween(start: number, end: number): number {
    const { unit } = this.#granularity;
    if (unit === 'mo' || (unit === 'd' && !this.#clock.isFixed))
      return Math.ceil((end - start) / (this.length * 0.9)) + 2;
    const local = start + this.#originOffset;
    const passed = Math.floor((local - this.#origin) / this.length) * this.length;
    return Math.ceil((end + this.#originOffset - this.#origin - passed) / this.length);
  }

  /**
   * The last beginning of a bucket at or before a time where the query can be cut; undefined when
   * there is none after the first.
   */
  cutBefore(time: number): number | undefined {
    const { count, unit } = this.#granularity;
    const local = time + this.#clock.offset(time);
    const steps =
      unit === 'mo'
        ? (monthOf(local) - this.#origin) / count
        : ((unit === 'd' ? local : time + this.#originOffset) - this.#origin) / this.length;
    // A time that a clock change skips or repeats may be read in two ways: then the one before.
    for (let step = Math.floor(steps), tries = 0; step >= 1 && tries < 4; step--, tries++) {
      const cut = this.#begin(step);
      if (cut !== undefined && cut <= time) return cut;
    }
    return undefined;
  }

  /**
   * The first beginning of a bucket at or after a time where the query can be cut; undefined where
   * a clock change makes that unclear.
   */
  cutAfter(time: number): number | undefined {
    const begin = this.cutBefore(time) ?? this.#begin(0);
    return begin !== undefined && begin < time ? this.after(begin) : begin;
  }

  /**
   * Where the bucket after the one that begins at `begin` begins; undefined where a clock change
   * makes that unclear.
   */
  after(begin: number): number | undefined {
    const { count, unit } = this.#granularity;
    if (unit === 's' || unit === 'm' || unit === 'h') return this.#whole(begin + this.length);
    const local = begin + this.#clock.offset(begin);
    if (unit === 'd') return this.#clock.toUtc(floorTo(local, UNIT_MS.d) + this.length);
    return this.#clock.toUtc(beginOfMonth(monthOf(local) + count));
  }

  #begin(step: number): number | undefined {
    const { count, unit } = this.#granularity;
    if (unit === 'mo') return this.#clock.toUtc(beginOfMonth(this.#origin + step * count));
    const local = this.#origin + step * this.length;
    return unit === 'd' ? this.#clock.toUtc(local) : this.#whole(local - this.#originOffset);
  }

  /**
   * Hours are real hours. After a change by half an hour they no longer begin at whole local ones:
   * not a place to cut. Nor is an hour whose local time comes twice: a request that starts there
   * may be taken for one that starts in the other.
   */
  #whole(time: number): number | undefined {
    if (this.#clock.isFixed) return time;
    const offset = this.#clock.offset(time);
    return (offset - this.#originOffset) % UNIT_MS.h === 0
      ? this.#clock.toUtc(time + offset)
      : undefined;
  }
}
