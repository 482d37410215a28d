/** The data that every client reads and writes: made from numbers, so that every sum is known beforehand. */
export const START: number = Date.UTC(2020, 0, 1);

export interface SeriesPlan {
  readonly first: number;
  readonly series: number;
  readonly points: number;
  readonly stepMs: number;
  readonly aggregates: boolean;
}

const scale = process.env.BENCH_SCALE === undefined ? 1 : Number(process.env.BENCH_SCALE);

export const PLANS: Readonly<Record<'A' | 'B' | 'C', SeriesPlan>> = {
  A: { first: 1, series: 1, points: 5_000_000 * scale, stepMs: 1000, aggregates: false },
  B: { first: 1001, series: 100, points: 50_000, stepMs: 1000, aggregates: false },
  C: { first: 10_001, series: 1000, points: 1000, stepMs: 3_600_000, aggregates: true },
};

export const INSERTS: Readonly<Record<'E1' | 'E2', { readonly series: number; readonly points: number }>> = {
  E1: { series: 1, points: 1_000_000 },
  E2: { series: 100, points: 10_000 },
};

export function valueAt(index: number): number {
  return Math.round(Math.sin(index / 300) * 10_000) / 100 + (index % 7);
}

/** Count, sum of values, sum of timestamps in seconds since the start: equal only if all points are there. */
export interface Checksum {
  count: number;
  values: number;
  seconds: number;
}

export function planChecksum({ series, points, stepMs, aggregates }: SeriesPlan): Checksum {
  let values = 0;
  for (let index = 0; index < points; index++)
    values += valueAt(index) + (aggregates ? valueAt(index + 1) + valueAt(index + 2) : 0);
  return {
    count: series * points,
    values: values * series,
    seconds: ((points * (points - 1)) / 2) * (stepMs / 1000) * series,
  };
}

export function addColumns(into: Checksum, timestamps: Float64Array, columns: readonly Float64Array[]): void {
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

export function isSame(left: Checksum, right: Checksum): boolean {
  return (
    left.count === right.count &&
    Math.abs(left.seconds - right.seconds) < 1 &&
    Math.abs(left.values - right.values) < 1e-6 * Math.max(1, left.count)
  );
}
