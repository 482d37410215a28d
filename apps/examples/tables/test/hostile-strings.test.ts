import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ResourceList } from '@cdf/core';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { START, tableOf } from '../src/sample.js';

const isLong = process.env.CDF_TEST_LONG === '1';
const STRINGS = isLong ? 10_000 : 400;
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const PIECES = [
  '=',
  '+',
  '-',
  '@',
  '\t',
  '\r',
  '\n',
  '\r\n',
  '＝',
  '＋',
  '－',
  '＠',
  ';',
  ',',
  '"',
  "'",
  '\u001b[31m',
  '\u202e',
  ' ',
];

const strings = fc.sample(
  fc.string({
    unit: fc.oneof(
      fc.constantFrom(...PIECES),
      fc.constantFrom('cmd|calc!A0', '1', 'pump', 'é', '😀', 'HYPERLINK("x";"y")'),
    ),
    minLength: 1,
    maxLength: 10,
  }),
  { numRuns: STRINGS, seed: 19 },
);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostile-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The rows of a CSV file as a spreadsheet of that separator has them, or as a database. */
async function rowsOf(csv: string): Promise<(string | null)[][]> {
  const path = join(folder, 'table.csv');
  await writeFile(path, csv);
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  try {
    const options = `delim = ',', quote = '"', escape = '"', header = false, all_varchar = true, new_line = '\\r\\n', nullstr = '\x01'`;
    const found = await connection.runAndReadAll(`select * from read_csv('${path}', ${options})`);
    return found.getRows() as (string | null)[][];
  } finally {
    connection.closeSync();
    database.closeSync();
  }
}

describe('random strings in CSV, read back by DuckDB', () => {
  it('are inert as names, descriptions and metadata, and whole', async () => {
    const list = ResourceList.from(
      strings.map((text, index) => ({
        id: index + 1,
        name: text,
        description: `${text}${text}`,
        level: -index,
      })),
    ) as unknown as ResourceList<{ id: number }>;
    const [header, ...rows] = await rowsOf(list.toTable().toCsv());
    expect(header).toEqual(['id', 'name', 'description', 'level']);
    expect(rows).toHaveLength(STRINGS);
    for (const [index, [id, name, description, level]] of rows.entries()) {
      const text = strings[index] as string;
      expect([id, level]).toEqual([String(index + 1), String(-index)]);
      for (const [read, written] of [
        [name, text],
        [description, text + text],
      ] as const) {
        expect(read).not.toMatch(FORMULA);
        expect(read).toBe(FORMULA.test(written) ? `'${written}` : written);
      }
    }
    const plain = await rowsOf(list.toTable().toCsv({ guard: false }));
    expect(plain.slice(1).map(([, name]) => name)).toEqual(strings);
  });

  it('are inert as names of columns and as data points', async () => {
    const names = [...new Set(strings)].slice(0, 40);
    const guarded = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);
    const points = names.map(
      (name, index) => [name, [{ timestamp: START, value: strings[index] as string }]] as const,
    );
    const table = await tableOf(Object.fromEntries(points));
    const [header = [], row = []] = await rowsOf(table.toCsv());
    expect(header.slice(1)).toEqual([...table.columns.keys()].map(guarded));
    expect(row.slice(1)).toEqual(
      [...table.columns.values()].map((column) => guarded(String(column[0]))),
    );
    const [plain = []] = await rowsOf(table.toCsv({ guard: false }));
    expect(plain.slice(1)).toEqual([...table.columns.keys()]);
  });
});
