// Bundles every story against the built packages, prints the table and fails over a budget or a forbidden name.
//   node tooling/size/run.mjs [--write]   puts the table into the README
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { bundle, faults } from './bundle.mjs';
import { stories } from './stories.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const resolveFrom = join(root, 'apps/bench');
const problems = [];
const rows = [];
for (const story of stories) {
  const ours = await bundle(story.ours, resolveFrom);
  const official = story.official === undefined ? undefined : await bundle(story.official, resolveFrom);
  problems.push(...faults(story, ours));
  rows.push(
    `| ${story.name} | ${kilobytes(ours.size)} | ${kilobytes(story.goal)} | ${official === undefined ? 'has none' : kilobytes(official.size)} |`,
  );
}
const table = ['| story, gzip | @cdf | goal | @cognite/sdk |', '|---|---|---|---|', ...rows].join('\n');
console.log(table);
const readme = join(root, 'README.md');
const text = readFileSync(readme, 'utf8');
const marked = text.replace(
  /(<!-- sizes -->\n)[\s\S]*?(<!-- \/sizes -->)/,
  (_, start, end) => `${start}${table}\n${end}`,
);
if (process.argv.includes('--write')) writeFileSync(readme, marked);
else if (marked !== text) problems.push('the table in the README is out of date: run `npm run size -- --write`');
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
