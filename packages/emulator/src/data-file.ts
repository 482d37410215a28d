import { readFileSync } from 'node:fs';

type DataFile =
  | 'units.json'
  | 'unit-systems.json'
  | 'status-codes.json'
  | 'cognite-core.json'
  | 'seed-small.json'
  | 'seed-plant.json';

/** The text of a file in the package's `data` folder, which is beside both `src` and `dist`. */
export function dataFile(name: DataFile): string {
  return readFileSync(new URL(`../data/${name}`, import.meta.url), 'utf8');
}
