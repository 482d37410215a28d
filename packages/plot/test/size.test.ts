import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bundled } from '../../../tooling/browser/bundled.js';

/**
 * Kilobytes of gzip of a browser bundle that does this, without parts that are loaded on use, and
 * which modules are in it.
 */
async function bundle(contents: string): Promise<{ kilobytes: number; modules: string }> {
  const { text, modules } = await bundled(contents, fileURLToPath(new URL('.', import.meta.url)), {
    external: ['*/range-selector.js', '*/live.js', '*/interaction.js'],
    minify: true,
  });
  return {
    kilobytes: gzipSync(text, { level: 9 }).length / 1000,
    modules: modules.join(' '),
  };
}

const show = (plot: string): string => `document.body.innerHTML = ${plot}(window.data).toSvg();`;
const mount = (plot: string): string => `mountChart(${plot}(window.data))(document.body);`;
const PARTS = {
  aggregateLines: 'aggregateLines',
  eventBands: 'eventBands(window.events)',
  logAxis: 'logAxis',
  sharedPanel: 'sharedPanel',
  spokenRanges: 'spokenRanges',
  statusMarks: 'statusMarks',
  thresholdLines: 'thresholdLines(window.limits)',
  timeZone: "timeZone('Europe/Oslo')",
};

describe('in a browser bundle', () => {
  it('a static chart takes at most 8.9 kB, without any part that was not passed', async () => {
    const { kilobytes, modules } = await bundle(
      `import { lineChart } from '@cdf/plot/svg'; ${show('lineChart')}`,
    );
    expect(kilobytes).toBeLessThanOrEqual(8.9);
    expect(modules).not.toMatch(
      /src\/parts|src\/marks\/(?!line)|interactive|generated|page-data|terminal|vega|html|chart-spec|check-options|live|range-selector|interaction|tooltip|core\/src\/values|resvg/,
    );
  });

  it('an interactive one takes at most 11.5 kB', async () => {
    const { kilobytes, modules } = await bundle(
      `import { lineChart } from '@cdf/plot/svg'; import { mountChart } from '@cdf/plot/browser'; ${mount('lineChart')}`,
    );
    expect(kilobytes).toBeLessThanOrEqual(11.5);
    expect(modules).not.toMatch(
      /src\/parts|src\/marks\/(?!line)|generated|page-data|terminal|vega|html|chart-spec|check-options|live|range-selector|interaction|tooltip|resvg/,
    );
  });

  it('with every part they take at most 13.6 kB and 16.4 kB', async () => {
    const imports = `import { lineChart, ${Object.keys(PARTS)} } from '@cdf/plot/svg';`;
    const chart = `lineChart(window.data, {}, [${Object.values(PARTS)}])`;
    const shown = await bundle(`${imports} document.body.innerHTML = ${chart}.toSvg();`);
    expect(shown.kilobytes).toBeLessThanOrEqual(13.6);
    const mounted = await bundle(
      `${imports} import { mountChart } from '@cdf/plot/browser'; mountChart(${chart})(document.body);`,
    );
    expect(mounted.kilobytes).toBeLessThanOrEqual(16.4);
  });

  it('a static chart with every part and all text outputs takes at most 21.8 kB, without the code of interaction', async () => {
    const { kilobytes, modules } = await bundle(
      `import { plot } from '@cdf/plot'; ${show('plot')}`,
    );
    expect(kilobytes).toBeLessThanOrEqual(21.8);
    expect(modules).not.toMatch(/interactive|generated|page-data|resvg|src\/consoles/);
  });

  it('an interactive chart with all of them takes at most 24.5 kB, without the script for pages of their own', async () => {
    const { kilobytes, modules } = await bundle(
      `import { plot } from '@cdf/plot'; import { mountChart } from '@cdf/plot/browser'; ${mount('plot')}`,
    );
    expect(kilobytes).toBeLessThanOrEqual(24.5);
    expect(modules).not.toMatch(/generated|resvg/);
  });

  it('an import that is not used takes nothing', async () => {
    for (const unused of ["{ plot } from '@cdf/plot'", "{ lineChart } from '@cdf/plot/svg'"])
      expect((await bundle(`import ${unused}; void 0;`)).modules).not.toContain('src/svg');
  });
});
