import { readFileSync } from 'node:fs';

/** The text of a file in the package's `data` folder, which is beside both `src` and `dist`. */
export function dataFile(name: 'units.json' | 'unit-systems.json' | 'status-codes.json'): string {
  return readFileSync(new URL(`../data/${name}`, import.meta.url), 'utf8');
}
