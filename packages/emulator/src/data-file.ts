import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

type DataFile =
  | 'units.json'
  | 'unit-systems.json'
  | 'status-codes.json'
  | 'cognite-core.json'
  | 'seed-small.json'
  | 'seed-plant.json';

/** The text of a file in the package's `data` folder. */
export function dataFile(name: DataFile): string {
  const manifest = createRequire(import.meta.url).resolve('@cdf/emulator/package.json');
  return readFileSync(join(dirname(manifest), 'data', name), 'utf8');
}
