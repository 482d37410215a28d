import type { ChartModel } from '../chart-model.js';
import type { Layout, Panel, Scale, SeriesPaths } from '../layout-types.js';
import type { LinePoints } from '../m4.js';
import type { ChartSeries } from '../source.js';
import type { TextPanel } from '../terminal-canvas.js';
import { visiblePoints } from '../view.js';

// The first mark, which draws what no other does. Its functions are apart, since a page needs no
// characters.

/** A line through the points, or steps, with a dot on points that stand alone. */
export function linePaths(
  { options, parts }: ChartModel,
  line: ChartSeries,
  scale: Scale,
  layout: Layout,
  panel: Panel,
): Partial<SeriesPaths> {
  const { view, plotWidth } = layout;
  const pixels = options.downsample === false ? Infinity : Math.ceil(plotWidth * view.scale);
  const points = (values: Float64Array): LinePoints => visiblePoints(line, values, view, pixels);
  const main = points(line.values);
  const isSparse = main.times.length <= plotWidth / 14 && !line.isStep && line.low === undefined;
  return {
    area: parts.map((part) => part.area?.(line, scale, points) ?? '').join(''),
    line: outline(main, scale, line.isStep),
    strokes: [
      { d: dots(main, scale, isSparse, layout, panel), width: 50, isRound: true },
      ...parts.flatMap((part) => part.marks?.(line, scale, layout, panel) ?? []),
    ],
  };
}

/** The same in braille dots. */
export function lineText(
  _: ChartModel,
  series: ChartSeries,
  { canvas, index, view, x, y }: TextPanel,
): void {
  const { times, values } = visiblePoints(series, series.values, view, canvas.width * 2);
  let before: [number, number] | undefined;
  times.forEach((time, at) => {
    const value = values[at] as number;
    if (Number.isNaN(value)) {
      before = undefined;
      return;
    }
    const [toX, toY] = [x(time), y(value)];
    const [fromX, fromY] = before ?? [toX, toY];
    if (series.isStep) {
      canvas.line(fromX, fromY, toX, fromY, index);
      canvas.line(toX, fromY, toX, toY, index);
    } else canvas.line(fromX, fromY, toX, toY, index);
    before = [toX, toY];
  });
}

export function outline({ times, values }: LinePoints, scale: Scale, isStep: boolean): string {
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
    else path += isStep ? segment(right, 0) + segment(0, down) : segment(right, down);
    pen = true;
    atX = x;
    atY = y;
  }
  return path;
}

function segment(right: number, down: number): string {
  if (down === 0) return right === 0 ? '' : `h${right}`;
  return right === 0 ? `v${down}` : `l${right}${down < 0 ? '' : ' '}${down}`;
}

/**
 * Points in the panel without a neighbour to draw a line to, or all points where there are few. A
 * round line cap makes a dot of a line of no length; of a tenth of a pixel, for a canvas, which
 * draws none.
 */
function dots(
  { times, values }: LinePoints,
  scale: Scale,
  all: boolean,
  { view }: Layout,
  { axis }: Panel,
): string {
  let path = '';
  for (let index = 0; index < times.length; index++) {
    const time = times[index] as number;
    const value = values[index] as number;
    const isAlone =
      all || (Number.isNaN(values[index - 1] ?? NaN) && Number.isNaN(values[index + 1] ?? NaN));
    // Comparisons with NaN are false, as a missing value needs.
    if (
      isAlone &&
      time >= view.start &&
      time <= view.end &&
      value >= axis.low &&
      value <= axis.high
    )
      path += `M${scale.x(time)} ${scale.y(value)}h1`;
  }
  return path;
}
