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

const STATIC = "import { plot } from '@cdf/plot'; document.body.innerHTML = plot(window.data).toSvg();";
const INTERACTIVE =
  "import { plot } from '@cdf/plot'; import { mountChart } from '@cdf/plot/browser'; mountChart(plot(window.data))(document.body);";

describe('in a browser bundle', () => {
  it('a static chart with all of its text outputs takes at most 14.5 kB, without the code of interaction', async () => {
    const { kilobytes, modules } = await bundle(STATIC);
    expect(kilobytes).toBeLessThanOrEqual(14.5);
    expect(modules).not.toMatch(/interactive|generated|page-data|resvg|ky/);
  });

  it('an interactive chart takes at most 17.5 kB, without the script for pages of their own', async () => {
    const { kilobytes, modules } = await bundle(INTERACTIVE);
    expect(kilobytes).toBeLessThanOrEqual(17.5);
    expect(modules).not.toMatch(/generated|resvg|ky/);
  });

  it('an import that is not used takes nothing', async () => {
    expect((await bundle("import { plot } from '@cdf/plot'; void 0;")).modules).not.toContain('svg');
  });
});
