import { describe, expect, it } from 'vitest';
// @ts-expect-error the workspace's tools are plain JavaScript
import { allBut, order } from '../order.mjs';

const at = (path: string): string => `/w/packages/${path}`;
const quick = { load: 10, tests: { 'is quick': 5 } };

function ordered(changed: string, distances: Record<string, number>, times: Record<string, unknown> = {}) {
  const graph = new Map(
    Object.entries(distances).map(([test, far]) => [at(test), new Map([[at(changed), far]])] as const),
  );
  const { first, rest } = order(
    [at(changed)],
    graph,
    (file: string) => times[file.slice('/w/packages/'.length)] ?? quick,
  );
  const short = (file: string): string => file.slice(file.lastIndexOf('/') + 1);
  return {
    first: first.map(({ file }: { file: string }) => short(file)),
    without: first[0]?.without,
    rest: rest.map(short),
  };
}

describe('what is run first for a change', () => {
  it('is the test named like the file, then the nearest of the package, then of others', () => {
    const distances = {
      'b/test/x.test.ts': 1,
      'a/test/far.test.ts': 4,
      'a/test/near.test.ts': 2,
      'a/test/some-plan.test.ts': 3,
    };
    expect(ordered('a/src/some/plan.ts', distances).first).toEqual([
      'some-plan.test.ts',
      'near.test.ts',
      'far.test.ts',
    ]);
    expect(ordered('a/src/some/plan.ts', distances).rest).toEqual(['x.test.ts']);
    expect(ordered('a/src/some/plan.ts', { 'b/test/x.test.ts': 1 }).first).toEqual(['x.test.ts']);
  });

  it('is not what needs long before its first test', () => {
    const times = { 'a/test/plan.test.ts': { load: 40_000, tests: { 'is quick': 5 } } };
    const distances = { 'a/test/plan.test.ts': 1, 'a/test/other.test.ts': 2 };
    expect(ordered('a/src/plan.ts', distances, times)).toMatchObject({
      first: ['other.test.ts'],
      rest: ['plan.test.ts'],
    });
  });

  it('is not what does not run the file', () => {
    expect(order([at('a/src/x.ts')], new Map([[at('a/test/y.test.ts'), new Map()]]), () => quick)).toEqual({
      first: [],
      rest: [],
    });
  });

  it('leaves a slow test of the nearest file for later, with its file', () => {
    const times = { 'a/test/plan.test.ts': { load: 10, tests: { 'is quick': 5, 'is slow': 900 } } };
    expect(ordered('a/src/plan.ts', { 'a/test/plan.test.ts': 1 }, times)).toEqual({
      first: ['plan.test.ts'],
      without: ['is slow'],
      rest: ['plan.test.ts'],
    });
  });

  it('is at least one file that nobody has measured, and no second one', () => {
    const times = { 'a/test/one.test.ts': undefined, 'a/test/two.test.ts': undefined };
    const distances = { 'a/test/one.test.ts': 1, 'a/test/two.test.ts': 2 };
    const graph = new Map(
      Object.entries(distances).map(([test, far]) => [at(test), new Map([[at('a/src/x.ts'), far]])]),
    );
    const { first, rest } = order([at('a/src/x.ts')], graph, (file: string) => times[file as keyof typeof times]);
    expect(first).toEqual([{ file: at('a/test/one.test.ts'), without: [] }]);
    expect(rest).toEqual([at('a/test/two.test.ts')]);
  });

  it('ends where about a second is full', () => {
    const times = Object.fromEntries(
      [1, 2, 3].map((each) => [`a/test/t${each}.test.ts`, { load: 240, tests: { one: 200 } }]),
    );
    const distances = { 'a/test/t1.test.ts': 1, 'a/test/t2.test.ts': 2, 'a/test/t3.test.ts': 3 };
    const { first, rest } = ordered('a/src/x.ts', distances, times);
    expect(first).toEqual(['t1.test.ts', 't2.test.ts']);
    expect(rest).toEqual(['t3.test.ts']);
  });
});

describe('the pattern of all tests but some', () => {
  it('matches new tests and longer names, not those', () => {
    const pattern = allBut(['a test (slow)', 'b']);
    expect(['a test (slow)', 'b', 'a test (slow) of two', 'bb', 'new'].map((name) => pattern.test(name))).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });
});
