import { type FakePoint, type FakeSeries, visiblePoints, type WireItem } from './fake-server.js';

type Row = Record<string, unknown> & { timestamp: number };

/**
 * Aggregates the slow and plain way: walks local time minute by minute where it has to, one bucket
 * after the other.
 */
export function bucketsOf(
  series: FakeSeries,
  item: Pick<WireItem, 'start' | 'end' | 'granularity' | 'timeZone' | 'aggregates'> &
    Partial<WireItem>,
): Row[] {
  const begins = bucketBegins(item.start, item.end, item.granularity ?? '', item.timeZone ?? 'UTC');
  const visible = visiblePoints(series, {
    ...item,
    ignoreBadDataPoints: true,
    includeStatus: true,
  }) as (FakePoint & {
    value: number;
  })[];
  const rows: Row[] = [];
  let next = visible.findIndex(({ timestamp }) => timestamp >= (begins[0] as number));
  if (next < 0) next = visible.length;
  begins.slice(0, -1).forEach((begin, index) => {
    const from = next;
    while (
      next < visible.length &&
      (visible[next] as FakePoint).timestamp < (begins[index + 1] as number)
    )
      next++;
    const inside = visible.slice(from, next);
    const step = inside[0]?.timestamp === begin ? inside[0].value : visible[from - 1]?.value;
    // The first bucket of a request has a step interpolation even if it is empty.
    const isForeign =
      inside.length === 0 &&
      index === 0 &&
      step !== undefined &&
      item.aggregates?.includes('stepInterpolation');
    if (inside.length === 0 && isForeign !== true) return;
    const values = inside.map(({ value }) => value);
    const row: Row = { timestamp: begin };
    for (const name of item.aggregates ?? []) {
      const value =
        name === 'stepInterpolation' ? (step ?? Number.NaN) : AGGREGATES[name]?.(values, inside);
      if (value !== undefined) row[name] = value;
    }
    rows.push(row);
  });
  return rows;
}

const sumOf = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** NaN of nothing: a bucket that only has a step interpolation. */
const AGGREGATES: Record<
  string,
  (values: readonly number[], points: readonly FakePoint[]) => unknown
> = {
  count: (values) => values.length || Number.NaN,
  sum: (values) => (values.length === 0 ? Number.NaN : sumOf(values)),
  average: (values) => sumOf(values) / values.length,
  max: (values) => (values.length === 0 ? Number.NaN : Math.max(...values)),
  min: (values) => (values.length === 0 ? Number.NaN : Math.min(...values)),
  maxDatapoint: (values, points) => points[values.indexOf(Math.max(...values))],
  minDatapoint: (values, points) => points[values.indexOf(Math.min(...values))],
};

const FIXED: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000 };

const known = new Map<string, number[]>();

/** Where buckets begin, from the one that `start` is in to the end of the one that `end` needs. */
function bucketBegins(start: number, end: number, granularity: string, timeZone: string): number[] {
  const key = [start, end, granularity, timeZone].join();
  const before = known.get(key);
  if (before !== undefined) return before;
  const [, digits, unit] = /^(\d+)(\w+)$/.exec(granularity) as unknown as [string, string, string];
  const count = Number(digits);
  const begins = [floorTo(start, unit, timeZone)];
  while ((begins.at(-1) as number) < end) {
    let next = begins.at(-1) as number;
    const fixed = FIXED[unit];
    if (fixed !== undefined) next += fixed * count;
    else for (let step = 0; step < count; step++) next = nextBegin(next, unit, timeZone);
    begins.push(next);
  }
  known.set(key, begins);
  return begins;
}

function floorTo(time: number, unit: string, timeZone: string): number {
  if (unit === 's' || unit === 'm')
    return Math.floor(time / (FIXED[unit] as number)) * (FIXED[unit] as number);
  const wanted = localName(time, unit, timeZone);
  // Back in quarters of an hour while the local name stays the same.
  let begin = Math.floor(time / QUARTER) * QUARTER;
  while (localName(begin - 1, unit, timeZone) === wanted) begin -= QUARTER;
  return begin;
}

function nextBegin(begin: number, unit: string, timeZone: string): number {
  // Many thousands of days are requested without a time zone, and there they are all alike.
  if (timeZone === 'UTC' && unit === 'd') return begin + 86_400_000;
  const name = localName(begin, unit, timeZone);
  // No month is shorter than 27 days and 22 hours, no day than 22 hours.
  let next = begin + (unit === 'mo' ? 27 * 86_400_000 : 0) + 22 * 3_600_000;
  while (localName(next + 86_400_000, unit, timeZone) === name) next += 86_400_000;
  while (localName(next + 3_600_000, unit, timeZone) === name) next += 3_600_000;
  while (localName(next, unit, timeZone) === name) next += QUARTER;
  return next;
}

const QUARTER = 900_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const names = new Map<string, Map<number, string>>();

function localName(time: number, unit: string, timeZone: string): string {
  const name = nameOfQuarter(Math.floor(time / QUARTER), timeZone);
  return unit === 'mo' ? name.slice(0, 7) : unit === 'd' ? name.slice(0, 10) : name.slice(0, 13);
}

/**
 * Formatting takes its time, and the same quarters are needed over and over: no zone changes its
 * clocks within one.
 */
function nameOfQuarter(quarter: number, timeZone: string): string {
  const known = names.get(timeZone) ?? new Map<number, string>();
  names.set(timeZone, known);
  const name = known.get(quarter) ?? formatOf(timeZone).format(quarter * QUARTER);
  known.set(quarter, name);
  return name;
}

/** Intl of Node 20 knows no offsets as zones; India has had this one since 1945. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const zone = timeZone === 'UTC+05:30' ? 'Asia/Kolkata' : timeZone;
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(zone, format);
  return format;
}
