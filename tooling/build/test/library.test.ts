import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rollup } from 'rollup';
import { afterAll, describe, expect, it } from 'vitest';
// @ts-expect-error a plain script without declarations
import { library } from '../library.js';

const root = mkdtempSync(join(tmpdir(), 'library-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** An entry of `exports` as our packages have it. */
const entry = (name: string) => ({
  '@cdf/source': `./src/${name}.ts`,
  types: `./dist/${name}.d.ts`,
  module: `./dist/${name}.js`,
  node: `./dist/for-node/${name}.js`,
  default: `./dist/${name}.js`,
});

const FILES = {
  'src/index.ts': `
export { Shared } from './shared.js';
export { where } from '#where';
export const small = async () => new (await import('./small.js')).Small();
export const big = async () => new (await import('./big.js')).Big();
export const heavy = () => import('./heavy.js');`,
  'src/shared.ts': 'export class Base {} export class Shared extends Base {}',
  'src/resource.ts': `export { Shared as Again } from './shared.js';`,
  'src/other.ts': `import { Base } from './shared.js'; export class Other extends Base {}`,
  'src/small.ts': `import { Shared } from './shared.js'; export class Small extends Shared {}`,
  'src/big.ts': `import { Shared } from './shared.js';
export class Big extends Shared { text = '${'.'.repeat(20_000)}'; }`,
  'src/heavy.ts': `export { createServer } from 'node:http';`,
  'src/where/node.ts': `export const where = 'Node';`,
  'src/where/web.ts': `export const where = 'a browser';`,
  'tsconfig.json': '{}',
};
const EXPORTS = {
  '.': entry('index'),
  './resource': entry('resource'),
  './other': entry('other'),
  './package.json': './package.json',
};

function write(name: string, exports: object): string {
  const folder = join(root, name);
  const imports = {
    '#where': {
      node: { '@cdf/source': './src/where/node.ts', default: './dist/where/node.js' },
      default: { '@cdf/source': './src/where/web.ts', default: './dist/where/web.js' },
    },
  };
  const manifest = { name: `@cdf/${name}`, type: 'module', sideEffects: false, exports, imports };
  const files = { ...FILES, 'package.json': JSON.stringify(manifest) };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

describe('the build of a library', () => {
  it('gives bundlers a file for each module, and Node one file with thin entries', async () => {
    const folder = write('thing', EXPORTS);
    for (const { output, ...options } of library(folder)) {
      const bundle = await rollup(options);
      await bundle.write(output);
      await bundle.close();
    }
    const scripts = (path: string): string[] =>
      readdirSync(join(folder, path))
        .filter((file) => file.endsWith('.js'))
        .sort();
    expect(scripts('dist')).toEqual(
      ['big', 'heavy', 'index', 'other', 'resource', 'shared', 'small'].map((each) => `${each}.js`),
    );
    // What is small is in the file of the package; what loads a part of Node is not.
    expect(scripts('dist/for-node')).toEqual(
      ['big', 'heavy', 'index', 'other', 'resource', 'thing'].map((each) => `${each}.js`),
    );

    const load = (name: string) =>
      import(/* @vite-ignore */ pathToFileURL(join(folder, 'dist/for-node', name)).href);
    const [index, resource, other] = await Promise.all(
      ['index.js', 'resource.js', 'other.js'].map(load),
    );
    expect(Object.keys(index).sort()).toEqual(['Shared', 'big', 'heavy', 'small', 'where']);
    expect(index.where).toBe('Node');
    expect(resource.Again).toBe(index.Shared);
    expect(new other.Other()).toBeInstanceOf(Object.getPrototypeOf(index.Shared));
    expect(await index.small()).toBeInstanceOf(index.Shared);
    expect(await index.big()).toBeInstanceOf(index.Shared);
  });

  it('refuses an entry that Node would load from the separate modules', () => {
    const { node: _, ...separate } = entry('other');
    expect(() => library(write('mixed', { ...EXPORTS, './other': separate }))).toThrow(
      '@cdf/mixed: "node" of the entry ./other must be ./dist/for-node/other.js',
    );
  });
});
