/** Points of a line, in order of time. A NaN value lifts the pen; all others are finite. */
export interface LinePoints {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** Index of the first time at or after `time`. */
export function lowerBound(times: ArrayLike<number>, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index after the last time at or before `time`. */
export function upperBound(times: ArrayLike<number>, time: number): number {
  let index = lowerBound(times, time);
  while (times[index] === time) index++;
  return index;
}

/**
 * The median distance between times, of at most about a thousand of them; infinite where there are
 * fewer than two.
 */
export function usualGap(times: Float64Array): number {
  const stride = Math.ceil(times.length / 1000);
  const distances = Float64Array.from({ length: (times.length - 1) / stride }, (_, index) => {
    const at = index * stride;
    return (times[at + 1] as number) - (times[at] as number);
  }).sort();
  return distances[distances.length >> 1] || Infinity;
}

/**
 * More gaps than these within one column of pixels cannot be seen, and would make the output as
 * long as the input.
 */
const GAPS_PER_COLUMN = 4;

/**
 * The points of a line that are left after keeping, for every column of pixels, its first, lowest,
 * highest and last point: they give the same pixels as all points (M4, Jugel et al. 2014); in a
 * column with more than four gaps, the same height. Includes the nearest point on each side of the
 * window.
 *
 * The loop has no closure over its variables: captured doubles are boxed, which costs an order of
 * magnitude.
 *
 * @param columns `Infinity` keeps every point
 * @param maxGap the line is broken where points are further apart. @unit milliseconds
 */
export function downsample(
  times: Float64Array,
  values: Float64Array,
  start: number,
  end: number,
  columns: number,
  maxGap: number,
): LinePoints {
  const outTimes: number[] = [];
  const outValues: number[] = [];
  const width = (end - start) / columns;
  const last = Math.min(times.length, upperBound(times, end) + 1);
  let index = Math.max(0, lowerBound(times, start) - 1);
  let previous = NaN;
  let runStop = -Infinity;
  let runs = 0;
  while (index < last) {
    let time = times[index] as number;
    let value = values[index] as number;
    const missing = !Number.isFinite(value);
    if (missing || time - previous > maxGap) {
      if (!Number.isNaN(outValues.at(-1) ?? NaN)) {
        outTimes.push(time);
        outValues.push(NaN);
      }
      if (missing) {
        index++;
        previous = NaN;
        continue;
      }
    }
    const stop = start + (Math.floor((time - start) / width) + 1) * width;
    runs = stop === runStop ? runs + 1 : 0;
    runStop = stop;
    // Within a column that already has many gaps, further ones are drawn over; not one at its end.
    const crowded = runs >= GAPS_PER_COLUMN;
    const first = index;
    let final = index;
    let lowIndex = index;
    let highIndex = index;
    let low = value;
    let high = value;
    let isOpen = false;
    previous = time;
    for (index++; index < last; index++) {
      time = times[index] as number;
      // With endless columns `stop` is NaN: each point has a column of its own.
      if (!(time < stop)) break;
      value = values[index] as number;
      const absent = !Number.isFinite(value);
      if ((absent || time - previous > maxGap) && !crowded) break;
      isOpen = absent;
      if (absent) continue;
      if (value < low) {
        low = value;
        lowIndex = index;
      } else if (value > high) {
        high = value;
        highIndex = index;
      }
      previous = time;
      final = index;
    }
    let kept = -1;
    for (const each of [
      first,
      Math.min(lowIndex, highIndex),
      Math.max(lowIndex, highIndex),
      final,
    ]) {
      if (each === kept) continue;
      outTimes.push(times[each] as number);
      outValues.push(values[each] as number);
      kept = each;
    }
    if (isOpen) {
      outTimes.push(time);
      outValues.push(NaN);
    }
  }
  return { times: new Float64Array(outTimes), values: new Float64Array(outValues) };
}
