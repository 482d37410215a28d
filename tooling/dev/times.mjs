import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const MEMORY = `${ROOT}/.turbo/dev-times.json`;

/** What each test file took when it last ran. @returns {Record<string, import('./order.mjs').Times>} by path below the root */
export function readTimes() {
  try {
    return JSON.parse(readFileSync(MEMORY, 'utf8'));
  } catch {
    // Nothing has run yet, or the file was written by hand.
    return {};
  }
}

/** A reporter that notes what each test took. Tests that were left out keep what they took before. */
export default class TimesReporter {
  onTestRunEnd(modules) {
    const times = readTimes();
    for (const module of modules) {
      const { prepareDuration, setupDuration, collectDuration, duration } = module.diagnostic();
      const file = relative(ROOT, module.moduleId);
      const ran = [...module.children.allTests()].filter((test) => test.diagnostic() !== undefined);
      if (ran.length === 0) continue;
      const inTests = ran.reduce((sum, test) => sum + test.diagnostic().duration, 0);
      const inHooks = Math.max(0, duration - inTests);
      const load = Math.round(prepareDuration + setupDuration + collectDuration + inHooks);
      const tests = Object.fromEntries(ran.map((test) => [nameOf(test), Math.round(test.diagnostic().duration)]));
      times[file] = { load, tests: { ...times[file]?.tests, ...tests } };
    }
    mkdirSync(dirname(MEMORY), { recursive: true });
    // Two may write at a time: neither may read half of what the other writes.
    const half = `${MEMORY}.${process.pid}`;
    writeFileSync(half, JSON.stringify(times));
    renameSync(half, MEMORY);
  }
}

/** The name as vitest compares it with a pattern. */
function nameOf(test) {
  return test.fullName.replaceAll(' > ', ' ');
}
