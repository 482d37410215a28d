// Switches off the checks of answers, one at a time, in a copy of the workspace: does the lying server find a violation?
//   node tooling/lying-server/teeth.mjs [--only times] [--lies 60]
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { copyWorkspace } from '../planted-faults/copy-workspace.mjs';
import { CHECKS } from './checks.mjs';

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, lies: { type: 'string', default: '60' } },
});
const root = fileURLToPath(new URL('../..', import.meta.url));
const chosen = CHECKS.filter(({ name }) => name.includes(values.only));
for (const { name, path, text } of chosen) {
  const count = readFileSync(join(root, path), 'utf8').split(text).length - 1;
  if (count !== 1) throw new Error(`"${name}": ${path} has its text ${count} times, expected once: ${text}`);
}
const copy = copyWorkspace(root, 'lying-server-');
const survivors = [];
try {
  for (const [index, check] of chosen.entries()) {
    const file = join(copy, check.path);
    const source = readFileSync(file, 'utf8');
    writeFileSync(file, source.replace(check.text, () => check.without));
    const violation = firstViolation(check.only, index);
    writeFileSync(file, source);
    if (violation === undefined) survivors.push(check.name);
    const verdict = violation === undefined ? 'NOT FOUND' : 'found    ';
    console.log(`${String(index + 1).padStart(3)}/${chosen.length} ${verdict} ${check.name}`);
    if (violation !== undefined) console.log(`      ${violation}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`${chosen.length - survivors.length} of ${chosen.length} checks are missed when they are switched off`);
process.exitCode = survivors.length === 0 ? 0 : 1;

/** What the liar finds first; undefined: nothing. */
function firstViolation(only, index) {
  const table = `cdf-teeth-${process.pid}-${index}.md`;
  spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '-t', 'each has its verdict', 'packages/sdk/test/lying-server'], {
    cwd: copy,
    stdio: 'ignore',
    timeout: 300_000,
    env: {
      ...process.env,
      ...{ CDF_LIES: values.lies, CDF_LIAR_ONLY: only, CDF_LIAR_TABLE: '1', CDF_LIAR_FILE: table, CDF_LIAR_STOP: '1' },
    },
  });
  const file = join(tmpdir(), table);
  try {
    const found = readFileSync(file, 'utf8')
      .split('\n')
      .find((line) => line.startsWith('- '));
    return found?.slice(2, 200);
  } catch {
    return 'the run crashed';
  } finally {
    rmSync(file, { force: true });
  }
}
