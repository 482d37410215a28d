import fc from 'fast-check';
import { beforeEach, type TestContext } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** How often the test's properties were tried. */
    rounds?: number;
    /** The seeds of fast-check. */
    seeds?: number[];
  }
}

const long = process.env.CDF_TEST_LONG === '1';
let current: TestContext['task'] | undefined;

if (long)
  beforeEach(({ task }) => {
    current = task;
  });

/**
 * Notes on each test how often its properties were tried and from which seed, for the summary of
 * the long run.
 */
function note({ numRuns, seed }: fc.RunDetails<unknown>): void {
  if (current === undefined) return;
  current.meta.rounds = (current.meta.rounds ?? 0) + numRuns;
  current.meta.seeds = [...new Set([...(current.meta.seeds ?? []), seed])];
}

const seed = Number(process.env.CDF_TEST_SEED);
fc.configureGlobal({
  // Without it a list of "at most 60" has at most 10.
  defaultSizeToMaxWhenMaxSpecified: true,
  ...(long && {
    ...(Number.isSafeInteger(seed) && { seed }),
    // Stands in for the reporter that throws, so it has to throw.
    reporter(details: fc.RunDetails<unknown>): void {
      note(details);
      if (details.failed)
        throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
    },
  }),
});
