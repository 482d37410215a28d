import type { Layout } from './layout.js';
import type { ChartModel } from './model.js';
import { describeZone } from './time-zone.js';
import { formatValue } from './value-axis.js';
import { extentOf } from './view.js';

/** What a screen reader says of a chart. */
export function describeChart(model: ChartModel, layout: Layout): string {
  const { series, zone, options } = model;
  if (options.description !== undefined) return options.description;
  const { start, end } = layout.view;
  const date = zone.format({ dateStyle: 'medium', timeStyle: 'short' });
  const ranges = series.map((line) => {
    const [low, high] = extentOf(line, start, end);
    if (low > high) return line.label;
    const unit = line.unit === '' ? '' : ` ${line.unit}`;
    return `${line.label}, from ${formatValue(low, zone.locale)} to ${formatValue(high, zone.locale)}${unit}`;
  });
  const window = `${date(start)} to ${date(end)} (${describeZone(zone, start, end)})`;
  return `Line chart of ${series.length} time series, ${window}. ${ranges.join('; ')}.`;
}

/** A chart in one line: `Chart: 2 series, 2,880 points, 1 Jan 2026 to 2 Jan 2026 (UTC)`. */
export function summarize({ series, zone, start, end, title }: ChartModel): string {
  const points = series.reduce((sum, { timestamps }) => sum + timestamps.length, 0);
  const date = zone.format({ dateStyle: 'medium' });
  const window = `${date(start)} to ${date(end)} (${describeZone(zone, start, end)})`;
  const name = title === '' ? '' : ` "${title}"`;
  return `Chart${name}: ${series.length} series, ${formatValue(points, zone.locale)} ${points === 1 ? 'point' : 'points'}, ${window}`;
}
