import { ConfigError } from '@cdf/core';
import type { TimeTick } from './layout-types.js';

/**
 * The notation of the horizontal axis: a time zone and a language, with the functions that a time
 * axis needs; or, for a mark that has values across, those values in place of times.
 */
export interface Zone {
  /** An IANA name, or an offset. */
  readonly name: string;
  /** A BCP 47 tag. */
  readonly locale: string;
  /** How far local time is ahead of UTC. @unit milliseconds */
  offsetAt(time: number): number;
  /**
   * The instants of a local time given as if it were UTC: two in an hour or a day that is repeated,
   * where they are at least this far apart. Where one is skipped, its begin is the instant of the
   * change, and there is no other time in it.
   */
  fromLocal(local: number, apart?: number): number[];
  /** Writes times in this zone and language. */
  format(options: Intl.DateTimeFormatOptions): (time: number) => string;
  /** The zone and the offsets that hold in a window: `Europe/Oslo, UTC+02:00 → UTC+01:00`. */
  describe(start: number, end: number): string;
  /** Ticks of values. Absent: of times. */
  ticks?(start: number, end: number, most: number): TimeTick[];
  /** The shortest window of values to zoom to. @default a millisecond */
  readonly least?: number;
  /** Where values are across: the zone that times are written in. */
  readonly times?: Zone;
}

/**
 * Times in UTC, and what all zones have in common.
 *
 * @throws {ConfigError} for an unknown language.
 */
export function utcZone(language = 'en-GB', timeZone = 'UTC'): Zone {
  try {
    // The zone keeps the name that it was given: the resolved one may be an older alias.
    const { locale } = new Intl.DateTimeFormat(language, { timeZone }).resolvedOptions();
    const formats: Record<string, (time: number) => string> = {};
    return {
      name: timeZone,
      locale,
      offsetAt: () => 0,
      fromLocal: (local) => [local],
      format(options) {
        const key = JSON.stringify(options);
        formats[key] ??= new Intl.DateTimeFormat(locale, { timeZone, ...options }).format;
        return formats[key];
      },
      describe: () => timeZone,
    };
  } catch (cause) {
    throw new ConfigError(`plot: unknown locale ${JSON.stringify(language)}`, { cause });
  }
}
