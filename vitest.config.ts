import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

/** Packages import each other's TypeScript source in tests: nothing has to be built first. */
const conditions = ['@cdf/source', ...defaultServerConditions];
const long = process.env['CDF_TEST_LONG'] === '1';

export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    reporters: ['default', './tooling/vitest/plain-reporter.mjs'],
    restoreMocks: true,
    testTimeout: long ? 3_600_000 : 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'apps/**/test/**/*.test.ts', 'tooling/**/*.test.ts'],
        },
      },
    ],
  },
});
