import { inspect, isDeepStrictEqual } from 'node:util';
import {
  AssetHierarchy,
  AssetHierarchyError,
  AssetsApi,
  AssetTree,
  type TreeAsset,
} from '@cdf/assets';
import { memoryTransport } from '@cdf/core/testing';
import { describe, expect, it } from 'vitest';
import { tree } from './shapes.js';

const plant: readonly TreeAsset[] = [
  { id: 1, name: 'Plant', externalId: 'plant' },
  { id: 2, name: 'Pump', externalId: 'Pump', parentId: 1 },
  { id: 3, name: 'Motor', parentId: 2 },
  { id: 4, name: 'Bearing', parentId: 3 },
  { id: 5, name: 'Valve', parentId: 1 },
  { id: 6, name: 'Elsewhere', parentId: 99 },
];

describe('an asset tree as text', () => {
  it('draws the levels', () => {
    expect(new AssetTree(plant).toText().split('\n')).toEqual([
      'Plant (plant)',
      '├─ Pump',
      '│  └─ Motor',
      '│     └─ Bearing',
      '└─ Valve',
      'Elsewhere',
    ]);
  });

  it('says how much it leaves out', () => {
    expect(new AssetTree(plant).toText({ depth: 1 }).split('\n')).toEqual([
      'Plant (plant)',
      '├─ Pump',
      '│  └─ … 2 more',
      '└─ Valve',
      'Elsewhere',
    ]);
    expect(new AssetTree(plant).toText({ limit: 2 }).split('\n')).toEqual([
      'Plant (plant)',
      '├─ Pump',
      '│  └─ … 4 more',
    ]);
  });

  it('takes a label', () => {
    expect(new AssetTree(plant.slice(0, 2)).toText({ label: ({ id }) => `#${id}` })).toBe(
      '#1\n└─ #2',
    );
  });

  it('shows assets that are yet to be created, and loses no asset on a cycle', () => {
    const text = new AssetTree(
      tree(5, (index) => (index < 3 ? (index + 1) % 3 : index === 3 ? 0 : -1)),
    ).toText();
    expect(text.split('\n')).toHaveLength(5);
  });

  it('stays small and quick for a chain of 100,000', () => {
    const chain = new AssetTree(tree(100_000, (index) => index - 1));
    expect(chain.toText().split('\n')).toHaveLength(42);
    expect(chain.toText()).toContain('… 99959 more');
    expect(chain.toText({ depth: Infinity, limit: 100 }).split('\n')).toHaveLength(101);
  });
});

describe('an asset tree as nested objects and for notebooks', () => {
  it('has children within parents', () => {
    const [root] = new AssetTree(plant).roots;
    expect(root?.children.map(({ asset, depth }) => [asset.name, depth])).toEqual([
      ['Pump', 1],
      ['Valve', 1],
    ]);
  });

  it('is a flat list as JSON, each asset before those below it', () => {
    const entries = JSON.parse(JSON.stringify(new AssetTree(plant))) as {
      depth: number;
      asset: TreeAsset;
    }[];
    expect(entries.map(({ depth, asset }) => [depth, asset.name])).toEqual([
      [0, 'Plant'],
      [1, 'Pump'],
      [2, 'Motor'],
      [3, 'Bearing'],
      [1, 'Valve'],
      [0, 'Elsewhere'],
    ]);
  });

  it('opens and closes every element', () => {
    for (const options of [{}, { depth: 1 }, { limit: 3 }]) {
      const html = new AssetTree(plant).toHtml(options);
      for (const name of ['div', 'details', 'summary'])
        expect(html.split(`<${name}`).length).toBe(html.split(`</${name}>`).length);
    }
  });

  it('gives notebooks both forms', () => {
    const view = new AssetTree(plant);
    const shown = Reflect.get(view, Symbol.for('Jupyter.display')) as () => Record<string, string>;
    expect(shown.call(view)).toEqual({ 'text/plain': view.toText(), 'text/html': view.toHtml() });
    expect(inspect(view)).toBe(view.toText());
  });
});

describe('a hierarchy prints itself', () => {
  it('as a tree in the console, also before it is created', () => {
    const hierarchy = new AssetHierarchy([
      { externalId: 'plant', name: 'Plant' },
      { externalId: 'pump', name: 'Pump', parentExternalId: 'plant' },
      null as never,
    ]);
    const text = 'Plant (plant)\n└─ Pump (pump)';
    expect([inspect(hierarchy), String(hierarchy), hierarchy.toText()]).toEqual([text, text, text]);
    expect(inspect(hierarchy.validate())).toBe(hierarchy.validate().toText());
    const error = inspect(new AssetHierarchyError(hierarchy.validate()));
    expect(error.split('item 2')).toHaveLength(2);
    expect(error).not.toContain('report');
  });

  it('with a hundred lines at most, unless more are asked for, and names of a megabyte cut', () => {
    const wide = new AssetTree(
      Array.from({ length: 5000 }, (_, id) => ({ id: id + 1, name: `asset ${id}` })),
    );
    expect(inspect(wide).split('\n').slice(-2)).toEqual(['asset 99', '… 4900 more']);
    const hostile = new AssetTree([{ id: 1, name: 'x\u001b'.repeat(2 ** 19) }]);
    expect(hostile.toText().length).toBeLessThan(3000);
    expect(hostile.toText().split('\u001b')).toHaveLength(1);
  });
});

describe('a hierarchy 20,000 deep', () => {
  const DEEP = 20_000;
  const shapes: [string, (index: number) => number][] = [
    ['a chain', (index) => index - 1],
    ['a comb', (index) => (index % 2 === 0 ? index - 2 : index - 1)],
    ['two chains', (index) => index - 2],
    ['a chain that is a cycle', (index) => (index === 0 ? DEEP - 1 : index - 1)],
  ];

  it.each(shapes)('prints, serialises and is compared: %s', (_name, parentOf) => {
    const assets = tree(DEEP, (index) => (parentOf(index) < 0 ? -1 : parentOf(index)));
    const deep = new AssetTree(assets);
    expect(String(deep)).toBe(deep.toText());
    expect(inspect(deep)).toBe(deep.toText());
    expect(inspect({ deep }, { depth: Infinity })).toContain('more');
    const all = deep.toText({ depth: Infinity, limit: Infinity }).split('\n');
    expect(all).toHaveLength(DEEP);
    expect(Math.max(...all.map((line) => line.length))).toBeLessThan(400);
    expect(deep.toHtml({ depth: Infinity, limit: Infinity }).length).toBeLessThan(DEEP * 150);
    const parsed = JSON.parse(JSON.stringify(deep)) as unknown[];
    expect(parsed).toHaveLength(DEEP);
    expect(isDeepStrictEqual(structuredClone(deep.entries), parsed)).toBe(true);
    const same = new AssetTree(structuredClone(assets));
    expect(isDeepStrictEqual(deep, same)).toBe(true);
    const other = new AssetTree(
      assets.with(DEEP - 1, { ...assets[DEEP - 1], name: 'another' } as (typeof assets)[0]),
    );
    expect(isDeepStrictEqual(deep, other)).toBe(false);
  });

  it('is compared by assertions, too', () => {
    const deep = new AssetTree(tree(5000, (index) => index - 1));
    expect(deep).toEqual(new AssetTree(tree(5000, (index) => index - 1)));
  });

  it('says the level of what is below the lines that it draws', () => {
    const lines = new AssetTree(tree(DEEP, (index) => index - 1))
      .toText({ depth: Infinity, limit: 103 })
      .split('\n');
    expect(lines[100]).toMatch(/^ +└─ asset 100 \(a100\)$/);
    expect(lines[102]?.trim()).toBe('└─ (level 102) asset 102 (a102)');
    expect(lines[103]?.trim()).toBe('└─ (level 103) … 19897 more');
  });

  it('is validated and planned, also as a cycle', () => {
    const chain = new AssetHierarchy(tree(DEEP, (index) => index - 1));
    expect(chain.validate().isValid).toBe(true);
    expect(chain.plan().requests.length).toBe(DEEP / 1000);
    expect(JSON.parse(JSON.stringify(chain)) as object).toEqual({ assets: chain.assets });
    const cycle = new AssetHierarchy(tree(DEEP, (index) => (index + 1) % DEEP));
    expect(cycle.validate().cycles[0]).toHaveLength(DEEP);
    expect(cycle.validate().toText().length).toBeLessThan(1000);
    expect(JSON.stringify(cycle.validate()).length).toBeGreaterThan(DEEP);
  });
});

describe('hostile names', () => {
  const hostile = [
    '</script><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '\u001b[31mred\u001b]8;;http://x\u0007',
    'two\nlines\r\u2028',
    '__proto__',
    '=HYPERLINK("http://x")',
    '\u202egnp.exe',
    '\u009b2J',
  ];
  const data = hostile.map((name, index) => ({
    ...{ id: index + 1, name, externalId: name, rootId: 1, createdTime: 0, lastUpdatedTime: 0 },
    metadata: JSON.parse(`{ "__proto__": "polluted", ${JSON.stringify(name)}: "value" }`) as Record<
      string,
      string
    >,
  }));

  it('are inert in text and HTML', () => {
    const view = new AssetTree(data);
    expect(view.toText().replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
    expect(view.toText().split('\n')).toHaveLength(hostile.length);
    expect(view.toHtml()).not.toMatch(/<(script|img)|[\p{Cc}\p{Cf}]/u);
    expect(view.toHtml()).toContain('&#34;&#62;&#60;img src=x onerror=alert(1)&#62;');
  });

  it('are inert in tables and objects', async () => {
    const transport = memoryTransport(() => ({ items: structuredClone(data) }));
    const list = await new AssetsApi(transport).list();
    const table = list.toTable();
    expect(table.toCsv()).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect(table.columns).toContain('metadata.__proto__');
    expect(Object.getPrototypeOf(table.toObjects()[0])).toBe(Object.prototype);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(list.get({ externalId: '__proto__' })?.name).toBe('__proto__');
  });
});
