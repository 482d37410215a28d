import type { ChartModel } from './chart-model.js';
import type { Layout, Mark, Panel, Scale } from './layout-types.js';
import type { LinePoints } from './m4.js';
import type { ChartSeries } from './source.js';
import { visiblePoints } from './view.js';

/** The outlines of one series, in tenths of a pixel: whole numbers are short, and fine enough. */
export interface SeriesPaths {
  /** Index of the series. */
  readonly index: number;
  readonly panel: Panel;
  /** Drawn inside the panel, as the line is. */
  readonly area: string;
  readonly line: string;
  /** Drawn whole, also on the edge. */
  readonly marks: readonly Mark[];
}

/** Every series that is switched on, in the order of the model. */
export function seriesPaths(model: ChartModel, layout: Layout): SeriesPaths[] {
  const paths = layout.panels.flatMap((panel) =>
    panel.series.filter((index) => !layout.view.hidden.has(index)).map((index) => pathsOf(model, layout, panel, index)),
  );
  return paths.sort((one, other) => one.index - other.index);
}

function pathsOf({ series, options, parts }: ChartModel, layout: Layout, panel: Panel, index: number): SeriesPaths {
  const line = series[index] as ChartSeries;
  const { view, plotWidth } = layout;
  const scale: Scale = {
    x: (time) => Math.round(layout.x(time) * 10),
    y: (value) => Math.round(panel.y(value) * 10),
  };
  const pixels = options.downsample === false ? Infinity : Math.ceil(plotWidth * view.scale);
  const points = (values: Float64Array): LinePoints => visiblePoints(line, values, view, pixels);
  const main = points(line.values);
  const isSparse = main.times.length <= plotWidth / 14 && !line.isStep && line.low === undefined;
  return {
    index,
    panel,
    area: parts.map((part) => part.area?.(line, scale, points) ?? '').join(''),
    line: outline(main, scale, line.isStep),
    marks: [
      { d: dots(main, scale, isSparse, layout, panel), width: 50 },
      ...parts.flatMap((part) => part.marks?.(line, scale, layout, panel) ?? []),
    ],
  };
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
 * Points in the panel without a neighbour to draw a line to, or all points where there are few. A round line cap makes a dot of a
 * line of no length; of a tenth of a pixel, for a canvas, which draws none.
 */
function dots({ times, values }: LinePoints, scale: Scale, all: boolean, { view }: Layout, { axis }: Panel): string {
  let path = '';
  for (let index = 0; index < times.length; index++) {
    const time = times[index] as number;
    const value = values[index] as number;
    const isAlone = all || (Number.isNaN(values[index - 1] ?? NaN) && Number.isNaN(values[index + 1] ?? NaN));
    // Comparisons with NaN are false, as a missing value needs.
    if (isAlone && time >= view.start && time <= view.end && value >= axis.low && value <= axis.high)
      path += `M${scale.x(time)} ${scale.y(value)}h1`;
  }
  return path;
}
