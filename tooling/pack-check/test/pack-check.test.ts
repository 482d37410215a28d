import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
// @ts-expect-error a plain script without declarations
import { installCommands } from '../install-commands.mjs';
// @ts-expect-error a plain script without declarations
import { checkInstallCommands, checkPackages } from '../packages.mjs';

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

// It runs the tools that CI runs on the real packages, and takes as long: in the long suite only.
const whenLong = process.env.CDF_TEST_LONG === '1' ? describe : () => {};
whenLong('the check of the tarballs', () => {
  it('finds a file that is not packed, types that lie, and nothing in what is right', () => {
    symlinkSync(
      fileURLToPath(new URL('../../../node_modules', import.meta.url)),
      join(root, 'node_modules'),
    );
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
    writeFileSync(join(root, 'LICENSE'), 'MIT\n');
    for (const name of ['right', 'unpacked'])
      writeFileSync(join(root, 'packages', name, 'LICENSE'), 'MIT\n');
    writeFileSync(join(root, 'packages', 'lying', 'LICENSE'), 'another\n');
    const failed: string[] = [];
    const tarballs = checkPackages(
      root,
      join(root, 'tarballs'),
      (check: { what: string; problem?: string }) => {
        if (check.problem !== undefined) failed.push(check.what);
      },
    );
    expect(Object.keys(tarballs)).toEqual(['@cdf/lying', '@cdf/right', '@cdf/unpacked']);
    expect(failed).toEqual(
      expect.arrayContaining(['lying: are the types wrong', 'unpacked: publint']),
    );
    expect(failed.filter((what) => what.startsWith('right'))).toEqual([]);
    expect(failed).toContain('lying: has the licence');
    expect(failed).not.toContain('unpacked: has the licence');
  }, 120_000);
});

describe('the install commands', () => {
  const tarballs = {
    '@cdf/a': '/t/a.tgz',
    '@cdf/b': '/t/b.tgz',
    '@cdf/c': '/t/c.tgz',
    '@cdf/d': '/t/d.tgz',
  };
  const workspace = mkdtempSync(join(tmpdir(), 'install-commands-'));
  afterAll(() => rmSync(workspace, { recursive: true, force: true }));
  const manifest = (name: string, contents: object): void => {
    mkdirSync(join(workspace, 'packages', name), { recursive: true });
    writeFileSync(join(workspace, 'packages', name, 'package.json'), JSON.stringify(contents));
  };

  it('name every tarball that a package needs, however far down, and no other', () => {
    manifest('a', {
      dependencies: { '@cdf/b': 'workspace:^', hono: '^4' },
      devDependencies: { '@cdf/d': 'workspace:^' },
    });
    manifest('b', { dependencies: { '@cdf/c': 'workspace:^' } });
    manifest('c', {
      peerDependencies: { '@cdf/d': 'workspace:^' },
      peerDependenciesMeta: { '@cdf/d': { optional: true } },
    });
    manifest('d', { dependencies: { '@cdf/a': 'workspace:^' } });
    expect(installCommands(workspace, tarballs)).toEqual({
      '@cdf/a': ['/t/a.tgz', '/t/b.tgz', '/t/c.tgz'],
      '@cdf/b': ['/t/b.tgz', '/t/c.tgz'],
      '@cdf/c': ['/t/c.tgz'],
      '@cdf/d': ['/t/d.tgz', '/t/a.tgz', '/t/b.tgz', '/t/c.tgz'],
    });
    expect(() => installCommands(workspace, { '@cdf/a': '/t/a.tgz' })).toThrow(
      '@cdf/a needs @cdf/b, which has no tarball',
    );
  });

  it('are run: one that lacks a tarball fails', () => {
    const failed: string[] = [];
    checkInstallCommands(
      { '@cdf/a': ['/t/nowhere.tgz'] },
      join(workspace, 'projects'),
      (check: { what: string; problem?: string }) => {
        if (check.problem !== undefined) failed.push(check.what);
      },
    );
    expect(failed).toEqual(['@cdf/a: its install command']);
  }, 60_000);
});
