import { lowerBound } from '../points/sparse.js';

/** Every time that any has, once, ascending. */
export function unionOf(all: readonly Float64Array[]): Float64Array {
  let merged = all;
  while (merged.length > 1) {
    const pairs: Float64Array[] = [];
    for (let index = 0; index < merged.length; index += 2)
      pairs.push(merge(merged[index] as Float64Array, merged[index + 1]));
    merged = pairs;
  }
  return merged[0] ?? new Float64Array(0);
}

/** In one pass: sorting millions of times takes ten times as long. */
function merge(left: Float64Array, right: Float64Array | undefined): Float64Array {
  // Aggregates of one query nearly always share their times.
  if (right === undefined || areEqual(left, right)) return left;
  const merged = new Float64Array(left.length + right.length);
  let length = 0;
  let at = 0;
  for (const time of left) {
    while ((right[at] as number) < time) merged[length++] = right[at++] as number;
    if (right[at] === time) at++;
    merged[length++] = time;
  }
  merged.set(right.subarray(at), length);
  return merged.subarray(0, length + right.length - at);
}

/** Every time that all have. */
export function intersectionOf(all: readonly Float64Array[]): Float64Array {
  const [first, ...others] = all;
  if (first === undefined) return new Float64Array(0);
  return others.reduce((kept, times) => {
    if (areEqual(times, kept)) return kept;
    let next = 0;
    return kept.filter((time) => {
      while (next < times.length && (times[next] as number) < time) next++;
      return times[next] === time;
    });
  }, first);
}

/** For each row the index of the point at that time, or -1. */
export function exactRows(rows: Float64Array, times: Float64Array): Int32Array | undefined {
  if (areEqual(rows, times)) return undefined;
  const found = new Int32Array(rows.length).fill(-1);
  let next = 0;
  for (let row = 0; row < rows.length; row++) {
    while (next < times.length && (times[next] as number) < (rows[row] as number)) next++;
    if (times[next] === rows[row]) found[row] = next;
  }
  return found;
}

/**
 * For each row the index of the latest point at or before that time and not older than the
 * tolerance, or -1.
 */
export function asOfRows(rows: Float64Array, times: Float64Array, tolerance: number): Int32Array {
  return Int32Array.from(rows, (time) => {
    const after = lowerBound(times, time);
    const index = times[after] === time ? after : after - 1;
    return index >= 0 && time - (times[index] as number) <= tolerance ? index : -1;
  });
}

function areEqual(left: Float64Array, right: Float64Array): boolean {
  if (left === right) return true;
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}
