import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
// @ts-expect-error a plain script without declarations
import SummaryReporter from '../summary-reporter.mjs';

const folder = mkdtempSync(join(tmpdir(), 'summary-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Test {
  readonly state: string;
  readonly meta?: object;
}

/** The part of vitest's results that this reporter reads. */
function moduleOf(
  name: string,
  milliseconds: number,
  tests: readonly Test[],
  errors: readonly Error[] = [],
): object {
  return {
    moduleId: join(process.cwd(), name),
    state: () => (errors.length > 0 ? 'failed' : 'passed'),
    errors: () => errors,
    diagnostic: () => ({ duration: milliseconds }),
    children: {
      allTests: () =>
        tests.map(({ state, meta = {} }) => ({ result: () => ({ state }), meta: () => meta })),
    },
  };
}

describe('the summary of a long run', () => {
  it('has every suite with its rounds, seeds and seconds, and counts a file that could not be loaded', () => {
    const file = join(folder, 'summary.md');
    const times = [1_000, 91_000];
    const reporter = new SummaryReporter({ file, seed: '7', now: () => times.shift() });
    reporter.onTestRunStart();
    reporter.onTestRunEnd(
      [
        moduleOf('a.test.ts', 1_500, [
          { state: 'passed' },
          { state: 'failed', meta: { rounds: 20, seeds: [7] } },
        ]),
        moduleOf('b.test.ts', 60_000, [{ state: 'passed', meta: { rounds: 5, seeds: [7, 42] } }]),
        moduleOf('c.test.ts', 0, [], [new Error('a typo')]),
      ],
      [],
    );
    expect(readFileSync(file, 'utf8').split('\n')).toEqual([
      '# Long tests: 2 passed, 2 failed, 90 s',
      '',
      'Again with the same values: `CDF_TEST_SEED=7 npm run test:long`.',
      '',
      '| suite | passed | failed | rounds | seeds | seconds |',
      '|---|---|---|---|---|---|',
      '| b.test.ts | 1 | 0 | 5 | 7, 42 | 60.0 |',
      '| a.test.ts | 1 | 1 | 20 | 7 | 1.5 |',
      '| c.test.ts | 0 | 1 |  |  | 0.0 |',
      '',
    ]);
  });
});
