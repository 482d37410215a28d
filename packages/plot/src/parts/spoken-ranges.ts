import { type ChartPart, markOf } from '../chart-model.js';
import { legendName } from '../legend.js';
import { upperBound } from '../m4.js';
import type { ChartSeries } from '../source.js';
import { valueFormat } from '../value-axis.js';
import { extentOf } from '../view.js';

/** The most series that a screen reader description names. */
const SPOKEN = 20;

/** Tells screen readers the lowest, the highest and the last value of each series. */
export const spokenRanges: ChartPart = {
  part: 'spokenRanges',
  describe(model, { start, end }) {
    const { series, zone } = model;
    const format = valueFormat(zone.locale);
    const ranges = series.slice(0, SPOKEN).map((line) => {
      const [low, high] = extentOf(line, start, end);
      const speak = markOf(model, line)?.speak;
      if (speak && line.absent === undefined) return `${line.label}, ${speak(line, end, format)}`;
      if (line.absent !== undefined || low > high) return legendName(line);
      const [least, most, last] = [low, high, lastValue(line, end)].map(format);
      return `${line.label}, from ${least} to ${most}${line.unit && ` ${line.unit}`}, at last ${last}`;
    });
    if (series.length > SPOKEN) ranges.push(`and ${series.length - SPOKEN} more`);
    return ` ${ranges.join('; ')}.`;
  },
};

/** The value at the right edge: of the last point there that has one. */
function lastValue({ timestamps, values }: ChartSeries, end: number): number {
  let index = upperBound(timestamps, end) - 1;
  while (index > 0 && !Number.isFinite(values[index])) index--;
  return values[Math.max(0, index)] as number;
}
