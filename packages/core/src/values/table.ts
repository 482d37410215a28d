import { printed } from '#print';
import type { Printable } from '../print/printed.js';

/** Resources as rows and columns, for notebooks and spreadsheets. */
export interface Table extends Printable {
  readonly columns: readonly string[];
  /** One array per row, in the order of `columns`. A missing value is `undefined`. */
  readonly rows: readonly (readonly unknown[])[];
  /** One object per row, without missing values. */
  toObjects(): Record<string, unknown>[];
  /** RFC 4180. */
  toCsv(options?: TableCsvOptions): string;
}

/** How a table is written as CSV. */
export interface TableCsvOptions {
  /**
   * Puts an apostrophe before text that a spreadsheet would run as a formula. Numbers are never
   * touched. `false` writes text as it is, for readers that are not spreadsheets.
   * @default true
   */
  readonly guard?: boolean | undefined;
  /**
   * Stands between two cells: `';'` for spreadsheets where numbers have a decimal comma.
   * @default ','
   */
  readonly delimiter?: ',' | ';' | '\t' | undefined;
}

/**
 * A table of any objects. Metadata becomes `metadata.key` columns. In CSV dates are ISO text, other
 * nested values JSON text with 64-bit integers as strings.
 */
export function toTable(items: readonly object[]): Table {
  const columns = new Set<string>();
  const flat = items.map((item) => flatten(item));
  for (const row of flat) for (const name of row.keys()) columns.add(name);
  const names = [...columns];
  const rows = flat.map((row) => names.map((name) => row.get(name)));
  const table: Omit<Table, keyof Printable> = {
    columns: names,
    rows,
    toObjects: () => flat.map((row) => Object.fromEntries(row)),
    toCsv: ({ guard, delimiter = ',' } = {}) =>
      [names, ...rows]
        .map((row) => `${row.map((cell) => csvCell(cell, guard)).join(delimiter)}\r\n`)
        .join(''),
  };
  printed(table);
  return table as Table;
}

function flatten(item: object): Map<string, unknown> {
  const row = new Map<string, unknown>();
  for (const [name, value] of Object.entries(item)) {
    if (value === undefined) continue;
    if (name === 'metadata' && typeof value === 'object' && value !== null)
      for (const [key, text] of Object.entries(value)) row.set(`metadata.${key}`, text);
    else row.set(name, value);
  }
  return row;
}

/**
 * One CSV cell. Text that starts like a formula gets an apostrophe: data from a plant must not run
 * in a spreadsheet. Where it has a separator of any spreadsheet in it, it is quoted.
 */
export function csvCell(value: unknown, guard = true): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string' && typeof value !== 'object') return String(value);
  const text = typeof value === 'string' ? value : jsonText(value);
  // Signs of a formula, also in full width, and characters that spreadsheets skip before one.
  const inert = guard && /^[=+@\t\r\n＝＋－＠-]/.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** Dates as ISO text, 64-bit integers, which JSON does not know, as strings. */
function jsonText(value: object): string {
  const json = JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}` : each));
  // A date is a string there, and an invalid one null.
  return json?.[0] === '"' ? JSON.parse(json) : json === 'null' ? '' : json;
}
