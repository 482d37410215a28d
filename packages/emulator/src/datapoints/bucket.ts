import {
  appendColumns,
  type Columns,
  lowerBound,
  type Stretch,
  sliceColumns,
} from '../storage/columns.js';
import type { PointStore } from '../storage/points.js';
import type { Buckets } from './buckets.js';
import { BAD, categoryOf, GOOD, UNCERTAIN } from './status.js';

export const AGGREGATES = [
  'average',
  'max',
  'min',
  'count',
  'sum',
  'interpolation',
  'stepInterpolation',
  'continuousVariance',
  'discreteVariance',
  'totalVariation',
  'countGood',
  'countUncertain',
  'countBad',
  'durationGood',
  'durationUncertain',
  'durationBad',
  'maxDatapoint',
  'minDatapoint',
] as const;
export type Aggregate = (typeof AGGREGATES)[number];
export type NumberAggregate = Exclude<Aggregate, 'maxDatapoint' | 'minDatapoint'>;

/** The options that decide which points are bad. */
export interface Rules {
  readonly uncertainIsBad: boolean;
}

export type Numbers = Partial<Record<NumberAggregate, number>>;

export interface ExtremePoint {
  readonly timestamp: number;
  readonly value: number;
  readonly status: number;
}

/** The points of one bucket: a part of numeric columns. */
export interface Bucket extends Stretch {
  readonly index: number;
  readonly begin: number;
  readonly end: number;
}

/**
 * The buckets that hold points between `begin` and `end`, ascending. Points are copied only where a
 * bucket spans two blocks.
 */
export function* bucketsOf(
  store: PointStore,
  series: number,
  buckets: Buckets,
  begin: number,
  end: number,
): Generator<Bucket> {
  let open: Bucket | undefined;
  for (const { columns, from, to } of store.read(series, begin, end)) {
    const { timestamps } = columns;
    let at = from;
    while (at < to) {
      const time = timestamps[at] as number;
      if (open !== undefined && time < open.end) {
        const stop = lowerBound(timestamps, open.end, at, to);
        open = joined(open, { columns, from: at, to: stop });
        at = stop;
        continue;
      }
      if (open !== undefined) yield open;
      const index = buckets.indexOf(time);
      const next = buckets.startOf(index + 1);
      const stop = lowerBound(timestamps, next, at, to);
      open = { columns, from: at, to: stop, index, begin: buckets.startOf(index), end: next };
      at = stop;
    }
  }
  if (open !== undefined) yield open;
}

function joined(bucket: Bucket, more: Stretch): Bucket {
  const columns = appendColumns(
    sliceColumns(bucket.columns, bucket.from, bucket.to),
    sliceColumns(more.columns, more.from, more.to),
  );
  return { ...bucket, columns, from: 0, to: columns.timestamps.length };
}

/** The points of a bucket that are not bad; the bucket itself when all are good. */
export function goodPartOf(bucket: Bucket, rules: Rules): Stretch {
  const { columns, from, to } = bucket;
  const { timestamps, values, statuses } = columns;
  if (statuses === undefined) return bucket;
  const kept: number[] = [];
  for (let place = from; place < to; place += 1) {
    if (!isBad(categoryOf(statuses[place] as number), rules)) kept.push(place);
  }
  if (kept.length === to - from) return bucket;
  const picked: Columns = {
    timestamps: Float64Array.from(kept, (place) => timestamps[place] as number),
    values: Float64Array.from(kept, (place) => values[place] as number),
    statuses: Uint32Array.from(kept, (place) => statuses[place] as number),
  };
  return { columns: picked, from: 0, to: kept.length };
}

/** How many points of each category. */
export function countInto(numbers: Numbers, { columns: { statuses }, from, to }: Stretch): void {
  const counts = [0, 0, 0];
  for (let place = from; place < to; place += 1) {
    const category = categoryOf(statuses?.[place] ?? 0);
    counts[category] = (counts[category] as number) + 1;
  }
  numbers.countGood = counts[GOOD] as number;
  numbers.countUncertain = counts[UNCERTAIN] as number;
  numbers.countBad = counts[BAD] as number;
}

/** Aggregates that depend only on the good values of the bucket. */
export function valuesInto(numbers: Numbers, { columns, from, to }: Stretch): void {
  const values = columns.values as Float64Array;
  let [sum, min, max, variation] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  const centre = values[from] as number;
  let [shifted, squares] = [0, 0];
  let previous = centre;
  for (let place = from; place < to; place += 1) {
    const value = values[place] as number;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
    variation += Math.abs(value - previous);
    previous = value;
    const distance = value - centre;
    shifted += distance;
    squares += distance * distance;
  }
  const size = to - from;
  const mean = shifted / size;
  numbers.sum = sum;
  numbers.min = min;
  numbers.max = max;
  numbers.totalVariation = variation;
  numbers.discreteVariance = Math.max(0, squares / size - mean * mean);
}

/** The first of the largest and of the smallest points. */
export function extremesOf({ columns, from, to }: Stretch): {
  maxDatapoint?: ExtremePoint;
  minDatapoint?: ExtremePoint;
} {
  if (from === to) return {};
  const { timestamps, statuses } = columns;
  const values = columns.values as Float64Array;
  let [smallest, largest] = [from, from];
  for (let place = from + 1; place < to; place += 1) {
    if ((values[place] as number) < (values[smallest] as number)) smallest = place;
    if ((values[place] as number) > (values[largest] as number)) largest = place;
  }
  const at = (place: number): ExtremePoint => ({
    timestamp: timestamps[place] as number,
    value: values[place] as number,
    status: statuses?.[place] ?? 0,
  });
  return { maxDatapoint: at(largest), minDatapoint: at(smallest) };
}

/** True if points of this category are bad for a query. */
export function isBad(category: number, rules: Rules): boolean {
  return category === BAD || (category === UNCERTAIN && rules.uncertainIsBad);
}
