import { describe, expect, it } from 'vitest';
import type { Json } from '../helpers.js';
import { byName, CONTAINER, demo, filled, node, reference, VIEW } from './helpers.js';

const viewOver = (externalId: string, filter?: Json): Json => ({
  space: 'demo',
  externalId,
  version: 'v1',
  filter,
  properties: { name: { container: CONTAINER, containerPropertyIdentifier: 'name' } },
});
const asView = (externalId: string): Json => ({
  type: 'view',
  space: 'demo',
  externalId,
  version: 'v1',
});

describe('what one request may cost', () => {
  it('is bounded where the filters of views refer to two others each, twenty-five in a row', async () => {
    const { ok, put } = await demo();
    await put({ a: {} });
    const pair = (level: number): string[] => [`L${level}`, `R${level}`];
    const lowest = { not: { equals: { property: ['node', 'externalId'], value: 'b' } } };
    await ok('/views', { items: pair(0).map((name) => viewOver(name, lowest)) });
    for (let level = 1; level <= 25; level += 1) {
      const filter = {
        and: pair(level - 1).map((name) => ({ hasData: [asView(name), asView(name)] })),
      };
      await ok('/views', { items: pair(level).map((name) => viewOver(name, filter)) });
    }
    const found = async (): Promise<string[]> => {
      const { items } = await ok('/instances/list', { sources: [{ source: asView('L25') }] });
      return items.map(({ externalId }: Json) => externalId);
    };
    expect(await found()).toEqual(['a']);
    await put({ b: {}, c: {} });
    expect(await found()).toEqual(['a', 'c']);
  });

  it('is bounded where such filters look at two other nodes each', async () => {
    const { ok, put } = await demo();
    await put({ r: {}, s: {} });
    await put({
      r: { parent: reference('s'), friends: [reference('r')] },
      s: { parent: reference('r'), friends: [reference('s')] },
    });
    const thing = (name: string): string[] => ['demo', 'Thing', name];
    await ok('/views', { items: [viewOver('N0', { matchAll: {} })] });
    for (let level = 1; level <= 30; level += 1) {
      const below = { hasData: [asView(`N${level - 1}`)] };
      const filter = {
        and: ['parent', 'friends'].map((name) => ({
          nested: { scope: thing(name), filter: below },
        })),
      };
      await ok('/views', { items: [viewOver(`N${level}`, filter)] });
    }
    const { items } = await ok('/instances/list', { sources: [{ source: asView('N30') }] });
    expect(items.map(({ externalId }: Json) => externalId)).toEqual(['r', 's']);
  });

  it('is bounded for groups by lists, and no property is grouped by twice', async () => {
    const { ok, put, refused } = await demo();
    const lists = Object.fromEntries(
      ['x', 'y'].map((name) => [name, { type: { type: 'text', list: true } }]),
    );
    await ok('/containers', { items: [{ space: 'demo', externalId: 'Lists', properties: lists }] });
    const container = { ...CONTAINER, externalId: 'Lists' };
    const properties = Object.fromEntries(
      Object.keys(lists).map((name) => [name, { container, containerPropertyIdentifier: name }]),
    );
    const view = asView('Lists');
    await ok('/views', {
      items: [{ space: 'demo', externalId: 'Lists', version: 'v1', properties }],
    });
    const values = Array.from({ length: 200 }, (_, index) => `${index}`);
    const write = (x: string[], y: string[]): Promise<Json> =>
      ok('/instances', {
        items: [{ ...node('a'), sources: [{ source: view, properties: { x, y } }] }],
      });
    const aggregates = [{ count: {} }];
    await write(values.slice(0, 50), values.slice(0, 100));
    const { items } = await ok('/instances/aggregate', {
      view,
      groupBy: ['x', 'y'],
      aggregates,
      limit: 1000,
    });
    expect(items.length).toBe(1000);
    await write(values, values);
    await refused(
      '/instances/aggregate',
      { view, groupBy: ['x', 'y'], aggregates },
      /more than 10000 groups/,
    );
    await refused(
      '/instances/aggregate',
      { view, groupBy: ['x', 'x'], aggregates },
      /'x' is repeated/,
    );
    await put({ b: {} });
  });

  it('is bounded for sets of sets', async () => {
    const { ok, refused } = await filled();
    const query = (set: Json): Json => ({
      with: { all: { nodes: {} }, set: { ...set } },
      select: { set: {} },
    });
    const { items } = await ok(
      '/instances/query',
      query({ unionAll: Array.from({ length: 50 }, () => 'all') }),
    );
    expect(items.set.length).toBeGreaterThan(4);
    for (const set of [
      { unionAll: Array.from({ length: 51 }, () => 'all') },
      {
        union: Array.from({ length: 3 }, () => ({
          union: Array.from({ length: 17 }, () => 'all'),
        })),
      },
      { union: ['all'], except: Array.from({ length: 50 }, () => 'all') },
    ])
      await refused('/instances/query', query(set), /at most 50 members/);
  });

  it('ends in a refusal where a number has no JSON', async () => {
    const { put, refused, ok, emulator } = await demo();
    await put({ a: { power: 1.7e308 }, b: { power: 1.7e308 } });
    const aggregate = (each: Json): Json => ({ view: VIEW, aggregates: [each] });
    for (const name of ['sum', 'avg'])
      await refused(
        '/instances/aggregate',
        aggregate({ [name]: { property: 'power' } }),
        /out of range/,
      );
    const histogram = { histogram: { property: 'power', interval: 1e-9 } };
    await refused('/instances/aggregate', aggregate(histogram), /out of range/);
    expect(
      (await ok('/instances/aggregate', aggregate({ max: { property: 'power' } }))).items[0]
        .aggregates,
    ).toEqual([{ aggregate: 'max', property: 'power', value: 1.7e308 }]);
    await ok('/containers', {
      items: [{ space: 'demo', externalId: 'J', properties: { j: { type: { type: 'json' } } } }],
    });
    await ok('/containers', {
      items: [
        {
          space: 'demo',
          externalId: 'U',
          properties: { m: { type: { type: 'float64', unit: { externalId: 'mass:kilogm' } } } },
        },
      ],
    });
    const mass = { type: 'container', space: 'demo', externalId: 'U' };
    await ok('/views', {
      items: [
        {
          space: 'demo',
          externalId: 'U',
          version: 'v1',
          properties: { m: { container: mass, containerPropertyIdentifier: 'm' } },
        },
      ],
    });
    await ok('/instances', {
      items: [{ ...node('u'), sources: [{ source: mass, properties: { m: 1.7e308 } }] }],
    });
    const inGrams = [
      { source: asView('U'), targetUnits: [{ property: 'm', unit: { externalId: 'mass:gm' } }] },
    ];
    await refused('/instances/list', { sources: inGrams }, /out of range in its target unit/);
    const text = `{"items":[{"instanceType":"node","space":"demo","externalId":"j","sources":[{"source":{"type":"container","space":"demo","externalId":"J"},"properties":{"j":{"deep":[1e400]}}}]}]}`;
    const { url, project, apiKey = '' } = emulator;
    const answer = await emulator.fetch(`${url}/api/v1/projects/${project}/models/instances`, {
      method: 'POST',
      headers: { 'api-key': apiKey, 'content-type': 'application/json' },
      body: text,
    });
    expect(answer.status).toBe(400);
  });
});

describe('names that objects have from birth', () => {
  it('are spaces, views, constraints and indexes as any other', async () => {
    const { ok } = await demo();
    await ok('/spaces', { items: [{ space: 'constructor' }] });
    const index = { indexType: 'btree', properties: ['name'] };
    const container = {
      space: 'constructor',
      externalId: 'toString',
      properties: { name: { type: { type: 'text', maxTextSize: 100 } } },
    };
    const named = JSON.parse(`{"__proto__":${JSON.stringify(index)}}`);
    await ok('/containers', { items: [container] });
    const { items: stored } = await ok('/containers', {
      items: [{ ...container, indexes: named }],
    });
    expect(Object.keys(stored[0].indexes)).toEqual(['__proto__']);
    const source = { type: 'view', space: 'constructor', externalId: 'toString', version: 'v1' };
    const properties = {
      name: {
        container: { type: 'container', space: 'constructor', externalId: 'toString' },
        containerPropertyIdentifier: 'name',
      },
    };
    await ok('/views', {
      items: [{ space: 'constructor', externalId: 'toString', version: 'v1', properties }],
    });
    await ok('/instances', {
      items: [{ ...node('a'), sources: [{ source, properties: { name: 'n' } }] }],
    });
    const { items, typing } = await ok('/instances/list', {
      sources: [{ source }],
      includeTyping: true,
    });
    expect(items[0].properties.constructor['toString/v1']).toEqual({ name: 'n' });
    expect(typing.constructor['toString/v1'].name.type.type).toBe('text');
    expect(Object.keys(Object)).toEqual([]);
  });

  it('are projects too: "models" has data modeling', async () => {
    const { ok, put, read } = await demo({ project: 'models' });
    await put({ a: { power: 3 } });
    expect(await read('a')).toMatchObject({ power: 3 });
    expect((await ok('/spaces/byids', { items: [{ space: 'demo' }] })).items.length).toBe(1);
  });
});

describe('a request that says a thing twice', () => {
  it('gets the properties of both where a view is selected twice', async () => {
    const { ok } = await filled();
    const chosen = ['power', 'tag'].map((name) => ({ source: VIEW, properties: [name] }));
    const read = async (sources: Json): Promise<Json> => {
      const body = { with: { b: { nodes: { filter: byName('b') } } }, select: { b: { sources } } };
      const { items } = await ok('/instances/query', body);
      return items.b[0].properties.demo['Thing/v1'];
    };
    expect(await read(chosen)).toEqual({ power: 2, tag: 'b1' });
    const all = [...chosen, { source: VIEW, properties: ['*'] }];
    expect(await read(all)).toMatchObject({ power: 2, tag: 'b1', kind: 'pump' });
    const { items } = await ok('/instances/byids', {
      items: [node('b')],
      sources: [{ source: VIEW }, { source: VIEW }],
    });
    expect(items[0].properties.demo['Thing/v1']).toMatchObject({ power: 2, tag: 'b1' });
  });
});

describe('what a schema may say', () => {
  it('is not a collation that no language has', async () => {
    const { ok, refused } = await demo();
    const container = (collation: string): Json => ({
      items: [
        {
          space: 'demo',
          externalId: `C${collation.length}`,
          properties: { t: { type: { type: 'text', collation } } },
        },
      ],
    });
    for (const collation of ['ucs_basic', 'und', 'nb', 'de-AT'])
      await ok('/containers', container(collation));
    for (const collation of ['de-ab', 'en-latin1', 'nb-NO-NO', 'zz_x'])
      await refused('/containers', container(collation), /collation/);
  });

  it('is at most ten indexes and thirty-five constraints, however many requests bring them', async () => {
    const { ok, refused } = await demo();
    const parts = (from: number, count: number, make: () => Json): Json =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${from + index}`, make()]));
    const container = (more: Json): Json => ({
      items: [
        {
          space: 'demo',
          externalId: 'Many',
          properties: { t: { type: { type: 'text', maxTextSize: 10 } } },
          ...more,
        },
      ],
    });
    const index = (): Json => ({ indexType: 'btree', properties: ['t'] });
    const unique = (): Json => ({ constraintType: 'uniqueness', properties: ['t'] });
    await ok(
      '/containers',
      container({ indexes: parts(0, 10, index), constraints: parts(0, 35, unique) }),
    );
    await ok('/containers', container({ indexes: parts(0, 10, index) }));
    await refused(
      '/containers',
      container({ indexes: parts(10, 1, index) }),
      /more than 10 indexes/,
    );
    await refused(
      '/containers',
      container({ constraints: parts(35, 1, unique) }),
      /more than 35 constraints/,
    );
  });

  it('is a target container, which an edge cannot have data for as a target', async () => {
    const { ok, put, refused } = await demo();
    await put({ a: {}, b: {} });
    const rel = {
      r: { type: { type: 'direct', container: { ...CONTAINER, externalId: 'Both' } } },
    };
    await ok('/containers', {
      items: [
        {
          space: 'demo',
          externalId: 'Both',
          usedFor: 'all',
          properties: { t: { type: { type: 'text' } } },
        },
        { space: 'demo', externalId: 'Rel', properties: rel },
      ],
    });
    const both = { ...CONTAINER, externalId: 'Both' };
    const edge = {
      instanceType: 'edge',
      space: 'demo',
      externalId: 'e',
      type: reference('a'),
      startNode: reference('a'),
      endNode: reference('b'),
      sources: [{ source: both, properties: { t: 'x' } }],
    };
    await ok('/instances', {
      items: [edge, { ...node('n'), sources: [{ source: both, properties: { t: 'x' } }] }],
    });
    const pointing = (target: string): Json => ({
      items: [
        {
          ...node('p'),
          sources: [
            { source: { ...CONTAINER, externalId: 'Rel' }, properties: { r: reference(target) } },
          ],
        },
      ],
    });
    await ok('/instances', pointing('n'));
    await refused('/instances', pointing('e'), /is an edge/);
  });
});
