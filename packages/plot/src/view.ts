import { downsample, type LinePoints, lowerBound, upperBound } from './m4.js';
import type { ChartSeries } from './source.js';

/** Which part of a chart is looked at, and on what. */
export interface View {
  /** @unit milliseconds since the epoch */
  readonly start: number;
  /** @unit milliseconds since the epoch */
  readonly end: number;
  /** @unit pixels */
  readonly width: number;
  /** Absent: as high as the content needs. @unit pixels */
  readonly height: number | undefined;
  /** Device pixels per pixel: how fine lines are drawn. */
  readonly scale: number;
  /** Indexes of series that are switched off. */
  readonly hidden: ReadonlySet<number>;
}

/** Lowest and highest value between two times; Infinity and -Infinity when there is none. */
export function extentOf(series: ChartSeries, start: number, end: number): [low: number, high: number] {
  const lows = series.low ?? series.values;
  const highs = series.high ?? series.values;
  const from = lowerBound(series.timestamps, start);
  const to = upperBound(series.timestamps, end);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  // Comparisons with NaN are false, which is what a missing value needs.
  for (let index = from; index < to; index++) {
    const below = lows[index] as number;
    const above = highs[index] as number;
    if (below < low) low = below;
    if (above > high) high = above;
  }
  if (series.low === undefined) return [low, high];
  // A band may leave out what the line has.
  const line = extentOf({ ...series, low: undefined, high: undefined }, start, end);
  return [Math.min(low, line[0]), Math.max(high, line[1])];
}

/** The points of a column of a series that a view of this many pixels can show. */
export function visiblePoints(
  series: ChartSeries,
  values: Float64Array,
  view: View,
  pixels: number,
  reduce: boolean,
): LinePoints {
  const { timestamps, maxGap } = series;
  return reduce
    ? downsample(timestamps, values, view.start, view.end, Math.ceil(pixels), maxGap)
    : everyPoint(timestamps, values, view, maxGap);
}

function everyPoint(timestamps: Float64Array, values: Float64Array, view: View, maxGap: number): LinePoints {
  const from = Math.max(0, lowerBound(timestamps, view.start) - 1);
  const to = Math.min(timestamps.length, upperBound(timestamps, view.end) + 1);
  const times: number[] = [];
  const kept: number[] = [];
  for (let index = from; index < to; index++) {
    const time = timestamps[index] as number;
    if (index > from && time - (timestamps[index - 1] as number) > maxGap) {
      times.push(time);
      kept.push(Number.NaN);
    }
    times.push(time);
    kept.push(values[index] as number);
  }
  return { times: Float64Array.from(times), values: Float64Array.from(kept) };
}
