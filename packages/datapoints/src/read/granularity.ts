import { ConfigError } from '@cdf/core';

/** A granularity as CDF knows it. */
export interface Granularity {
  readonly count: number;
  readonly unit: 's' | 'm' | 'h' | 'd' | 'mo';
  /** What is sent. */
  readonly text: string;
}

const UNITS: Readonly<Record<string, readonly [unit: Granularity['unit'], factor: number]>> = {
  s: ['s', 1],
  m: ['m', 1],
  h: ['h', 1],
  d: ['d', 1],
  w: ['d', 7],
  mo: ['mo', 1],
  q: ['mo', 3],
  y: ['mo', 12],
};

const WORDS: Readonly<Record<string, string>> = {
  second: 's',
  minute: 'm',
  hour: 'h',
  day: 'd',
  week: 'w',
  month: 'mo',
  quarter: 'q',
  year: 'y',
};

const MILLISECONDS: Readonly<Record<Granularity['unit'], number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  mo: 2_629_746_000,
};

/**
 * Reads `'10m'`, `'1d'`, `'2 weeks'`, `'quarter'`. Weeks, quarters and years, which the API does not have, become days and months.
 *
 * @throws {ConfigError} when it is none.
 */
export function parseGranularity(text: string): Granularity {
  const [, digits = '', name = ''] = /^(\d{0,6})\s*([a-z]+)$/i.exec(text) ?? [];
  const lower = name.toLowerCase();
  // Elsewhere a capital M is a month: it would be a minute here, and nobody would notice.
  const known = name === 'M' ? undefined : (UNITS[lower] ?? UNITS[WORDS[lower.replace(/s$/, '')] ?? '']);
  const count = digits === '' ? 1 : Number(digits);
  const most = known?.[0] === 's' || known?.[0] === 'm' ? 120 : 100_000;
  if (known === undefined || count < 1 || count * known[1] > most)
    throw new ConfigError(
      `granularity ${JSON.stringify(text)} is not one of '1s' to '120s', '1m' to '120m', or a number of h, d, w, mo (months), q, y`,
    );
  return { count: count * known[1], unit: known[0], text: `${count * known[1]}${known[0]}` };
}

/** How long a bucket is. Exact but for days and months in time zones with daylight saving. @unit milliseconds */
export function approximateLength({ count, unit }: Granularity): number {
  return count * MILLISECONDS[unit];
}

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
    this.#origin = granularity.unit === 'mo' ? monthOf(local) : floorTo(local, MILLISECONDS[granularity.unit]);
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
    if (unit === 'd') return this.#clock.toUtc(floorTo(local, MILLISECONDS.d) + this.length);
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
    return (offset - this.#originOffset) % MILLISECONDS.h === 0 ? this.#clock.toUtc(time + offset) : undefined;
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
  readonly #fixed: number | undefined;
  readonly #format: Intl.DateTimeFormat | undefined;

  constructor(timeZone: string | undefined) {
    const offset = /^UTC([+-])(\d{2}):(\d{2})$/.exec(timeZone ?? '');
    if (timeZone === undefined || timeZone === 'UTC') this.#fixed = 0;
    else if (offset !== null)
      this.#fixed = (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) * 60_000;
    else {
      try {
        this.#format = new Intl.DateTimeFormat('en-US', {
          timeZone,
          hourCycle: 'h23',
          era: 'short',
          year: 'numeric',
          month: 'numeric',
          day: 'numeric',
          hour: 'numeric',
          minute: 'numeric',
          second: 'numeric',
        });
      } catch (cause) {
        throw new ConfigError(
          `timeZone ${JSON.stringify(timeZone)} is neither an IANA name nor an offset like UTC+05:30`,
          { cause },
        );
      }
    }
  }

  get isFixed(): boolean {
    return this.#format === undefined;
  }

  /** What to add to UTC. @unit milliseconds */
  offset(time: number): number {
    if (this.#format === undefined) return this.#fixed ?? 0;
    const part: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(time)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - floorTo(time, 1000);
  }

  /** The one instant that has this local time; undefined when there is none, or two. */
  toUtc(local: number): number | undefined {
    const day = MILLISECONDS.d;
    const candidates = new Set([local - this.offset(local - day), local - this.offset(local + day)]);
    const right = [...candidates].filter((time) => time + this.offset(time) === local);
    return right.length === 1 ? right[0] : undefined;
  }
}
