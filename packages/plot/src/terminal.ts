import { legendName } from './legend.js';
import type { ChartModel } from './model.js';
import { wholeView } from './svg.js';
import { timeTicks } from './time-ticks.js';
import { valueAxis } from './value-axis.js';
import { extentOf, visiblePoints } from './view.js';

/** What `toText()` draws. */
export interface TextOptions {
  /** @default 100 */
  columns?: number | undefined;
  /** Lines of the drawing; axis and legend come on top. @default 16 */
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
const ANSI: readonly number[] = [34, 33, 32, 35, 36, 31, 95, 94];

/** A chart in characters. All series share one axis. */
export function renderText(model: ChartModel, options: TextOptions): string {
  const columns = Math.min(400, Math.max(40, Math.floor(options.columns ?? 100)));
  const rows = Math.min(200, Math.max(4, Math.floor(options.rows ?? 16)));
  const { start, end, zone } = model;
  const drawn = model.series
    .map((series, index) => ({ series, index }))
    .filter(({ series }) => series.absent === undefined);
  const extents = drawn.map(({ series }) => extentOf(series, start, end));
  const low = Math.min(...extents.map(([value]) => value));
  const high = Math.max(...extents.map(([, value]) => value));
  const axis = valueAxis(low, high, Math.max(2, rows / 4), zone.locale, false);
  const margin = Math.max(...axis.labels.map((label) => [...label].length)) + 1;
  const width = columns - margin - 1;
  const canvas = new Canvas(width, rows);
  for (const { series, index } of drawn) {
    const { times, values } = visiblePoints(series, series.values, wholeView(model), width * 2);
    let before: [number, number] | undefined;
    times.forEach((time, at) => {
      const value = values[at] as number;
      if (Number.isNaN(value)) {
        before = undefined;
        return;
      }
      const x = Math.round(((time - start) / (end - start)) * (width * 2 - 1));
      const y = Math.round((1 - (value - axis.low) / (axis.high - axis.low)) * (rows * 4 - 1));
      const [fromX, fromY] = before ?? [x, y];
      if (series.isStep) {
        canvas.line(fromX, fromY, x, fromY, index);
        canvas.line(x, fromY, x, y, index);
      } else canvas.line(fromX, fromY, x, y, index);
      before = [x, y];
    });
  }
  const paint = (text: string, index: number): string =>
    options.color === true ? `\u001b[${ANSI[index % 8]}m${text}\u001b[39m` : text;
  // Where colours do not tell the lines apart, letters on them do.
  const isLettered = drawn.length > (options.color === true ? ANSI.length : 1);
  if (isLettered) canvas.letter(drawn.map(({ index }) => index));
  const labels = new Map(
    axis.ticks.map((tick, index) => [
      Math.round((1 - (tick - axis.low) / (axis.high - axis.low)) * (rows - 1)),
      axis.labels[index] as string,
    ]),
  );
  const lines = Array.from({ length: rows }, (_, row) => {
    const label = labels.get(row);
    const side = `${(label ?? '').padStart(margin - 1)} ${label === undefined ? '│' : '┤'}`;
    return `${side}${canvas.row(row, paint)}`.trimEnd();
  });
  const legend = model.series.map((series, index) => {
    const unit = series.unit === '' ? '' : ` [${series.unit}]`;
    const sample = isLettered && series.absent === undefined ? letterOf(index) : '⣀⣤';
    return `${' '.repeat(margin + 1)}${paint(sample, index)} ${legendName(series)}${unit}`;
  });
  const title = model.title === '' ? [] : [`${' '.repeat(margin + 1)}${model.title}`];
  return [...title, ...lines, ...timeAxis(model, margin, width), ...legend].join('\n');
}

function letterOf(index: number): string {
  return String.fromCodePoint(65 + (index % 26));
}

function timeAxis({ start, end, zone }: ChartModel, margin: number, width: number): string[] {
  const rule = Array<string>(width).fill('─');
  const ticks = timeTicks(start, end, Math.max(2, Math.floor(width / 12)), zone).map((tick) => ({
    ...tick,
    column: Math.round(((tick.time - start) / (end - start)) * (width - 1)),
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
class Canvas {
  readonly #width: number;
  readonly #cells: Uint8Array;
  readonly #owners: Int32Array;
  /** What stands in a cell instead of dots. */
  readonly #letters = new Map<number, string>();

  constructor(width: number, rows: number) {
    this.#width = width;
    this.#cells = new Uint8Array(width * rows);
    this.#owners = new Int32Array(width * rows).fill(-1);
  }

  line(fromX: number, fromY: number, toX: number, toY: number, owner: number): void {
    const steps = Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY), 1);
    for (let step = 0; step <= steps; step++)
      this.#dot(
        Math.round(fromX + ((toX - fromX) * step) / steps),
        Math.round(fromY + ((toY - fromY) * step) / steps),
        owner,
      );
  }

  /** Puts letters on the lines, at places that differ from line to line. */
  letter(owners: readonly number[]): void {
    const step = Math.max(8, Math.floor(this.#width / 5));
    owners.forEach((owner, index) => {
      let next = Math.floor(((index + 0.5) * step) / owners.length);
      for (let column = next; column < this.#width; column++) {
        const cell = column < next ? -1 : this.#cellOf(owner, column);
        if (cell < 0) continue;
        this.#letters.set(cell, letterOf(owner));
        next = column + step;
      }
    });
  }

  row(row: number, paint: (text: string, owner: number) => string): string {
    let text = '';
    for (let column = 0; column < this.#width; column++) {
      const cell = row * this.#width + column;
      const dots = this.#cells[cell] as number;
      const shown = this.#letters.get(cell) ?? String.fromCodePoint(0x2800 + dots);
      text += dots === 0 ? ' ' : paint(shown, this.#owners[cell] as number);
    }
    return text;
  }

  /** The highest cell of a line in a column; -1 where others have drawn over it. */
  #cellOf(owner: number, column: number): number {
    for (let cell = column; cell < this.#owners.length; cell += this.#width)
      if (this.#owners[cell] === owner) return cell;
    return -1;
  }

  #dot(x: number, y: number, owner: number): void {
    const cell = (y >> 2) * this.#width + (x >> 1);
    // Points next to the window are outside of the grid.
    if (x < 0 || x >= this.#width * 2 || cell < 0 || cell >= this.#cells.length) return;
    (this.#cells[cell] as number) |= (DOTS[y & 3] as readonly number[])[x & 1] as number;
    this.#owners[cell] = owner;
  }
}
