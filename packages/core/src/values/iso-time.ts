const ISO =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(?:(Z)|([+-])([01]\d|2[0-3]):?([0-5]\d)(?::?([0-5]\d))?)?$/;

/** A time in ISO 8601, both in milliseconds. */
export interface IsoTime {
  /** As if it were UTC; NaN for a day or an hour that does not exist. */
  readonly local: number;
  /** Undefined where the string has no offset. */
  readonly offset: number | undefined;
}

export function parseIso(text: string): IsoTime {
  const [, day, minute = '00:00', second = '00', fraction = '', utc, sign, ...parts] =
    ISO.exec(text) ?? [];
  // Engines differ in the other strings that they read, and most make 2024-02-30 the 1st of March:
  // only a string that they write the same way is a time.
  const iso = `${day}T${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
  const time = Date.parse(iso);
  const exists = !Number.isNaN(time) && new Date(time).toISOString() === iso;
  const [hours = 0, minutes = 0, seconds = 0] = parts.map((part) => Number(part ?? 0));
  const offset = Number(`${sign ?? ''}1`) * (hours * 3600 + minutes * 60 + seconds) * 1000;
  return {
    local: exists ? time : Number.NaN,
    offset: (utc ?? sign) === undefined ? undefined : offset,
  };
}
