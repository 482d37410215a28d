/**
 * The offsets of a time zone from UTC, in milliseconds, at any time.
 *
 * @param timeZone an IANA name
 * @throws {RangeError} when the zone is unknown here.
 */
export function zoneOffsets(timeZone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return (time) => {
    // `7/1/2026, GMT+02:00`, with seconds where a city kept its own time; `GMT` alone is UTC.
    const [, sign, ...parts] = /GMT(.)(\d+):(\d+):?(\d*)/.exec(format.format(time)) ?? [];
    const [hours = 0, minutes = 0, seconds = 0] = parts.map(Number);
    return (sign === '-' ? -1000 : 1000) * (hours * 3600 + minutes * 60 + seconds);
  };
}
