import type { ChartModel } from './model.js';
import type { ChartSeries } from './source.js';
import { FONT, fitText, textWidth } from './text.js';
import type { View } from './view.js';

/** What stands before a name: a line from the middle of its left end, how thick it is, and how much the area behind it covers. */
export interface Swatch {
  readonly line?: string;
  /** @default 2.5 @unit pixels */
  readonly width?: number;
  /** An opacity. */
  readonly area?: number;
}

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
  readonly series?: number;
  /** Of the swatch: an index into the palette, or what it says. Muted text belongs to what is not drawn. */
  readonly color: number | 'alert' | 'muted';
}

export interface Legend {
  readonly entries: readonly LegendEntry[];
  readonly bottom: number;
}

const LINE = 19;
export const SWATCH = 26;

/** Entries from left to right, in as many lines as they need, up to a third of a height that was asked for; the last says how many are left out. */
export function layoutLegend(model: ChartModel, view: View, left: number, top: number, width: number): Legend {
  const height = view.height ?? model.options.height;
  const lines = height === undefined ? Infinity : Math.max(1, Math.floor(height / 3 / LINE));
  const wanted = entriesOf(model);
  const entries: LegendEntry[] = [];
  let x = left;
  let y = top + 14;
  let line = 1;
  for (const entry of wanted) {
    const text = fitText(entry.name, FONT.legend, width - SWATCH);
    const size = SWATCH + textWidth(text, FONT.legend);
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
  if (rest.length > 0) {
    y += LINE;
    const text = `and ${rest.length} more`;
    entries.push({ name: rest.join(', '), text, swatch: {}, color: 'muted', x: left - SWATCH, y, width: 0 });
  }
  return { entries, bottom: entries.length > 0 ? y + 4 : top };
}

type Wanted = Omit<LegendEntry, 'text' | 'x' | 'y' | 'width'>;

function entriesOf(model: ChartModel): Wanted[] {
  const lines = model.series.map((line, index): Wanted => {
    const name = legendName(line);
    if (line.absent !== undefined) return { name, swatch: {}, color: 'muted' };
    const swatch = { line: line.isStep ? 'm0 3h10v-6h10' : 'h20', area: line.low === undefined ? 0 : 0.2 };
    return { name, swatch, color: index, series: index };
  });
  const others = model.parts.flatMap((part) => part.entries?.(model) ?? []);
  // A single series that gives the chart its title needs no legend.
  return lines.length === 1 && lines[0]?.name === model.title ? others : [...lines, ...others];
}

/** With the reason why nothing is drawn. */
export function legendName({ label, absent }: ChartSeries): string {
  return absent === undefined ? label : `${label} (${absent})`;
}
