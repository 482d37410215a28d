import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
// @ts-expect-error a plain script without declarations
import { collect } from '../collect.mjs';
// @ts-expect-error a plain script without declarations
import { pageOf } from '../page.mjs';
// @ts-expect-error a plain script without declarations
import { problemsOf } from '../problems.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dependencies-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: object): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), JSON.stringify(content));
}

describe('the table of dependencies', () => {
  const measured = JSON.parse(
    readFileSync(join(ROOT, 'tooling/dependencies/measured.json'), 'utf8'),
  );

  it('is about what is installed here, and its page is what was measured', () => {
    expect(problemsOf(collect(ROOT), measured)).toEqual([]);
    expect(readFileSync(join(ROOT, 'apps/docs/guides/dependencies.md'), 'utf8')).toBe(
      pageOf(measured.dependencies, measured),
    );
  });

  it('follows what a dependency brings along, and says who uses it', () => {
    write('packages/one/package.json', { dependencies: { '@cdf/core': '1', a: '1' } });
    write('packages/two/package.json', { peerDependencies: { a: '1' } });
    write('store/a/node_modules/a/package.json', {
      name: 'a',
      version: '1.2.3',
      license: 'MIT',
      dependencies: { b: '1' },
    });
    write('store/b/node_modules/b/package.json', {
      name: 'b',
      version: '2.0.0',
      license: 'GPL-3.0',
    });
    symlinkSync(join(folder, 'store/b/node_modules/b'), join(folder, 'store/a/node_modules/b'));
    for (const name of ['one', 'two']) {
      mkdirSync(join(folder, `packages/${name}/node_modules`));
      symlinkSync(
        join(folder, 'store/a/node_modules/a'),
        join(folder, `packages/${name}/node_modules/a`),
      );
    }
    const found = collect(folder);
    expect(found).toEqual([
      expect.objectContaining({
        name: 'a',
        version: '1.2.3',
        licence: 'MIT',
        usedBy: ['one'],
        optionalIn: ['two'],
      }),
    ]);
    expect(found[0].along).toEqual([expect.objectContaining({ name: 'b', licence: 'GPL-3.0' })]);

    expect(
      problemsOf(found, {
        releases: { a: { version: '1.2.2' }, gone: {} },
        sdkCore: { bytes: 3_400_001 },
      }),
    ).toEqual([
      'a: its purpose is missing in purposes.mjs',
      'a: 1.2.3 is installed, the table has 1.2.2',
      'b: its licence GPL-3.0 is not among those that are allowed',
      'gone: is in the table and no dependency',
      '@cdf/sdk-core: 3400001 bytes installed, 3400000 allowed',
    ]);
  });
});
