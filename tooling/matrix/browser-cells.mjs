import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLERS, bundle } from './bundlers.mjs';
import { importMap } from './import-map.mjs';

const COLUMN = 'builds, and plots in Chromium';

/**
 * The walk's client and a chart, from each bundler and without one; a service worker of one file.
 *
 * @param {{ project: string, stage: import('./stage.mjs').Stage }} place
 * @returns {import('./cells.mjs').Cell[]}
 */
export function browserCells({ project, stage }) {
  const bundled = BUNDLERS.map((bundler) => ({
    group: 'browser',
    row: bundler,
    column: COLUMN,
    async run() {
      const script = await bundle(bundler, { project, entry: 'page.js', name: 'page' });
      await plots(project, stage, bundler, `<script type="module" src="${script}"></script>`);
    },
  }));
  return [
    ...bundled,
    {
      group: 'browser',
      row: 'import map, no bundler',
      column: COLUMN,
      async run() {
        const map = JSON.stringify(importMap(project, '@cdf/sdk'));
        const head = `<script type="importmap">${map}</script><script type="module" src="/page.js"></script>`;
        await plots(project, stage, 'import-map', head);
      },
    },
    {
      group: 'browser',
      row: 'service worker, one file',
      column: COLUMN,
      run: () => works(project, stage),
    },
  ];
}

async function plots(project, stage, name, head) {
  writePage(project, name, head);
  const { shown, drawn, problems } = await stage.visit(`/${name}.html`, async (page) => {
    await page.waitForFunction(() => globalThis.shown !== undefined, undefined, {
      timeout: 60_000,
    });
    return {
      shown: await page.evaluate(() => globalThis.shown),
      // The size, the marks and the text of the chart on the page.
      drawn: await page.evaluate(() => ({
        width: document.querySelector('#chart > *')?.getBoundingClientRect().width ?? 0,
        marks: document.querySelectorAll('#chart svg path, #chart canvas').length,
        text: document.querySelector('#chart')?.textContent ?? '',
      })),
    };
  });
  expectEqual(shown, { series: 2, points: 336, svg: '<svg' });
  expectEqual(problems, []);
  if (drawn.width < 300 || drawn.marks === 0 || !/pump-1 pressure/.test(drawn.text))
    throw new Error(`the page has no chart: ${JSON.stringify(drawn)}`);
}

async function works(project, stage) {
  const script = await bundle('esbuild', {
    project,
    entry: 'service-worker.js',
    name: 'worker',
    classic: true,
  });
  writePage(project, 'worker', '');
  const { answer, problems } = await stage.visit('/worker.html', async (page) => ({
    answer: await page.evaluate(async (url) => {
      await navigator.serviceWorker.register(url, { scope: '/' });
      const { active } = await navigator.serviceWorker.ready;
      const { port1, port2 } = new MessageChannel();
      const answered = new Promise((resolve) => {
        port1.onmessage = ({ data }) => resolve(data);
      });
      active.postMessage(await (await fetch('/config.json')).json(), [port2]);
      return await answered;
    }, script),
  }));
  expectEqual(answer, { assets: 2, svg: '<svg' });
  expectEqual(problems, []);
}

function writePage(project, name, head) {
  const body = '<div id="chart" style="width: 900px"></div>';
  writeFileSync(
    join(project, `${name}.html`),
    `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${body}${head}`,
  );
}

function expectEqual(actual, expected) {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) throw new Error(`expected ${right}, got ${left}`);
}
