/** Points of a line, in order of time. A NaN value lifts the pen. */
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

/** More gaps than these within one column of pixels cannot be seen, and would make the output as long as the input. */
const GAPS_PER_COLUMN = 4;

/**
 * What is left of a line after keeping, for every column of pixels, its first, lowest, highest and last point: drawn, it
 * gives the same pixels as all points (M4, Jugel et al. 2014). Includes the nearest point on each side of the window.
 *
 * The loop has no closure over its variables: captured doubles are boxed, which costs an order of magnitude.
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
  const room = Math.min(columns * 5, times.length) + 64;
  let outTimes = new Float64Array(room);
  let outValues = new Float64Array(room);
  let out = 0;
  const width = (end - start) / columns;
  const last = Math.min(times.length, upperBound(times, end) + 1);
  let index = Math.max(0, lowerBound(times, start) - 1);
  let previous = NaN;
  let runStop = -Infinity;
  let runs = 0;
  while (index < last) {
    let time = times[index] as number;
    let value = values[index] as number;
    const missing = Number.isNaN(value);
    if (missing || time - previous > maxGap) {
      if (out > 0 && !Number.isNaN(outValues[out - 1])) {
        outTimes[out] = time;
        outValues[out++] = NaN;
      }
      if (missing) {
        do index++;
        while (index < last && Number.isNaN(values[index]));
        previous = NaN;
        continue;
      }
    }
    if (out + 8 > outTimes.length) {
      outTimes = grow(outTimes);
      outValues = grow(outValues);
    }
    const stop = start + (Math.floor((time - start) / width) + 1) * width;
    runs = stop === runStop ? runs + 1 : 0;
    runStop = stop;
    // Within a column that already has many gaps, further ones are drawn over.
    const crowded = runs >= GAPS_PER_COLUMN;
    const first = index;
    let final = index;
    let lowIndex = index;
    let highIndex = index;
    let low = value;
    let high = value;
    previous = time;
    for (index++; index < last; index++) {
      time = times[index] as number;
      // With endless columns `stop` is NaN: each point has a column of its own.
      if (!(time < stop)) break;
      value = values[index] as number;
      const absent = Number.isNaN(value);
      if ((absent || time - previous > maxGap) && !crowded) break;
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
    const one = Math.min(lowIndex, highIndex);
    const two = Math.max(lowIndex, highIndex);
    outTimes[out] = times[first] as number;
    outValues[out++] = values[first] as number;
    if (one !== first && one < final) {
      outTimes[out] = times[one] as number;
      outValues[out++] = values[one] as number;
    }
    if (two !== one && two !== first && two < final) {
      outTimes[out] = times[two] as number;
      outValues[out++] = values[two] as number;
    }
    if (final !== first) {
      outTimes[out] = times[final] as number;
      outValues[out++] = values[final] as number;
    }
  }
  return { times: outTimes.subarray(0, out), values: outValues.subarray(0, out) };
}

function grow(array: Float64Array): Float64Array<ArrayBuffer> {
  const bigger = new Float64Array(array.length * 2);
  bigger.set(array);
  return bigger;
}
