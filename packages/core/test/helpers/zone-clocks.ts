const HALF_A_DAY = 43_200_000;

/**
 * Zones with every habit that there is: half hours, skipped days, changes at midnight, twice a
 * year, for a month, or never again.
 */
export const ZONES_OF_THE_WORLD: readonly string[] = [
  'UTC',
  'Europe/Oslo',
  'Europe/London',
  'Europe/Dublin',
  'Europe/Moscow',
  'Europe/Istanbul',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Africa/Monrovia',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Havana',
  'America/Caracas',
  'Asia/Tokyo',
  'Asia/Kathmandu',
  'Asia/Tehran',
  'Asia/Gaza',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Antarctica/Troll',
];

/**
 * The local time of a zone at a time, as the milliseconds that the same local time would have in
 * UTC.
 */
export function clockOf(timeZone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en-u-hc-h23', {
    timeZone,
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  return (time) => {
    const [month = 0, day, year = 0, hour, minute, second] = (
      format.format(time).match(/\d+/g) ?? []
    ).map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second) + (((time % 1000) + 1000) % 1000);
  };
}

/**
 * Every time from which on a clock is ahead of UTC by another amount, to the millisecond. Clocks
 * keep still for half a day at least.
 */
export function changesOf(clock: (time: number) => number, from: number, to: number): number[] {
  const ahead = (time: number): number => clock(time) - time;
  const changes: number[] = [];
  for (let low = from, before = ahead(from); low < to; low += HALF_A_DAY) {
    const next = ahead(low + HALF_A_DAY);
    if (next === before) continue;
    let [still, changed] = [low, low + HALF_A_DAY];
    while (changed - still > 1) {
      const middle = Math.floor((still + changed) / 2);
      if (ahead(middle) === before) still = middle;
      else changed = middle;
    }
    changes.push(changed);
    before = next;
  }
  return changes;
}
