import { ConfigError } from '@cdf/core';
import type { ChartPart } from './chart-model.js';
import { LATEST } from './draw-options.js';
import type { ChartSeries } from './source.js';

/**
 * The line with its points in order of time: itself where they are, else a sorted copy.
 *
 * @throws {ConfigError} when a time is not one in milliseconds, or there are more or fewer values.
 */
export function inOrder(line: ChartSeries, parts: readonly ChartPart[]): ChartSeries {
  const { label, timestamps, values, absent } = line;
  const { length } = timestamps;
  if (absent !== undefined) return line;
  let problem = values.length === length ? '' : `${length} timestamps for ${values.length} values`;
  let before = -LATEST;
  let isSorted = true;
  for (let index = 0; index < length; index++) {
    const time = timestamps[index] as number;
    isSorted &&= time >= before;
    before = time;
    // NaN fails the comparison.
    if (!(Math.abs(time) <= LATEST))
      problem = `timestamp ${index} is ${time}, not a time in milliseconds`;
  }
  if (problem) throw new ConfigError(`plot: ${label}: ${problem}`);
  if (isSorted) return line;
  const order = Uint32Array.from(timestamps.keys()).sort(
    (one, two) => (timestamps[one] as number) - (timestamps[two] as number) || one - two,
  );
  const copy = { ...line, timestamps: ordered(timestamps, order), values: ordered(values, order) };
  return parts.reduce((each: ChartSeries, part) => part.moved?.(each, order) ?? each, copy);
}

/** A copy of a column in another order. */
export function ordered(column: Float64Array, order: Uint32Array): Float64Array {
  return column.map((_, index) => column[order[index] as number] as number);
}
