import { downsample, type LinePoints, lowerBound, upperBound } from './m4.js';
import { type ChartSeries, type Extent, scan } from './source.js';

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

/**
 * Lowest and highest value of what is drawn between two times; Infinity and -Infinity when there is
 * nothing. Where a window lies between two points, they are what is drawn; a step shows the value
 * that it came in with.
 */
export function extentOf(series: ChartSeries, start: number, end: number): Extent {
  const { timestamps, isStep, extent } = series;
  const from = lowerBound(timestamps, start);
  const to = upperBound(timestamps, end);
  if (from === 0 && to === timestamps.length) return extent;
  const between = from === to;
  // Outside of a column there are no values.
  return scan(series, isStep || between ? from - 1 : from, between && !isStep ? to + 1 : to);
}

/**
 * The points of a column of a series that a view of this many pixels can show; of `Infinity`, all
 * that are in it. The last value of a step holds until the end.
 */
export function visiblePoints(
  series: ChartSeries,
  values: Float64Array,
  view: View,
  pixels: number,
): LinePoints {
  const { timestamps, maxGap, isStep, bucket = maxGap } = series;
  const points = downsample(timestamps, values, view.start, view.end, pixels, maxGap);
  const [time, value] = [points.times.at(-1), points.values.at(-1)] as [number, number];
  const until = Math.min(view.end, time + bucket);
  // Comparisons with a missing time or value are false.
  if (!isStep || !(until > time && value < Infinity)) return points;
  const withLast = (column: Float64Array, last: number): Float64Array =>
    new Float64Array([...column, last]);
  return { times: withLast(points.times, until), values: withLast(points.values, value) };
}
