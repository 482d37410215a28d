import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
// @ts-expect-error a plain script without declarations
import { breaches } from '../layers.mjs';

function workspace(packages: Record<string, { dependencies?: Record<string, string>; source?: string }>): string {
  const root = mkdtempSync(join(tmpdir(), 'layers-'));
  for (const [name, { dependencies = {}, source = '' }] of Object.entries(packages)) {
    mkdirSync(join(root, 'packages', name, 'src'), { recursive: true });
    writeFileSync(join(root, 'packages', name, 'package.json'), JSON.stringify({ name: `@cdf/${name}`, dependencies }));
    writeFileSync(join(root, 'packages', name, 'src', 'index.ts'), source);
  }
  return root;
}

describe('the layer check', () => {
  it('finds nothing wrong with this workspace', () => {
    expect(breaches(fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, ''))).toEqual([]);
  });

  it('refuses an edge between two sibling packages', () => {
    const root = workspace({ core: {}, assets: { dependencies: { '@cdf/timeseries': '*' } }, timeseries: {} });
    expect(breaches(root)).toEqual(['@cdf/assets depends on @cdf/timeseries, which its layer does not allow']);
  });

  it('refuses an import that the manifest does not declare', () => {
    const root = workspace({ assets: { source: "import { x } from '@cdf/core';\n" } });
    expect(breaches(root)).toEqual([
      'packages/assets/src/index.ts imports @cdf/core, which @cdf/assets does not declare',
    ]);
  });

  it('refuses a path into another package', () => {
    const root = workspace({ assets: { source: "export { x } from '../../core/src/x.js';\n" } });
    expect(breaches(root)).toEqual(['packages/assets/src/index.ts reaches into another package: ../../core/src/x.js']);
  });

  it('finds a cycle', () => {
    const root = workspace({
      core: { dependencies: { '@cdf/assets': '*' } },
      assets: { dependencies: { '@cdf/core': '*' } },
    });
    expect(breaches(root)).toContain('cycle: core -> assets -> core');
  });

  it('refuses a package that the table does not know', () => {
    expect(breaches(workspace({ extra: {} }))).toEqual(['packages/extra is not in the table of layers']);
  });
});
