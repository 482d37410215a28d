import { addColumns, type PointSums } from './datapoints-data.js';
import type { Checksum } from './scenario.js';

/** The requested points: raw points have `values`, the aggregates of the plan three columns. */
export interface Read {
  readonly timestamps: Float64Array;
  readonly values?: Float64Array;
  readonly average?: Float64Array;
  readonly max?: Float64Array;
  readonly min?: Float64Array;
}

export function ids({
  first,
  series,
}: {
  readonly first: number;
  readonly series: number;
}): { id: number }[] {
  return Array.from({ length: series }, (_, index) => ({ id: first + index }));
}

export function sumOf([timestamps, ...columns]: readonly Float64Array[]): Checksum {
  const sum: PointSums = { count: 0, values: 0, seconds: 0 };
  addColumns(sum, timestamps as Float64Array, columns);
  return { ...sum };
}

export function sumOfEach(all: readonly Read[]): Checksum {
  const sum: PointSums = { count: 0, values: 0, seconds: 0 };
  for (const { timestamps, values, average, max, min } of all)
    addColumns(sum, timestamps, (values ? [values] : [average, max, min]) as Float64Array[]);
  return { ...sum };
}
