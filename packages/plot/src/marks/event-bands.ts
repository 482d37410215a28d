import type { ChartMark, ChartModel } from '../chart-model.js';
import type { ChartEvent } from '../draw-options.js';
import { tenth } from '../markup.js';
import { seriesTone } from '../palette.js';
import { escapeMarkup, plainTexts } from '../text.js';

/** Draws events as bands behind the lines, with one entry of the legend for each type. */
export function eventBands(given: readonly ChartEvent[]): ChartMark {
  const events = given.map(({ startTime, endTime, ...event }) => ({
    ...event,
    type: 'event',
    ...plainTexts(event),
    // Tables and other services write null for a missing time.
    startTime: startTime ?? undefined,
    endTime: endTime ?? undefined,
  }));
  const types = [...new Set(events.map(({ type }) => type))];
  // Bands take the colours that the series and other marks leave.
  const taken = ({ series, parts }: ChartModel): number =>
    parts.reduce((sum, part) => sum + (part.colors?.(series) ?? 0), series.length);
  const colorOf = (type: string, series: number): number => (series + types.indexOf(type)) % 8;
  const textOf = ({ type, subtype, description }: ChartEvent): string =>
    [type, subtype, description].filter(Boolean).join(': ');
  return {
    part: 'eventBands',
    entries: (model) =>
      types.map((name) => ({ name, swatch: { area: 0.3 }, color: colorOf(name, taken(model)) })),
    behind(model, { view, x, top, plotHeight }, colors) {
      // Short events that would cover each other are drawn once.
      const seen = new Set<string>();
      return events
        .map((event) => {
          const { startTime = view.start, endTime = view.end, type } = event;
          const from = x(Math.max(startTime, view.start));
          // An event without a duration is still there to see.
          const width = Math.max(1, x(Math.min(endTime, view.end)) - from);
          const color = colorOf(type, taken(model));
          const spot = [color, from, width].map(Math.round).join(' ');
          if (startTime > view.end || endTime < view.start || seen.has(spot)) return '';
          seen.add(spot);
          return `<rect data-event="" ${seriesTone(color, 'fill', colors)} fill-opacity="${width > 1 ? '.16' : '.7'}" x="${tenth(from)}" y="${top}" width="${tenth(width)}" height="${tenth(plotHeight)}"><title>${escapeMarkup(textOf(event))}</title></rect>`;
        })
        .join('');
    },
    notes: (time) =>
      events
        .filter(({ startTime = time, endTime = time }) => startTime <= time && time <= endTime)
        .slice(0, 5)
        .map(textOf),
  };
}
