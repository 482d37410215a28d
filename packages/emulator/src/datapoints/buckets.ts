import { badRequest } from '../errors.js';
import type { TimeZone } from './times.js';

/** The buckets of one request, numbered from 0 at its aligned start. */
export interface Buckets {
  /** The bucket that a timestamp falls in. */
  indexOf(time: number): number;
  /** Where a bucket begins; the next one begins where it ends. @unit milliseconds since 1970 */
  startOf(index: number): number;
}

export interface Granularity {
  readonly unit: 's' | 'm' | 'h' | 'd' | 'mo';
  readonly multiple: number;
}

const NAMES: Readonly<Record<string, Granularity['unit']>> = {
  s: 's',
  second: 's',
  m: 'm',
  minute: 'm',
  h: 'h',
  hour: 'h',
  d: 'd',
  day: 'd',
  mo: 'mo',
  month: 'mo',
};
const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000 } as const;
const DAY_MS = 86_400_000;

/** Reads `15m`, `1h`, `day`, `3mo`; refuses others, as the API does. */
export function readGranularity(text: string): Granularity {
  const match = /^(\d{0,9})([a-z]+)$/.exec(text);
  const unit = match === null ? undefined : NAMES[match[2] as string];
  if (match === null || unit === undefined) throw badRequest(`Invalid granularity: '${text}'`);
  const multiple = match[1] === '' ? 1 : Number(match[1]);
  const most = unit === 's' || unit === 'm' ? 120 : 100_000;
  if (multiple < 1 || multiple > most)
    throw badRequest(`Invalid granularity: '${text}', the multiple must be between 1 and ${most}`);
  return { unit, multiple };
}

/**
 * The grid of a request: its start is floored to a whole unit (not to the multiple) in the time
 * zone.
 */
export function bucketsFrom(
  start: number,
  { unit, multiple }: Granularity,
  zone: TimeZone,
): Buckets {
  if (unit === 'd') return dayBuckets(start, multiple, zone);
  if (unit === 'mo') return monthBuckets(start, multiple, zone);
  const shift = unit === 'h' ? zone.offsetAt(start) : 0;
  const width = UNIT_MS[unit];
  const origin = Math.floor((start + shift) / width) * width - shift;
  return {
    indexOf: (time) => Math.floor((time - origin) / (width * multiple)),
    startOf: (index) => origin + index * width * multiple,
  };
}

/** Local days have 23, 24 or 25 hours. */
function dayBuckets(start: number, multiple: number, zone: TimeZone): Buckets {
  const firstDay = Math.floor((start + zone.offsetAt(start)) / DAY_MS);
  return {
    indexOf: (time) =>
      Math.floor((Math.floor((time + zone.offsetAt(time)) / DAY_MS) - firstDay) / multiple),
    startOf: (index) => zone.toUtc((firstDay + index * multiple) * DAY_MS),
  };
}

function monthBuckets(start: number, multiple: number, zone: TimeZone): Buckets {
  const monthOf = (time: number): number => {
    const local = new Date(time + zone.offsetAt(time));
    return local.getUTCFullYear() * 12 + local.getUTCMonth();
  };
  const firstMonth = monthOf(start);
  return {
    indexOf: (time) => Math.floor((monthOf(time) - firstMonth) / multiple),
    startOf: (index) => zone.toUtc(monthStart(firstMonth + index * multiple)),
  };
}

/** The first instant of a month counted from year 0. */
function monthStart(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12);
}
