/** A time zone and a language, with what a time axis asks of them. */
export interface Zone {
  /** An IANA name. */
  readonly name: string;
  /** A BCP 47 tag. */
  readonly locale: string;
  /** What local time is ahead of UTC. @unit milliseconds */
  offsetAt(time: number): number;
  /** The instant of a local time given as if it were UTC. In the hour that a change skips: the instant of the change. */
  fromLocal(local: number): number;
  /** Writes times in this zone and language. */
  format(options: Intl.DateTimeFormatOptions): (time: number) => string;
}

/** @throws {RangeError} when there is no such zone or language. */
export function createZone(name: string, locale: string): Zone {
  const offsets = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' });
  const offsetAt = (time: number): number => {
    // `7/1/2026, GMT+02:00`, with seconds where a city kept its own time.
    const [, sign, ...parts] = /GMT(.)(\d+):(\d+):?(\d*)/.exec(offsets.format(time)) ?? [];
    const [hours = 0, minutes = 0, seconds = 0] = parts.map(Number);
    return (sign === '-' ? -1000 : 1000) * (hours * 3600 + minutes * 60 + seconds);
  };
  const formats = new Map<string, Intl.DateTimeFormat>();
  return {
    name,
    locale,
    offsetAt,
    fromLocal(local) {
      const early = local - offsetAt(local);
      const exact = local - offsetAt(early);
      return offsetAt(exact) === local - exact ? exact : Math.max(early, exact);
    },
    format(options) {
      const key = JSON.stringify(options);
      const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone: name, ...options });
      formats.set(key, format);
      return (time) => format.format(time);
    },
  };
}

/** Offsets are looked for this often over a window: enough to find both sides of every change within five years. */
const SAMPLES = 64;

/** The zone and the offsets that hold in the window: `Europe/Oslo, UTC+02:00 → UTC+01:00`. */
export function describeZone(zone: Zone, start: number, end: number): string {
  if (zone.name === 'UTC') return 'UTC';
  const offsets: number[] = [];
  for (let sample = 0; sample <= SAMPLES; sample++) {
    const offset = zone.offsetAt(start + ((end - start) * sample) / SAMPLES);
    if (offset !== offsets.at(-1)) offsets.push(offset);
  }
  const names = offsets.map(offsetName);
  return `${zone.name}, ${names.length > 2 ? [...new Set(names)].join(' / ') : names.join(' → ')}`;
}

function offsetName(offset: number): string {
  return `UTC${offset < 0 ? '−' : '+'}${new Date(Math.abs(offset)).toISOString().slice(11, 16)}`;
}
