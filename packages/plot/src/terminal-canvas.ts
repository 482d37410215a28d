import { letterOf } from './terminal-letters.js';
import type { View } from './view.js';

/** The dots of a braille character: two columns of four. */
const DOTS: readonly (readonly number[])[] = [
  [1, 8],
  [2, 16],
  [4, 32],
  [64, 128],
];

/**
 * Braille characters as a grid of dots, each cell in the colour of the last line that crossed it.
 */
export class Canvas {
  readonly rows: number;
  readonly width: number;
  readonly #cells: Uint8Array;
  readonly #owners: Int32Array;
  /** Rows with a dashed line across, behind the others. */
  readonly #dashed = new Set<number>();
  /** The character in a cell instead of dots. */
  readonly #letters = new Map<number, string>();

  constructor(width: number, rows: number) {
    this.rows = rows;
    this.width = width;
    this.#cells = new Uint8Array(width * rows);
    this.#owners = new Int32Array(width * rows).fill(-1);
  }

  line(fromX: number, fromY: number, toX: number, toY: number, owner: number): void {
    // A point next to the window, or a value outside of a given range, may be any number of cells
    // away: only the cells inside are walked.
    let [begin, end] = [0, 1];
    for (const [from, to, most] of [
      [fromX, toX, this.width * 2],
      [fromY, toY, this.rows * 4],
    ] as const) {
      const edges = [-1, most]
        .map((edge) => (edge - from) / (to - from))
        .sort((one, other) => one - other);
      if (from !== to)
        [begin, end] = [Math.max(begin, edges[0] as number), Math.min(end, edges[1] as number)];
      else if (from < -1 || from > most) return;
    }
    if (begin > end) return;
    const [left, right] = [begin, end].map((part) => fromX + part * (toX - fromX)) as [
      number,
      number,
    ];
    const [top, bottom] = [begin, end].map((part) => fromY + part * (toY - fromY)) as [
      number,
      number,
    ];
    const steps = Math.max(Math.abs(right - left), Math.abs(bottom - top), 1);
    for (let step = 0; step <= steps; step++)
      this.#dot(
        Math.round(left + ((right - left) * step) / steps),
        Math.round(top + ((bottom - top) * step) / steps),
        owner,
      );
  }

  /** A dashed line at a height in dots. */
  across(y: number): void {
    this.#dashed.add(y >> 2);
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
      text +=
        dots === 0
          ? this.#dashed.has(row)
            ? '╌'
            : ' '
          : paint(shown, this.#owners[cell] as number);
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
