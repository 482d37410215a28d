import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The data folder of the npm package `vega-datasets`: published data from elsewhere. */
export const DATA_FOLDER: string = join(
  dirname(createRequire(import.meta.url).resolve('vega-datasets')),
  '..',
  'data',
);

/** The files that the walk uses, by name. */
export const FILES = [
  'weather.csv',
  'seattle-weather-hourly-normals.csv',
  'co2-concentration.csv',
] as const;

export type FileName = (typeof FILES)[number];

export function filePath(name: FileName): string {
  return join(DATA_FOLDER, name);
}

/**
 * Rows of a CSV file by column name. These files do not quote cells; a file that does is refused.
 */
export function readRows(name: FileName): Record<string, string>[] {
  const [header = '', ...lines] = readFileSync(filePath(name), 'utf8').trim().split(/\r?\n/);
  const columns = header.split(',');
  return lines.map((line, index) => {
    const cells = line.split(',');
    if (cells.length !== columns.length || line.includes('"'))
      throw new Error(`${name}, line ${index + 2}: expected ${columns.length} plain cells`);
    return Object.fromEntries(
      columns.map((column, position) => [column, cells[position] as string]),
    );
  });
}
