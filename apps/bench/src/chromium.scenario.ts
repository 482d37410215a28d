import type { Browser, Page } from 'playwright-core';
import type { measure, PlanName } from './chromium-page.js';
import { PLANS, planChecksum } from './datapoints-data.js';
import { serveDatapoints } from './datapoints-server.js';
import type { Contender, Scenario } from './scenario.js';

type Measured = Awaited<ReturnType<typeof measure>>;

/**
 * A page in a browser of its own, on the origin of the server. Its script is one file, as of a
 * bundler that splits nothing.
 */
function inChromium(contender: 'ours' | 'floor', plan: PlanName): Contender {
  return {
    async prepare({ url }) {
      const page = await openPage(url, await bundlePage());
      return {
        run: () =>
          page.evaluate(
            ([which, name]) =>
              (globalThis as unknown as { bench: { measure: typeof measure } }).bench.measure(
                which,
                name,
              ),
            [contender, plan] as const,
          ),
        milliseconds: (result) => (result as Measured).milliseconds,
        check: (result) => (result as Measured).checksum,
      };
    },
  };
}

async function bundlePage(): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [new URL('chromium-page.js', import.meta.url).pathname],
    ...{ bundle: true, format: 'iife', globalName: 'bench', target: 'es2022', write: false },
  });
  return outputFiles[0]?.text ?? '';
}

async function openPage(url: string, content: string): Promise<Page> {
  const tooling = new URL('../../../tooling/browser/launch.mjs', import.meta.url).href;
  const { launchChromium } = (await import(tooling)) as { launchChromium(): Promise<Browser> };
  const browser = await launchChromium();
  process.on('exit', () => browser.close());
  process.on('disconnect', () => browser.close());
  const page = await browser.newPage();
  await page.goto(url);
  await page.addScriptTag({ content });
  return page;
}

function read(name: string, title: string, plan: PlanName, atMost: number): Scenario {
  const { series, points } = PLANS[plan];
  return {
    ...{ name, title, unit: 'points', sizes: [series * points], isFresh: true },
    serve: () => serveDatapoints(PLANS[plan], 0),
    expected: () => ({ ...planChecksum(PLANS[plan]) }),
    contenders: { floor: inChromium('floor', plan), ours: inChromium('ours', plan) },
    goals: [{ contender: 'ours', against: 'floor', atMost }],
  };
}

export const scenarios: readonly Scenario[] = [
  read('chromium-one', 'Read one raw series in Chromium', 'one', 1.15),
  read('chromium-many', 'Read 100 raw series in Chromium', 'many', 1.35),
];
