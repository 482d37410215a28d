import type { Layout } from './layout.js';
import { legendName } from './legend.js';
import { upperBound } from './m4.js';
import type { ChartModel } from './model.js';
import type { ChartSeries } from './source.js';
import { describeZone } from './time-zone.js';
import { valueFormat } from './value-axis.js';
import { extentOf } from './view.js';

/** More series than these nobody listens to. */
const SPOKEN = 20;

/** What a screen reader says of a chart. */
export function describeChart(model: ChartModel, layout: Layout): string {
  const { series, zone, options } = model;
  if (options.description !== undefined) return options.description;
  const { start, end } = layout.view;
  const date = zone.format({ dateStyle: 'medium', timeStyle: 'short' });
  const format = valueFormat(zone.locale);
  const ranges = series.map((line) => {
    const [low, high] = extentOf(line, start, end);
    if (low > high) return legendName(line);
    const [least, most, last] = [low, high, lastValue(line, end)].map(format);
    return `${line.label}, from ${least} to ${most}${line.unit && ` ${line.unit}`}, at last ${last}`;
  });
  const more = ranges.splice(SPOKEN).length;
  const window = `${date(start)} to ${date(end)} (${describeZone(zone, start, end)})`;
  return `Line chart of ${series.length} time series, ${window}. ${ranges.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`;
}

/** The value at the right edge: of the last point there that has one. */
function lastValue({ timestamps, values }: ChartSeries, end: number): number {
  let index = upperBound(timestamps, end) - 1;
  while (index > 0 && Number.isNaN(values[index])) index--;
  return values[Math.max(0, index)] as number;
}

/** A chart in one line: `Chart: 2 series, 2,880 points, 1 Jan 2026 to 2 Jan 2026 (UTC)`. */
export function summarize({ series, zone, start, end, title }: ChartModel): string {
  const points = series.reduce((sum, { timestamps }) => sum + timestamps.length, 0);
  const date = zone.format({ dateStyle: 'medium' });
  const window = `${date(start)} to ${date(end)} (${describeZone(zone, start, end)})`;
  const name = title === '' ? '' : ` "${title}"`;
  return `Chart${name}: ${series.length} series, ${valueFormat(zone.locale)(points)} ${points === 1 ? 'point' : 'points'}, ${window}`;
}
