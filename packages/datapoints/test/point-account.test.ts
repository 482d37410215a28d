import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PointAccount } from '../src/write/account.js';
import { rounds } from './rounds.js';

const OUTCOMES = ['successful', 'unknown', 'failed', 'notAttempted'] as const;
type Outcome = (typeof OUTCOMES)[number];

const part = (times: readonly number[], id = 1) => {
  const timestamps = Float64Array.from(times);
  const columns = { timestamps, values: new Float64Array(timestamps.length), needsJson: false };
  return { identifier: { id }, columns, from: 0, to: timestamps.length };
};
const listed = (account: PointAccount) =>
  account
    .ranges()
    .map(({ range: { first, last, count }, outcome }) => [outcome, first, last, count]);

describe('the account of points', () => {
  it('makes one range of neighbours, in whatever order they come', () => {
    const account = new PointAccount();
    for (const times of [
      [20, 29],
      [0, 9],
      [10, 19],
    ])
      account.add(part(times), 'successful');
    expect(listed(account)).toEqual([['successful', 0, 29, 6]]);
  });

  it('cuts a range where a point of another outcome lies', () => {
    const account = new PointAccount();
    account.add(part([0, 2, 4, 6]), 'successful');
    account.add(part([3]), 'failed');
    account.add(part([7, 8]), 'unknown');
    expect(listed(account)).toEqual([
      ['successful', 0, 2, 2],
      ['failed', 3, 3, 1],
      ['successful', 4, 6, 2],
      ['unknown', 7, 8, 2],
    ]);
  });

  it('sets a time apart that two requests had, and that only one of them stored', () => {
    const account = new PointAccount();
    account.add(part([1, 2, 3]), 'successful');
    account.add(part([2]), 'failed');
    expect(listed(account)).toEqual([
      ['successful', 1, 1, 1],
      ['successful', 2, 2, 1],
      ['failed', 2, 2, 1],
      ['successful', 3, 3, 1],
    ]);
  });

  it('counts every point once, and spans no point of another outcome', () => {
    const request = fc.record({
      id: fc.integer({ min: 1, max: 2 }),
      times: fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 8 }),
      outcome: fc.constantFrom<Outcome>(...OUTCOMES),
    });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 12 }), (requests) => {
        const account = new PointAccount();
        const points: { id: number; time: number; outcome: Outcome }[] = [];
        for (const { id, times, outcome } of requests) {
          account.add(
            part(
              [...times].sort((left, right) => left - right),
              id,
            ),
            outcome,
          );
          points.push(...times.map((time) => ({ id, time, outcome })));
        }
        const ranges = account.ranges();
        for (const { range, outcome } of ranges) {
          const within = points.filter(
            ({ id, time }) => id === range.id && time >= range.first && time <= range.last,
          );
          expect(within.filter((point) => point.outcome === outcome)).toHaveLength(range.count);
          // Others may be there at the same time only.
          if (range.first !== range.last) expect(within).toHaveLength(range.count);
        }
        expect(ranges.reduce((sum, { range }) => sum + range.count, 0)).toBe(points.length);
      }),
      { numRuns: rounds(300, 20_000) },
    );
  });

  it('stays small for an endless source, and tells late failures from earlier points', () => {
    const account = new PointAccount({ points: 100, segments: 20 });
    for (let time = 0; time < 10_000; time += 10) account.add(part([time, time + 5]), 'successful');
    account.add(part([9_983]), 'failed');
    account.add(part([5_000, 5_001]), 'unknown');
    const ranges = listed(account);
    expect(ranges.length).toBeLessThan(10);
    expect(ranges.filter(([outcome]) => outcome === 'failed')).toEqual([
      ['failed', 9_983, 9_983, 1],
    ]);
    expect(ranges.reduce((sum, range) => sum + Number(range[3]), 0)).toBe(2003);
    const spanning = account
      .ranges()
      .filter(
        ({ range, outcome }) =>
          outcome === 'successful' && range.first < 9_983 && range.last > 9_983,
      );
    expect(spanning).toEqual([]);
  });
});
