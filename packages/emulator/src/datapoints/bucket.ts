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

/** What decides which points are bad. */
export interface Rules {
  readonly uncertainIsBad: boolean;
}

export type Numbers = Partial<Record<NumberAggregate, number>>;

export interface ExtremePoint {
  readonly timestamp: number;
  readonly value: number;
  readonly status: number;
}

/** The points of one bucket, as they come. */
export class Bucket {
  readonly begin: number;
  readonly end: number;
  readonly timestamps: number[] = [];
  readonly values: number[] = [];
  readonly statuses: number[] = [];
  readonly categories: number[] = [];
  readonly bad: boolean[] = [];
  goodCount = 0;

  constructor(begin: number, end: number) {
    this.begin = begin;
    this.end = end;
  }

  add(timestamp: number, value: number, status: number, rules: Rules): void {
    const category = categoryOf(status);
    const bad = isBad(category, rules);
    this.timestamps.push(timestamp);
    this.values.push(value);
    this.statuses.push(status);
    this.categories.push(category);
    this.bad.push(bad);
    if (!bad) this.goodCount += 1;
  }

  /** Only the points that `keep` accepts, by index. */
  only(keep: (index: number) => boolean): Bucket {
    const kept = new Bucket(this.begin, this.end);
    for (let index = 0; index < this.timestamps.length; index += 1) {
      if (!keep(index)) continue;
      kept.timestamps.push(this.timestamps[index] as number);
      kept.values.push(this.values[index] as number);
      kept.statuses.push(this.statuses[index] as number);
      kept.categories.push(this.categories[index] as number);
      kept.bad.push(this.bad[index] as boolean);
    }
    kept.goodCount = this.goodCount;
    return kept;
  }
}

/** How many points of each category. */
export function countInto(numbers: Numbers, { categories }: Bucket): void {
  const counts = [0, 0, 0];
  for (const category of categories) counts[category] = (counts[category] as number) + 1;
  numbers.countGood = counts[GOOD] as number;
  numbers.countUncertain = counts[UNCERTAIN] as number;
  numbers.countBad = counts[BAD] as number;
}

/** What depends on nothing but the good values of the bucket. */
export function valuesInto(numbers: Numbers, values: readonly number[]): void {
  let [sum, min, max, variation] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  const centre = values[0] as number;
  let [shifted, squares] = [0, 0];
  let previous = centre;
  for (const value of values) {
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
    variation += Math.abs(value - previous);
    previous = value;
    shifted += value - centre;
    squares += (value - centre) ** 2;
  }
  const mean = shifted / values.length;
  numbers.sum = sum;
  numbers.min = min;
  numbers.max = max;
  numbers.totalVariation = variation;
  numbers.discreteVariance = Math.max(0, squares / values.length - mean * mean);
}

/** The first of the largest and of the smallest points. */
export function extremesOf(
  { timestamps, values, statuses }: Bucket,
  wanted: ReadonlySet<Aggregate>,
): { maxDatapoint?: ExtremePoint; minDatapoint?: ExtremePoint } {
  if (timestamps.length === 0) return {};
  let [smallest, largest] = [0, 0];
  for (let index = 1; index < values.length; index += 1) {
    if ((values[index] as number) < (values[smallest] as number)) smallest = index;
    if ((values[index] as number) > (values[largest] as number)) largest = index;
  }
  const at = (index: number): ExtremePoint => ({
    timestamp: timestamps[index] as number,
    value: values[index] as number,
    status: statuses[index] as number,
  });
  return {
    ...(wanted.has('maxDatapoint') ? { maxDatapoint: at(largest) } : {}),
    ...(wanted.has('minDatapoint') ? { minDatapoint: at(smallest) } : {}),
  };
}

/** Whether points of this category are bad for a query. */
export function isBad(category: number, rules: Rules): boolean {
  return category === BAD || (category === UNCERTAIN && rules.uncertainIsBad);
}
