import { badRequest } from '../errors.js';
import type { Check } from '../validation/schema.js';

/** The range of data point timestamps: the years 1900 to 2099. @unit milliseconds since 1970 */
export const MIN_TIMESTAMP = -2_208_988_800_000;
export const MAX_TIMESTAMP = 4_102_444_799_999;

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * A timestamp as the data point endpoints take it: a number, digits, `now`, `3d-ago` or `2h-ahead`.
 */
export function readTime(value: unknown, now: number, name: string): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  if (typeof value === 'string') {
    if (value === 'now') return now;
    if (/^-?\d{1,15}$/.test(value)) return Number(value);
    const match = /^(\d{1,12})([smhdw])-(ago|ahead)$/.exec(value);
    if (match !== null) {
      const span = Number(match[1]) * (UNITS[match[2] as string] as number);
      return match[3] === 'ago' ? now - span : now + span;
    }
  }
  throw badRequest(
    `${name} must be a timestamp in milliseconds or a relative time such as now, 2d-ago: ${JSON.stringify(value)}`,
  );
}

/** The form of a timestamp, before `now` is known. */
export const timeInput: Check<number | string> = (value, path, problems) => {
  try {
    readTime(value, 0, path);
  } catch (error) {
    problems.push((error as Error).message);
  }
  return value as number | string;
};

/** An IANA zone, or a fixed offset. */
export class TimeZone {
  readonly name: string;
  readonly #fixedOffset: number | undefined;
  readonly #format: Intl.DateTimeFormat | undefined;
  readonly #offsets = new Map<number, number>();

  /** Refuses names that are neither IANA zones nor `UTC+HH:MM` in steps of 15 minutes. */
  constructor(name: string) {
    this.name = name;
    this.#fixedOffset = fixedOffset(name);
    if (this.#fixedOffset !== undefined) return;
    try {
      this.#format = new Intl.DateTimeFormat('en-US', {
        timeZone: name,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
        era: 'short',
      });
    } catch {
      throw badRequest(`Unknown time zone: ${name}`);
    }
  }

  /** Local time minus UTC at this instant. @unit milliseconds */
  offsetAt(time: number): number {
    if (this.#fixedOffset !== undefined) return this.#fixedOffset;
    // No zone changes its offset within a quarter of an hour that begins on the clock.
    const quarter = Math.floor(time / 900_000);
    let offset = this.#offsets.get(quarter);
    if (offset === undefined) {
      offset = this.#computeOffset(quarter * 900_000);
      if (this.#offsets.size > 50_000) this.#offsets.clear();
      this.#offsets.set(quarter, offset);
    }
    return offset;
  }

  /**
   * The instant of a local time: the earlier one of two, or the end of the gap where clocks skip
   * it.
   */
  toUtc(local: number): number {
    const early = local - this.offsetAt(local - 86_400_000);
    const late = local - this.offsetAt(local + 86_400_000);
    const fitting = [early, late].filter((time) => time + this.offsetAt(time) === local);
    if (fitting.length > 0) return Math.min(...fitting);
    return Math.max(early, late);
  }

  #computeOffset(time: number): number {
    const parts: Record<string, string> = {};
    for (const { type, value } of (this.#format as Intl.DateTimeFormat).formatToParts(time))
      parts[type] = value;
    const { year, month, day, hour, minute, second } = parts;
    return (
      Date.UTC(
        Number(year),
        Number(month) - 1,
        Number(day),
        Number(hour),
        Number(minute),
        Number(second),
      ) - time
    );
  }
}

function fixedOffset(name: string): number | undefined {
  if (name === 'UTC') return 0;
  const match = /^UTC([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(name);
  if (match === null) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  if (minutes % 15 !== 0 || minutes > 18 * 60) throw badRequest(`Unknown time zone: ${name}`);
  return (match[1] === '-' ? -1 : 1) * minutes * 60_000;
}
