import { ConfigError } from '../errors.js';
import { quoted } from '../values/text.js';
import { zoneOffsets } from '../values/time-zone.js';

/** Writes a time as text. */
export type FormatTime = (time: number) => string;

/** Times that ISO 8601 has no shorter form for. */
const LAST = 8.64e15;

/**
 * Writes times as ISO 8601 in a zone: `2024-07-01T02:00:00+02:00`, or with `Z` in UTC. Every call
 * accepts such a string as a time.
 *
 * @param hasMilliseconds whether every time gets three digits after its seconds
 * @throws {ConfigError} for an unknown zone
 */
export function timeFormat(timeZone: string, hasMilliseconds: boolean): FormatTime {
  const offsetOf = offsetsOf(timeZone);
  const end = hasMilliseconds ? 23 : 19;
  return (time) => {
    if (!(Math.abs(time) <= LAST)) return String(time);
    const offset = offsetOf?.(time) ?? 0;
    // Cities kept their own time until about 1900: no offset has its seconds.
    const isWhole = offset % 60_000 === 0 && Math.abs(time + offset) <= LAST;
    const iso = new Date(isWhole ? time + offset : time).toISOString();
    // Years beyond 9999 have a sign and six digits.
    const text = iso.slice(0, iso.length - 24 + end);
    return text + (offsetOf === undefined || !isWhole ? 'Z' : offsetText(offset));
  };
}

/** The name of the zone, with that of this machine for `'local'`. */
export function zoneName(timeZone: string): string {
  return timeZone === 'local' ? new Intl.DateTimeFormat().resolvedOptions().timeZone : timeZone;
}

function offsetsOf(timeZone: string): ((time: number) => number) | undefined {
  const name = zoneName(timeZone);
  if (name === 'UTC') return undefined;
  try {
    return zoneOffsets(name);
  } catch (cause) {
    throw new ConfigError(
      `toText: unknown time zone ${quoted(String(name))}; use an IANA name such as "Europe/Oslo"`,
      {
        cause,
      },
    );
  }
}

function offsetText(offset: number): string {
  const minutes = Math.abs(offset) / 60_000;
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
