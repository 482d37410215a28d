import type { Stretch } from '../storage/columns.js';
import { categoryOf } from './status.js';

/** Two points further apart than this are not joined across the edge of a bucket. @unit milliseconds */
export const MAX_GAP = 3_600_000;

/** A point next to a bucket. `bad` cuts the curve. */
export interface Neighbour {
  readonly timestamp: number;
  readonly value: number;
  readonly bad: boolean;
}

/** The points of one bucket that form the curve, with those next to it. */
export interface CurveInput {
  readonly points: Stretch;
  readonly begin: number;
  readonly end: number;
  readonly isStep: boolean;
  /** Whether the point at a place is bad; absent when none is, or when bad points are ignored. */
  readonly isBadAt?: ((place: number) => boolean) | undefined;
  readonly before: Neighbour | undefined;
  readonly after: Neighbour | undefined;
}

/** The time-weighted figures of a curve. */
export interface CurveFigures {
  readonly average: number;
  readonly continuousVariance: number;
}

/**
 * Integrates the curve over a bucket: linear between points (constant when `isStep`), however far apart they are;
 * constant from a good to a bad point and absent after a bad one; to the edges only when the point beyond is near.
 */
export function integrate(input: CurveInput): CurveFigures | undefined {
  const { points, isBadAt, begin, end, before, after, isStep } = input;
  const { columns, from, to } = points;
  const { timestamps } = columns;
  const values = columns.values as Float64Array;
  let firstGood = from;
  if (isBadAt !== undefined) while (firstGood < to && isBadAt(firstGood)) firstGood += 1;
  if (firstGood === to) return undefined;
  // Centred on one value, so that the difference of large squares does not lose the variance.
  const centre = values[firstGood] as number;
  let [length, area, squares] = [0, 0, 0];
  const add = (h: number, x: number, y: number): void => {
    const [left, right] = [x - centre, y - centre];
    length += h;
    area += ((left + right) / 2) * h;
    squares += ((left * left + left * right + right * right) / 3) * h;
  };
  const join = (start: Neighbour, stop: Neighbour, low: number, high: number): void => {
    if (start.bad || high <= low) return;
    const flat = stop.bad || isStep;
    add(high - low, flat ? start.value : valueAt(start, stop, low), flat ? start.value : valueAt(start, stop, high));
  };
  const pointAt = (place: number): Neighbour => ({
    timestamp: timestamps[place] as number,
    value: values[place] as number,
    bad: isBadAt?.(place) === true,
  });
  const [first, last] = [pointAt(from), pointAt(to - 1)];
  if (before !== undefined && first.timestamp - before.timestamp <= MAX_GAP)
    join(before, first, begin, first.timestamp);
  if (isBadAt === undefined) {
    // The same as `join` for every pair, without an object for every point.
    let [time, left] = [first.timestamp, first.value - centre];
    for (let place = from + 1; place < to; place += 1) {
      const nextTime = timestamps[place] as number;
      const next = (values[place] as number) - centre;
      const right = isStep ? left : next;
      const h = nextTime - time;
      length += h;
      area += ((left + right) / 2) * h;
      squares += ((left * left + left * right + right * right) / 3) * h;
      time = nextTime;
      left = next;
    }
  } else {
    for (let place = from + 1; place < to; place += 1) {
      const [start, stop] = [pointAt(place - 1), pointAt(place)];
      join(start, stop, start.timestamp, stop.timestamp);
    }
  }
  if (after !== undefined && after.timestamp - last.timestamp <= MAX_GAP) join(last, after, last.timestamp, end);
  if (length === 0) return { average: centre, continuousVariance: 0 };
  const mean = area / length;
  return { average: centre + mean, continuousVariance: Math.max(0, squares / length - mean * mean) };
}

/** The value between two points at `time`. */
export function valueAt(from: Neighbour, to: Neighbour, time: number): number {
  if (time === from.timestamp) return from.value;
  if (time === to.timestamp) return to.value;
  return from.value + ((to.value - from.value) * (time - from.timestamp)) / (to.timestamp - from.timestamp);
}

/** How long the bucket has each category: good, uncertain, bad. @unit milliseconds */
export function durations(
  { columns: { timestamps, statuses }, from, to }: Stretch,
  begin: number,
  end: number,
  before: { readonly timestamp: number; readonly category: number } | undefined,
  after: { readonly timestamp: number } | undefined,
): [number, number, number] {
  const result: [number, number, number] = [0, 0, 0];
  const add = (category: number, span: number): void => {
    result[category as 0 | 1 | 2] += span;
  };
  const categoryAt = (place: number): number => categoryOf(statuses?.[place] ?? 0);
  const first = timestamps[from] as number;
  const last = timestamps[to - 1] as number;
  if (before !== undefined && first - before.timestamp <= MAX_GAP) add(before.category, first - begin);
  for (let place = from + 1; place < to; place += 1) {
    add(categoryAt(place - 1), (timestamps[place] as number) - (timestamps[place - 1] as number));
  }
  if (after !== undefined && after.timestamp - last <= MAX_GAP) add(categoryAt(to - 1), end - last);
  return result;
}
