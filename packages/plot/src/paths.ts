import type { Layout, Panel } from './layout.js';
import type { LinePoints } from './m4.js';
import { lowerBound, upperBound } from './m4.js';
import type { ChartModel } from './model.js';
import type { ChartSeries } from './source.js';
import { visiblePoints } from './view.js';

/** The outlines of one series, in tenths of a pixel: whole numbers are short, and fine enough. */
export interface SeriesPaths {
  /** Index of the series. */
  readonly index: number;
  readonly panel: Panel;
  readonly line: string;
  /** The area between minimum and maximum. */
  readonly band: string;
  /** Points without a neighbour to draw a line to, or all points where there are few. */
  readonly dots: string;
  readonly uncertain: string;
  readonly bad: string;
}

interface Scale {
  x(time: number): number;
  y(value: number): number;
}

/** Every series that is switched on, in the order of the model. */
export function seriesPaths(model: ChartModel, layout: Layout): SeriesPaths[] {
  const paths = layout.panels.flatMap((panel) =>
    panel.series.filter((index) => !layout.view.hidden.has(index)).map((index) => pathsOf(model, layout, panel, index)),
  );
  return paths.sort((one, other) => one.index - other.index);
}

function pathsOf(model: ChartModel, layout: Layout, panel: Panel, index: number): SeriesPaths {
  const series = model.series[index] as ChartSeries;
  const { view, left, plotWidth } = layout;
  const { low, high } = panel.axis;
  const perMs = (plotWidth * 10) / (view.end - view.start);
  const perUnit = (panel.height * 10) / (high - low);
  const bottom = (panel.top + panel.height) * 10;
  const scale: Scale = {
    x: (time) => Math.round(left * 10 + (time - view.start) * perMs),
    y: (value) => Math.round(bottom - (value - low) * perUnit),
  };
  const reduce = model.options.downsample !== false;
  const pixels = plotWidth * view.scale;
  const points = (values: Float64Array): LinePoints => visiblePoints(series, values, view, pixels, reduce);
  const main = points(series.values);
  const sparse = main.times.length <= plotWidth / 14 && !series.isStep && series.low === undefined;
  const band =
    series.low === undefined || series.high === undefined
      ? ''
      : area(points(series.low), points(series.high), scale, series.isStep);
  const marks = markPaths(series, layout, panel, scale);
  return { index, panel, line: outline(main, scale, series.isStep), band, dots: dots(main, scale, sparse), ...marks };
}

function outline({ times, values }: LinePoints, scale: Scale, isStep: boolean): string {
  let path = '';
  let pen = false;
  let atX = 0;
  let atY = 0;
  for (let index = 0; index < times.length; index++) {
    const value = values[index] as number;
    if (Number.isNaN(value)) {
      pen = false;
      continue;
    }
    const x = scale.x(times[index] as number);
    const y = scale.y(value);
    const right = x - atX;
    const down = y - atY;
    if (!pen) path += `M${x} ${y}`;
    else if (isStep) path += (right === 0 ? '' : `h${right}`) + (down === 0 ? '' : `v${down}`);
    else if (right !== 0 || down !== 0) path += segment(right, down);
    pen = true;
    atX = x;
    atY = y;
  }
  return path;
}

function segment(right: number, down: number): string {
  if (down === 0) return `h${right}`;
  return right === 0 ? `v${down}` : `l${right}${down < 0 ? '' : ' '}${down}`;
}

/** One closed shape for each stretch without a gap. Both edges are reduced by themselves, so their points need not pair up. */
function area(lows: LinePoints, highs: LinePoints, scale: Scale, isStep: boolean): string {
  const below = stretches(lows);
  return stretches(highs)
    .map((upper, index) => {
      const lower = below[index];
      return lower === undefined ? '' : `${outline(upper, scale, isStep)}${back(lower, scale, isStep)}Z`;
    })
    .join('');
}

/** The lower edge from right to left: a step holds until the next point, so the vertical part comes first. */
function back({ times, values }: LinePoints, scale: Scale, isStep: boolean): string {
  let path = '';
  for (let index = times.length - 1; index >= 0; index--) {
    const x = scale.x(times[index] as number);
    const y = scale.y(values[index] as number);
    path += isStep ? `V${y}H${x}` : `L${x} ${y}`;
  }
  return path;
}

function stretches({ times, values }: LinePoints): LinePoints[] {
  const found: LinePoints[] = [];
  let from = 0;
  for (let index = 0; index <= times.length; index++) {
    if (index < times.length && !Number.isNaN(values[index])) continue;
    if (index > from) found.push({ times: times.subarray(from, index), values: values.subarray(from, index) });
    from = index + 1;
  }
  return found;
}

/** A round line cap makes a dot of a line of no length; of a tenth of a pixel, for a canvas, which draws none. */
function dots({ times, values }: LinePoints, scale: Scale, all: boolean): string {
  let path = '';
  const missing = (index: number): boolean => Number.isNaN(values[index] ?? NaN);
  for (let index = 0; index < times.length; index++)
    if (!missing(index) && (all || (missing(index - 1) && missing(index + 1))))
      path += `M${scale.x(times[index] as number)} ${scale.y(values[index] as number)}h1`;
  return path;
}

/** One mark for each spot of six pixels: more cannot be told apart. A point without a value is marked at the bottom. */
function markPaths(
  series: ChartSeries,
  { view }: Layout,
  panel: Panel,
  scale: Scale,
): { uncertain: string; bad: string } {
  const paths = ['', '', ''];
  const seen = new Set<string>();
  const { indexes, levels } = series.marks ?? { indexes: [], levels: [] };
  const from = lowerBound(series.timestamps, view.start);
  const to = upperBound(series.timestamps, view.end);
  for (let mark = lowerBound(indexes, from); mark < indexes.length && (indexes[mark] as number) < to; mark++) {
    const index = indexes[mark] as number;
    const value = series.values[index] as number;
    const level = levels[mark] as number;
    const x = scale.x(series.timestamps[index] as number);
    const y = Number.isNaN(value) ? Math.round((panel.top + panel.height) * 10) - 40 : scale.y(value);
    const spot = `${level} ${Math.round(x / 60)} ${Math.round(y / 60)}`;
    if (level === 0 || seen.has(spot)) continue;
    seen.add(spot);
    paths[level] += level === 1 ? `M${x - 50} ${y}l50-50 50 50-50 50Z` : `M${x - 45} ${y - 45}l90 90m0-90l-90 90`;
  }
  return { uncertain: paths[1] as string, bad: paths[2] as string };
}
