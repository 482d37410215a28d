import type { Stretch } from '../storage/columns.js';
import type { PointStore } from '../storage/points.js';
import {
  type Aggregate,
  type Bucket,
  bucketsOf,
  countInto,
  type ExtremePoint,
  extremesOf,
  goodPartOf,
  isBad,
  type NumberAggregate,
  type Numbers,
  valuesInto,
} from './bucket.js';
import type { Buckets } from './buckets.js';
import { durations, integrate, MAX_GAP, type Neighbour, valueAt } from './curve.js';
import { categoryOf } from './status.js';

/** One aggregate point. A missing aggregate is absent; some that were not requested are present. */
export interface AggregatePoint {
  readonly timestamp: number;
  /** How many good points the bucket has; a converted sum needs it. */
  readonly goodCount: number;
  readonly numbers: Readonly<Numbers>;
  readonly maxDatapoint?: ExtremePoint | undefined;
  readonly minDatapoint?: ExtremePoint | undefined;
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

/** A query with facts that follow from its aggregates. */
interface Plan extends AggregateQuery {
  readonly store: PointStore;
  readonly numbers: readonly NumberAggregate[];
  readonly counts: boolean;
  readonly values: boolean;
  readonly curve: boolean;
  readonly edge: boolean;
  readonly durations: boolean;
  readonly extremes: boolean;
  /** True if the curve goes through a point. */
  readonly onCurve: (point: Marked) => boolean;
  /** The aggregates that an empty bucket can have. */
  readonly carried: readonly NumberAggregate[];
}

/** A point as the rules see it. */
interface Marked extends Neighbour {
  readonly category: number;
}

/**
 * The aggregates of a series, bucket by bucket, ascending. Which points count, and how the curve
 * runs, follows the contract's section on aggregate semantics. Buckets without a value for any
 * requested aggregate are omitted.
 */
export function* aggregate(store: PointStore, query: AggregateQuery): Generator<AggregatePoint> {
  const plan = planOf(store, query);
  const { buckets } = query;
  const firstIndex = buckets.indexOf(query.start);
  const lastIndex = buckets.indexOf(query.end - 1);
  const begin = buckets.startOf(firstIndex);
  let due = carriedAtStart(plan, firstIndex) ? firstIndex : undefined;
  for (const bucket of bucketsOf(
    store,
    query.series,
    buckets,
    begin,
    buckets.startOf(lastIndex + 1),
  )) {
    if (due !== undefined && due < bucket.index) yield* carriedPoint(plan, due);
    const good = goodPartOf(bucket, query);
    const point = pointOf(plan, bucket, good);
    if (point !== undefined) yield point;
    // The curve has no point in a bucket with only ignored points.
    const carries = plan.carried.length > 0 && (good.to > good.from || !query.ignoreBad);
    due = carries ? besides(buckets, bucket.index, 1) : undefined;
  }
  if (due !== undefined && due <= lastIndex) yield* carriedPoint(plan, due);
}

function planOf(store: PointStore, query: AggregateQuery): Plan {
  const { wanted } = query;
  const wants = (...names: readonly Aggregate[]): boolean => names.some((name) => wanted.has(name));
  const edge: readonly NumberAggregate[] = query.isStep
    ? ['stepInterpolation', 'interpolation']
    : ['stepInterpolation'];
  return {
    ...query,
    store,
    numbers: [...wanted].filter((name) => name !== 'maxDatapoint' && name !== 'minDatapoint'),
    counts: wants('countGood', 'countUncertain', 'countBad'),
    values: wants('sum', 'min', 'max', 'totalVariation', 'discreteVariance'),
    curve: wants('average', 'continuousVariance'),
    edge: wants('interpolation', 'stepInterpolation'),
    durations: wants('durationGood', 'durationUncertain', 'durationBad'),
    extremes: wants('maxDatapoint', 'minDatapoint'),
    onCurve: query.ignoreBad ? (point) => !point.bad : () => true,
    carried: edge.filter((name) => wanted.has(name)),
  };
}

function pointOf(plan: Plan, bucket: Bucket, good: Stretch): AggregatePoint | undefined {
  const goodCount = good.to - good.from;
  const numbers: Numbers = { count: goodCount };
  if (plan.counts) countInto(numbers, bucket);
  if (goodCount > 0 && plan.values) valuesInto(numbers, good);
  if (plan.curve) curveInto(numbers, plan, bucket, good);
  if (plan.edge) edgeInto(numbers, plan, bucket, good);
  if (plan.durations) durationsInto(numbers, plan, bucket);
  const extremes = plan.extremes && goodCount > 0;
  if (!extremes && !hasAny(numbers, plan.numbers)) return undefined;
  const point = { timestamp: bucket.begin, goodCount, numbers };
  if (!extremes) return point;
  const { maxDatapoint, minDatapoint } = extremesOf(good);
  return {
    ...point,
    ...(plan.wanted.has('maxDatapoint') ? { maxDatapoint } : {}),
    ...(plan.wanted.has('minDatapoint') ? { minDatapoint } : {}),
  };
}

function hasAny(numbers: Numbers, names: readonly NumberAggregate[]): boolean {
  for (const name of names) if (numbers[name] !== undefined) return true;
  return false;
}

/** The next or the last bucket that has time in it: clocks may skip a whole day. */
function besides(buckets: Buckets, index: number, step: 1 | -1): number {
  let found = index + step;
  while (buckets.startOf(found) === buckets.startOf(found + 1)) found += step;
  return found;
}

/**
 * Step interpolation reaches back without a limit in the first bucket of a request. A page that a
 * cursor leads to begins in the middle: there its first bucket is carried only when points are in
 * the bucket before.
 */
function carriedAtStart({ store, carried, ...query }: Plan, firstIndex: number): boolean {
  if (carried.length === 0) return false;
  if (firstIndex === 0) return true;
  const { buckets, series } = query;
  const end = buckets.startOf(firstIndex);
  const begin = buckets.startOf(besides(buckets, firstIndex, -1));
  for (const bucket of bucketsOf(store, series, buckets, begin, end)) {
    const good = goodPartOf(bucket, query);
    if (good.to > good.from || !query.ignoreBad) return true;
  }
  return false;
}

/** An empty bucket that has the last value before it, and nothing else. */
function* carriedPoint(plan: Plan, index: number): Generator<AggregatePoint> {
  const timestamp = plan.buckets.startOf(index);
  const last = before(plan, timestamp, plan.onCurve);
  if (last === undefined || last.bad) return;
  const numbers = Object.fromEntries(plan.carried.map((name) => [name, last.value]));
  yield { timestamp, goodCount: 0, numbers };
}

function curveInto(numbers: Numbers, plan: Plan, bucket: Bucket, good: Stretch): void {
  const points = plan.ignoreBad ? good : bucket;
  const { columns, from, to } = points;
  if (from === to) return;
  const { statuses, timestamps } = columns;
  const { onCurve } = plan;
  const hasBad = !plan.ignoreBad && good.to - good.from < to - from;
  const figures = integrate({
    points,
    begin: bucket.begin,
    end: bucket.end,
    isStep: plan.isStep,
    isBadAt: hasBad
      ? (place): boolean => isBad(categoryOf(statuses?.[place] ?? 0), plan)
      : undefined,
    before:
      nextTo(bucket, bucket.from - 1) ??
      before(plan, bucket.begin, onCurve, (timestamps[from] as number) - MAX_GAP),
    after:
      nextTo(bucket, bucket.to) ??
      after(plan, bucket.end, onCurve, (timestamps[to - 1] as number) + MAX_GAP),
  });
  if (figures === undefined) return;
  numbers.average = figures.average;
  numbers.continuousVariance = figures.continuousVariance;
}

/**
 * The point beside a bucket when it is in the same block and all of that block is good: then no
 * search is needed.
 */
function nextTo({ columns }: Bucket, place: number): Neighbour | undefined {
  const { timestamps, values, statuses } = columns;
  if (statuses !== undefined || place < 0 || place >= timestamps.length) return undefined;
  return { timestamp: timestamps[place] as number, value: values[place] as number, bad: false };
}

/** The value at the beginning of the bucket. */
function edgeInto(numbers: Numbers, plan: Plan, bucket: Bucket, good: Stretch): void {
  const step = stepValue(plan, bucket);
  if (step !== undefined) numbers.stepInterpolation = step;
  if (plan.isStep) {
    if (step !== undefined) numbers.interpolation = step;
    return;
  }
  const { columns, from, to } = good;
  if (from === to) return;
  const next: Neighbour = {
    timestamp: columns.timestamps[from] as number,
    value: columns.values[from] as number,
    bad: false,
  };
  if (next.timestamp === bucket.begin) {
    numbers.interpolation = next.value;
    return;
  }
  const oldest = next.timestamp - MAX_GAP;
  const last =
    nextTo(bucket, bucket.from - 1) ?? before(plan, bucket.begin, (point) => !point.bad, oldest);
  if (last !== undefined && last.timestamp >= oldest)
    numbers.interpolation = valueAt(last, next, bucket.begin);
}

function stepValue(plan: Plan, bucket: Bucket): number | undefined {
  const { columns, from, begin } = bucket;
  const { onCurve } = plan;
  if (columns.timestamps[from] === begin) {
    const first = markedAt(plan, bucket, from);
    if (onCurve(first)) return first.bad ? undefined : first.value;
  }
  const last = nextTo(bucket, from - 1) ?? before(plan, begin, onCurve);
  return last === undefined || last.bad ? undefined : last.value;
}

function durationsInto(numbers: Numbers, plan: Plan, bucket: Bucket): void {
  const { begin, end, columns, from, to } = bucket;
  const last = before(plan, begin, () => true, (columns.timestamps[from] as number) - MAX_GAP);
  const next = after(plan, end, () => true, (columns.timestamps[to - 1] as number) + MAX_GAP);
  const [good, uncertain, bad] = durations(bucket, begin, end, last, next);
  numbers.durationGood = good;
  numbers.durationUncertain = uncertain;
  numbers.durationBad = bad;
}

/** The last acceptable point before `time`, not older than `oldest`. */
function before(
  plan: Plan,
  time: number,
  accepts: (point: Marked) => boolean,
  oldest: number = Number.NEGATIVE_INFINITY,
): Marked | undefined {
  for (const stretch of plan.store.readBackwards(plan.series, time)) {
    for (let place = stretch.to - 1; place >= stretch.from; place -= 1) {
      const point = markedAt(plan, stretch, place);
      if (point.timestamp < oldest) return undefined;
      if (accepts(point)) return point;
    }
  }
  return undefined;
}

/** The first acceptable point from `time` on, not later than `latest`. */
function after(
  plan: Plan,
  time: number,
  accepts: (point: Marked) => boolean,
  latest: number,
): Marked | undefined {
  for (const stretch of plan.store.read(plan.series, time, latest + 1)) {
    for (let place = stretch.from; place < stretch.to; place += 1) {
      const point = markedAt(plan, stretch, place);
      if (accepts(point)) return point;
    }
  }
  return undefined;
}

function markedAt(plan: Plan, { columns }: Stretch, place: number): Marked {
  const category = categoryOf(columns.statuses?.[place] ?? 0);
  const value = columns.values[place] as number;
  return {
    timestamp: columns.timestamps[place] as number,
    value,
    category,
    bad: isBad(category, plan),
  };
}
