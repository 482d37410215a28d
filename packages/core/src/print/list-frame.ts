import { formatColumn } from './cells.js';
import { counted, type Frame, type FrameColumn, type PrintSettings, shownRows } from './frame.js';

/** The fields of all resources that tell most, in the order of columns. */
const FIRST = [
  'id',
  'space',
  'externalId',
  'name',
  'type',
  'subtype',
  'assetId',
  'unit',
  'unitExternalId',
  'startTime',
  'endTime',
  'description',
  'isString',
  'isStep',
  'mimeType',
  'directory',
  'uploaded',
  'parentExternalId',
  'parentId',
];

/** The fields that tell least. */
const LAST = ['version', 'dataSetId', 'createdTime', 'lastUpdatedTime'];

/** The kinds of items, each with the fields that no other has. */
const NOUNS = [
  ['edges', 'startNode'],
  ['nodes', 'space'],
  ['time series', 'isStep'],
  ['files', 'uploaded'],
  ['assets', 'rootId'],
  ['events', 'startTime', 'endTime', 'type', 'subtype', 'assetIds'],
  // Of a table that describes itself.
  ['columns', 'column'],
] as const;

/** Names of fields that hold epoch milliseconds. */
const TIME = /Time$/;

/** Most columns that are looked at. */
const MOST_COLUMNS = 500;

/** Items of one kind. */
export function listFrame(items: readonly unknown[], { rows }: PrintSettings): Frame {
  const { head, tail, isCut } = shownRows(items.length, rows);
  const shown = [...items.slice(0, head), ...(tail > 0 ? items.slice(-tail) : [])].map(flatten);
  const names = new Set<string>();
  for (const row of shown)
    for (const name of row.keys()) if (names.size < MOST_COLUMNS) names.add(name);
  const columns = byRank([...names]).map((name) =>
    columnOf(
      name,
      shown.map((row) => row.get(name)),
    ),
  );
  return { columns, summary: countOf(items.length, nounOf(items[0])), ...(isCut && { head }) };
}

/** One item: a row for each of its fields. */
export function itemFrame(item: object, { timeZone }: PrintSettings): Frame {
  const row = flatten(item);
  const names = byRank([...row.keys()]);
  const texts = names.map((name) => {
    const { texts } = formatColumn(columnOf(name, [row.get(name)]), timeZone);
    return texts[0];
  });
  return {
    columns: [
      { name: 'field', values: names },
      { name: 'value', values: texts },
    ],
    summary: countOf(1, nounOf(item)),
  };
}

/** The names of fields, those that tell most first. */
function byRank(names: readonly string[]): string[] {
  return names
    .map((name, index) => ({ name, rank: rankOf(name) + index / MOST_COLUMNS }))
    .sort((left, right) => left.rank - right.rank)
    .map(({ name }) => name);
}

/** The frame of a table that `toTable()` gives. */
export function tableFrame(
  names: readonly string[],
  rows: readonly (readonly unknown[])[],
  settings: PrintSettings,
): Frame {
  const { head, tail, isCut } = shownRows(rows.length, settings.rows);
  const shown = [...rows.slice(0, head), ...(tail > 0 ? rows.slice(-tail) : [])];
  const columns = names.map((name, index) =>
    columnOf(
      name,
      shown.map((row) => row[index]),
    ),
  );
  return {
    columns,
    summary: `${counted(rows.length, 'row')} × ${counted(names.length, 'column')}`,
    ...(isCut && { head }),
  };
}

function columnOf(name: string, values: readonly unknown[]): FrameColumn {
  return {
    name,
    isTime:
      TIME.test(name) && values.every((value) => value === undefined || typeof value === 'number'),
    values,
  };
}

function countOf(count: number, noun: string): string {
  return counted(count, noun === 'time series' ? noun : noun.replace(/s$/, ''), noun);
}

/**
 * The items of a list, by the fields that all items of their resource have: a list knows no more of
 * itself.
 */
function nounOf(item: unknown): string {
  if (typeof item !== 'object' || item === null) return 'items';
  const [noun = 'items'] =
    NOUNS.find(([, ...names]) => names.some((name) => Object.hasOwn(item, name))) ?? [];
  return noun;
}

/** An item as a row, without empty fields: metadata has a column for each key. */
function flatten(item: unknown): Map<string, unknown> {
  const row = new Map<string, unknown>();
  if (typeof item !== 'object' || item === null) return row.set('value', item);
  for (const [name, value] of Object.entries(item).slice(0, MOST_COLUMNS)) {
    if (isEmpty(value)) continue;
    if (name === 'metadata' && typeof value === 'object' && value !== null)
      for (const [key, text] of Object.entries(value).slice(0, MOST_COLUMNS))
        row.set(`metadata.${key}`, text);
    else row.set(name, value);
  }
  return row;
}

/** A value that tells nothing: CDF gives empty arrays for fields that an item does not have. */
function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object') return value === undefined;
  if (value === null || Array.isArray(value)) return (value ?? []).length === 0;
  return Object.getPrototypeOf(value) === Object.prototype && Object.keys(value).length === 0;
}

function rankOf(name: string): number {
  const first = FIRST.indexOf(name);
  if (first >= 0) return first;
  const last = LAST.indexOf(name);
  if (last >= 0) return 1001 + last;
  return name.startsWith('metadata.') ? 1000 : 999;
}
