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
  const { low, high } = panel.axis;
  const drawn = outline(
    main,
    scale,
    line.isStep,
    (time, value, isAlone) =>
      (isSparse || isAlone) &&
      time >= view.start &&
      time <= view.end &&
      value >= low &&
      value <= high,
  );
  return {
    area: parts.map((part) => part.area?.(line, scale, points) ?? '').join(''),
    line: drawn.line,
    strokes: [
      { d: drawn.dots, width: 50, isRound: true },
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

/**
 * The outline of points, and the dots on those inside a panel that have no neighbour to draw a line
 * to; on all of them where there are few. A round line cap makes a dot of a line of no length; of a
 * tenth of a pixel, for a canvas, which draws none.
 */
export function outline(
  { times, values }: LinePoints,
  scale: Scale,
  isStep: boolean,
  isDotted: (time: number, value: number, isAlone: boolean) => boolean = () => false,
): { readonly line: string; readonly dots: string } {
  let line = '';
  let dots = '';
  let pen = false;
  let atX = 0;
  let atY = 0;
  for (let index = 0; index < times.length; index++) {
    const time = times[index] as number;
    const value = values[index] as number;
    if (Number.isNaN(value)) {
      pen = false;
      continue;
    }
    const x = scale.x(time);
    const y = scale.y(value);
    const right = x - atX;
    const down = y - atY;
    const start = `M${x} ${y}`;
    if (isDotted(time, value, !pen && Number.isNaN(values[index + 1] ?? NaN))) dots += `${start}h1`;
    if (!pen) line += start;
    else line += isStep ? segment(right, 0) + segment(0, down) : segment(right, down);
    pen = true;
    atX = x;
    atY = y;
  }
  return { line, dots };
}

function segment(right: number, down: number): string {
  if (down === 0) return right === 0 ? '' : `h${right}`;
  return right === 0 ? `v${down}` : `l${right}${down < 0 ? '' : ' '}${down}`;
}
