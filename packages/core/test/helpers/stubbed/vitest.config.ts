import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

/** Tests of a user, whose setup file replaces fetch. */
export default defineConfig({
  ssr: { resolve: { conditions: ['@cdf/source', ...defaultServerConditions] } },
  test: { include: ['*.spec.ts'], setupFiles: ['./setup.ts'] },
});
