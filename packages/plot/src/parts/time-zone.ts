import { fromLocal as instantsOf, ZONES } from '@cdf/core/resource';
import type { ChartPart } from '../chart-model.js';
import { LATEST } from '../draw-options.js';
import { utcZone, type Zone } from '../time-zone.js';

/**
 * Writes times in a zone, with ticks at its round local times: an IANA name, an offset such as
 * `UTC+05:30`, or `'local'` for the zone of this machine; names the zone and its offsets on the
 * chart. Without it, times are UTC.
 *
 * @throws {ConfigError} for an unknown zone.
 */
export function timeZone(name: string): ChartPart {
  return { part: 'timeZone', zone: (language) => zoneOf(name, language) };
}

/** The IANA name of a zone, or of `'local'`. */
export function nameOfZone(name: string): string {
  return name === 'local' ? new Intl.DateTimeFormat().resolvedOptions().timeZone : name;
}

/** @throws {ConfigError} for an unknown zone or language. */
export function zoneOf(name: string, language?: string): Zone {
  const known = nameOfZone(name);
  if (known === 'UTC') return withEras(utcZone(language));
  const offsetAt = ZONES.offsetsOf(known);
  const zone = known.startsWith('UTC')
    ? fixedZone(known, offsetAt(0), language)
    : utcZone(language, known);
  return {
    ...withEras(zone),
    offsetAt,
    fromLocal(local, apart = 1) {
      if (Number.isNaN(local)) return [];
      const { instants, readings } = instantsOf(offsetAt, local);
      const [first, again] = instants;
      if (first === undefined)
        return readings.slice(0, 1).filter((time) => offsetAt(time - 1) !== offsetAt(time));
      return again !== undefined && again - first >= apart ? [...instants] : [first];
    },
    describe: (start, end) =>
      zone.name.startsWith('UTC')
        ? zone.name
        : `${zone.name}, ${offsetsBetween(offsetAt, start, end)}`,
  };
}

/** The first day of the year 1: before it, a year is only told by its era. */
const FIRST_YEAR = -62_135_596_800_000;

const DATE = { day: 'numeric', month: 'short', year: 'numeric' } as const;

/** With the era where a year is not told without it. */
function withEras(zone: Zone): Zone {
  return {
    ...zone,
    format(options) {
      const format = zone.format(options);
      // A style has no room for an era.
      const early = options.dateStyle ? DATE : options;
      return (time) =>
        time < FIRST_YEAR && early.year
          ? zone.format({ ...early, era: 'short' })(time)
          : format(time);
    },
  };
}

/** Not every engine writes times at an offset: they are written as if they were UTC. */
function fixedZone(name: string, offset: number, language: string | undefined): Zone {
  const utc = utcZone(language);
  return {
    ...utc,
    name,
    format(options) {
      const format = utc.format(options);
      // At the ends of all dates there is no other time to write.
      return (time) =>
        format(Math.min(Math.max(time + offset, -LATEST), LATEST)).replace('UTC', name);
    },
  };
}

/**
 * Offsets are looked for this often over a window: enough to find both sides of every change within
 * five years.
 */
const SAMPLES = 64;

function offsetsBetween(offsetAt: (time: number) => number, start: number, end: number): string {
  const offsets: number[] = [];
  for (let sample = 0; sample <= SAMPLES; sample++) {
    const offset = offsetAt(start + ((end - start) * sample) / SAMPLES);
    if (offset !== offsets.at(-1)) offsets.push(offset);
  }
  const names = offsets.map(offsetName);
  return names.length > 2 ? [...new Set(names)].join(' / ') : names.join(' → ');
}

function offsetName(offset: number): string {
  return `UTC${offset < 0 ? '−' : '+'}${new Date(Math.abs(offset)).toISOString().slice(11, 16)}`;
}
