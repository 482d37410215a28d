import { defineConfig } from 'vitest/config';

/**
 * These tests need what only the site installs: `npm run docs:build` runs them, and `npm test` does
 * not.
 */
export default defineConfig({ test: { include: ['test/**/*.test.mjs'], testTimeout: 300_000 } });
