import type { BAD } from './status.js';

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
  readonly begin: number;
  readonly end: number;
  readonly isStep: boolean;
  readonly timestamps: readonly number[];
  readonly values: readonly number[];
  /** Per point: whether it is bad. Bad points are only here when they are not ignored. */
  readonly bad: readonly boolean[];
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
  const { timestamps, values, bad, begin, end, before, after } = input;
  const firstGood = bad.indexOf(false);
  if (firstGood < 0) return undefined;
  // Centred on one value, so that the difference of large squares does not lose the variance.
  const centre = values[firstGood] as number;
  let [length, area, squares] = [0, 0, 0];
  const add = (h: number, x: number, y: number): void => {
    const [left, right] = [x - centre, y - centre];
    length += h;
    area += ((left + right) / 2) * h;
    squares += ((left * left + left * right + right * right) / 3) * h;
  };
  const join = (from: Neighbour, to: Neighbour, low: number, high: number): void => {
    if (from.bad || high <= low) return;
    const flat = to.bad || input.isStep;
    add(high - low, flat ? from.value : valueAt(from, to, low), flat ? from.value : valueAt(from, to, high));
  };
  const pointAt = (index: number): Neighbour => ({
    timestamp: timestamps[index] as number,
    value: values[index] as number,
    bad: bad[index] as boolean,
  });
  const size = timestamps.length;
  const [first, last] = [pointAt(0), pointAt(size - 1)];
  if (before !== undefined && first.timestamp - before.timestamp <= MAX_GAP)
    join(before, first, begin, first.timestamp);
  for (let index = 1; index < size; index += 1) {
    const [from, to] = [pointAt(index - 1), pointAt(index)];
    join(from, to, from.timestamp, to.timestamp);
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
  begin: number,
  end: number,
  timestamps: readonly number[],
  categories: readonly number[],
  before: { readonly timestamp: number; readonly category: number } | undefined,
  after: { readonly timestamp: number } | undefined,
): [number, number, number] {
  const result: [number, number, number] = [0, 0, 0];
  const add = (category: number, span: number): void => {
    result[category as 0 | 1 | typeof BAD] += span;
  };
  const first = timestamps[0] as number;
  const last = timestamps[timestamps.length - 1] as number;
  if (before !== undefined && first - before.timestamp <= MAX_GAP) add(before.category, first - begin);
  for (let index = 1; index < timestamps.length; index += 1) {
    add(categories[index - 1] as number, (timestamps[index] as number) - (timestamps[index - 1] as number));
  }
  if (after !== undefined && after.timestamp - last <= MAX_GAP)
    add(categories[timestamps.length - 1] as number, end - last);
  return result;
}
