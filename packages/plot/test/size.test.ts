import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** Kilobytes of gzip of a browser bundle that does this, and which modules are in it. */
async function bundle(contents: string): Promise<{ kilobytes: number; modules: string }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    write: false,
    minify: true,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['@cdf/source'],
  });
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const modules = used.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])).join(' ');
  return { kilobytes: gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length / 1000, modules };
}

const SHOW = 'document.body.innerHTML = plot(window.data).toSvg();';
const MOUNT = 'mountChart(plot(window.data))(document.body);';

describe('in a browser bundle', () => {
  it('the picture alone takes at most 10.9 kB: all of drawing, nothing of interaction, text, HTML or relative times', async () => {
    const { kilobytes, modules } = await bundle(`import { plot } from '@cdf/plot/svg'; ${SHOW}`);
    expect(kilobytes).toBeLessThanOrEqual(10.9);
    expect(modules).not.toMatch(
      /interactive|generated|page-data|terminal|vega|html|chart-spec|core\/src\/time|resvg|ky/,
    );
  });

  it('the same, mounted: at most 14.2 kB', async () => {
    const { kilobytes, modules } = await bundle(
      `import { plot } from '@cdf/plot/svg'; import { mountChart } from '@cdf/plot/browser'; ${MOUNT}`,
    );
    expect(kilobytes).toBeLessThanOrEqual(14.2);
    expect(modules).not.toMatch(/generated|page-data|terminal|vega|html|chart-spec|resvg|ky/);
  });

  it('a static chart with all of its text outputs takes at most 13.9 kB, without the code of interaction', async () => {
    const { kilobytes, modules } = await bundle(`import { plot } from '@cdf/plot'; ${SHOW}`);
    expect(kilobytes).toBeLessThanOrEqual(13.9);
    expect(modules).not.toMatch(/interactive|generated|page-data|resvg|ky/);
  });

  it('an interactive chart with all of them takes at most 17.1 kB, without the script for pages of their own', async () => {
    const { kilobytes, modules } = await bundle(
      `import { plot } from '@cdf/plot'; import { mountChart } from '@cdf/plot/browser'; ${MOUNT}`,
    );
    expect(kilobytes).toBeLessThanOrEqual(17.1);
    expect(modules).not.toMatch(/generated|resvg|ky/);
  });

  it('an import that is not used takes nothing', async () => {
    for (const entry of ['@cdf/plot', '@cdf/plot/svg'])
      expect((await bundle(`import { plot } from '${entry}'; void 0;`)).modules).not.toContain('src/svg');
  });
});
