import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
// @ts-expect-error a plain script without declarations
import { checkPackages } from '../packages.mjs';

const root = mkdtempSync(join(tmpdir(), 'pack-check-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A package of a workspace, with the files given. */
function write(name: string, entry: object, files: Readonly<Record<string, string>>): void {
  const manifest = {
    name: `@cdf/${name}`,
    version: '1.0.0',
    license: 'MIT',
    type: 'module',
    files: ['dist'],
    exports: { '.': entry },
  };
  const all = { 'package.json': JSON.stringify(manifest), ...files };
  for (const [path, text] of Object.entries(all)) {
    const file = join(root, 'packages', name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

describe('the check of the tarballs', () => {
  it('finds a file that is not packed, types that lie, and nothing in what is right', () => {
    symlinkSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(root, 'node_modules'));
    write(
      'right',
      { types: './dist/index.d.ts', default: './dist/index.js' },
      {
        'dist/index.js': 'export const a = 1;\n',
        'dist/index.d.ts': 'export declare const a: number;\n',
      },
    );
    write(
      'unpacked',
      { types: './src/index.d.ts', default: './src/index.js' },
      {
        'src/index.js': 'export const a = 1;\n',
        'src/index.d.ts': 'export declare const a: number;\n',
      },
    );
    write(
      'lying',
      { types: './dist/index.d.cts', default: './dist/index.js' },
      {
        'dist/index.js': 'export const a = 1;\n',
        'dist/index.d.cts': 'declare const a: number;\nexport = a;\n',
      },
    );
    const failed: string[] = [];
    const tarballs = checkPackages(root, join(root, 'tarballs'), (check: { what: string; problem?: string }) => {
      if (check.problem !== undefined) failed.push(check.what);
    });
    expect(Object.keys(tarballs)).toEqual(['@cdf/lying', '@cdf/right', '@cdf/unpacked']);
    expect(failed).toEqual(expect.arrayContaining(['lying: are the types wrong', 'unpacked: publint']));
    expect(failed.filter((what) => what.startsWith('right'))).toEqual([]);
  }, 120_000);
});
