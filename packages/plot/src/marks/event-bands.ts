import { ConfigError } from '@cdf/core';
import type { ChartMark } from '../chart-model.js';
import { type ChartEvent, isColor, LATEST } from '../draw-options.js';
import { tenth } from '../markup.js';
import { type ColorName, toneOf } from '../palette.js';
import { escapeMarkup, withPlainNames, withPlainTexts } from '../text.js';
import type { Zone } from '../time-zone.js';

/** An event that has a type, and times that are dates or absent. */
export type ReadEvent = ChartEvent & { readonly type: string };

/**
 * Events as they are drawn: with safe strings. Tables and other services write null for a missing
 * time, or one beyond all dates: the event is open.
 */
export function readEvents(given: readonly ChartEvent[]): ReadEvent[] {
  return given.map((event) => {
    const { startTime, endTime, type, ...texts } = withPlainTexts(event);
    return {
      ...texts,
      // Other services write '' or null, too.
      type: (typeof type === 'string' && type) || 'event',
      startTime: (startTime ?? NaN) >= -LATEST ? startTime : undefined,
      endTime: (endTime ?? NaN) <= LATEST ? endTime : undefined,
    };
  });
}

/** When an event was: `1 Jan 2026, 06:00 to 12:00`. */
export function spanOf({ startTime, endTime }: ChartEvent, { format }: Zone): string {
  const date = format({ dateStyle: 'medium' });
  const clock = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const at = (time: number): string => `${date(time)}, ${clock(time)}`;
  if (startTime === undefined) return endTime === undefined ? 'always' : `until ${at(endTime)}`;
  if (endTime === undefined) return `from ${at(startTime)}`;
  if (startTime === endTime) return at(startTime);
  const isOneDay = date(startTime) === date(endTime);
  return `${at(startTime)} to ${isOneDay ? clock(endTime) : at(endTime)}`;
}

/**
 * The colour of each type of events: the one that was chosen, else one of the palette in the order
 * of their names, from its end: lines begin at the other one. Events of one type are grey.
 */
export function eventColors(
  events: readonly ReadEvent[],
  named: Readonly<Record<string, string>>,
): Map<string, ColorName> {
  const types = [...new Set(events.map(({ type }) => type))].sort();
  return new Map(
    types.map((type, index) => [
      type,
      Object.hasOwn(named, type)
        ? (named[type] as ColorName)
        : types[1] === undefined
          ? 'axis'
          : 7 * (index + 1),
    ]),
  );
}

/**
 * Draws events as bands behind the lines, named in the legend. Each type has a colour of its own;
 * events of one type are grey.
 *
 * @throws {ConfigError} when an event ends before it starts, as CDF rejects it, or a colour is
 * invalid.
 * @param named colours of types, as CSS writes them in hexadecimal: `{ trip: '#b3261e' }`
 */
export function eventBands(
  given: readonly ChartEvent[],
  named: Readonly<Record<string, string>> = {},
): ChartMark {
  const colors = withPlainNames(named);
  if (!Object.values(colors).every(isColor))
    throw new ConfigError('plot: colors of events must be like #0072b2');
  const events = readEvents(given);
  for (const [index, { startTime = -Infinity, endTime = Infinity }] of events.entries())
    if (startTime > endTime) throw new ConfigError(`plot: events[${index}] ends before it starts`);
  const byType = eventColors(events, colors);
  const textOf = (event: ReadEvent, zone: Zone): string =>
    `${[event.type, event.subtype, event.description].filter(Boolean).join(': ')}, ${spanOf(event, zone)}`;
  return {
    part: 'eventBands',
    entries: () => [...byType].map(([name, color]) => ({ name, swatch: { area: 0.3 }, color })),
    behind({ zone }, { view, x, top, plotHeight }, palette) {
      // Short events that would cover each other are drawn once.
      const seen = new Set<string>();
      return events
        .map((event) => {
          const { startTime = view.start, endTime = view.end, type } = event;
          const from = x(Math.max(startTime, view.start));
          // An event without a duration is still there to see.
          const width = Math.max(1, x(Math.min(endTime, view.end)) - from);
          const color = byType.get(type) as ColorName;
          const spot = `${color} ${Math.round(from)} ${Math.round(width)}`;
          if (startTime > view.end || endTime < view.start || seen.has(spot)) return '';
          seen.add(spot);
          return `<rect data-event="" ${toneOf(color, 'fill', palette)} fill-opacity="${width > 1 ? '.2' : '.8'}" x="${tenth(from)}" y="${top}" width="${tenth(width)}" height="${tenth(plotHeight)}"><title>${escapeMarkup(textOf(event, zone))}</title></rect>`;
        })
        .join('');
    },
    notes: (time, zone) =>
      events
        .filter(({ startTime = time, endTime = time }) => startTime <= time && time <= endTime)
        .slice(0, 5)
        .map((event) => textOf(event, zone)),
  };
}
