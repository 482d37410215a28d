import { ConfigError } from '../errors.js';
import { quoted } from './text.js';

const DAY = 86_400_000;

/** The last date that there is; the first is as far before 1970. */
const LATEST = 8.64e15;

/** How far local time is ahead of UTC at a time, both in milliseconds. */
export type OffsetAt = (time: number) => number;

/**
 * The offsets of a time zone from UTC, exactly as `Intl` has them. Each day is looked up once; one
 * with a change, each time.
 *
 * @param timeZone an IANA name, or an offset such as `UTC+05:30`
 * @throws {RangeError} when the zone is unknown here.
 */
export function zoneOffsets(timeZone: string): OffsetAt {
  const fixed = readOffset(timeZone);
  if (fixed !== undefined) return () => fixed;
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  // A local time may lie beyond the last date.
  const ask: OffsetAt = (time) =>
    readOffset(format.format(Math.min(Math.max(time, -LATEST), LATEST))) ?? 0;
  const days = new Map<number, number>();
  const atBegin = (day: number): number => {
    const offset = days.get(day) ?? ask(day * DAY);
    days.set(day, offset);
    return offset;
  };
  return (time) => {
    const day = Math.floor(time / DAY);
    const offset = atBegin(day);
    // Clocks change at most once in a day.
    return offset === atBegin(day + 1) ? offset : ask(time);
  };
}

/**
 * The offset in `UTC+05:30`, or in `7/1/2026, GMT+02:00`, with seconds where a city kept its own
 * time; `GMT` alone is UTC.
 */
function readOffset(text: string): number | undefined {
  const [, sign, ...parts] = /(?:GMT|^UTC)([+-])(\d\d):(\d\d):?(\d*)$/.exec(text) ?? [];
  if (sign === undefined) return text === 'UTC' ? 0 : undefined;
  const [hours = 0, minutes = 0, seconds = 0] = parts.map(Number);
  return (sign === '-' ? -1000 : 1000) * (hours * 3600 + minutes * 60 + seconds);
}

/** A local time as instants. */
export interface LocalInstants {
  /** Ascending: one, two where clocks repeat the time, or no element where they skip it. */
  readonly instants: readonly number[];
  /**
   * The time read with the offset before the nearest change, and with the one after it: of a
   * skipped time the later and the earlier.
   */
  readonly readings: readonly [before: number, after: number];
  /** The instant of the change that skips the time; else the only or first instant. */
  readonly change: number;
}

/**
 * When the clocks of a zone show a local time.
 *
 * @param local milliseconds that would be this time in UTC
 */
export function fromLocal(offsetAt: OffsetAt, local: number): LocalInstants {
  // No offset is more than a day: these hold before and after a change that is near.
  const readings = [local - offsetAt(local - DAY), local - offsetAt(local + DAY)] as const;
  const [later, earlier] = readings;
  const instants = readings.filter(
    (time, index) => time + offsetAt(time) === local && (index === 0 || time !== later),
  );
  if (instants[0] !== undefined) return { instants, readings, change: instants[0] };
  const before = offsetAt(earlier);
  let [low, change] = [earlier, later];
  while (change - low > 1) {
    const middle = Math.floor((low + change) / 2);
    if (offsetAt(middle) === before) low = middle;
    else change = middle;
  }
  return { instants, readings, change };
}

/**
 * ISO 8601 with the offset: `2024-07-01T02:30:00.000+02:00`.
 *
 * @param offset of the local time.
 * @unit milliseconds
 */
export function toLocalIso(time: number, offset: number): string {
  const name = new Date(Math.abs(offset)).toISOString().slice(11, offset % 60_000 === 0 ? 16 : 19);
  return new Date(time + offset).toISOString().replace('Z', (offset < 0 ? '-' : '+') + name);
}

/** The offsets of the zone of an argument. @throws {ConfigError} when it is unknown here. */
function offsetsOf(timeZone: string): OffsetAt {
  try {
    return zoneOffsets(timeZone);
  } catch (cause) {
    throw new ConfigError(
      `timeZone ${quoted(String(timeZone).slice(0, 60))} is neither an IANA name nor an offset like UTC+05:30`,
      { cause },
    );
  }
}

/** The operations on time zones, as one value. */
export interface Zones {
  readonly offsetsOf: typeof offsetsOf;
  readonly fromLocal: typeof fromLocal;
  readonly toLocalIso: typeof toLocalIso;
}

/** Converts times between zones, for resource packages: they load it as a whole. */
export const ZONES: Zones = { offsetsOf, fromLocal, toLocalIso };
