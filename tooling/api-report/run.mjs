// The public surface of every package as Markdown, one file per package: packages/<package>/etc/<package>.api.md.
//   node tooling/api-report/run.mjs           writes them
//   node tooling/api-report/run.mjs --check   fails when one differs from the committed one
// Names of packages after it restrict it to them.
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { compareReports } from './reports.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const check = process.argv.includes('--check');
const only = process.argv.slice(2).filter((word) => !word.startsWith('--'));

const changed = compareReports(root, { check, only });
for (const { file, difference } of changed) {
  if (check) for (const line of difference) console.log(line);
  console.log(`${check ? 'drifted' : 'written'} ${file}`);
}
console.log(
  check && changed.length > 0
    ? 'api reports: the public surface changed; look at it, then run `npm run api:update` and commit the reports'
    : `api reports: ${check ? 'all as committed' : `${changed.length} written`}`,
);
process.exitCode = check && changed.length > 0 ? 1 : 0;
