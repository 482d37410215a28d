import type { Stretch } from '../storage/columns.js';
import type { PointStore } from '../storage/points.js';
import type { Buckets } from './buckets.js';
import { durations, integrate, MAX_GAP, type Neighbour, valueAt } from './curve.js';
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

/** One aggregate point. A missing aggregate is absent. */
export interface AggregatePoint {
  readonly timestamp: number;
  /** How many good points the bucket has; a converted sum needs it. */
  readonly goodCount: number;
  readonly numbers: Readonly<Partial<Record<NumberAggregate, number>>>;
  readonly maxDatapoint?: ExtremePoint | undefined;
  readonly minDatapoint?: ExtremePoint | undefined;
}

export interface ExtremePoint {
  readonly timestamp: number;
  readonly value: number;
  readonly status: number;
}

export interface AggregateQuery {
  readonly series: number;
  readonly isStep: boolean;
  readonly wanted: ReadonlySet<Aggregate>;
  readonly buckets: Buckets;
  /** Buckets from the one that holds `start` to the one that holds the instant before `end`. */
  readonly start: number;
  readonly end: number;
  readonly ignoreBad: boolean;
  readonly uncertainIsBad: boolean;
}

/** A point with what the rules make of it. */
interface Marked extends Neighbour {
  readonly category: number;
}

/**
 * The aggregates of a series, bucket by bucket, ascending. Which points count, and how the curve runs, follows the
 * contract's section on aggregate semantics. Buckets in which none of the wanted aggregates has a value are left out.
 */
export function* aggregate(store: PointStore, query: AggregateQuery): Generator<AggregatePoint> {
  const { buckets } = query;
  const firstIndex = buckets.indexOf(query.start);
  const begin = buckets.startOf(firstIndex);
  const end = buckets.startOf(buckets.indexOf(query.end - 1) + 1);
  let bucket: Bucket | undefined;
  for (const { columns, from, to } of store.read(query.series, begin, end)) {
    const { timestamps, values, statuses } = columns;
    for (let place = from; place < to; place += 1) {
      const timestamp = timestamps[place] as number;
      if (bucket === undefined || timestamp >= bucket.end) {
        const index = buckets.indexOf(timestamp);
        if (bucket !== undefined) yield* pointOf(store, query, bucket);
        else if (index > firstIndex && firstIndex === 0) yield* carriedPoint(store, query, begin);
        bucket = new Bucket(buckets.startOf(index), buckets.startOf(index + 1));
      }
      bucket.add(timestamp, values[place] as number, statuses === undefined ? 0 : (statuses[place] as number), query);
    }
  }
  if (bucket !== undefined) yield* pointOf(store, query, bucket);
  else if (firstIndex === 0) yield* carriedPoint(store, query, begin);
}

/** The points of one bucket, as they come. */
class Bucket {
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

  add(timestamp: number, value: number, status: number, query: AggregateQuery): void {
    const category = categoryOf(status);
    const bad = isBad(category, query);
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

function* pointOf(store: PointStore, query: AggregateQuery, bucket: Bucket): Generator<AggregatePoint> {
  const { wanted } = query;
  const numbers: Partial<Record<NumberAggregate, number>> = {};
  const good = bucket.goodCount === bucket.timestamps.length ? bucket : bucket.only((index) => !bucket.bad[index]);
  const wants = (...names: readonly Aggregate[]): boolean => names.some((name) => wanted.has(name));
  numbers.count = bucket.goodCount;
  if (wants('countGood', 'countUncertain', 'countBad')) countInto(numbers, bucket);
  if (good.timestamps.length > 0) valuesInto(numbers, good.values);
  if (wants('average', 'continuousVariance')) curveInto(numbers, store, query, bucket, good);
  if (wants('interpolation', 'stepInterpolation')) edgeInto(numbers, store, query, bucket, good);
  if (wants('durationGood', 'durationUncertain', 'durationBad')) durationsInto(numbers, store, query, bucket);
  const extremes = wants('maxDatapoint', 'minDatapoint') ? extremesOf(good, wanted) : {};
  const kept = Object.entries(numbers).filter(([name]) => wanted.has(name as Aggregate));
  if (kept.length === 0 && Object.keys(extremes).length === 0) return;
  yield { timestamp: bucket.begin, goodCount: bucket.goodCount, numbers: Object.fromEntries(kept), ...extremes };
}

/** Step interpolation reaches back without a limit: the first bucket has it even when it holds no point. */
function* carriedPoint(store: PointStore, query: AggregateQuery, begin: number): Generator<AggregatePoint> {
  const names = (['stepInterpolation', ...(query.isStep ? ['interpolation'] : [])] as const).filter((name) =>
    query.wanted.has(name as Aggregate),
  );
  const last = names.length === 0 ? undefined : before(store, query, begin, (point) => !point.bad || !query.ignoreBad);
  if (last === undefined || last.bad) return;
  yield { timestamp: begin, goodCount: 0, numbers: Object.fromEntries(names.map((name) => [name, last.value])) };
}

function countInto(numbers: Partial<Record<NumberAggregate, number>>, { categories }: Bucket): void {
  const counts = [0, 0, 0];
  for (const category of categories) counts[category] = (counts[category] as number) + 1;
  numbers.countGood = counts[GOOD] as number;
  numbers.countUncertain = counts[UNCERTAIN] as number;
  numbers.countBad = counts[BAD] as number;
}

/** What depends on nothing but the good values of the bucket. */
function valuesInto(numbers: Partial<Record<NumberAggregate, number>>, values: readonly number[]): void {
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

function curveInto(
  numbers: Partial<Record<NumberAggregate, number>>,
  store: PointStore,
  query: AggregateQuery,
  bucket: Bucket,
  good: Bucket,
): void {
  const curve = query.ignoreBad ? good : bucket;
  if (curve.timestamps.length === 0) return;
  const onCurve = (point: Marked): boolean => !point.bad || !query.ignoreBad;
  const figures = integrate({
    ...curve,
    begin: bucket.begin,
    end: bucket.end,
    isStep: query.isStep,
    before: before(store, query, bucket.begin, onCurve, (curve.timestamps[0] as number) - MAX_GAP),
    after: after(store, query, bucket.end, onCurve, (curve.timestamps.at(-1) as number) + MAX_GAP),
  });
  if (figures !== undefined) Object.assign(numbers, figures);
}

/** The value at the beginning of the bucket. */
function edgeInto(
  numbers: Partial<Record<NumberAggregate, number>>,
  store: PointStore,
  query: AggregateQuery,
  bucket: Bucket,
  good: Bucket,
): void {
  const step = stepValue(store, query, bucket);
  if (step !== undefined) numbers.stepInterpolation = step;
  if (query.isStep) {
    if (step !== undefined) numbers.interpolation = step;
    return;
  }
  if (good.timestamps.length === 0) return;
  const next: Neighbour = { timestamp: good.timestamps[0] as number, value: good.values[0] as number, bad: false };
  if (next.timestamp === bucket.begin) {
    numbers.interpolation = next.value;
    return;
  }
  const last = before(store, query, bucket.begin, (point) => !point.bad, next.timestamp - MAX_GAP);
  if (last !== undefined) numbers.interpolation = valueAt(last, next, bucket.begin);
}

function stepValue(store: PointStore, query: AggregateQuery, bucket: Bucket): number | undefined {
  const onCurve = (bad: boolean): boolean => !bad || !query.ignoreBad;
  if (bucket.timestamps[0] === bucket.begin && onCurve(bucket.bad[0] as boolean)) {
    return bucket.bad[0] ? undefined : bucket.values[0];
  }
  const last = before(store, query, bucket.begin, (point) => onCurve(point.bad));
  return last === undefined || last.bad ? undefined : last.value;
}

function durationsInto(
  numbers: Partial<Record<NumberAggregate, number>>,
  store: PointStore,
  query: AggregateQuery,
  bucket: Bucket,
): void {
  const { begin, end, timestamps, categories } = bucket;
  const last = before(store, query, begin, () => true, (timestamps[0] as number) - MAX_GAP);
  const next = after(store, query, end, () => true, (timestamps.at(-1) as number) + MAX_GAP);
  const [durationGood, durationUncertain, durationBad] = durations(begin, end, timestamps, categories, last, next);
  Object.assign(numbers, { durationGood, durationUncertain, durationBad });
}

/** The first of the largest and of the smallest points. */
function extremesOf(
  { timestamps, values, statuses }: Bucket,
  wanted: ReadonlySet<Aggregate>,
): Pick<AggregatePoint, 'maxDatapoint' | 'minDatapoint'> {
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

/** The last acceptable point before `time`, not older than `oldest`. */
function before(
  store: PointStore,
  query: AggregateQuery,
  time: number,
  accepts: (point: Marked) => boolean,
  oldest: number = Number.NEGATIVE_INFINITY,
): Marked | undefined {
  for (const stretch of store.readBackwards(query.series, time)) {
    for (let place = stretch.to - 1; place >= stretch.from; place -= 1) {
      const point = markedAt(query, stretch, place);
      if (point.timestamp < oldest) return undefined;
      if (accepts(point)) return point;
    }
  }
  return undefined;
}

/** The first acceptable point from `time` on, not later than `latest`. */
function after(
  store: PointStore,
  query: AggregateQuery,
  time: number,
  accepts: (point: Marked) => boolean,
  latest: number,
): Marked | undefined {
  for (const stretch of store.read(query.series, time, latest + 1)) {
    for (let place = stretch.from; place < stretch.to; place += 1) {
      const point = markedAt(query, stretch, place);
      if (accepts(point)) return point;
    }
  }
  return undefined;
}

function markedAt(query: AggregateQuery, { columns }: Stretch, place: number): Marked {
  const category = categoryOf(columns.statuses?.[place] ?? 0);
  const value = columns.values[place] as number;
  return { timestamp: columns.timestamps[place] as number, value, category, bad: isBad(category, query) };
}

function isBad(category: number, query: AggregateQuery): boolean {
  return category === BAD || (category === UNCERTAIN && query.uncertainIsBad);
}
