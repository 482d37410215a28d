// Checks that all documents have the figures that were measured, or writes them. Made by hand: no tool knows our two tables.
//   node tooling/figures/run.mjs [--write]
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { documents } from '../docs/blocks-of-documents.mjs';
import { withFigures } from './figures.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const results = JSON.parse(readFileSync(join(root, 'apps/bench/results/results.json'), 'utf8'));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
for (const path of documents()) {
  const text = readFileSync(path, 'utf8');
  const right = withFigures(text, results, readme);
  if (right === text) continue;
  if (process.argv.includes('--write')) writeFileSync(path, right);
  else {
    console.error(
      `${relative(root, path)} has other figures than were measured: run \`npm run figures -- --write\``,
    );
    process.exitCode = 1;
  }
}
