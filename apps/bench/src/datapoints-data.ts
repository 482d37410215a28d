/**
 * The data that every client reads and writes: made from numbers, so that every sum is known
 * beforehand.
 */
export const START: number = Date.UTC(2020, 0, 1);

export interface SeriesPlan {
  readonly first: number;
  readonly series: number;
  readonly points: number;
  readonly stepMs: number;
  readonly aggregates: boolean;
  /** Times are not multiples of a step: each is later by its own part of a step. */
  readonly isIrregular?: boolean;
}

/**
 * The series that are read: `one` raw series, the same with times that are not regular, `many` raw
 * series, `aggregates` (average, max and min) by the hour, `short` raw series.
 */
export const PLANS: Readonly<
  Record<'one' | 'irregular' | 'many' | 'aggregates' | 'short', SeriesPlan>
> = {
  one: { first: 1, series: 1, points: 5_000_000, stepMs: 1000, aggregates: false },
  irregular: {
    first: 2,
    series: 1,
    points: 5_000_000,
    stepMs: 1000,
    aggregates: false,
    isIrregular: true,
  },
  many: { first: 1001, series: 100, points: 50_000, stepMs: 1000, aggregates: false },
  aggregates: { first: 10_001, series: 1000, points: 1000, stepMs: 3_600_000, aggregates: true },
  short: { first: 100_001, series: 10_000, points: 100, stepMs: 1000, aggregates: false },
};

/** Series whose latest point is read: as many as there are in the plan, each with one point. */
export const LATEST = { first: 10_001, series: 1000 };

export interface InsertPlan {
  readonly series: number;
  readonly points: number;
}

export function valueAt(index: number): number {
  return Math.round(Math.sin(index / 300) * 10_000) / 100 + (index % 7);
}

export function timeAt(index: number, { stepMs, isIrregular = false }: SeriesPlan): number {
  return START + index * stepMs + (isIrregular ? (index * 7919) % (stepMs - 1) : 0);
}

/**
 * Count, sum of values, sum of timestamps in seconds since the start: equal only if all points are
 * there.
 */
export interface PointSums {
  count: number;
  values: number;
  seconds: number;
}

export function planChecksum(plan: SeriesPlan): PointSums {
  const { series, points, aggregates } = plan;
  let values = 0;
  let milliseconds = 0;
  for (let index = 0; index < points; index++) {
    values += valueAt(index) + (aggregates ? valueAt(index + 1) + valueAt(index + 2) : 0);
    milliseconds += timeAt(index, plan) - START;
  }
  return {
    count: series * points,
    values: values * series,
    seconds: (milliseconds / 1000) * series,
  };
}

export function addColumns(
  into: PointSums,
  timestamps: Float64Array,
  columns: readonly Float64Array[],
): void {
  into.count += timestamps.length;
  let seconds = 0;
  for (const time of timestamps) seconds += time - START;
  into.seconds += seconds / 1000;
  for (const column of columns) {
    let sum = 0;
    for (const value of column) sum += value;
    into.values += sum;
  }
}

export function latestChecksum(): PointSums {
  const sum: PointSums = { count: 0, values: 0, seconds: 0 };
  for (let id = LATEST.first; id < LATEST.first + LATEST.series; id++) {
    sum.count++;
    sum.values += valueAt(id);
    sum.seconds += id / 1000;
  }
  return sum;
}
