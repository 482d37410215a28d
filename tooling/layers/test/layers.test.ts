import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
// @ts-expect-error a plain script without declarations
import { breaches } from '../layers.mjs';

interface Planted {
  readonly dependencies?: Record<string, string>;
  readonly source?: string;
  /** Further modules of `src`. */
  readonly modules?: Readonly<Record<string, string>>;
}

function workspace(packages: Record<string, Planted>): string {
  const root = mkdtempSync(join(tmpdir(), 'layers-'));
  for (const [name, { dependencies = {}, source = '', modules = {} }] of Object.entries(packages)) {
    mkdirSync(join(root, 'packages', name, 'src'), { recursive: true });
    writeFileSync(join(root, 'packages', name, 'package.json'), JSON.stringify({ name: `@cdf/${name}`, dependencies }));
    writeFileSync(join(root, 'packages', name, 'src', 'index.ts'), source);
    for (const [file, text] of Object.entries(modules)) writeFileSync(join(root, 'packages', name, 'src', file), text);
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

  it('finds a cycle of modules, type-only imports included', () => {
    const modules = {
      'a.ts': "import type { B } from './b.js';\nexport interface A { b: B }\n",
      'b.ts': "export type { C } from './c.js';\nexport type B = import('./c.js').C;\n",
      'c.ts': "// import './outside.js';\nimport { type A } from './a.js';\nexport type C = A;\n",
      'outside.ts': "import type { A } from './a.js';\nexport type Outside = A;\n",
    };
    expect(breaches(workspace({ assets: { modules } }))).toEqual([
      [
        'packages/assets has 3 imports on a cycle, at most 0 allowed',
        '  packages/assets/src/a.ts -> packages/assets/src/b.ts',
        '  packages/assets/src/b.ts -> packages/assets/src/c.ts',
        '  packages/assets/src/c.ts -> packages/assets/src/a.ts',
      ].join('\n'),
    ]);
  });

  it('lets a new package depend on core, and on nothing else', () => {
    const root = workspace({
      core: {},
      assets: { dependencies: { '@cdf/core': '*' } },
      extra: { dependencies: { '@cdf/core': '*', '@cdf/assets': '*', '@cdf/plot': '*' } },
      plot: {},
    });
    expect(breaches(root)).toEqual([
      '@cdf/extra depends on @cdf/assets, which its layer does not allow',
      '@cdf/extra depends on @cdf/plot, which its layer does not allow',
    ]);
  });

  it('lets the umbrellas depend on a new package, and no other package', () => {
    const dependencies = { '@cdf/extra': '*' };
    const packages = { core: {}, extra: {}, 'sdk-core': { dependencies }, sdk: { dependencies } };
    expect(breaches(workspace(packages))).toEqual([]);
    expect(breaches(workspace({ ...packages, plot: { dependencies }, emulator: { dependencies } })).sort()).toEqual([
      '@cdf/emulator depends on @cdf/extra, which its layer does not allow',
      '@cdf/plot depends on @cdf/extra, which its layer does not allow',
    ]);
  });

  it('finds a package whose types are not checked', () => {
    const root = workspace({ core: {}, extra: {} });
    for (const path of ['packages/core', 'packages/extra', 'packages/extra/test']) {
      mkdirSync(join(root, path), { recursive: true });
      writeFileSync(join(root, path, 'tsconfig.json'), '{}');
    }
    writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ references: [{ path: 'packages/core' }] }));
    expect(breaches(root)).toEqual([
      'packages/extra is not in the references of tsconfig.json',
      'packages/extra/test is not in the references of tsconfig.json',
    ]);
  });
});
