import { describe, expect, it } from 'vitest';
import type { Json } from '../helpers.js';
import { filled, property, reference, VIEW } from './helpers.js';

describe('filters', () => {
  it('follow the rules of the service on lists, cases and missing values', async () => {
    const { names } = await filled();
    const is = async (filter: object, expected: string): Promise<void> =>
      expect({ filter, names: (await names(filter)).join('') }).toEqual({
        filter,
        names: expected,
      });
    await is({ range: { property: property('power'), gte: 2, lt: 5 } }, 'b');
    await is({ equals: { property: property('tag'), value: 'b2' } }, '');
    await is({ prefix: { property: property('tag'), value: 'b' } }, 'b');
    await is({ exists: { property: property('labels') } }, 'bc');
    await is({ containsAny: { property: property('labels'), values: ['m', 'q'] } }, 'b');
    await is({ containsAll: { property: property('labels'), values: ['m', 'q'] } }, '');
    await is({ equals: { property: property('labels'), value: ['l', 'm'] } }, 'b');
    await is({ prefix: { property: property('labels'), value: ['l'] } }, 'b');
    await is({ in: { property: property('labels'), values: ['m'] } }, 'b');
    await is({ in: { property: ['node', 'externalId'], values: ['d', 'b'] } }, 'bd');
    await is({ equals: { property: property('kind'), value: 'pump' } }, 'b');
    await is({ equals: { property: property('parent'), value: reference('a') } }, 'bc');
    await is({ containsAny: { property: property('friends'), values: [reference('a')] } }, 'b');
    await is({ not: { equals: { property: property('tag'), value: 'b1' } } }, 'acd');
    await is(
      {
        and: [
          { matchAll: {} },
          {
            or: [
              { exists: { property: property('count') } },
              { equals: { property: property('name'), value: 'A' } },
            ],
          },
        ],
      },
      'abcd',
    );
    await is({ instanceReferences: [reference('d'), reference('absent')] }, 'd');
    await is(
      {
        nested: {
          scope: property('parent'),
          filter: { equals: { property: property('name'), value: 'B' } },
        },
      },
      'd',
    );
    await is(
      { equals: { property: property('name'), value: { property: ['node', 'externalId'] } } },
      '',
    );
    await is({ equals: { property: ['node', 'space'], value: 'nowhere' } }, '');
    await is({ hasData: [VIEW] }, 'abcd');
    await is(
      { overlaps: { startProperty: property('power'), endProperty: property('power'), gte: 3 } },
      'c',
    );
  });

  it('are refused when they are invalid', async () => {
    const { refused } = await filled();
    const bad: readonly (readonly [object, string | RegExp])[] = [
      [{ equals: { property: property('labels'), value: 'l' } }, 'Invalid value for list property'],
      [{ equals: { property: property('colour'), value: 'l' } }, 'colour'],
      [
        { equals: { property: property('externalId'), value: 'l' } },
        'Property identifier cannot be one of the reserved values: [',
      ],
      [{ range: { property: property('power'), gt: 1, gte: 1 } }, 'gt'],
      [{ range: { property: property('power') } }, 'range'],
      [{ and: [] }, 'and'],
      [
        {
          equals: { property: property('tag'), value: 'x' },
          exists: { property: property('tag') },
        },
        'exactly one',
      ],
      [{ like: { property: property('tag'), value: 'x' } }, 'like'],
      [{ equals: { property: ['edge', 'externalId'], value: 'x' } }, 'edge'],
      [{ equals: { property: property('power'), value: '2' } }, 'power'],
      [{ containsAny: { property: property('tag'), values: ['x'] } }, 'lists'],
      [
        { hasData: [{ ...VIEW, version: 'no' }] },
        "One or more views do not exist: 'demo:Thing/no'",
      ],
      [{ equals: { property: property('tag'), value: { parameter: 'p' } } }, "'p'"],
    ];
    for (const [filter, text] of bad) await refused('/instances/list', { filter }, text);
  });
});

describe('a list', () => {
  it('sorts with the missing last, or first, and pages without losing any', async () => {
    const { ok, names, refused } = await filled();
    const sort = (more: object = {}): Json => [
      { property: property('power'), direction: 'descending', ...more },
    ];
    expect(await names(undefined, { sort: sort() })).toEqual(['c', 'b', 'a', 'd']);
    expect(await names(undefined, { sort: sort({ nullsFirst: true }) })).toEqual([
      'a',
      'd',
      'c',
      'b',
    ]);
    for (const order of [undefined, sort()]) {
      const request = { sources: [{ source: VIEW }], limit: 2, sort: order };
      const first = await ok('/instances/list', request);
      const second = await ok('/instances/list', { ...request, cursor: first.nextCursor });
      expect([...first.items, ...second.items]).toHaveLength(4);
      expect(second).not.toHaveProperty('nextCursor');
      await refused(
        '/instances/list',
        { ...request, filter: { matchAll: {} }, cursor: first.nextCursor },
        'cursor',
      );
    }
    await refused('/instances/list', { limit: 1001 }, 'limit');
    await refused('/instances/list', { sort: [{ property: property('labels') }] }, 'labels');
  });

  it('tells the types of all mapped properties on demand', async () => {
    const { ok } = await filled();
    const { items, typing } = await ok('/instances/list', {
      sources: [{ source: VIEW }],
      filter: { equals: { property: property('name'), value: 'nobody' } },
      includeTyping: true,
    });
    expect(items).toEqual([]);
    expect(typing.demo['Thing/v1'].power.type).toEqual({ type: 'float64', list: false });
    expect(typing.demo['Thing/v1']).not.toHaveProperty('children');
  });
});

describe('search and aggregate', () => {
  it('finds words, the last one by its beginning, best matches first', async () => {
    const { ok, put, refused } = await filled();
    const search = async (body: object): Promise<string> =>
      (await ok('/instances/search', { view: VIEW, ...body })).items
        .map(({ externalId }: Json) => externalId)
        .join('');
    expect(await search({ query: 'b', operator: 'AND', properties: ['name'] })).toBe('b');
    expect(
      await search({ query: '', sort: [{ property: ['externalId'], direction: 'descending' }] }),
    ).toBe('dcba');
    await put({
      e: { name: 'feed pump', tag: 'P-1' },
      f: { name: 'pump station', tag: 'feed' },
      g: { name: 'the pumps' },
    });
    expect(await search({ query: 'feed pump', operator: 'AND' })).toBe('ef');
    expect(await search({ query: 'feed pump', operator: 'OR' })).toBe('efg');
    expect(
      await search({ query: 'pum', filter: { equals: { property: ['tag'], value: 'feed' } } }),
    ).toBe('f');
    await refused('/instances/search', { query: 'b' }, 'view must not be null');
    await refused(
      '/instances/search',
      { view: VIEW, query: 'b', properties: ['no'] },
      'Unknown property',
    );
  });

  it('counts, sums and groups', async () => {
    const { ok, refused } = await filled();
    const aggregate = async (body: object): Promise<Json> =>
      (await ok('/instances/aggregate', { view: VIEW, ...body })).items;
    const aggregates = [{ count: {} }, { sum: { property: 'power' } }];
    expect(await aggregate({ aggregates })).toEqual([
      {
        instanceType: 'node',
        aggregates: [
          { aggregate: 'count', value: 4 },
          { aggregate: 'sum', property: 'power', value: 7 },
        ],
      },
    ]);
    const nothing = { equals: { property: property('name'), value: 'nobody' } };
    expect((await aggregate({ aggregates, filter: nothing }))[0].aggregates).toEqual([
      { aggregate: 'count', value: 0 },
      { aggregate: 'sum', property: 'power' },
    ]);
    const groups = await aggregate({ aggregates: [{ count: {} }], groupBy: ['parent'] });
    expect(
      groups.map(({ group, aggregates: [count] }: Json) => [group.parent.externalId, count.value]),
    ).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect(await aggregate({ groupBy: ['tag'] })).toHaveLength(2);
    const [
      {
        aggregates: [histogram],
      },
    ] = await aggregate({ aggregates: [{ histogram: { property: 'power', interval: 2 } }] });
    expect(histogram.buckets).toEqual([
      { start: 2, count: 1 },
      { start: 4, count: 1 },
    ]);
    await refused(
      '/instances/aggregate',
      { view: VIEW, aggregates: [{ count: {} }], groupBy: ['kind'] },
      "Property 'kind' of type enum cannot be used in group by. Supported types are [",
    );
  });
});

describe('hostile requests', () => {
  it('are refused with 400', async () => {
    const { ok, refused, emulator } = await filled();
    const postText = async (path: string, body: string): Promise<Response> =>
      await emulator.fetch(`${emulator.url}/api/v1/projects/emulator${path}`, {
        method: 'POST',
        headers: { 'api-key': 'emulator-key' },
        body,
      });
    const request = { limit: 1, sort: [{ property: property('name') }] };
    const { nextCursor } = await ok('/instances/list', request);
    const [mark] = Buffer.from(nextCursor, 'base64url').toString().split('.');
    for (const position of ['{}', '[]', '7', 'null', '{"values":1,"seq":1}', 'x']) {
      const cursor = Buffer.from(`${mark}.${position}`).toString('base64url');
      await refused('/instances/list', { ...request, cursor }, 'cursor');
    }
    const deep = (levels: number): string =>
      `${'{"not":'.repeat(levels)}{"matchAll":{}}${'}'.repeat(levels)}`;
    for (const levels of [100, 100_000]) {
      const filter = `"filter":${deep(levels)}`;
      const bodies = {
        list: `{${filter}}`,
        query: `{"with":{"a":{"nodes":{${filter}}}},"select":{"a":{}}}`,
        sync: `{"with":{"a":{"nodes":{${filter}}}},"select":{"a":{}}}`,
      };
      for (const [path, body] of Object.entries(bodies)) {
        const { status } = await postText(`/models/instances/${path}`, body);
        expect([path, levels, status]).toEqual([path, levels, 400]);
      }
      const view = `{"items":[{"space":"demo","externalId":"Deep","version":"1",${filter}}]}`;
      expect((await postText('/models/views', view)).status).toBe(400);
    }
    expect(
      (await ok('/views/byids', { items: [{ space: 'demo', externalId: 'Deep' }] })).items,
    ).toEqual([]);
  });
});
