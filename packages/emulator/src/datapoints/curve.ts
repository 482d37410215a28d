import type { Stretch } from '../storage/columns.js';
import { categoryOf } from './status.js';

/**
 * Two points further apart than this are not joined across the edge of a bucket.
 *
 * @unit milliseconds
 */
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
  /**
   * True if the point at a place is bad; absent when all are good, or when bad points are ignored.
   */
  readonly isBadAt?: ((place: number) => boolean) | undefined;
  readonly before: Neighbour | undefined;
  readonly after: Neighbour | undefined;
}

/** The time-weighted figures of a curve. */
export interface CurveFigures {
  readonly average: number;
  readonly continuousVariance: number;
}

/** Sums along a curve, its values counted from `centre`. */
interface Sums {
  readonly centre: number;
  length: number;
  area: number;
  squares: number;
}

/**
 * Integrates the curve over a bucket: linear between points (constant when `isStep`), however far
 * apart they are; constant from a good to a bad point and absent after a bad one; to the edges only
 * when the point beyond is near.
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
  const sums: Sums = { centre: values[firstGood] as number, length: 0, area: 0, squares: 0 };
  const first = pointAt(points, from, isBadAt);
  const last = pointAt(points, to - 1, isBadAt);
  if (before !== undefined && first.timestamp - before.timestamp <= MAX_GAP)
    join(sums, before, first, begin, first.timestamp, isStep);
  if (isBadAt === undefined) sumGood(sums, timestamps, values, from, to, isStep);
  else {
    for (let place = from + 1; place < to; place += 1) {
      const start = pointAt(points, place - 1, isBadAt);
      const stop = pointAt(points, place, isBadAt);
      join(sums, start, stop, start.timestamp, stop.timestamp, isStep);
    }
  }
  if (after !== undefined && after.timestamp - last.timestamp <= MAX_GAP)
    join(sums, last, after, last.timestamp, end, isStep);
  const { centre, length, area, squares } = sums;
  if (length === 0) return { average: centre, continuousVariance: 0 };
  const mean = area / length;
  return {
    average: centre + mean,
    continuousVariance: Math.max(0, squares / length - mean * mean),
  };
}

/**
 * The same as {@link join} for every pair of points that are all good, without an object for each.
 */
function sumGood(
  sums: Sums,
  timestamps: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
  isStep: boolean,
): void {
  const { centre } = sums;
  let [length, area, squares] = [0, 0, 0];
  let time = timestamps[from] as number;
  let left = (values[from] as number) - centre;
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
  sums.length += length;
  sums.area += area;
  sums.squares += squares;
}

/** Adds the part of the curve between two points that lies from `low` to `high`. */
function join(
  sums: Sums,
  start: Neighbour,
  stop: Neighbour,
  low: number,
  high: number,
  isStep: boolean,
): void {
  if (start.bad || high <= low) return;
  const flat = stop.bad || isStep;
  const left = (flat ? start.value : valueAt(start, stop, low)) - sums.centre;
  const right = (flat ? start.value : valueAt(start, stop, high)) - sums.centre;
  const h = high - low;
  sums.length += h;
  sums.area += ((left + right) / 2) * h;
  sums.squares += ((left * left + left * right + right * right) / 3) * h;
}

function pointAt({ columns }: Stretch, place: number, isBadAt: CurveInput['isBadAt']): Neighbour {
  return {
    timestamp: columns.timestamps[place] as number,
    value: columns.values[place] as number,
    bad: isBadAt?.(place) === true,
  };
}

/** The value between two points at `time`. */
export function valueAt(from: Neighbour, to: Neighbour, time: number): number {
  if (time === from.timestamp) return from.value;
  if (time === to.timestamp) return to.value;
  return (
    from.value +
    ((to.value - from.value) * (time - from.timestamp)) / (to.timestamp - from.timestamp)
  );
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
  if (before !== undefined && first - before.timestamp <= MAX_GAP)
    add(before.category, first - begin);
  for (let place = from + 1; place < to; place += 1) {
    add(categoryAt(place - 1), (timestamps[place] as number) - (timestamps[place - 1] as number));
  }
  if (after !== undefined && after.timestamp - last <= MAX_GAP) add(categoryAt(to - 1), end - last);
  return result;
}
