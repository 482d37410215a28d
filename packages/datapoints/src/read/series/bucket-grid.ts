import { ConfigError } from '@cdf/core';
import { zoneOffsets } from '@cdf/core/resource';
import { approximateLength, type Granularity, UNIT_MS } from './granularity.js';

/**
 * Where the buckets of a query begin. A request that starts at one of these times continues the same buckets, so this is where
 * a query can be cut.
 */
export class BucketGrid {
  readonly length: number;
  readonly #granularity: Granularity;
  readonly #clock: LocalClock;
  /** The local beginning of the first bucket: milliseconds, days or months, as the unit counts. */
  readonly #origin: number;
  readonly #originOffset: number;

  constructor(start: number, granularity: Granularity, timeZone: string | undefined) {
    this.length = approximateLength(granularity);
    this.#granularity = granularity;
    // Seconds and minutes are aligned to UTC whatever the time zone.
    this.#clock = new LocalClock(granularity.unit === 's' || granularity.unit === 'm' ? undefined : timeZone);
    this.#originOffset = this.#clock.offset(start);
    const local = start + this.#originOffset;
    this.#origin = granularity.unit === 'mo' ? monthOf(local) : floorTo(local, UNIT_MS[granularity.unit]);
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

  /** The last beginning of a bucket at or before a time where the query can be cut; undefined when there is none after the first. */
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

  /** Where the bucket after the one that begins at `begin` begins; undefined where a clock change makes that unclear. */
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
   * Hours are real hours. After a change by half an hour they no longer begin at whole local ones: not a place to cut. Nor is an hour whose local
   * time comes twice: a request that starts there may be taken for one that starts in the other.
   */
  #whole(time: number): number | undefined {
    if (this.#clock.isFixed) return time;
    const offset = this.#clock.offset(time);
    return (offset - this.#originOffset) % UNIT_MS.h === 0 ? this.#clock.toUtc(time + offset) : undefined;
  }
}

function floorTo(value: number, size: number): number {
  return Math.floor(value / size) * size;
}

function monthOf(local: number): number {
  const date = new Date(local);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function beginOfMonth(month: number): number {
  return Date.UTC(Math.floor(month / 12), month - Math.floor(month / 12) * 12);
}

/** Local time of a zone, as milliseconds that read like UTC. */
class LocalClock {
  /** The offset from UTC at a time. @unit milliseconds */
  readonly offset: (time: number) => number;
  readonly isFixed: boolean;

  constructor(timeZone: string = 'UTC') {
    const [, sign, hours, minutes] = /^UTC([+-])(\d{2}):(\d{2})$/.exec(timeZone) ?? [];
    const fixed = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * UNIT_MS.m;
    this.isFixed = timeZone === 'UTC' || sign !== undefined;
    this.offset = this.isFixed ? () => fixed || 0 : offsetsOf(timeZone);
  }

  /** The one instant that has this local time; undefined when there are two, or the clock skips it. */
  toUtc(local: number): number | undefined {
    const day = UNIT_MS.d;
    const candidates = new Set([local - this.offset(local - day), local - this.offset(local + day)]);
    const right = [...candidates].filter((time) => time + this.offset(time) === local);
    return right.length === 1 ? right[0] : undefined;
  }
}

function offsetsOf(timeZone: string): (time: number) => number {
  try {
    return zoneOffsets(timeZone);
  } catch (cause) {
    throw new ConfigError(`timeZone ${JSON.stringify(timeZone)} is neither an IANA name nor an offset like UTC+05:30`, {
      cause,
    });
  }
}
