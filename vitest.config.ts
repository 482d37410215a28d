import { defaultServerConditions } from 'vite';
import { configDefaults, defineConfig } from 'vitest/config';

/** Packages import each other's TypeScript source in tests: nothing has to be built first. */
const conditions = ['@cdf/source', ...defaultServerConditions];
const long = process.env.CDF_TEST_LONG === '1';
/**
 * The seed of the properties of a long run: another one each time, unless it is given. Kept in the
 * environment, as vitest reads this file once more for the project.
 */
process.env.CDF_TEST_SEED ??= String(Date.now() % 2 ** 31);
const seed = process.env.CDF_TEST_SEED;
/** Where a long run writes what it did. */
const summary = process.env.CDF_TEST_SUMMARY;
const reporters: [string, Record<string, unknown>][] =
  summary === undefined ? [] : [['./tooling/vitest/summary-reporter.mjs', { file: summary, seed }]];

export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    reporters: ['default', ...reporters, './tooling/vitest/plain-reporter.mjs'],
    setupFiles: ['./tooling/vitest/properties.ts'],
    ...(long && { env: { CDF_TEST_SEED: seed } }),
    restoreMocks: true,
    // A machine of two cores is used with both of them: by default one would be left for a watcher
    // that is not there.
    maxWorkers: '100%',
    // Files share a process and what it has loaded: starting one and loading the packages is most
    // of what a short file takes.
    isolate: false,
    testTimeout: long ? 3_600_000 : 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // The tests of `apps/site` are `.mjs`: they need what only the site installs, and
          // `npm run docs:build` runs them.
          include: [
            'packages/*/test/**/*.test.ts',
            'apps/**/test/**/*.test.ts',
            'tooling/**/*.test.ts',
          ],
          // A test that is skipped fails a check of CI: what is long as a whole is left out by its
          // name.
          exclude: [...configDefaults.exclude, ...(long ? [] : ['**/*.long.test.ts'])],
        },
      },
    ],
  },
});
