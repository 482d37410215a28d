import type { ChartModel } from './model.js';
import { dashOf } from './palette.js';
import type { ChartSeries } from './source.js';
import { fitText, textWidth } from './text.js';
import type { View } from './view.js';

/** What the swatch of an entry shows. */
export type Swatch = 'line' | 'step' | 'band' | 'event' | 'uncertain' | 'bad' | 'none';

export interface LegendEntry {
  readonly swatch: Swatch;
  /** The whole name; `text` may be cut. */
  readonly name: string;
  readonly text: string;
  /** Left end of the swatch, and baseline of the text. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Index of a series that can be switched off. */
  readonly series: number | undefined;
  /** Index into the palette. */
  readonly color: number;
  readonly dash: readonly number[];
}

export interface Legend {
  readonly entries: readonly LegendEntry[];
  /** Names that did not fit into the height of the chart. */
  readonly rest: readonly string[];
  readonly bottom: number;
}

const FONT_SIZE = 12.5;
const LINE = 19;
export const SWATCH = 26;

/** Entries from left to right, in as many lines as they need, up to a third of a height that was asked for. */
export function layoutLegend(model: ChartModel, view: View, left: number, top: number, width: number): Legend {
  const height = view.height ?? model.options.height;
  const lines = height === undefined ? Infinity : Math.max(1, Math.floor(height / 3 / LINE));
  const wanted = entriesOf(model);
  const entries: LegendEntry[] = [];
  let x = left;
  let y = top + 14;
  let line = 1;
  for (const entry of wanted) {
    const text = fitText(entry.name, FONT_SIZE, width - SWATCH);
    const size = SWATCH + textWidth(text, FONT_SIZE);
    if (x > left && x + size > left + width) {
      if (line === lines) break;
      line++;
      x = left;
      y += LINE;
    }
    entries.push({ ...entry, text, x, y, width: size });
    x += size + 14;
  }
  const rest = wanted.slice(entries.length).map(({ name }) => name);
  const below = rest.length > 0 ? LINE : 4;
  return { entries, rest, bottom: entries.length === 0 ? top : y + below };
}

type Wanted = Pick<LegendEntry, 'swatch' | 'name' | 'series' | 'color' | 'dash'>;

function entriesOf({ series, events, title }: ChartModel): Wanted[] {
  const lines = series.map((line, index): Wanted => {
    const swatch = line.absent !== undefined ? 'none' : line.low !== undefined ? 'band' : line.isStep ? 'step' : 'line';
    return { swatch, name: legendName(line), series: index, color: index % 8, dash: dashOf(index) };
  });
  const plain = (swatch: Swatch, name: string, color = 0): Wanted => ({
    swatch,
    name,
    series: undefined,
    color,
    dash: [],
  });
  const others = [
    ...eventTypes(events).map((type, index) => plain('event', type, eventColor(index, series.length))),
    ...(['uncertain', 'bad'] as const).flatMap((name, index) =>
      series.some(({ marks }) => marks?.levels.includes(index + 1)) ? [plain(name, name)] : [],
    ),
  ];
  // A single series that gives the chart its title needs no legend.
  const named = lines.length === 1 && lines[0]?.name === title;
  return named ? others : [...lines, ...others];
}

/** With the reason why nothing is drawn. */
export function legendName({ label, absent }: ChartSeries): string {
  return absent === undefined ? label : `${label} (${absent})`;
}

/** Types in the order that they appear in. */
export function eventTypes(events: ChartModel['events']): string[] {
  return [...new Set(events.map(({ type = '' }) => type))];
}

/** Bands take the colours that the series leave. */
export function eventColor(type: number, series: number): number {
  return (series + type) % 8;
}
