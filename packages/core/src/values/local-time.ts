import { ConfigError } from '../errors.js';
import { parseIso } from './iso-time.js';
import { quoted } from './text.js';
import type { ReadLocal } from './time.js';
import type { OffsetAt, Zones } from './time-zone.js';

/**
 * The instant of a local time that clocks skip or repeat. The names are those of Temporal:
 * `'earlier'` and `'later'` choose in both cases, `'compatible'` is the later of a skipped and the
 * earlier of a repeated time, `'reject'` is an error in both.
 */
export type Disambiguation = 'compatible' | 'earlier' | 'later' | 'reject';

/** How strings without an offset are read. */
export interface LocalTimeOptions {
  /**
   * An IANA name, or `UTC+05:30`. A string may name a zone itself, which has to be the same:
   * `'2024-07-01T02:30[Europe/Oslo]'`.
   */
  readonly timeZone?: string | undefined;
  /**
   * @default a skipped time is an error that names its neighbours, and a repeated one is the first
   */
  readonly disambiguation?: Disambiguation | undefined;
}

const DAY = 86_400_000;

/** Reads strings that are local times. */
export interface LocalTimes {
  readonly read: ReadLocal;
  /** The offsets of a zone. @throws {ConfigError} when it is unknown here. */
  readonly offsetsOf: (zone: string) => OffsetAt;
}

/**
 * Reads strings that are local times: all without an offset where there is a `timeZone`, and those
 * that name a zone.
 *
 * @param zones `ZONES`. Handed over: bundlers would put code that several parts import into a
 *   script of its own
 * @throws {ConfigError} for a zone or a disambiguation that does not exist.
 */
export function localTimes(
  zones: Zones,
  { timeZone, disambiguation }: LocalTimeOptions = {},
): LocalTimes {
  if (disambiguation !== undefined && !/^(compatible|earlier|later|reject)$/.test(disambiguation))
    throw new ConfigError("disambiguation must be 'compatible', 'earlier', 'later' or 'reject'");
  const known = new Map<string, OffsetAt>();
  const offsetsOf = (zone: string): OffsetAt => {
    const offsets = known.get(zone) ?? zones.offsetsOf(zone);
    known.set(zone, offsets);
    return offsets;
  };
  if (timeZone !== undefined) offsetsOf(timeZone);
  const read: ReadLocal = (text, what) => {
    const [, plain = text, bracketed] = /^(.*)\[([^[\]]+)\]$/.exec(text) ?? [];
    const named = bracketed?.replace(/^(?=[+-])/, 'UTC');
    const zone = named ?? timeZone;
    const { local, offset } = parseIso(plain);
    if (zone === undefined || Number.isNaN(local)) return undefined;
    const name = `${what} ${quoted(text.slice(0, 60))}`;
    const offsetAt = offsetsOf(zone);
    if (named !== undefined && timeZone !== undefined && canonical(named) !== canonical(timeZone))
      throw new ConfigError(
        `${name} and timeZone ${quoted(timeZone)} name different zones; give one of them`,
      );
    if (offset === undefined)
      return resolveLocal(local, { zones, offsetAt, zone, disambiguation, name, plain });
    const time = local - offset;
    const inZone = (each: number): string => shortIso(zones, each, offsetAt);
    // Z is an instant in any zone.
    if (named !== undefined && !plain.endsWith('Z') && offsetAt(time) !== offset)
      throw new ConfigError(
        `${name}: ${named} has another offset then; it is ${inZone(time)} there`,
      );
    return time;
  };
  return { read, offsetsOf };
}

/** A key that is equal for all names of a zone. */
function canonical(zone: string): string {
  return /^UTC[+-]/.test(zone)
    ? zone
    : new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
}

interface Local {
  readonly zones: Zones;
  readonly offsetAt: OffsetAt;
  readonly zone: string;
  readonly disambiguation: Disambiguation | undefined;
  /** The name of the time in messages. */
  readonly name: string;
  /** The string without its zone. */
  readonly plain: string;
  /** Chooses where no disambiguation does. */
  readonly choose?: ((instants: readonly number[]) => number | undefined) | undefined;
  /** Another remedy for a time that does not exist. */
  readonly hint?: string | undefined;
}

/**
 * The instant of a local time.
 *
 * @throws {ConfigError} for one that does not exist, or comes twice and is to be rejected then.
 */
export function resolveLocal(local: number, how: Local): number {
  const { zones, offsetAt, zone, disambiguation, name, plain, choose, hint = '' } = how;
  const { instants, readings, change } = zones.fromLocal(offsetAt, local);
  const [first, second] = instants;
  if (first !== undefined) {
    if (second === undefined) return first;
    if (disambiguation === undefined && choose !== undefined) return choose(instants) ?? first;
    if (disambiguation !== 'reject') return disambiguation === 'later' ? second : first;
    const both = `${shortIso(zones, first, offsetAt)} and ${shortIso(zones, second, offsetAt)}`;
    throw new ConfigError(
      `${name} comes twice in ${zone}: ${both}; give one of these, or another disambiguation`,
    );
  }
  const [later, earlier] = readings;
  // A day begins with its first instant, also where clocks skip midnight.
  if (!plain.includes(':') && change + offsetAt(change) < local + DAY) return change;
  if (disambiguation === 'earlier') return earlier;
  if (disambiguation === 'later' || disambiguation === 'compatible') return later;
  const shown = (time: number): string => shortLocal(time + offsetAt(time));
  throw new ConfigError(
    `${name} does not exist in ${zone}, where clocks go from ${shortLocal(change + offsetAt(change - 1))} to ${shown(change)}; its neighbours are ${shown(earlier)} (disambiguation: 'earlier') and ${shown(later)} ('later')${hint}`,
  );
}

/** With the offset, and seconds with a fraction only where there is one. */
export function shortIso(zones: Zones, time: number, offsetAt: OffsetAt): string {
  return zones.toLocalIso(time, offsetAt(time)).replace('.000', '');
}

/** `2024-03-31 01:30`, with seconds where there are any. */
function shortLocal(local: number): string {
  return new Date(local)
    .toISOString()
    .replace('T', ' ')
    .replace(/(:00)?(\.000)?Z$/, '');
}
