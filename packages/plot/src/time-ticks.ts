import type { Zone } from './time-zone.js';

export interface TimeTick {
  readonly time: number;
  readonly label: string;
  /** What the label leaves out, such as the date of an hour, where it changes. */
  readonly context: string | undefined;
}

const SECOND = 1000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

type Unit = 'millisecond' | 'second' | 'hour' | 'day' | 'month' | 'year';
type Step = readonly [length: number, unit: Unit, count: number];

function steps(): Step[] {
  const clock = (unit: Unit, of: number, counts: number[]): Step[] => counts.map((count) => [count * of, unit, count]);
  return [
    ...clock('millisecond', 1, [1, 2, 5, 10, 20, 50, 100, 200, 500]),
    ...clock('second', SECOND, [1, 5, 15, 30]),
    ...clock('hour', MINUTE, [1, 5, 15, 30]),
    ...clock('hour', HOUR, [1, 3, 6, 12]),
    ...clock('day', DAY, [1, 2, 7]),
    ...clock('month', 30.4 * DAY, [1, 3, 6]),
    ...clock('year', 365.25 * DAY, [1, 2, 5, 10, 20, 50, 100]),
  ];
}

/**
 * At most about `most` ticks at round local times. Steps are walked on the local calendar, so that 00:00 and 06:00 stay on
 * the clock across changes to and from daylight saving; where fewer than two fit, the ends of the window are labelled.
 */
export function timeTicks(start: number, end: number, most: number, zone: Zone): TimeTick[] {
  const all = steps();
  const found = all.findIndex(([length]) => (end - start) / length <= most);
  for (let index = found < 0 ? all.length - 1 : found; index >= 0 && index > found - 3; index--) {
    const step = all[index] as Step;
    const times = walk(start, end, step, zone);
    if (times.length > 1 && times.length <= most + 2) return label(times, step[1], zone);
  }
  const date = zone.format({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return [start, end].map((time) => ({ time, label: date(time), context: undefined }));
}

function walk(start: number, end: number, [length, unit, count]: Step, zone: Zone): number[] {
  const local = start + zone.offsetAt(start);
  const times: number[] = [];
  const push = (time: number): boolean => {
    if (time >= start && time <= end && time !== times.at(-1)) times.push(time);
    return time <= end;
  };
  if (unit === 'month' || unit === 'year') {
    const date = new Date(local);
    const perYear = unit === 'year' ? count * 12 : count;
    const months = date.getUTCFullYear() * 12 + date.getUTCMonth();
    let month = Math.floor(months / perYear) * perYear;
    while (push(zone.fromLocal(Date.UTC(Math.floor(month / 12), month % 12)))) month += perYear;
    return times;
  }
  // Weeks begin on Monday; 1970 began on a Thursday.
  const shift = unit === 'day' && count === 7 ? 4 * DAY : 0;
  let at = Math.floor((local - shift) / length) * length + shift;
  while (push(zone.fromLocal(at))) at += length;
  return times;
}

const LABELS: Readonly<Record<Unit, Intl.DateTimeFormatOptions>> = {
  millisecond: { minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  hour: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
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
