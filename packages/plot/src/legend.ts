import { type ChartModel, markOf } from './chart-model.js';
import type { Legend, LegendEntry } from './layout-types.js';
import { seriesColor } from './palette.js';
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
  const entries: LegendEntry[] = [];
  const wanted = entriesOf(model).map((entry) => {
    const text = fitText(entry.name, FONT_LEGEND, width - SWATCH);
    return { ...entry, text, width: SWATCH + textWidth(text, FONT_LEGEND) };
  });
  const sizes = wanted.map((entry) => entry.width);
  // Several lines stand in columns.
  const column = sizes.reduce((sum, size) => sum + size + 14, -14) > width ? Math.max(...sizes) : 0;
  let x = left;
  let y = top + 14;
  let line = 1;
  for (const entry of wanted) {
    if (x > left && x + entry.width > left + width) {
      if (line === lines) break;
      line++;
      x = left;
      y += LINE;
    }
    entries.push({ ...entry, x, y });
    x += Math.max(entry.width, column) + 14;
  }
  const rest = wanted.slice(entries.length).map(({ name }) => name);
  if (rest.length > 0) {
    y += LINE;
    entries.push({
      name: rest.join(', '),
      text: `and ${rest.length} more`,
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
    return { name, swatch, color: seriesColor(model.options, index), series: index };
  });
  const others = model.parts.flatMap((part) => part.entries?.(model) ?? []);
  // A single series that gives the chart its title needs no legend.
  return lines.length === 1 && lines[0]?.name === model.title ? others : [...lines, ...others];
}

/** With the reason why nothing is drawn. */
export function legendName({ label, absent }: ChartSeries): string {
  return absent === undefined ? label : `${label} (${absent})`;
}
