// Bundles every story against the built packages, runs it in Chromium, prints the table, and fails over a budget, a forbidden name or a
// story that does not run.
//   node tooling/size/run.mjs [--write] [--source]   puts the table into the README; measures the sources, without a build
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { launchChromium } from '../browser/launch.mjs';
import { bundle, faults, sizeOf, withStaticImports } from './bundle.mjs';
import { stories } from './stories.mjs';
import { isOutOfDate, markdownTable, withTable } from './table.mjs';
import { chunksLoaded } from './visit.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const resolveFrom = join(root, 'apps/bench');
const conditions = process.argv.includes('--source') ? ['@cdf/source'] : [];
const browser = await launchChromium('--disable-web-security');
const problems = [];
const rows = [];
try {
  for (const story of stories) {
    const ours = await bundle(story.ours, resolveFrom, conditions);
    let first = ours.chunks;
    try {
      first = withStaticImports(ours, await chunksLoaded(browser, ours, story.answers));
    } catch (error) {
      problems.push(`${story.name}: does not run: ${error.message}`);
    }
    problems.push(...faults(story, ours, first));
    rows.push([
      story.name,
      kilobytes(sizeOf(first)),
      kilobytes(sizeOf(ours.chunks)),
      story.goal === undefined ? '' : kilobytes(story.goal),
      await official(story),
    ]);
    for (const { name, size } of process.argv.includes('--chunks') ? ours.chunks : [])
      console.log(`${first.some((chunk) => chunk.name === name) ? 'first' : 'later'} ${size} ${name}`);
  }
} finally {
  await browser.close();
}
const table = markdownTable(['story, gzip', '@cdf, first load', 'all of it', 'goal', '@cognite/sdk'], rows);
console.log(table);
const readme = join(root, 'README.md');
const text = readFileSync(readme, 'utf8');
if (process.argv.includes('--write')) writeFileSync(readme, withTable(text, table));
else if (isOutOfDate(text, table))
  problems.push('the table in the README is out of date: run `npm run size -- --write`');
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

async function official({ name, goal, official: source }) {
  if (source === undefined) return goal === undefined ? '' : 'has none';
  const { chunks } = await bundle(source, resolveFrom);
  // Should it ever load parts later, it has to be run as ours is.
  if (chunks.length > 1) problems.push(`${name}: @cognite/sdk has ${chunks.length} chunks, and is compared by one`);
  return kilobytes(sizeOf(chunks));
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
