import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatapointsTable } from '@cdf/datapoints';
import * as arrow from 'apache-arrow';
import { fromArrow } from 'arquero';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toArquero, warmestDays } from '../src/arquero.js';
import { queryCsv, queryParquet } from '../src/duckdb.js';
import { toPolars } from '../src/polars.js';
import { START, sampleTable, tableOf } from '../src/sample.js';

const DAY = 86_400_000;
/**
 * Each day has 24 hours, each a quarter more than the one before; the second day lacks six hours.
 */
const DAYS = [
  { day: new Date(START + 3 * DAY), mean: 32.875 },
  { day: new Date(START + 2 * DAY), mean: 22.875 },
  { day: new Date(START + DAY), mean: 10 + (23 * 24 * 0.125 - (6 + 7 + 8 + 9 + 10 + 11) / 4) / 18 },
  { day: new Date(START), mean: 2.875 },
];
const PER_DAY = `select date_trunc('day', timestamp) as day, avg("outdoor temperature") as mean
                 from points group by day order by mean desc`;

let folder = '';
let table: DatapointsTable;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tables-'));
  table = await sampleTable();
});
afterAll(() => rm(folder, { recursive: true }));

describe('recipes for data frames', () => {
  it('Arquero: reads Arrow bytes and groups by day', () => {
    const frame = toArquero(table);
    expect(frame.columnNames()).toEqual(['timestamp', 'outdoor temperature', 'valve']);
    expect(frame.numRows()).toBe(91);
    expect(frame.object(0)).toEqual({
      timestamp: new Date(START),
      'outdoor temperature': 0,
      valve: 'off',
    });
    expect(frame.get('valve', 1)).toBeNull();
    expect(warmestDays(table, 'outdoor temperature')).toEqual(DAYS);
  });

  it('Arquero: takes the Arrow table that shares its numbers, too', () => {
    const shared = table.toArrow(arrow);
    expect(shared.getChild('outdoor temperature')?.data[0]?.values.buffer).toBe(
      (table.columns.get('outdoor temperature') as Float64Array).buffer,
    );
    const frame = fromArrow(shared as never);
    expect(frame.numRows()).toBe(91);
    expect(frame.get('outdoor temperature', 29)).toBe(10 + 5 / 4);
  });

  it('DuckDB: queries Parquet, with times in UTC and missing values as null', async () => {
    const path = join(folder, "pump's points.parquet");
    expect(await queryParquet(table, path, PER_DAY)).toEqual(DAYS);
    const [counts] = await queryParquet(
      table,
      path,
      'select count(*) as rows, count("outdoor temperature") as numbers, count(valve) as texts, typeof(any_value(timestamp)) as type from points',
    );
    expect(counts).toEqual({
      rows: 91n,
      numbers: 90n,
      texts: 3n,
      type: 'TIMESTAMP WITH TIME ZONE',
    });
  });

  it('DuckDB: queries CSV that was written a part at a time', async () => {
    const path = join(folder, 'points.csv');
    expect(await queryCsv(table, path, PER_DAY)).toEqual(DAYS);
    expect(await readFile(path, 'utf8')).toBe(table.toCsv());
  });

  it('CSV: names and values that try to be something else are text, and come back whole', async () => {
    const hostile = [
      '=HYPERLINK("http://example.com";"click")',
      '@SUM(1+1)*cmd|calc',
      '+1',
      '-1',
      '</script><script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      'first line\nsecond, line',
      '\u001b[31mred',
    ];
    const points = hostile.map((value, index) => ({ timestamp: START + index, value }));
    const names = [...hostile, 'values'];
    const series = Object.fromEntries(
      names.map((name) => [name, name === 'values' ? points : [{ timestamp: START, value: 1 }]]),
    );
    const strange = await tableOf(series);
    const path = join(folder, 'hostile.csv');
    const rows = await queryCsv(strange, path, 'select * from points');
    // A text that a spreadsheet would run has an apostrophe before it, in the header as in the
    // cells.
    const text = (name: string): string => (/^[=@+-]/.test(name) ? `'${name}` : name);
    expect(Object.keys(rows[0] ?? {})).toEqual(['timestamp', ...names.map(text)]);
    expect(rows.map(({ values }) => values)).toEqual(hostile.map(text));
    expect(await readFile(path, 'utf8')).not.toMatch(/(^|[\n,]"?)[=@+]|(^|[\n,]"?)-\D/);
  });

  it('Polars: is given an Arrow file that an independent reader reads', () => {
    const frame = toPolars({ readIPC: (bytes) => arrow.tableFromIPC(bytes) }, table);
    expect(frame.schema.fields.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      'timestamp: Timestamp<MILLISECOND, UTC>',
      'outdoor temperature: Float64',
      'valve: Utf8',
    ]);
    expect(frame.numRows).toBe(91);
    expect(frame.getChild('outdoor temperature')?.nullCount).toBe(1);
    expect(frame.getChild('valve')?.get(30)).toBe('on');
  });
});
