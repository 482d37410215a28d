import type { AnyDatapoints } from '@cdf/datapoints';
import { lowerBound, upperBound } from './m4.js';

type Statuses = { readonly indexes: Uint32Array; readonly codes: Uint32Array };

/** Raw points of one series as columns. */
export interface RawColumns {
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly statuses?: Statuses | undefined;
}

/**
 * True where new points can be appended to these. Aggregates change in their last bucket, and are
 * few: they are read anew.
 */
export function isAppendable(points: AnyDatapoints): points is AnyDatapoints & RawColumns {
  return (
    (points as { values?: unknown }).values instanceof Float64Array && points.timestamps.length > 0
  );
}

/** How many of the last points are read again, and how far back. @unit milliseconds */
const TAIL = { points: 1000, length: 60_000 };

/**
 * Where the points of a series are to be read from, so that all that came is among them: from the
 * last one that is not ahead of the reading before, and at least from the tail, in which points
 * may still have come behind it.
 *
 * @param read the time up to which the reading before could have points
 */
export function changedFrom({ timestamps }: RawColumns, read: number): number {
  const count = upperBound(timestamps, read);
  const last = timestamps[count - 1];
  // Points that are all ahead say nothing about those before them.
  if (last === undefined) return -Infinity;
  const tail = Math.max(read - TAIL.length, timestamps[count - TAIL.points] ?? -Infinity);
  return Math.min(last, tail);
}

/**
 * The known points up to what was read, then that; without those before `start`, except for the
 * last of them, from which a line reaches the edge.
 *
 * @param added every point from `from` on, and perhaps the one before it
 */
export function appended<T extends RawColumns>(
  known: T,
  added: RawColumns,
  { from: readFrom, start }: { readonly from: number; readonly start: number },
): T {
  const first = Math.min(readFrom, added.timestamps[0] ?? Infinity);
  const to = lowerBound(known.timestamps, first);
  const before = lowerBound(known.timestamps, start) - 1;
  const from = first < start ? to : Math.max(0, Math.min(before, to - 1));
  const join = (before: Float64Array, after: Float64Array): Float64Array => {
    const joined = new Float64Array(to - from + after.length);
    joined.set(before.subarray(from, to));
    joined.set(after, to - from);
    return joined;
  };
  return {
    ...known,
    timestamps: join(known.timestamps, added.timestamps),
    values: join(known.values, added.values),
    statuses: joinStatuses(known.statuses, added.statuses, from, to),
  };
}

function joinStatuses(
  before: Statuses | undefined,
  after: Statuses | undefined,
  from: number,
  to: number,
): Statuses | undefined {
  if (before === undefined && after === undefined) return undefined;
  const kept: [number, number][] = [];
  before?.indexes.forEach((index, mark) => {
    if (index >= from && index < to) kept.push([index - from, before.codes[mark] as number]);
  });
  after?.indexes.forEach((index, mark) => {
    kept.push([index + to - from, after.codes[mark] as number]);
  });
  return {
    indexes: Uint32Array.from(kept, ([index]) => index),
    codes: Uint32Array.from(kept, ([, code]) => code),
  };
}
