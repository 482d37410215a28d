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
 * Lowest and highest value of what is drawn between two times; Infinity and -Infinity when there is nothing. Where a window
 * lies between two points, they are what is drawn; a step shows the value that it came in with.
 */
export function extentOf(series: ChartSeries, start: number, end: number): Extent {
  const { timestamps, isStep, extent } = series;
  const from = lowerBound(timestamps, start);
  const to = upperBound(timestamps, end);
  if (from === 0 && to === timestamps.length) return extent;
  const between = from === to;
  return scan(
    series,
    isStep || between ? Math.max(0, from - 1) : from,
    between && !isStep ? Math.min(timestamps.length, to + 1) : to,
  );
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
