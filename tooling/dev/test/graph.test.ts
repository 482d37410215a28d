import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error the workspace's tools are plain JavaScript
import { TestGraph } from '../graph.mjs';

let root = '';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dev-graph-'));
  const source = (path: string) => ({ '@cdf/source': path, default: './dist/index.js' });
  const a = { name: '@cdf/a', exports: { '.': source('./src/index.ts') } };
  const imports = { '#here': { node: source('./src/node.ts'), default: source('./src/web.ts') } };
  const b = { name: '@cdf/b', exports: { '.': source('./src/index.ts') }, imports };
  write('packages/a/package.json', JSON.stringify(a));
  write('packages/b/package.json', JSON.stringify(b));
  write('packages/a/src/index.ts', `export { one } from './one.js';\nexport { two, type Two } from './two.js';\n`);
  write('packages/a/src/one.ts', `import { deep } from './deep.js';\nexport const one = deep;\n`);
  write('packages/a/src/two.ts', `export type Two = 2;\nexport const two = 2;\n`);
  write('packages/a/src/deep.ts', `import type { Two } from './two.js';\nexport const deep: Two = 2;\n`);
  write('packages/a/src/late.ts', `export const late = 1;\n`);
  write('packages/b/src/index.ts', `import { here } from '#here';\nexport const b = here;\n`);
  write('packages/b/src/node.ts', `import { two } from '@cdf/a';\nexport const here = two;\n`);
  write('packages/b/src/web.ts', `export const here = import('@cdf/a');\n`);
  write('packages/c/package.json', JSON.stringify({ name: '@cdf/c', exports: { '.': source('./src/index.ts') } }));
  write('packages/c/src/index.ts', `export * from './own.js';\nexport * from '@cdf/a';\n`);
  write('packages/c/src/own.ts', `export function own() {}\n`);
  write('packages/c/test/c.test.ts', `import { two } from '../src/index.js';\ntwo;\n`);
  write('packages/a/test/one.test.ts', `import { one } from '../src/index.js';\none;\n`);
  write('packages/a/test/bundle.test.ts', `bundle("import { two } from '@cdf/a'");\n`);
  write('packages/b/test/b.test.ts', `import { b } from '../src/index.js';\nb;\n`);
});
afterAll(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function near(graph: TestGraph, test: string): Record<string, number> {
  const distances: [string, number][] = [...graph.distances.get(join(root, test))];
  return Object.fromEntries(distances.map(([path, far]) => [path.slice(join(root, 'packages/').length), far]));
}

describe('what a test runs', () => {
  it('is what an index hands on to it, not what it hands on to others, nor types', () => {
    expect(near(new TestGraph(root, () => true), 'packages/a/test/one.test.ts')).toEqual({
      'a/test/one.test.ts': 0,
      'a/src/index.ts': 1,
      'a/src/one.ts': 1,
      'a/src/deep.ts': 2,
    });
  });

  it('is what an umbrella hands on to it of all that it has', () => {
    expect(near(new TestGraph(root, () => true), 'packages/c/test/c.test.ts')).toEqual({
      'c/test/c.test.ts': 0,
      'c/src/index.ts': 1,
      'a/src/index.ts': 1,
      'a/src/two.ts': 1,
    });
  });

  it('is all of a package that is named in a string, as in what is bundled', () => {
    const found = near(new TestGraph(root, () => true), 'packages/a/test/bundle.test.ts');
    expect(Object.keys(found)).toEqual(expect.arrayContaining(['a/src/one.ts', 'a/src/two.ts', 'a/src/deep.ts']));
  });

  it('is what any platform would load, dynamic imports included', () => {
    const found = near(new TestGraph(root, () => true), 'packages/b/test/b.test.ts');
    expect(found['b/src/node.ts']).toBe(2);
    expect(found['b/src/web.ts']).toBe(2);
    expect(found['a/src/two.ts']).toBe(3);
    expect(Object.keys(found)).toContain('a/src/one.ts');
  });

  it('is learned anew when a file imports something else', () => {
    const graph = new TestGraph(root, (path: string) => path.endsWith('one.test.ts'));
    expect(graph.distances.size).toBe(1);
    write('packages/a/src/one.ts', `import { late } from './late.js';\nexport const one = late;\n`);
    graph.update([join(root, 'packages/a/src/one.ts')]);
    expect(near(graph, 'packages/a/test/one.test.ts')).toMatchObject({ 'a/src/late.ts': 2 });
    expect(near(graph, 'packages/a/test/one.test.ts')).not.toHaveProperty(['a/src/deep.ts']);
  });
});
