import { type ChartModel, markOf } from './chart-model.js';
import type { Legend, LegendEntry } from './layout-types.js';
import type { ChartSeries } from './source.js';
import { FONT_LEGEND, fitText, textWidth } from './text.js';
import type { View } from './view.js';

const LINE = 19;
export const SWATCH = 26;

/**
 * Entries from left to right, in as many lines as they need, up to a third of a given height;
 * the last says how many are left out.
 */
export function layoutLegend(
  model: ChartModel,
  view: View,
  left: number,
  top: number,
  width: number,
): Legend {
  const height = view.height ?? model.options.height ?? Infinity;
  const lines = Math.max(1, Math.floor(height / 3 / LINE));
  const wanted = entriesOf(model);
  const entries: LegendEntry[] = [];
  const texts = wanted.map(({ name }) => fitText(name, FONT_LEGEND, width - SWATCH));
  const sizes = texts.map((text) => SWATCH + textWidth(text, FONT_LEGEND));
  // Several lines stand in columns.
  const column = sizes.reduce((sum, size) => sum + size + 14, -14) > width ? Math.max(...sizes) : 0;
  let x = left;
  let y = top + 14;
  let line = 1;
  for (const [index, entry] of wanted.entries()) {
    const size = sizes[index] as number;
    if (x > left && x + size > left + width) {
      if (line === lines) break;
      line++;
      x = left;
      y += LINE;
    }
    entries.push({ ...entry, text: texts[index] as string, x, y, width: size });
    x += Math.max(size, column) + 14;
  }
  const rest = wanted.slice(entries.length).map(({ name }) => name);
  if (rest.length > 0) {
    y += LINE;
    const text = `and ${rest.length} more`;
    entries.push({
      name: rest.join(', '),
      text,
      swatch: {},
      color: 'muted',
      x: left - SWATCH,
      y,
      width: 0,
    });
  }
  return { entries, bottom: entries[0] ? y + 4 : top };
}

type Wanted = Omit<LegendEntry, 'text' | 'x' | 'y' | 'width'>;

function entriesOf(model: ChartModel): Wanted[] {
  const lines = model.series.flatMap((line, index): Wanted | Wanted[] => {
    const name = legendName(line);
    if (line.absent !== undefined) return { name, swatch: {}, color: 'muted' };
    // The name of the series stands at its row.
    if (line.states) return [];
    const swatch = markOf(model, line)?.swatch ?? {
      line: line.isStep ? 'm0 3h10v-6h10' : 'h20',
      area: line.low === undefined ? 0 : 0.2,
    };
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
