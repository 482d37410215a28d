import { type ChartModel, markOf } from './chart-model.js';
import { draftPanels, type PanelDraft } from './layout.js';
import { legendName } from './legend.js';
import { lineText } from './marks/line.js';
import type { ChartSeries } from './source.js';
import { wholeView } from './svg.js';
import { letterOf } from './terminal-letters.js';
import { timeTicks } from './time-ticks.js';
import { placeOn, share, type ValueAxis } from './value-axis.js';
import type { View } from './view.js';

/** What `toText()` draws. */
export interface TextOptions {
  /** @default 100 */
  columns?: number | undefined;
  /** Lines of the drawing, which panels share, with four at least; axis and legend come on top. @default 16 */
  rows?: number | undefined;
  /** Colours the lines with ANSI escapes. @default false */
  color?: boolean | undefined;
}

/** The dots of a braille character: two columns of four. */
const DOTS: readonly (readonly number[])[] = [
  [1, 8],
  [2, 16],
  [4, 32],
  [64, 128],
];
/** Of each panel. */
const LEAST_ROWS = 4;
const ANSI: readonly number[] = [34, 33, 32, 35, 36, 31, 95, 94];

/** A chart in characters. */
export function renderText(model: ChartModel, options: TextOptions): string {
  const columns = Math.min(400, Math.max(40, Math.floor(options.columns ?? 100)));
  const rows = Math.min(200, Math.max(LEAST_ROWS, Math.floor(options.rows ?? 16)));
  const rowsOf = (panels: number): number => Math.max(LEAST_ROWS, Math.floor(rows / panels));
  const { title, series, parts } = model;
  // Only what characters can show takes room on an axis.
  const shown = { ...model, parts: parts.filter((part) => part.panels ?? part.rows ?? part.axis) };
  const panels = draftPanels(shown, wholeView(model), (count) => rowsOf(count) / 4);
  const margin = Math.max(...panels.flatMap(({ axis }) => axis.labels.map((label) => [...label].length))) + 1;
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
      drawSeries(model, panel, width, hasRows(model, panel) ? panel.series.length : rowsOf(panels.length), isLettered),
      margin,
      paint,
    ),
  ]);
  const named = series.filter(({ states }) => states === undefined);
  const legend = named.map((line) => {
    const index = series.indexOf(line);
    const unit = line.unit === '' ? '' : ` [${line.unit}]`;
    const sample = line.absent !== undefined ? (isLettered ? ' ' : '  ') : isLettered ? letterOf(index) : '⣀⣤';
    return `${indent}${paint(sample, index)} ${legendName(line)}${unit}`;
  });
  const entries = parts
    .flatMap((part) => part.characters?.(model) ?? [])
    .map(([sample, name, color]) => `${indent}${paint(sample, color)} ${name}`);
  return [
    ...(title === '' ? [] : [indent + title]),
    ...lines,
    ...timeAxis(model, margin, width),
    ...legend,
    ...entries,
  ].join('\n');
}

/** Where a series is drawn in characters. */
export interface TextPanel {
  readonly canvas: Canvas;
  /** The name of the series. */
  readonly index: number;
  readonly view: View;
  /** The dot where a place on the horizontal axis is, two to a character. */
  x(at: number): number;
  /** The dot where a value is, four to a character. */
  y(value: number): number;
}

function drawSeries(model: ChartModel, panel: PanelDraft, width: number, rows: number, isLettered: boolean): Canvas {
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
  if (isLettered && !hasRows(model, panel)) canvas.letter(panel.series);
  return canvas;
}

/** A row for each series, instead of a value axis. */
function hasRows({ series }: ChartModel, panel: PanelDraft): boolean {
  return series[panel.series[0] as number]?.states !== undefined;
}

type Draw = (text: string, index: number) => string;

function drawPanel({ axis }: PanelDraft, canvas: Canvas, margin: number, paint: Draw): string[] {
  const labels = new Map(
    axis.ticks.map((tick, index) => [Math.round(fromTop(axis, tick) * (canvas.rows - 1)), axis.labels[index]]),
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
  const ticks = (zone.ticks ?? timeTicks)(start, end, Math.max(2, Math.floor(width / 12)), zone).map((tick) => ({
    ...tick,
    column: Math.round(share(start, end, tick.time) * (width - 1)),
  }));
  for (const { column } of ticks) rule[column] = '┴';
  const labels = placeWords(
    ticks.map(({ column, label }) => [column - (label.length >> 1), label]),
    width,
  );
  const contexts = placeWords(
    ticks.flatMap(({ column, context }): [number, string][] => (context === undefined ? [] : [[column - 2, context]])),
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

/** Words at their columns; one that would touch the word before it, or the end of the line, is left out. */
function placeWords(words: readonly (readonly [number, string])[], width: number): string {
  let line = '';
  for (const [column, word] of words) {
    const at = Math.max(0, column);
    if ((line === '' || at > line.length) && at + word.length <= width + 1) line = line.padEnd(at) + word;
  }
  return line;
}

/** Braille characters as a grid of dots, each cell in the colour of the last line that crossed it. */
export class Canvas {
  readonly rows: number;
  readonly width: number;
  readonly #cells: Uint8Array;
  readonly #owners: Int32Array;
  /** What stands in a cell instead of dots. */
  readonly #letters = new Map<number, string>();

  constructor(width: number, rows: number) {
    this.rows = rows;
    this.width = width;
    this.#cells = new Uint8Array(width * rows);
    this.#owners = new Int32Array(width * rows).fill(-1);
  }

  line(fromX: number, fromY: number, toX: number, toY: number, owner: number): void {
    // A point next to the window, or a value outside of a range that was asked for, may be any number of cells away: only what is inside
    // is walked.
    let [begin, end] = [0, 1];
    for (const [from, to, most] of [
      [fromX, toX, this.width * 2],
      [fromY, toY, this.rows * 4],
    ] as const) {
      const edges = [-1, most].map((edge) => (edge - from) / (to - from)).sort((one, other) => one - other);
      if (from !== to) [begin, end] = [Math.max(begin, edges[0] as number), Math.min(end, edges[1] as number)];
      else if (from < -1 || from > most) return;
    }
    if (begin > end) return;
    const [left, right] = [begin, end].map((part) => fromX + part * (toX - fromX)) as [number, number];
    const [top, bottom] = [begin, end].map((part) => fromY + part * (toY - fromY)) as [number, number];
    const steps = Math.max(Math.abs(right - left), Math.abs(bottom - top), 1);
    for (let step = 0; step <= steps; step++)
      this.#dot(
        Math.round(left + ((right - left) * step) / steps),
        Math.round(top + ((bottom - top) * step) / steps),
        owner,
      );
  }

  /** Puts a character in a cell. */
  put(column: number, row: number, character: string, owner: number): void {
    const cell = row * this.width + column;
    if (column < 0 || column >= this.width || row < 0 || row >= this.rows) return;
    this.#letters.set(cell, character);
    this.#cells[cell] = 1;
    this.#owners[cell] = owner;
  }

  /** Puts letters on the lines, at places that differ from line to line. */
  letter(owners: readonly number[]): void {
    const step = Math.max(8, Math.floor(this.width / 5));
    owners.forEach((owner, index) => {
      let next = Math.floor(((index + 0.5) * step) / owners.length);
      for (let column = next; column < this.width; column++) {
        const cell = column < next ? -1 : this.#cellOf(owner, column);
        if (cell < 0) continue;
        this.#letters.set(cell, letterOf(owner));
        next = column + step;
      }
    });
  }

  row(row: number, paint: (text: string, owner: number) => string): string {
    let text = '';
    for (let column = 0; column < this.width; column++) {
      const cell = row * this.width + column;
      const dots = this.#cells[cell] as number;
      const shown = this.#letters.get(cell) ?? String.fromCodePoint(0x2800 + dots);
      text += dots === 0 ? ' ' : paint(shown, this.#owners[cell] as number);
    }
    return text;
  }

  /** The highest cell of a line in a column; -1 where others have drawn over it. */
  #cellOf(owner: number, column: number): number {
    for (let cell = column; cell < this.#owners.length; cell += this.width)
      if (this.#owners[cell] === owner) return cell;
    return -1;
  }

  #dot(x: number, y: number, owner: number): void {
    const cell = (y >> 2) * this.width + (x >> 1);
    // Points next to the window are outside of the grid.
    if (x < 0 || x >= this.width * 2 || cell < 0 || cell >= this.#cells.length) return;
    (this.#cells[cell] as number) |= (DOTS[y & 3] as readonly number[])[x & 1] as number;
    this.#owners[cell] = owner;
  }
}
