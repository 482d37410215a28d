import type { TimeTick } from './layout-types.js';
import type { Zone } from './time-zone.js';

const DAY = 86_400_000;

type Unit = 'millisecond' | 'second' | 'hour' | 'day' | 'month' | 'year';
type Step = readonly [unit: Unit, length: number, count: number];

/** The mean year of the calendar, over its 400 years. */
const YEAR = 365.2425 * DAY;

/** 1, 2, 5, 10, 20, 50 and so on. */
function decades(powers: readonly number[]): number[] {
  return powers.flatMap((power) => [power, 2 * power, 5 * power]);
}

/**
 * From short to long, close enough to each other that no window has few ticks where there is room
 * for many. Months and years have their mean length.
 */
function steps(): Step[] {
  const sixtieths = [1, 5, 10, 15, 30];
  const units: [Unit, number, number[]][] = [
    ['millisecond', 1, decades([1, 10, 100])],
    ['second', 1000, sixtieths],
    ['hour', 60_000, sixtieths],
    ['hour', 3_600_000, [1, 2, 3, 6, 12]],
    ['day', DAY, [1, 2, 4, 7, 14]],
    ['month', YEAR / 12, [1, 2, 3, 6]],
    // A window of all the dates that there are has two of the longest.
    ['year', YEAR, decades([1, 10, 100, 1000, 1e4, 1e5])],
  ];
  return units.flatMap(([unit, length, counts]) =>
    counts.map((count): Step => [unit, count * length, count]),
  );
}

/**
 * At most about `most` ticks at round local times. Steps are walked on the local calendar, so that
 * 00:00 and 06:00 stay on the clock across changes to and from daylight saving; where fewer than
 * two fit, the ends of the window are labelled.
 */
export function timeTicks(start: number, end: number, most: number, zone: Zone): TimeTick[] {
  const all = steps();
  const found = all.findIndex(([, length]) => (end - start) / length <= most);
  for (let index = found < 0 ? all.length - 1 : found; index >= 0 && index > found - 3; index--) {
    const step = all[index] as Step;
    const times = walk(start, end, step, zone);
    if (times.length > 1 && times.length <= most + 2) return label(times, step[0], zone);
  }
  const date = zone.format({ dateStyle: 'medium', timeStyle: 'short' });
  return [start, end].map((time) => ({ time, label: date(time) }));
}

function walk(start: number, end: number, [unit, length, count]: Step, zone: Zone): number[] {
  const months = { month: count, year: count * 12 }[unit as string];
  // Weeks begin on Monday; 1970 began on a Thursday. Years count from 2000: decades and centuries
  // are round.
  const origin = months ? Date.UTC(2000) : count % 7 ? 0 : 4 * DAY;
  const indexOf = (time: number): number =>
    Math.floor((time + zone.offsetAt(time) - origin) / length);
  const times: number[] = [];
  // Counted, not compared: beyond the last date there is only NaN, which is in no window.
  for (let index = indexOf(start) - 1; index <= indexOf(end) + 1; index++)
    times.push(
      ...zone.fromLocal(months ? Date.UTC(2000, index * months) : origin + index * length, length),
    );
  // The begin of a skipped day is also that of the day after it.
  const inside = new Set(times.filter((time) => time >= start && time <= end));
  return [...inside].sort((one, other) => one - other);
}

const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

const LABELS: Readonly<Record<Unit, Intl.DateTimeFormatOptions>> = {
  millisecond: { minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
  second: { ...CLOCK, second: '2-digit' },
  hour: CLOCK,
  day: { weekday: 'short', day: 'numeric' },
  month: { month: 'short' },
  year: { year: 'numeric' },
};

function label(times: readonly number[], unit: Unit, zone: Zone): TimeTick[] {
  const format = zone.format(LABELS[unit]);
  const context = zone.format(
    unit === 'month'
      ? { year: 'numeric' }
      : unit === 'day'
        ? { month: 'long', year: 'numeric' }
        : { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  );
  let before = '';
  return times.map((time) => {
    const now = unit === 'year' ? '' : context(time);
    const changed = now !== before;
    before = now;
    return { time, label: format(time), context: changed ? now : undefined };
  });
}
