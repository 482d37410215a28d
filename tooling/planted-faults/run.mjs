// Empties exported functions, one at a time, in a copy of the workspace, and runs the tests: do they notice?
//   node tooling/planted-faults/run.mjs [--seed 1] [--count 40] [--per-package 3] [--allow 2]
// --trust-baseline leaves out the first run without a fault, for when the tests have just passed.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { candidatesOf, choose, emptied } from './candidates.mjs';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    count: { type: 'string', default: '40' },
    'per-package': { type: 'string', default: '3' },
    allow: { type: 'string', default: '2' },
    'trust-baseline': { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const root = fileURLToPath(new URL('../..', import.meta.url));
const copy = mkdtempSync(join(tmpdir(), 'planted-faults-'));

copyWorkspace();
const chosen = choose(allCandidates(), {
  seed,
  count: Number(values.count),
  perPackage: Number(values['per-package']),
});
console.log(`seed ${seed}: emptying ${chosen.length} functions, one at a time`);
if (!values['trust-baseline'] && firstFailure([]) !== undefined) {
  console.error('the tests fail before anything is planted');
  process.exit(2);
}
const survivors = [];
for (const [index, fault] of chosen.entries()) {
  const file = join(copy, fault.path);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, emptied(text, fault));
  // The package's own tests are the likeliest to notice, and the cheapest.
  const noticed = firstFailure([`packages/${fault.package}/test`]) ?? firstFailure([]);
  writeFileSync(file, text);
  if (noticed === undefined) survivors.push(fault);
  console.log(
    `${String(index + 1).padStart(3)}/${chosen.length} ${noticed === undefined ? 'SURVIVED' : 'caught  '} ${fault.path} ${fault.name}`,
  );
  if (noticed !== undefined) console.log(`      by ${noticed}`);
}
rmSync(copy, { recursive: true, force: true });
console.log(
  `${chosen.length - survivors.length} caught, ${survivors.length} survived (seed ${seed})`,
);
for (const { path, name } of survivors) console.log(`  survived: ${path} ${name}`);
process.exitCode = survivors.length <= Number(values.allow) ? 0 : 1;

/**
 * The first failure of the tests with the planted fault, so that a reader can tell a check from an
 * accident; undefined if they pass.
 */
function firstFailure(filters) {
  const report = join(copy, 'planted-faults.json');
  rmSync(report, { force: true });
  const { status } = spawnSync(
    process.execPath,
    [
      ...['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', '--bail', '1'],
      ...['--reporter', 'json', '--outputFile', report, ...filters],
    ],
    { cwd: copy, stdio: 'ignore', timeout: 600_000 },
  );
  if (status === 0) return undefined;
  if (status === null) return 'no end within ten minutes';
  const suites = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : [];
  for (const { name, message, assertionResults } of suites) {
    const failed = assertionResults.find((each) => each.status === 'failed');
    if (failed !== undefined)
      return `"${failed.fullName}": ${firstLine(failed.failureMessages[0])}`;
    if (message) return `${basename(name)}: ${firstLine(message)}`;
  }
  return 'a crash of the test run';
}

function firstLine(text = '') {
  return text.split('\n', 1)[0].slice(0, 120);
}

/**
 * Sources are copied, installed packages linked: a fault planted in the copy never touches the
 * workspace.
 */
function copyWorkspace() {
  const listed = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const path of listed.stdout
    .split('\0')
    .filter((each) => each !== '' && existsSync(join(root, each)))) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(root, path), join(copy, path));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const group of ['packages', 'apps', 'apps/examples', 'tooling'])
    for (const name of existsSync(join(root, group)) ? readdirSync(join(root, group)) : []) {
      const modules = join(root, group, name, 'node_modules');
      if (existsSync(modules))
        cpSync(modules, join(copy, group, name, 'node_modules'), {
          recursive: true,
          verbatimSymlinks: true,
        });
    }
}

function allCandidates() {
  return readdirSync(join(copy, 'packages')).flatMap((name) =>
    readdirSync(join(copy, 'packages', name, 'src'), { recursive: true })
      .filter((file) => file.endsWith('.ts'))
      .sort()
      .flatMap((file) => {
        const path = join('packages', name, 'src', file);
        return candidatesOf(path, readFileSync(join(copy, path), 'utf8')).map((each) => ({
          ...each,
          package: name,
        }));
      }),
  );
}
