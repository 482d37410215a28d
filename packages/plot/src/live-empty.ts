import { EmptyDataError } from '@cdf/core';
import type { ChartMark, MadeSeries } from './chart-model.js';
import type { DrawOptions } from './draw-options.js';
import { legendName } from './legend.js';
import type { ChartSeries } from './source.js';

/**
 * The mark of a live chart, which goes on while there is nothing to draw: the axis has the window,
 * and the names of the series say why there are no lines. Points may come; text stays text.
 *
 * @param mark that it draws like; undefined: lines
 */
export function mayBeEmpty(mark: ChartMark | undefined): ChartMark {
  return {
    part: 'liveLines',
    ...mark,
    data(lines, options) {
      const made = madeBy(mark, lines, options);
      const series = made?.series ?? lines;
      if (series.some(({ absent }) => absent === undefined)) return made;
      const { start = 0, end = start } = options;
      return { series: series.map(waiting), across: (zone) => ({ zone, start, end }) };
    },
  };
}

function madeBy(
  mark: ChartMark | undefined,
  lines: readonly ChartSeries[],
  options: DrawOptions,
): MadeSeries | undefined {
  try {
    return mark?.data?.(lines, options);
  } catch (error) {
    // A mark of several series rejects what has too few; of those, the others may only be quiet.
    const isQuiet = lines.some(({ absent }) => absent === 'no data');
    const drawn = lines.filter(({ absent }) => absent === undefined);
    if (!(error instanceof EmptyDataError || (isQuiet && drawn.length < 2))) throw error;
    const series = lines.map((line) => ({ ...line, absent: line.absent ?? NOTHING_COMMON }));
    return { series, across: (zone) => ({ zone, start: 0, end: 0 }) };
  }
}

const NOTHING_COMMON = 'no common times';

function waiting(line: ChartSeries): ChartSeries {
  const { absent, states } = line;
  if (absent === 'text' || absent === 'no raw values') return line;
  const none = new Float64Array();
  return {
    ...line,
    absent: undefined,
    // The row of states has the name only.
    label: states ? line.label : legendName(line),
    timestamps: none,
    values: none,
    ...(line.low && { low: none, high: none }),
    statuses: undefined,
    extent: [Infinity, -Infinity],
  };
}
