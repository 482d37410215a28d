// Builds every story as an application against the built packages, opens it in Chromium, prints the table, and fails over a limit, a
// forbidden name or a story that does not run.
//   node tooling/size/run.mjs [--write] [--source] [--chunks]
//     puts the table into the README; measures the sources, without a build; prints each script of each story
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { launchChromium } from '../browser/launch.mjs';
import { bundle, bundleAlone, faults, limitFor, sizeOf } from './bundle.mjs';
import { stories } from './stories.mjs';
import { isOutOfDate, markdownTable, withTable } from './table.mjs';
import { scriptsLoaded } from './visit.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const installed = join(root, 'apps/bench');
const conditions = process.argv.includes('--source') ? ['@cdf/source'] : [];
const browser = await launchChromium('--disable-web-security');
const problems = [];
const rows = [];
try {
  for (const story of stories) {
    const { scripts, first } = await measure(story.name, story.ours, conditions, story.answers);
    problems.push(...faults(story, { scripts }, first));
    const alone = sizeOf(
      (await measure(story.name, story.ours, conditions, story.answers, bundleAlone)).first,
    );
    if (alone > story.alone)
      problems.push(`${story.name}: ${alone} bytes without what Vite adds, ${story.alone} allowed`);
    rows.push([
      story.name,
      kilobytes(sizeOf(first)),
      kilobytes(alone),
      kilobytes(sizeOf(scripts)),
      kilobytes(story.goal),
      await official(story),
    ]);
    for (const [what, size] of [
      ['limit', sizeOf(first)],
      ['alone', alone],
    ]) {
      const limit = limitFor(story.goal, size);
      if (limit < story[what])
        console.log(`${story.name}: ${what} can be ${limit}, it is ${story[what]}`);
    }
    for (const script of process.argv.includes('--chunks') ? scripts : [])
      console.log(`${first.includes(script) ? 'first' : 'later'} ${script.size} ${script.name}`);
  }
} finally {
  await browser.close();
}
const table = markdownTable(
  ['story, gzip', '@cdf, first load', 'by Rolldown', 'all of it', 'goal', '@cognite/sdk'],
  rows,
);
console.log(table);
const readme = join(root, 'README.md');
const text = readFileSync(readme, 'utf8');
if (process.argv.includes('--write')) {
  writeFileSync(readme, withTable(text, table));
  execFileSync(process.execPath, [join(root, 'tooling/figures/run.mjs'), '--write'], {
    stdio: 'inherit',
  });
} else if (isOutOfDate(text, table))
  problems.push('the table in the README is out of date: run `npm run size -- --write`');
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

async function measure(name, source, conditions, answers, by = bundle) {
  const bundled = await by(source, installed, conditions);
  try {
    return { ...bundled, first: await scriptsLoaded(browser, bundled, answers) };
  } catch (error) {
    problems.push(`${name}: does not run: ${error.message}`);
    return { ...bundled, first: bundled.scripts };
  }
}

async function official({ name, official: source }) {
  if (source === undefined) return 'has none';
  const { first } = await measure(`${name}, with @cognite/sdk`, source, []);
  return kilobytes(sizeOf(first));
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
