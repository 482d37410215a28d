import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  customMatchers,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
} from '@vitest/expect';

export { expectTypeOf } from 'expect-type';

/**
 * Stands in for `vitest` in a page: the same matchers, and as much of a runner as this suite needs.
 */

type Work = () => unknown;

interface Test {
  readonly name: string;
  readonly work: Work;
  readonly before: Work[];
  readonly after: Work[];
}

export interface SuiteReport {
  readonly passed: number;
  readonly failures: readonly string[];
}

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);

export const expect: Chai.ExpectStatic = Object.assign(
  (value: unknown, message?: string) => chai.expect(value, message),
  chai.expect,
  (globalThis as unknown as Record<symbol, object>)[ASYMMETRIC_MATCHERS_OBJECT],
);
(chai.expect as unknown as { extend(target: object, matchers: object): void }).extend(
  expect,
  customMatchers,
);

const tests: Test[] = [];
const once = new Map<Work, Promise<unknown>>();
let names: string[] = [];
let before: Work[] = [];
let after: Work[] = [];

export function describe(name: string, define: () => void): void {
  const outer = { names, before, after };
  names = [...names, name];
  before = [...before];
  after = [...after];
  define();
  ({ names, before, after } = outer);
}

export function it(name: string, work: Work): void {
  tests.push({ name: [...names, name].join(' > '), work, before, after });
}

/**
 * One test, or group of tests, per row, named by it: `%s` and the like stand for its cells in turn.
 */
const each =
  (define: (name: string, work: () => void) => void) =>
  (rows: readonly unknown[]) =>
  (name: string, work: (...cells: unknown[]) => unknown): void => {
    for (const row of rows) {
      const cells: readonly unknown[] = Array.isArray(row) ? row : [row];
      let next = 0;
      define(
        name.replace(/%[sdioj]/g, () => String(cells[next++])),
        () => work(...cells) as undefined,
      );
    }
  };
it.each = each(it);
describe.each = each(describe);

export function beforeAll(work: Work): void {
  before.push(work);
}

export function afterAll(work: Work): void {
  after.push(work);
}

/** Runs every test that was defined, one after the other, and then the callbacks of `afterAll`. */
export async function runSuite(): Promise<SuiteReport> {
  const failures: string[] = [];
  const attempt = async (name: string, steps: readonly Work[]): Promise<void> => {
    try {
      for (const step of steps) await step();
    } catch (error) {
      failures.push(
        `${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  };
  const first = (work: Work): Work => {
    return () => {
      if (!once.has(work)) once.set(work, Promise.resolve().then(work));
      return once.get(work);
    };
  };
  for (const test of tests) await attempt(test.name, [...test.before.map(first), test.work]);
  const passed = tests.length - failures.length;
  await attempt('after all', [...new Set(tests.flatMap((test) => test.after))]);
  return { passed, failures };
}
