import type { ChartModel } from './chart-model.js';
import type { Layout } from './layout-types.js';
import { plainText } from './text.js';
import { valueFormat } from './value-axis.js';

/** The description of a chart for screen readers. */
export function describeChart(model: ChartModel, { view }: Layout): string {
  const { series, zone, options, parts } = model;
  const { start, end } = view;
  const date = zone.format({ dateStyle: 'medium', timeStyle: 'short' });
  const noun = parts.find((part) => part.noun)?.noun ?? 'Line chart';
  const more = parts.map((part) => part.describe?.(model, view) ?? '').join('');
  return plainText(
    options.description ??
      `${noun} of ${series.length} time series, ${date(start)} to ${date(end)} (${zone.describe(start, end)}).${more}`,
  );
}

/** A chart in one line: `Chart: 2 series, 2,880 points, 1 Jan 2026 to 2 Jan 2026 (UTC)`. */
export function summarize({ series, zone, start, end, title }: ChartModel): string {
  const points = series.reduce(
    (sum, { timestamps, points: own = timestamps.length }) => sum + own,
    0,
  );
  const date = zone.format({ dateStyle: 'medium' });
  const clock = zone.format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const days = [start, end].map(date);
  const edges =
    days[0] === days[1] ? `${days[0]}, ${clock(start)} to ${clock(end)}` : days.join(' to ');
  const window = `${edges} (${zone.describe(start, end)})`;
  const name = title === '' ? '' : ` "${title}"`;
  return `Chart${name}: ${series.length} series, ${valueFormat(zone.locale)(points)} ${points === 1 ? 'point' : 'points'}, ${window}`;
}
