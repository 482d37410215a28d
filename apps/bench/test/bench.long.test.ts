import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { growthChart } from '../src/chart.js';
import { judge, measure } from '../src/measure.js';
import { toMarkdown } from '../src/report.js';
import type { Measurement } from '../src/scenario.js';
import { scenarios } from './counting.scenario.js';

const [right, wrong] = scenarios as [(typeof scenarios)[number], (typeof scenarios)[number]];
const file = '../test/counting.scenario.ts';

// The processes of a measurement start as this one did, which is not how the test runner starts.
const ownArguments = [...process.execArgv];
beforeAll(() => {
  process.execArgv.splice(
    0,
    process.execArgv.length,
    '--conditions=@cdf/source',
    '--import',
    'tsx',
  );
});
afterAll(() => {
  process.execArgv.splice(0, process.execArgv.length, ...ownArguments);
});

const measured = (contender: string, size: number, medianMs: number): Measurement => ({
  ...{
    scenario: 'counting',
    title: 'Count',
    unit: 'numbers',
    size,
    contender,
    medianMs,
    cpuMs: medianMs / 2,
  },
  ...{ milliseconds: [medianMs], peakMb: medianMs * 2 },
});

describe('a measurement', () => {
  it('has every contender in every round, a warm-up not counted', async () => {
    const found = await measure({ file, scenario: right }, 100, 2);
    expect(
      found.map(({ contender, milliseconds, requests }) => [
        contender,
        milliseconds.length,
        requests,
      ]),
    ).toEqual([
      ['floor', 2, 3],
      ['ours', 2, 3],
    ]);
    expect(found.every(({ medianMs }) => medianMs > 0)).toBe(true);
  });

  it('leaves out what is too large for a contender', async () => {
    expect(
      (await measure({ file, scenario: right }, 1000, 1)).map(({ contender }) => contender),
    ).toEqual(['floor']);
  });

  it('fails when a contender has not everything', async () => {
    await expect(measure({ file, scenario: wrong }, 10, 1)).rejects.toThrow(
      'counting-wrong, ours, 10: {"sum":54} where {"sum":55} belongs',
    );
  });
});

describe('results', () => {
  const all = [10, 100, 1000].flatMap((size) => [
    measured('floor', size, size),
    measured('ours', size, size * 1.5),
  ]);
  const time = { contender: 'ours', against: 'floor', atMost: 1.6 };
  const memory = {
    contender: 'ours',
    against: 'floor',
    atMost: 1.2,
    of: 'memory',
    size: 100,
  } as const;

  it('are judged by their goals, and not where nothing was measured', () => {
    const goals = [time, memory, { ...time, size: 7 }];
    const judged = judge({ ...right, goals }, all);
    expect(judged.map(({ ratio, size, of }) => [ratio, size, of])).toEqual([
      [1.5, 1000, 'time'],
      [1.5, 100, 'memory'],
    ]);
    const text = toMarkdown({
      ...{ node: '20', cores: 2, date: '2026-01-01', rounds: 1 },
      ...{ measurements: all, goals: judged },
    });
    expect(text).toContain('| 1,000 | ours | 1500 | 1.50 | 750 | 750 | 3000 |  |');
    expect(text).toContain('| counting, 1,000 | time of ours to floor | 1.60 | 1.50 | holds |');
    expect(text).toContain(
      '| counting, 100 | memory of ours to floor | 1.20 | 1.50 | **missed** |',
    );
  });

  it('of several sizes become lines of a chart', () => {
    const svg = growthChart(all);
    expect(svg.match(/<polyline/g)).toHaveLength(2);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(growthChart([measured('floor', 10, 1)])).not.toContain('<polyline');
  });
});
