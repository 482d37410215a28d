import type { Stretch } from '../storage/columns.js';
import type { PointStore } from '../storage/points.js';
import {
  type Aggregate,
  Bucket,
  countInto,
  type ExtremePoint,
  extremesOf,
  isBad,
  type Numbers,
  valuesInto,
} from './bucket.js';
import type { Buckets } from './buckets.js';
import { durations, integrate, MAX_GAP, type Neighbour, valueAt } from './curve.js';
import { categoryOf } from './status.js';

/** One aggregate point. A missing aggregate is absent. */
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

function* pointOf(store: PointStore, query: AggregateQuery, bucket: Bucket): Generator<AggregatePoint> {
  const { wanted } = query;
  const numbers: Numbers = {};
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

function curveInto(numbers: Numbers, store: PointStore, query: AggregateQuery, bucket: Bucket, good: Bucket): void {
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
function edgeInto(numbers: Numbers, store: PointStore, query: AggregateQuery, bucket: Bucket, good: Bucket): void {
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

function durationsInto(numbers: Numbers, store: PointStore, query: AggregateQuery, bucket: Bucket): void {
  const { begin, end, timestamps, categories } = bucket;
  const last = before(store, query, begin, () => true, (timestamps[0] as number) - MAX_GAP);
  const next = after(store, query, end, () => true, (timestamps.at(-1) as number) + MAX_GAP);
  const [durationGood, durationUncertain, durationBad] = durations(begin, end, timestamps, categories, last, next);
  Object.assign(numbers, { durationGood, durationUncertain, durationBad });
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
