import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
// @ts-expect-error a plain script without declarations
import { entryPoints } from '../../docs/entry-points.mjs';
// @ts-expect-error a plain script without declarations
import { chosen, runCells, tableOf } from '../cells.mjs';
// @ts-expect-error a plain script without declarations
import { importMap } from '../import-map.mjs';
// @ts-expect-error a plain script without declarations
import { writeEntries } from '../install.mjs';
// @ts-expect-error a plain script without declarations
import { nodeCells } from '../node-cells.mjs';
// @ts-expect-error a plain script without declarations
import { modulesNamedIn } from '../only-sdk-cells.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'matrix-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text, { mode: 0o755 });
}

describe('the matrix', () => {
  it('puts every cell into a table, and goes on after one that fails', async () => {
    const cells = [
      { group: 'node', row: 'import', column: '20', run: () => undefined },
      { group: 'node', row: 'import', column: '22', run: () => Promise.reject(new Error('boom')) },
      { group: 'node', row: 'require', column: '22', run: () => undefined },
    ];
    const lines: string[] = [];
    const results = await runCells(cells, (line: string) => lines.push(line));
    expect(tableOf(results)).toBe(
      [
        '| node | 20 | 22 |',
        '|---|---|---|',
        '| import | ok | FAILED |',
        '| require |  | ok |',
        '',
      ].join('\n'),
    );
    expect(lines.map((line) => line.replace(/ \(.*/, ''))).toEqual([
      'ok      node import, 20',
      'FAILED  node import, 22',
      'boom',
      'ok      node require, 22',
    ]);
  });

  it('takes the cells whose words begin as asked', () => {
    const cell = { group: 'typescript', row: '5.5.4', column: 'bundler' };
    expect(chosen(cell, [])).toBe(true);
    expect(chosen(cell, ['typescript 5.5'])).toBe(true);
    expect(chosen(cell, ['node', 'bundler'])).toBe(true);
    expect(chosen(cell, ['typescript 5.4'])).toBe(false);
  });

  it('fails a script that breaks, and one that ends without having shown anything', async () => {
    write('project/import.mjs', "throw new Error('cannot be imported');");
    write('project/require.cjs', '');
    for (const script of ['one-copy', 'walk', 'ky-1', 'ky-2'])
      write(`project/${script}.mjs`, 'console.log(process.version, "done");');
    write(
      `runtimes/node_modules/node-${process.versions.node}/bin/node`,
      `#!/bin/sh\nexec '${process.execPath}' "$@"\n`,
    );
    const cells = nodeCells({
      project: join(folder, 'project'),
      runtimes: join(folder, 'runtimes'),
      versions: [process.versions.node],
    });
    const results: { problem: string | undefined }[] = await runCells(cells, () => undefined);
    expect(results.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('cannot be imported'),
      'printed ',
      ...[undefined, undefined, undefined, undefined],
    ]);
  });
});

describe('the stranger', () => {
  it('imports every entry of every package', () => {
    const specifiers = entryPoints(ROOT).map(({ specifier }: { specifier: string }) => specifier);
    write(
      'stranger/entries.cjs',
      readFileSync(join(ROOT, 'tooling/matrix/stranger/entries.cjs'), 'utf8'),
    );
    mkdirSync(join(folder, 'stranger/node_modules'));
    symlinkSync(join(ROOT, 'packages'), join(folder, 'stranger/node_modules/@cdf'), 'junction');
    writeEntries(join(folder, 'stranger'));
    const imported = readFileSync(join(folder, 'stranger/entries.ts'), 'utf8').matchAll(
      /^import .* from '(.+)';$/gm,
    );
    expect([...imported].map(([, specifier]) => specifier).sort()).toEqual(specifiers.sort());
  });
});

describe('declarations of a project with only @cdf/sdk', () => {
  it('name a module in whichever way', () => {
    const declarations = [
      "import { CdfClient } from '@cdf/sdk';",
      'import "./beside.js";',
      'export * from "far";',
      'export declare const a: Promise<import(".pnpm/@cdf+assets/node_modules/@cdf/assets").Asset>;',
      "export declare const b: import('@cdf/sdk', { with: { 'resolution-mode': 'import' } }).Asset;",
    ];
    expect(modulesNamedIn(declarations.join('\n'))).toEqual([
      './beside.js',
      '.pnpm/@cdf+assets/node_modules/@cdf/assets',
      '@cdf/sdk',
      'far',
    ]);
  });
});

describe('the import map', () => {
  it('maps entries for a browser, each package its own platform parts, and what they depend on', () => {
    const main = {
      exports: {
        '.': { types: './a.d.ts', default: './dist/index.js' },
        './node': { node: './dist/node.js' },
      },
      imports: { '#platform': { node: './dist/node.js', default: './dist/web.js' } },
      dependencies: { plain: '1', missing: '1' },
    };
    write('mapped/node_modules/main/package.json', JSON.stringify(main));
    write(
      'mapped/node_modules/plain/package.json',
      JSON.stringify({ module: 'esm.js', main: 'cjs.js' }),
    );
    expect(importMap(join(folder, 'mapped'), 'main')).toEqual({
      imports: { main: '/node_modules/main/dist/index.js', plain: '/node_modules/plain/esm.js' },
      scopes: { '/node_modules/main/': { '#platform': '/node_modules/main/dist/web.js' } },
    });
  });
});

if (process.env.CDF_TEST_LONG === '1')
  describe('the whole matrix', () => {
    it('holds in every cell', () => {
      const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'matrix'], {
        cwd: ROOT,
        encoding: 'utf8',
      });
      expect(`${stdout}${stderr}`.split('\n').filter((line) => /FAILED/.test(line))).toEqual([]);
      expect(status).toBe(0);
    }, 1_800_000);
  });
