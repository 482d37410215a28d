import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
let root = '';
let loop: ChildProcess;
let printed = '';

/** Several processes start here, which takes its time where others run as well. @unit milliseconds */
const PATIENCE = 240_000;
const TIMES = '.turbo/dev-times.json';
const [NEAR, FAR] = ['packages/a/test/sum.test.ts', 'packages/a/test/far.test.ts'];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'dev-loop-'));
  for (const path of ['tooling/dev/graph.mjs', 'tooling/dev/order.mjs', 'tooling/dev/run.mjs', 'tooling/dev/times.mjs'])
    cpSync(join(ROOT, path), join(root, path));
  cpSync(join(ROOT, 'tooling/vitest'), join(root, 'tooling/vitest'), { recursive: true });
  cpSync(join(ROOT, 'vitest.config.ts'), join(root, 'vitest.config.ts'));
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  mkdirSync(join(root, 'apps'));
  write('package.json', '{ "type": "module" }');
  write('packages/a/package.json', '{ "name": "@cdf/a" }');
  write('packages/a/src/sum.ts', 'export const sum = (a: number, b: number): number => a + b;\n');
  write(NEAR, testOf('adds', 'slowly'));
  write(FAR, testOf('is far away'));
  write(TIMES, JSON.stringify({ [NEAR]: { load: 1, tests: { adds: 1, slowly: 9000 } } }));
  loop = spawn(process.execPath, ['tooling/dev/run.mjs', 'packages/'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [loop.stdout, loop.stderr])
    stream?.on('data', (chunk) => {
      printed += chunk;
    });
  await seen(/2 test files wait for a change/);
}, PATIENCE);
afterAll(() => {
  loop.kill();
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function testOf(...names: string[]): string {
  const tests = names.map((name) => `it('${name}', () => expect(sum(1, 2)).toBe(3));\n`).join('');
  return `import { expect, it } from 'vitest';\nimport { sum } from '../src/sum.js';\n${tests}`;
}

async function seen(what: RegExp): Promise<string> {
  while (!what.test(printed)) {
    if (loop.exitCode !== null) throw new Error(`the loop has ended: ${printed}`);
    await new Promise((resolve) => loop.stdout?.once('data', resolve));
  }
  return printed;
}

describe('the loop', () => {
  it(
    'judges a change by the nearest quick tests, then by all others',
    async ({ onTestFailed }) => {
      onTestFailed(() => console.log(printed));
      write('packages/a/src/sum.ts', 'export const sum = (a: number, b: number): number => a - b;\n');
      await seen(/sum\.ts: 0 passed, 1 failed \(sum\.test\.ts\) in [\d.]+ s/);
      await seen(/slower and farther tests, 2 files: 0 passed, 3 failed in \d+ s/);
      expect(printed).toContain('expected -1 to be 3');

      // What each of them took is known now, and none is quick where the machine is busy: here they all are.
      const times = JSON.parse(readFileSync(join(root, TIMES), 'utf8'));
      expect(Object.keys(times[FAR].tests)).toEqual(['is far away']);
      expect(times[NEAR].tests.slowly).not.toBe(9000);
      const quick = {
        [NEAR]: { load: 1, tests: { adds: 1, slowly: 1 } },
        [FAR]: { load: 1, tests: { 'is far away': 1 } },
      };
      write(TIMES, JSON.stringify(quick));
      printed = '';
      write('packages/a/src/sum.ts', 'export const sum = (a: number, b: number): number => b + a;\n');
      await seen(/sum\.ts: 3 passed, 0 failed \(sum\.test\.ts, far\.test\.ts\) in [\d.]+ s/);
    },
    PATIENCE,
  );
});
