import { type AssetData, AssetsApi } from '@cdf/assets';
import { type AssetScope, ConfigError, Listing, type RequestSpec } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { describe, expect, it } from 'vitest';

const asset = (id: number, extra: Partial<AssetData> = {}): AssetData => ({
  id,
  name: `asset ${id}`,
  rootId: 1,
  createdTime: 0,
  lastUpdatedTime: 0,
  ...extra,
});

const bodies = (transport: { requests: readonly RequestSpec[] }): unknown[] =>
  transport.requests.map(({ path, body }) => [path, body]);

describe('assets', () => {
  it('lists with every argument of the query, times in milliseconds', async () => {
    const transport = memoryTransport({ 'POST /assets/list': () => ({ items: [asset(1)] }) });
    const list = await new AssetsApi(transport).list({
      filter: { createdTime: { min: new Date(5) }, root: true },
      sort: { property: 'name', order: 'desc' },
      aggregatedProperties: ['childCount'],
      limit: 7,
    });
    expect(list.get({ id: 1 })?.name).toBe('asset 1');
    expect(bodies(transport)).toEqual([
      [
        '/assets/list',
        {
          filter: { createdTime: { min: 5 }, root: true },
          sort: [{ property: ['name'], order: 'desc' }],
          aggregatedProperties: ['childCount'],
          limit: 7,
        },
      ],
    ]);
  });

  it('gives one for one and a list for several', async () => {
    const transport = memoryTransport((spec) => ({
      items: (spec.body as { items: object[] }).items.map((item, index) => ({
        ...asset(index + 1),
        ...item,
      })),
    }));
    const assets = new AssetsApi(transport);
    expect((await assets.create({ name: 'a' })).name).toBe('a');
    expect((await assets.create([{ name: 'a' }, { name: 'b' }])).map(({ name }) => name)).toEqual([
      'a',
      'b',
    ]);
  });

  it('has the methods of a relation on assets, lists and selections, with the right scope', async () => {
    const transport = memoryTransport(() => ({ items: [asset(1), asset(2)] }));
    const assets = new AssetsApi(transport, {
      scope: (scope: AssetScope) => () => [scope.reach, scope.assets],
    });
    const list = await assets.list();
    expect(list[0]?.scope()).toEqual(['self', [{ id: 1 }]]);
    expect(list.scope()).toEqual(['self', [{ id: 1 }, { id: 2 }]]);
    expect(list.subtree().scope()).toEqual(['subtree', [{ id: 1 }, { id: 2 }]]);
    expect(assets.select({ externalId: 'x' }).subtree().scope()).toEqual([
      'subtree',
      [{ externalId: 'x' }],
    ]);
  });

  it('shows data only where it is copied or printed as JSON', async () => {
    const transport = memoryTransport(() => ({ items: [asset(1)] }));
    const [first] = await new AssetsApi(transport, { events: () => () => [] }).list();
    expect(JSON.parse(JSON.stringify(first))).toEqual(asset(1));
    expect(Object.keys({ ...first })).toEqual(Object.keys(asset(1)));
    expect(structuredClone({ ...first })).toEqual(asset(1));
  });

  it('refuses a relation that a field or a member would hide', () => {
    const transport = memoryTransport({});
    for (const name of ['metadata', 'children', 'assets', 'filter', 'then'])
      expect(() => new AssetsApi(transport, { [name]: () => () => 0 })).toThrow(ConfigError);
  });

  it('takes both names of the parent of an asset that was read, once it knows that they agree', async () => {
    const transport = memoryTransport(({ path }) => ({
      items: path === '/assets/byids' ? [asset(1, { externalId: 'root' })] : [asset(2)],
    }));
    const read = asset(2, { parentId: 1, parentExternalId: 'root' });
    await new AssetsApi(transport).update(read);
    await new AssetsApi(transport).create(read);
    const check = ['/assets/byids', { items: [{ id: 1 }], ignoreUnknownIds: true }];
    expect(bodies(transport)).toEqual([
      check,
      [
        '/assets/update',
        { items: [{ id: 2, update: { name: { set: 'asset 2' }, parentId: { set: 1 } } }] },
      ],
      check,
      ['/assets', { items: [{ name: 'asset 2', parentId: 1 }] }],
    ]);
  });
});

describe('walking the tree', () => {
  it('asks nothing for the parent of a root', async () => {
    const transport = memoryTransport({ 'POST /assets/list': () => ({ items: [asset(1)] }) });
    const [root] = await new AssetsApi(transport).list();
    expect(await root?.parent()).toBeUndefined();
    expect(transport.requests).toHaveLength(1);
  });

  it('reads the parents of a list once each', async () => {
    const transport = memoryTransport((spec) => ({
      items:
        spec.path === '/assets/byids'
          ? [asset(1)]
          : [asset(2, { parentId: 1 }), asset(3, { parentId: 1 }), asset(1)],
    }));
    const list = await new AssetsApi(transport).list();
    expect((await list.parent()).map(({ id }) => id)).toEqual([1]);
    expect(transport.requests[1]?.body).toMatchObject({ items: [{ id: 1 }] });
  });

  it('sends nothing for an empty selection', async () => {
    const transport = memoryTransport({});
    const empty = new AssetsApi(transport).select();
    expect([...(await empty), ...(await empty.subtree()), ...(await empty.children())]).toEqual([]);
    expect(transport.requests).toHaveLength(0);
  });

  it('makes a selection a listing: cold, and walked in a loop', async () => {
    const transport = memoryTransport({
      'POST /assets/list': () => ({ items: [asset(1), asset(2)] }),
    });
    const selection = new AssetsApi(transport).select({ id: 1 }).subtree();
    expect(selection).toBeInstanceOf(Listing);
    expect(transport.requests).toHaveLength(0);
    const ids: number[] = [];
    for await (const { id } of selection) ids.push(id);
    expect(ids).toEqual([1, 2]);
    expect(transport.requests[0]?.body).toMatchObject({ filter: { assetSubtreeIds: [{ id: 1 }] } });
  });

  it('adds up the depths of subtrees', () => {
    const assets = new AssetsApi(memoryTransport({}));
    const selection = assets.select({ id: 1 }).subtree({ depth: 2 });
    expect(selection.depth).toBe(2);
    expect(selection.subtree({ depth: 3 }).depth).toBe(5);
    expect(selection.subtree().depth).toBeUndefined();
    expect(() => assets.select({ id: 1 }).subtree({ depth: -1 })).toThrow(ConfigError);
    expect(() => assets.select({ id: 1 }).subtree({ depth: '2' as never })).toThrow(
      'depth must be a whole number of at least 0, got the string "2"',
    );
  });
});
