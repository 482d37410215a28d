import { ConfigError } from '../errors.js';
import { checkOptions } from '../values/known-names.js';
import { quoted } from '../values/text.js';
import type { PrintOptions } from './printed.js';
import { zoneName } from './zoned-time.js';

/** A column of a frame. */
export interface FrameColumn {
  readonly name: string;
  /** The unit of the values. */
  readonly unit?: string | undefined;
  /** True if numbers are times. @unit milliseconds since the epoch */
  readonly isTime?: boolean | undefined;
  /** Values of the rows that are shown. Missing ones are `undefined`, `null` or NaN. */
  readonly values: readonly unknown[];
}

/** Some rows of data, as they are printed. */
export interface Frame {
  /** Stands above the columns. */
  readonly title?: string | undefined;
  /** The most important columns first. */
  readonly columns: readonly FrameColumn[];
  /** How many rows stand before those that are left out. Absent when all are shown. */
  readonly head?: number | undefined;
  /** That of the times, unless the caller names another. @default that of the settings */
  readonly timeZone?: string | undefined;
  /** Counts, which stand below. */
  readonly summary: string;
}

/** Checked options. */
export interface PrintSettings {
  readonly rows: number;
  readonly columns: number;
  readonly timeZone: string;
}

const NAMES: Readonly<Record<keyof PrintOptions, true>> = {
  rows: true,
  timeZone: true,
  columns: true,
};

/** @throws {ConfigError} for an option that does not exist or cannot work */
export function checkPrint(options: PrintOptions): PrintSettings {
  checkOptions(options, NAMES, 'toText');
  const { rows = 20, columns = 100, timeZone = 'UTC' } = options;
  for (const [name, value, least] of [
    ['rows', rows, 1],
    ['columns', columns, 20],
  ] as const)
    if (value !== Infinity && !(Number.isInteger(value) && value >= least))
      throw new ConfigError(
        `toText: ${name} must be a whole number of at least ${least}, or Infinity; got ${typeof value === 'string' ? `the string ${quoted(value)}` : value}`,
      );
  return { rows, columns, timeZone: zoneName(timeZone) };
}

/** The rows that are shown. */
export interface ShownRows {
  /** The number of first rows. */
  readonly head: number;
  /** The number of last rows. */
  readonly tail: number;
  /** True if rows between them are omitted. */
  readonly isCut: boolean;
}

/** How many of the first and of the last rows show where at most `rows` do. */
export function shownRows(length: number, rows: number): ShownRows {
  if (length <= rows) return { head: length, tail: 0, isCut: false };
  return { head: Math.ceil(rows / 2), tail: Math.floor(rows / 2), isCut: true };
}

/** `46,000 rows` */
export function counted(count: number, one: string, several: string = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : several}`;
}
