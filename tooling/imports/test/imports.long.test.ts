import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Packages with these sources, which may import each other. */
function workspace(sources: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'imports-'));
  folders.push(root);
  const names = [...new Set(Object.keys(sources).map((path) => path.split('/')[0] ?? ''))];
  for (const name of names) {
    const exports = { '.': { '@cdf/source': './src/index.ts' } };
    write(
      root,
      `packages/${name}/package.json`,
      JSON.stringify({ name: `@cdf/${name}`, type: 'module', exports }),
    );
    mkdirSync(join(root, `packages/${name}/node_modules/@cdf`), { recursive: true });
    for (const other of names)
      if (other !== name)
        symlinkSync(
          join(root, 'packages', other),
          join(root, `packages/${name}/node_modules/@cdf/${other}`),
        );
  }
  for (const [path, source] of Object.entries(sources))
    write(root, `packages/${path.replace('/', '/src/')}`, source);
  for (const name of ['.dependency-cruiser.mjs', 'tsconfig.base.json'])
    write(root, name, readFileSync(join(ROOT, name), 'utf8'));
  write(root, 'package.json', '{}');
  return root;
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** The broken rules and the imports that break them. */
function breaches(root: string): string[] {
  const bin = join(ROOT, 'node_modules/.bin/depcruise');
  const args = ['--config', '.dependency-cruiser.mjs', '-T', 'json', 'packages'];
  const { stdout } = spawnSync(bin, args, { cwd: root, encoding: 'utf8' });
  const { summary } = JSON.parse(stdout) as {
    summary: { violations: readonly { from: string; to: string; rule: { name: string } }[] };
  };
  return summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`).sort();
}

describe('the rules of imports', () => {
  it('reject imports between resources, from below, from the emulator, by path, and in a circle', () => {
    const root = workspace({
      'core/index.ts': "export * from './a.js';\n",
      'core/a.ts': "import type { B } from './b.js';\nexport interface A { b: B }\n",
      'core/b.ts': "import type { A } from './a.js';\nexport type B = A;\n",
      'assets/index.ts': "export { x } from '@cdf/events';\nexport type { A } from '@cdf/core';\n",
      'events/index.ts': "export const x = 1;\nexport type { A } from '../../core/src/a.js';\n",
      'emulator/index.ts': "export { x } from '@cdf/events';\n",
      'plot/index.ts': "export { x } from '@cdf/events';\nexport { y } from '@cdf/datapoints';\n",
      'datapoints/index.ts': 'export const y = 1;\n',
      'sdk/index.ts':
        "export { x } from '@cdf/events';\nexport { y } from '@cdf/datapoints';\nimport 'left-pad';\n",
    });
    expect(breaches(root)).toEqual([
      'emulator-knows-no-package: packages/emulator/src/index.ts -> packages/events/src/index.ts',
      'no-circular: packages/core/src/a.ts -> packages/core/src/b.ts',
      'packages-by-name: packages/events/src/index.ts -> packages/core/src/a.ts',
      'plot-knows-core-and-datapoints: packages/plot/src/index.ts -> packages/events/src/index.ts',
      'resolvable: packages/sdk/src/index.ts -> left-pad',
      'resource-knows-core-only: packages/assets/src/index.ts -> packages/events/src/index.ts',
    ]);
  });
});

describe('dead code', () => {
  it('is found: a file that is not imported, an export that is not used, a package that is not declared', () => {
    const root = mkdtempSync(join(tmpdir(), 'dead-'));
    folders.push(root);
    write(root, 'knip.jsonc', readFileSync(join(ROOT, 'knip.jsonc'), 'utf8'));
    write(
      root,
      'package.json',
      JSON.stringify({ name: 'root', private: true, workspaces: ['packages/*'] }),
    );
    const manifest = {
      name: '@cdf/one',
      exports: { '.': { '@cdf/source': './src/index.ts' } },
      type: 'module',
    };
    write(root, 'packages/one/package.json', JSON.stringify(manifest));
    write(
      root,
      'packages/one/src/index.ts',
      "import { used } from './used.js';\nimport 'left-pad';\nexport default used;\n",
    );
    write(root, 'packages/one/src/used.ts', 'export const used = 1;\nexport const unused = 2;\n');
    write(root, 'packages/one/src/orphan.ts', 'export const orphan = 1;\n');
    const { stdout } = spawnSync(
      process.execPath,
      [join(ROOT, 'node_modules/knip/bin/knip.js'), '--reporter', 'json'],
      {
        cwd: root,
        encoding: 'utf8',
      },
    );
    expect(stdout).toContain('packages/one/src/orphan.ts');
    expect(stdout).toContain('"unused"');
    expect(stdout).toContain('left-pad');
    expect(stdout).not.toContain('"used"');
  });
});

describe('the types', () => {
  it('of each package and of its tests are checked: they are references of tsconfig.json', () => {
    const { references } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8')) as {
      references: readonly { path: string }[];
    };
    const projects = readdirSync(join(ROOT, 'packages')).flatMap((name) => [
      `packages/${name}`,
      `packages/${name}/test`,
    ]);
    expect(references.map(({ path }) => path)).toEqual(expect.arrayContaining(projects));
  });
});
