import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Emulator, type Fault, startEmulator } from '@cdf/emulator';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser } from '../../../tooling/browser/launch.mjs';
import { page as openPage, type SitePage } from '../../../tooling/browser/page.js';
import type { DistantEmulator } from './browser/emulator-in-page.js';
import type { SuiteReport } from './browser/vitest-in-page.js';

const folder = fileURLToPath(new URL('.', import.meta.url));

/**
 * All of the suite but what starts processes of its own, collects garbage, sets the clock or reads
 * the emulator's logs.
 */
const NODE_ONLY = [
  'aggregates-of-strings.test.ts',
  'answer-size.test.ts',
  'browser.test.ts',
  'insert-accounts.test.ts',
  'insert-source.test.ts',
  'memory.long.test.ts',
  'print.test.ts',
  'signals.test.ts',
  'stream-turns.test.ts',
];
/** Files that give the same in every engine and take long: in the long suite only. */
const LONG_ONLY =
  process.env.CDF_TEST_LONG === '1'
    ? []
    : [
        'granularity.test.ts',
        'local-times.test.ts',
        'insert-continue.test.ts',
        'insert-from.test.ts',
        'misspelt.test.ts',
        'point-account.test.ts',
        'progress.test.ts',
        'result-room.test.ts',
        'retrieve.test.ts',
        'scheduler.test.ts',
        'table-files.test.ts',
        'table-zones.test.ts',
        'trust-answers.test.ts',
        'trust-times.test.ts',
      ];
const FILES = readdirSync(folder).filter(
  (name) => name.endsWith('.test.ts') && ![...NODE_ONLY, ...LONG_ONLY].includes(name),
);

/**
 * A page has stand-ins for imports of the tests: the runner, and the emulator, which needs Node.
 */
const standIns: Plugin = {
  name: 'stand-ins',
  setup({ onResolve }) {
    onResolve({ filter: /^(vitest|@cdf\/emulator)$/ }, ({ path }) => ({
      path: `${folder}browser/${path === 'vitest' ? 'vitest' : 'emulator'}-in-page.ts`,
    }));
  },
};

const bundling: BuildOptions = {
  entryPoints: [...FILES.map((name) => `${folder}${name}`), `${folder}browser/run.ts`],
  outbase: folder,
  outdir: '/',
  plugins: [standIns],
  inject: [`${folder}browser/set-immediate.ts`],
  define: { 'process.env.CDF_TEST_LONG': JSON.stringify(process.env.CDF_TEST_LONG ?? '') },
  conditions: ['@cdf/source'],
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  write: false,
};

// Without a browser the suite is skipped on a developer's machine; in CI it fails instead.
describe.runIf(hasBrowser)('the same suite in Chromium', () => {
  const scripts = new Map<string, string>();
  let site: SitePage;
  let page: Page;
  let emulators: Emulator[] = [];

  beforeAll(async () => {
    const built = await build(bundling);
    for (const { path, text } of built.outputFiles ?? []) scripts.set(path, text);
    // One page for all files, each as a new document: opening another takes longer than many of
    // them.
    const html = '<!doctype html><meta charset=utf-8><title>suite</title>';
    site = await openPage({ html, scripts });
    page = site.page;
    page.on('console', (message) => message.type() === 'log' && console.log(message.text()));
    await page.exposeFunction('startEmulator', async (): Promise<DistantEmulator> => {
      const emulator = await startEmulator({ allowOrigins: [site.origin] });
      emulators.push(emulator);
      const { url, project, apiKey } = emulator;
      return { url, project, apiKey };
    });
    await page.exposeFunction('controlFaults', (action: 'add' | 'all' | 'clear', fault: Fault) =>
      emulators.at(-1)?.faults[action](fault),
    );
  });
  afterEach(async () => {
    await page.goto('about:blank');
    await Promise.all(emulators.map((emulator) => emulator.close()));
    emulators = [];
  });
  afterAll(() => site?.[Symbol.asyncDispose]());

  it.each(FILES)('%s', async (file) => {
    await page.goto(site.origin);
    const scripts = [`/${file.replace(/ts$/, 'js')}`, '/browser/run.js'];
    const report: SuiteReport = await page.evaluate(
      `import(${JSON.stringify(scripts[0])}).then(() => import(${JSON.stringify(scripts[1])})).then(({ runSuite }) => runSuite())`,
    );
    console.log(`Chromium: ${file}: ${report.passed} passed`);
    expect(report.failures).toEqual([]);
    expect(report.passed).toBeGreaterThan(0);
  });
});
