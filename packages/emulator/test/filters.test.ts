import { describe, expect, it } from 'vitest';
import { client, type Json } from './helpers.js';

async function pumps() {
  const made = client();
  await made.post('/assets', {
    items: [
      { externalId: 'a', name: 'Pump north', source: 'x', metadata: { size: '10', Area: 'North' } },
      { externalId: 'b', name: 'Pump south', source: 'y', metadata: { size: '20' } },
      {
        externalId: 'c',
        name: 'Valve',
        description: 'closes the pump',
        metadata: { area: 'north' },
      },
    ],
  });
  const ids = async (body: object, path = '/assets/list'): Promise<string[] | Json> => {
    const answer = await made.post(path, body);
    return answer.status === 200
      ? answer.body.items.map(({ externalId }: Json) => externalId)
      : answer.body.error.message;
  };
  const filtered = async (advancedFilter: object): Promise<string[] | Json> =>
    await ids({ advancedFilter });
  return { ...made, ids, filtered };
}

describe('advanced filters', () => {
  it('understand every leaf and their combinations', async () => {
    const { filtered } = await pumps();
    expect(await filtered({ equals: { property: ['name'], value: 'Valve' } })).toEqual(['c']);
    expect(await filtered({ in: { property: ['source'], values: ['x', 'y'] } })).toEqual([
      'a',
      'b',
    ]);
    expect(
      await filtered({ range: { property: ['metadata', 'size'], gt: '10', lte: '20' } }),
    ).toEqual(['b']);
    expect(await filtered({ prefix: { property: ['name'], value: 'Pump' } })).toEqual(['a', 'b']);
    expect(await filtered({ exists: { property: ['description'] } })).toEqual(['c']);
    expect(await filtered({ equals: { property: ['metadata'], value: '20' } })).toEqual(['b']);
    expect(await filtered({ not: { exists: { property: ['source'] } } })).toEqual(['c']);
    const both = {
      and: [
        { prefix: { property: ['name'], value: 'Pump' } },
        { not: { equals: { property: ['source'], value: 'x' } } },
      ],
    };
    expect(await filtered(both)).toEqual(['b']);
    expect(
      await filtered({ or: [both, { equals: { property: ['externalId'], value: 'c' } }] }),
    ).toEqual(['b', 'c']);
  });

  it('order by relevance when they search, and by score when asked', async () => {
    const { filtered, ids } = await pumps();
    const search = {
      or: [
        { search: { property: ['name'], value: 'pump' } },
        { search: { property: ['description'], value: 'pump' } },
      ],
    };
    expect((await filtered(search)).sort()).toEqual(['a', 'b', 'c']);
    const advancedFilter = {
      or: [
        { prefix: { property: ['name'], value: 'Pump' } },
        { equals: { property: ['name'], value: 'Pump south' } },
      ],
    };
    expect(await ids({ advancedFilter, sort: [{ property: ['_score_'] }] })).toEqual(['b', 'a']);
  });

  it.each([
    [{ equals: { property: ['colour'], value: 'x' } }, /Unknown property/],
    [{ equals: { property: ['name'], value: 1 } }, /compared with a string/],
    [{ range: { property: ['name'] } }, /needs a bound/],
    [{ range: { property: ['createdTime'], gt: 1, gte: 1 } }, /only one of/],
    [{ near: { property: ['name'], value: 'x' } }, /Unknown filter operator/],
    [{ and: [] }, /between 1 and 99/],
    [{ containsAny: { property: ['name'], values: ['x'] } }, /only for lists/],
    [{ search: { property: ['source'], value: 'x' } }, /search is only for/],
    [{ equals: { property: ['a', 'b', 'c'], value: 'x' } }, /one or two names/],
    [
      Array.from({ length: 11 }).reduce<object>((inner) => ({ not: inner }), {
        exists: { property: ['name'] },
      }),
      /nested at most 10/,
    ],
  ])('refuse %j', async (filter, message) => {
    const { filtered } = await pumps();
    expect(await filtered(filter)).toMatch(message);
  });

  it('compare the metadata of events without regard to case', async () => {
    const { post } = client();
    await post('/events', { items: [{ externalId: 'e', metadata: { Area: 'North' } }] });
    const advancedFilter = { equals: { property: ['metadata', 'area'], value: 'NORTH' } };
    expect((await post('/events/list', { advancedFilter })).body.items).toHaveLength(1);
    const range = (bounds: object): object => ({
      advancedFilter: { range: { property: ['metadata', 'area'], ...bounds } },
    });
    expect((await post('/events/list', range({ gte: 'm', lt: 'o' }))).body.items).toHaveLength(1);
    expect((await post('/events/list', range({ gte: 'm' }))).status).toBe(400);
  });
});

describe('sorting', () => {
  it('goes by two properties, with missing values at the end asked for', async () => {
    const { ids } = await pumps();
    expect(await ids({ sort: [{ property: ['name'], order: 'desc' }] })).toEqual(['c', 'b', 'a']);
    expect(await ids({ sort: [{ property: ['source'], order: 'asc' }] })).toEqual(['a', 'b', 'c']);
    expect(await ids({ sort: [{ property: ['source'], order: 'desc' }] })).toEqual(['c', 'b', 'a']);
    expect(await ids({ sort: [{ property: ['source'], order: 'desc', nulls: 'last' }] })).toEqual([
      'b',
      'a',
      'c',
    ]);
    expect(await ids({ sort: [{ property: ['metadata', 'size'], nulls: 'first' }] })).toEqual([
      'c',
      'a',
      'b',
    ]);
    expect(await ids({ sort: [{ property: ['parentId'] }] })).toMatch(/Cannot sort by/);
  });

  it('pages in the order asked for', async () => {
    const { post } = client();
    const items = Array.from({ length: 50 }, (_, index) => ({
      name: String((index * 7) % 50).padStart(2, '0'),
    }));
    await post('/assets', { items });
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const { body } = await post('/assets/list', {
        sort: [{ property: ['name'] }],
        limit: 9,
        cursor,
      });
      seen.push(...body.items.map(({ name }: Json) => name));
      cursor = body.nextCursor;
      if (cursor === undefined) break;
    }
    expect(seen).toEqual(items.map(({ name }) => name).sort());
  });
});

describe('search', () => {
  it('puts the best answers first and combines with the filter', async () => {
    const { ids } = await pumps();
    expect(await ids({ search: { query: 'pump south' } }, '/assets/search')).toEqual([
      'b',
      'a',
      'c',
    ]);
    expect(
      await ids({ search: { name: 'pump' }, filter: { source: 'x' } }, '/assets/search'),
    ).toEqual(['a']);
    expect(await ids({ filter: { source: 'y' } }, '/assets/search')).toEqual(['b']);
  });
});

describe('resource aggregates', () => {
  it('count items, values and keys, text in lower case', async () => {
    const { post } = await pumps();
    const aggregate = async (body: object): Promise<Json> =>
      (await post('/assets/aggregate', body)).body.items;
    expect(await aggregate({})).toEqual([{ count: 3 }]);
    expect(await aggregate({ properties: [{ property: ['source'] }] })).toEqual([{ count: 2 }]);
    expect(
      await aggregate({
        aggregate: 'cardinalityValues',
        properties: [{ property: ['metadata', 'size'] }],
      }),
    ).toEqual([{ count: 2 }]);
    expect(
      await aggregate({
        aggregate: 'uniqueValues',
        properties: [{ property: ['name'] }],
        aggregateFilter: { prefix: { value: 'pump n' } },
      }),
    ).toEqual([{ count: 1, value: 'pump north', values: ['pump north'] }]);
    expect(await aggregate({ aggregate: 'uniqueProperties' })).toEqual([
      { count: 2, value: 'size', values: [{ property: ['metadata', 'size'] }] },
      { count: 2, value: 'area', values: [{ property: ['metadata', 'area'] }] },
    ]);
    expect(
      (await post('/assets/aggregate', { aggregateFilter: { prefix: { value: 'x' } } })).status,
    ).toBe(400);
  });

  it('keep only the buckets that a filter lets through', async () => {
    const { post } = await pumps();
    const names = async (aggregateFilter: object): Promise<string[]> => {
      const properties = [{ property: ['name'] }];
      const { body } = await post('/assets/aggregate', {
        aggregate: 'uniqueValues',
        properties,
        aggregateFilter,
      });
      return body.items?.map(({ values }: Json) => values[0]).sort() ?? body.error.message;
    };
    const all = await names({ not: { in: { values: ['nothing'] } } });
    expect(all).toHaveLength(3);
    expect(await names({ in: { values: [all[0]?.toUpperCase(), 'x'] } })).toEqual([all[0]]);
    expect(await names({ range: { gt: all[0] } })).toEqual(all.slice(1));
    expect(await names({ and: [{ range: { gte: all[1] } }, { range: { lt: all[2] } }] })).toEqual([
      all[1],
    ]);
    expect(
      await names({ or: [{ prefix: { value: 'pump n' } }, { not: { prefix: { value: 'p' } } }] }),
    ).toContain('pump north');
    expect(await names({ range: { gt: 'a', gte: 'a' } })).toMatch(/only one of gt, gte/);
    expect(await names({ near: {} })).toMatch(/Unknown aggregateFilter/);
  });

  it('give the values of time series as text', async () => {
    const { post } = client();
    await post('/timeseries', { items: [{ isStep: true }, { isStep: false }, {}] });
    const { body } = await post('/timeseries/aggregate', {
      aggregate: 'uniqueValues',
      properties: [{ property: ['isStep'] }],
    });
    expect(body.items).toEqual([
      { count: 2, values: ['false'] },
      { count: 1, values: ['true'] },
    ]);
  });
});
