import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { plot } from '@cdf/plot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundled } from '../../../../tooling/browser/bundled.js';
import { Kernel } from './kernel.js';

const long = process.env.CDF_TEST_LONG === '1';
/** 90 MB, and so fetched by who runs the long suite, not installed with the workspace. */
const DENO =
  process.env.DENO_PROGRAM === undefined
    ? (['npx', '--yes', 'deno@2.9.6'] as const)
    : ([process.env.DENO_PROGRAM] as const);

it('a chart says what a notebook shows of it: SVG and text', () => {
  const chart = plot({ timestamps: Float64Array.of(0, 1000), values: Float64Array.of(1, 2) });
  const shown = (chart as unknown as Record<symbol, () => Record<string, string>>)[
    Symbol.for('Jupyter.display')
  ]?.();
  expect(Object.keys(shown ?? {})).toEqual(['image/svg+xml', 'text/plain']);
  expect(shown?.['image/svg+xml']).toMatch(/^<svg /);
});

if (long)
  describe("Deno's notebook kernel", () => {
    let folder: string;
    let kernel: Kernel;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'cdf-notebook-'));
      const { text } = await bundled(
        "export { plot } from '@cdf/plot';",
        fileURLToPath(new URL('.', import.meta.url)),
        { platform: 'neutral' },
      );
      await writeFile(join(folder, 'plot.mjs'), text);
      kernel = await Kernel.start([...DENO, 'jupyter', '--kernel', '--conn'], folder);
      const address = JSON.stringify(new URL(`file://${folder}/plot.mjs`).href);
      await kernel.run(
        `const { plot } = await import(${address}); const data = { name: 'Level </script><img>', unit: '%', timestamps: Float64Array.of(0, 60000, 120000), values: Float64Array.of(40, 45, 43) };`,
      );
    }, 300_000);
    afterAll(async () => {
      kernel?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    it('shows a chart that is the last value of a cell, as SVG and as text', async () => {
      const shown = await kernel.run('plot(data)');
      expect(shown.map(({ type }) => type)).toEqual(['execute_result']);
      expect(Object.keys(shown[0]?.data ?? {}).sort()).toEqual(['image/svg+xml', 'text/plain']);
      expect(shown[0]?.data['image/svg+xml']).toMatch(
        /^<svg .*Level &#60;\/script&#62;&#60;img&#62;.*data-series=.*<\/svg>$/s,
      );
      expect(shown[0]?.data['text/plain']).toBe(
        'Chart "Level </script><img>": 1 series, 3 points, 1 Jan 1970 to 1 Jan 1970 (UTC)',
      );
    }, 60_000);

    it('shows a chart that is displayed in the middle of a cell', async () => {
      const shown = await kernel.run('await Deno.jupyter.display(plot(data)); undefined');
      expect(shown.map(({ type }) => type)).toContain('display_data');
      expect(shown[0]?.data['image/svg+xml']).toMatch(/^<svg /);
    }, 60_000);
  });
