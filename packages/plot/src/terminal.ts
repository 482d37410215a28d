import { type ChartModel, markOf } from './chart-model.js';
import { checkedOptions, FLAG, NUMBER, type Rule } from './check-options.js';
import { draftPanels } from './layout.js';
import type { PanelDraft } from './layout-types.js';
import { legendName } from './legend.js';
import { lineText } from './marks/line.js';
import type { FullModel } from './parts/all-parts.js';
import type { ChartSeries } from './source.js';
import { wholeView } from './svg.js';
import { Canvas } from './terminal-canvas.js';
import { letterOf } from './terminal-letters.js';
import { eventNotes, linesAcross, thresholdCaptions } from './terminal-notes.js';
import { timeTicks } from './time-ticks.js';
import { placeOn, share, type ValueAxis } from './value-axis.js';

/** Options of `toText()`. */
export interface TextOptions {
  /** @default 100 */
  columns?: number | undefined;
  /**
   * Lines of the drawing, which panels share, with four at least; axis and legend come on top.
   *
   * @default 16
   */
  rows?: number | undefined;
  /** Colours the lines with ANSI escapes. @default false */
  color?: boolean | undefined;
}

const TEXT_OPTIONS: Readonly<Record<keyof TextOptions, Rule>> = {
  columns: NUMBER,
  rows: NUMBER,
  color: FLAG,
};

/** The least rows of each panel. */
const LEAST_ROWS = 4;
const ANSI: readonly number[] = [34, 33, 32, 35, 36, 31, 95, 94];

/** A chart in characters. */
export function renderText(model: FullModel, given: TextOptions): string {
  const options = checkedOptions(given, TEXT_OPTIONS, 'toText');
  const columns = Math.min(400, Math.max(40, Math.floor(options.columns ?? 100)));
  const rows = Math.min(200, Math.max(LEAST_ROWS, Math.floor(options.rows ?? 16)));
  const rowsOf = (panels: number): number => Math.max(LEAST_ROWS, Math.floor(rows / panels));
  const { title, series, parts } = model;
  // Only what characters can show takes room on an axis.
  const hasText = parts.filter((part) => part.rows ?? part.axis ?? part.reach);
  const shown = { ...model, parts: hasText };
  const panels = draftPanels(shown, wholeView(model), (count) => rowsOf(count) / 4);
  const margin =
    Math.max(0, ...panels.flatMap(({ axis }) => axis.labels.map((label) => [...label].length))) + 1;
  const width = columns - margin - 1;
  const paint = (text: string, index: number): string =>
    options.color === true ? `\u001b[${ANSI[index % 8]}m${text}\u001b[39m` : text;
  // Where colours do not tell the lines apart, letters on them do.
  const drawn = series.filter(({ absent, states }) => (absent ?? states) === undefined);
  const isLettered = drawn.length > (options.color === true ? ANSI.length : 1);
  const indent = ' '.repeat(margin + 1);
  const lines = panels.flatMap((panel) => [
    ...(panels.length > 1 ? [(indent + panel.label).trimEnd()] : []),
    ...drawPanel(
      panel,
      drawSeries(
        model,
        panel,
        width,
        panel.axis.names ? panel.series.length : rowsOf(panels.length),
        isLettered,
      ),
      margin,
      paint,
    ),
  ]);
  const notes = eventNotes(model, width);
  const named = series.filter(({ states }) => states === undefined);
  const legend = named.map((line) => {
    const index = series.indexOf(line);
    const unit = line.unit === '' ? '' : ` [${line.unit}]`;
    const sample =
      line.absent !== undefined ? (isLettered ? ' ' : '  ') : isLettered ? letterOf(index) : '⣀⣤';
    return `${indent}${paint(sample, index)} ${legendName(line)}${unit}`;
  });
  const entries = parts
    .flatMap((part) => part.characters?.(model) ?? [])
    .map(([sample, name, color]) => `${indent}${paint(sample, color)} ${name}`);
  return [
    ...(title === '' ? [] : [indent + title]),
    ...lines,
    ...notes.rows.map((row) => `${' '.repeat(margin)}│${row}`),
    ...timeAxis(model, margin, width),
    ...legend,
    ...entries,
    ...[...thresholdCaptions(model, panels), ...notes.captions].map((caption) => indent + caption),
  ].join('\n');
}

function drawSeries(
  model: FullModel,
  panel: PanelDraft,
  width: number,
  rows: number,
  isLettered: boolean,
): Canvas {
  const { start, end } = model;
  const canvas = new Canvas(width, rows);
  const place = {
    canvas,
    view: wholeView(model),
    x: (at: number) => Math.round(share(start, end, at) * (width * 2 - 1)),
    y: (value: number) => Math.round(fromTop(panel.axis, value) * (rows * 4 - 1)),
  };
  for (const index of panel.series) {
    const series = model.series[index] as ChartSeries;
    (markOf(model, series)?.text ?? lineText)(model, series, { ...place, index });
  }
  if (isLettered && !panel.axis.names) canvas.letter(panel.series);
  for (const { value } of linesAcross(model, panel)) canvas.across(place.y(value));
  return canvas;
}

type Draw = (text: string, index: number) => string;

function drawPanel({ axis }: PanelDraft, canvas: Canvas, margin: number, paint: Draw): string[] {
  const labels = new Map(
    axis.ticks.map((tick, index) => [
      Math.round(fromTop(axis, tick) * (canvas.rows - 1)),
      axis.labels[index],
    ]),
  );
  return Array.from({ length: canvas.rows }, (_, row) => {
    const label = labels.get(row);
    const side = `${(label ?? '').padStart(margin - 1)} ${label === undefined ? '│' : '┤'}`;
    return `${side}${canvas.row(row, paint)}`.trimEnd();
  });
}

/** 0 for the highest value of an axis, 1 for its lowest. */
function fromTop(axis: ValueAxis, value: number): number {
  return 1 - placeOn(axis, value);
}

function timeAxis({ start, end, zone }: ChartModel, margin: number, width: number): string[] {
  const rule = Array<string>(width).fill('─');
  const ticks = (zone.ticks ?? timeTicks)(
    start,
    end,
    Math.max(2, Math.floor(width / 12)),
    zone,
  ).map((tick) => ({
    ...tick,
    column: Math.round(share(start, end, tick.time) * (width - 1)),
  }));
  for (const { column } of ticks) rule[column] = '┴';
  const labels = placeWords(
    ticks.map(({ column, label }) => [column - (label.length >> 1), label]),
    width,
  );
  const contexts = placeWords(
    ticks.flatMap(({ column, context }): [number, string][] =>
      context === undefined ? [] : [[column - 2, context]],
    ),
    width,
  );
  const indent = ' '.repeat(margin + 1);
  const zoneName = zone.describe(start, end);
  return [
    `${' '.repeat(margin)}└${rule.join('')}`,
    indent + labels,
    indent + (contexts === '' ? zoneName : `${contexts}  ${zoneName}`),
  ];
}

/**
 * Words at their columns; one that would touch the word before it, or the end of the line, is left
 * out.
 */
function placeWords(words: readonly (readonly [number, string])[], width: number): string {
  let line = '';
  for (const [column, word] of words) {
    const at = Math.max(0, column);
    if ((line === '' || at > line.length) && at + word.length <= width + 1)
      line = line.padEnd(at) + word;
  }
  return line;
}
