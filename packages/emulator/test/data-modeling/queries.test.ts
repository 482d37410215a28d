import { describe, expect, it } from 'vitest';
import type { Json } from '../helpers.js';
import { type Demo, demo, node, property, reference, VIEW } from './helpers.js';

async function filled(): Promise<Demo> {
  const made = await demo();
  await made.put({ a: { count: null } });
  await made.put({
    b: { power: 2, tag: 'b1', labels: ['l', 'm'], kind: 'pump', parent: reference('a'), friends: [reference('a')] },
  });
  await made.put({ c: { power: 5, tag: 'B2', labels: [], kind: 'valve', parent: reference('a') } });
  await made.put({ d: { parent: reference('b') } });
  return made;
}

describe('filters', () => {
  it('follow the rules of the service on lists, cases and missing values', async () => {
    const { names } = await filled();
    const is = async (filter: object, expected: string): Promise<void> =>
      expect({ filter, names: (await names(filter)).join('') }).toEqual({ filter, names: expected });
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
    await is({ and: [{ matchAll: {} }, { or: [{ exists: { property: property('count') } }, { equals: { property: property('name'), value: 'A' } }] }] }, 'abcd');
    await is({ instanceReferences: [reference('d'), reference('absent')] }, 'd');
    await is({ nested: { scope: property('parent'), filter: { equals: { property: property('name'), value: 'B' } } } }, 'd');
    await is({ equals: { property: property('name'), value: { property: ['node', 'externalId'] } } }, '');
    await is({ equals: { property: ['node', 'space'], value: 'nowhere' } }, '');
    await is({ hasData: [VIEW] }, 'abcd');
    await is({ overlaps: { startProperty: property('power'), endProperty: property('power'), gte: 3 } }, 'c');
  });

  it('are refused when they are none', async () => {
    const { refused } = await filled();
    const bad: readonly (readonly [object, string | RegExp])[] = [
      [{ equals: { property: property('labels'), value: 'l' } }, 'Invalid value for list property'],
      [{ equals: { property: property('colour'), value: 'l' } }, 'colour'],
      [{ equals: { property: property('externalId'), value: 'l' } }, 'Property identifier cannot be one of the reserved values: ['],
      [{ range: { property: property('power'), gt: 1, gte: 1 } }, 'gt'],
      [{ range: { property: property('power') } }, 'range'],
      [{ and: [] }, 'and'],
      [{ equals: { property: property('tag'), value: 'x' }, exists: { property: property('tag') } }, 'exactly one'],
      [{ like: { property: property('tag'), value: 'x' } }, 'like'],
      [{ equals: { property: ['edge', 'externalId'], value: 'x' } }, 'edge'],
      [{ equals: { property: property('power'), value: '2' } }, 'power'],
      [{ containsAny: { property: property('tag'), values: ['x'] } }, 'lists'],
      [{ hasData: [{ ...VIEW, version: 'no' }] }, "One or more views do not exist: 'demo:Thing/no'"],
      [{ equals: { property: property('tag'), value: { parameter: 'p' } } }, "'p'"],
    ];
    for (const [filter, text] of bad) await refused('/instances/list', { filter }, text);
  });
});

describe('a list', () => {
  it('sorts with the missing last, or first, and pages without losing any', async () => {
    const { ok, names, refused } = await filled();
    const sort = (more: object = {}): Json => [{ property: property('power'), direction: 'descending', ...more }];
    expect(await names(undefined, { sort: sort() })).toEqual(['c', 'b', 'a', 'd']);
    expect(await names(undefined, { sort: sort({ nullsFirst: true }) })).toEqual(['a', 'd', 'c', 'b']);
    for (const order of [undefined, sort()]) {
      const request = { sources: [{ source: VIEW }], limit: 2, sort: order };
      const first = await ok('/instances/list', request);
      const second = await ok('/instances/list', { ...request, cursor: first.nextCursor });
      expect([...first.items, ...second.items]).toHaveLength(4);
      expect(second).not.toHaveProperty('nextCursor');
      await refused('/instances/list', { ...request, filter: { matchAll: {} }, cursor: first.nextCursor }, 'cursor');
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
      (await ok('/instances/search', { view: VIEW, ...body })).items.map(({ externalId }: Json) => externalId).join('');
    expect(await search({ query: 'b', operator: 'AND', properties: ['name'] })).toBe('b');
    expect(await search({ query: '', sort: [{ property: ['externalId'], direction: 'descending' }] })).toBe('dcba');
    await put({ e: { name: 'feed pump', tag: 'P-1' }, f: { name: 'pump station', tag: 'feed' }, g: { name: 'the pumps' } });
    expect(await search({ query: 'feed pump', operator: 'AND' })).toBe('ef');
    expect(await search({ query: 'feed pump', operator: 'OR' })).toBe('efg');
    expect(await search({ query: 'pum', filter: { equals: { property: ['tag'], value: 'feed' } } })).toBe('f');
    await refused('/instances/search', { query: 'b' }, 'view must not be null');
    await refused('/instances/search', { view: VIEW, query: 'b', properties: ['no'] }, 'Unknown property');
  });

  it('counts, sums and groups', async () => {
    const { ok, refused } = await filled();
    const aggregate = async (body: object): Promise<Json> => (await ok('/instances/aggregate', { view: VIEW, ...body })).items;
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
    expect(groups.map(({ group, aggregates: [count] }: Json) => [group.parent.externalId, count.value])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect(await aggregate({ groupBy: ['tag'] })).toHaveLength(2);
    const [{ aggregates: [histogram] }] = await aggregate({ aggregates: [{ histogram: { property: 'power', interval: 2 } }] });
    expect(histogram.buckets).toEqual([{ start: 2, count: 1 }, { start: 4, count: 1 }]);
    await refused(
      '/instances/aggregate',
      { view: VIEW, aggregates: [{ count: {} }], groupBy: ['kind'] },
      "Property 'kind' of type enum cannot be used in group by. Supported types are [",
    );
  });
});

const byName = (externalId: string): object => ({ equals: { property: ['node', 'externalId'], value: externalId } });
const selected = { sources: [{ source: VIEW, properties: ['name'] }] };
const through = (identifier: string): object => ({ through: { source: VIEW, identifier } });

describe('a query', () => {
  const named = (items: Json): string => (items as Json[]).map(({ externalId }) => externalId).join('');

  it('goes along relations in both directions, with a cursor for each step', async () => {
    const { ok, refused } = await filled();
    const query = (k: object, from = 'a', more: object = {}): object => ({
      with: { p: { nodes: { filter: byName(from) }, limit: 1 }, k: { limit: 10, ...k } },
      select: { k: selected },
      ...more,
    });
    const inwards = { nodes: { from: 'p', ...through('parent'), direction: 'inwards' } };
    const children = await ok('/instances/query', query(inwards));
    expect(named(children.items.k)).toBe('bc');
    expect(Object.keys(children.items)).toEqual(['k']);
    expect(children.items.k[0].properties).toEqual({ demo: { 'Thing/v1': { name: 'B' } } });
    expect(children.nextCursor).toEqual({});
    const outwards = { nodes: { from: 'p', ...through('parent'), direction: 'outwards' } };
    expect(named((await ok('/instances/query', query(outwards, 'b'))).items.k)).toBe('a');
    expect(named((await ok('/instances/query', query(outwards))).items.k)).toBe('');
    const friends = { nodes: { from: 'p', ...through('friends'), direction: 'outwards' } };
    expect(named((await ok('/instances/query', query(friends, 'b'))).items.k)).toBe('a');
    await refused('/instances/query', query({ nodes: { from: 'p', ...through('friends'), direction: 'inwards' } }), 'Cannot traverse lists of direct relations inwards.');
    const first = await ok('/instances/query', query({ ...inwards, limit: 1 }));
    const cursors = { p: null, k: first.nextCursor.k };
    const second = await ok('/instances/query', query({ ...inwards, limit: 1 }, 'a', { cursors }));
    expect(named(first.items.k) + named(second.items.k)).toBe('bc');
    await refused('/instances/query', query(inwards, 'b', { cursors }), 'cursor');
  });

  it('refuses what is out of place', async () => {
    const { refused } = await filled();
    const ask = (step: object, select: object = { p: {} }, more: object = {}): object => ({ with: { p: step }, select, ...more });
    await refused('/instances/query', ask({ nodes: { limit: 1 } }), 'Unexpected field - nodes.limit');
    await refused('/instances/query', ask({ nodes: {} }, { q: {} }), "'q'");
    await refused('/instances/query', ask({ nodes: {} }, { p: { sources: [{ source: VIEW }] } }), 'properties must not be null');
    await refused('/instances/query', ask({ nodes: { from: 'p', ...through('parent') } }), 'itself');
    await refused('/instances/query', ask({ nodes: { from: 'q' } }), "'q'");
    const filter = { equals: { property: property('tag'), value: { parameter: 'x' } } };
    await refused('/instances/query', ask({ nodes: { filter } }), "'x'");
    await refused('/instances/query', ask({ nodes: {}, limit: 10_001 }), 'limit');
  });

  it('takes parameters, and shows nodes without data in a source without it', async () => {
    const { ok } = await filled();
    await ok('/instances', { items: [node('bare')] });
    const filter = { in: { property: ['node', 'externalId'], values: { parameter: 'x' } } };
    const { items } = await ok('/instances/query', {
      with: { p: { nodes: { filter } } },
      select: { p: selected },
      parameters: { x: ['b', 'bare'] },
    });
    expect(items.p.map(({ properties }: Json) => properties)).toEqual([{ demo: { 'Thing/v1': { name: 'B' } } }, {}]);
  });

  it('walks edges, each once, as far as it may', async () => {
    const { ok } = await filled();
    const edge = (start: string, end: string, type = 'link'): object => ({
      instanceType: 'edge',
      ...reference(`${start}-${end}`),
      type: reference(type),
      startNode: reference(start),
      endNode: reference(end),
    });
    await ok('/instances', { items: [edge('a', 'b'), edge('b', 'c'), edge('c', 'a'), edge('c', 'd', 'other')] });
    const walk = async (edges: object, nodes: object = {}): Promise<[string, string]> => {
      const { items } = await ok('/instances/query', {
        with: {
          p: { nodes: { filter: byName('a') } },
          e: { edges: { from: 'p', direction: 'outwards', ...edges } },
          n: { nodes: { from: 'e', ...nodes } },
        },
        select: { e: {}, n: {} },
      });
      expect(items.e[0]).toMatchObject({ startNode: expect.anything(), endNode: expect.anything(), type: expect.anything() });
      return [items.e.map(({ externalId }: Json) => externalId).join(' '), named(items.n)];
    };
    expect(await walk({ maxDistance: 1 })).toEqual(['a-b', 'b']);
    expect(await walk({ maxDistance: 1 }, { chainTo: 'source' })).toEqual(['a-b', 'a']);
    expect(await walk({ maxDistance: 1, direction: 'inwards' })).toEqual(['c-a', 'c']);
    expect(await walk({})).toEqual(['a-b b-c c-a c-d', 'abcd']);
    expect(await walk({ filter: { equals: { property: ['edge', 'type'], value: reference('link') } } })).toEqual(['a-b b-c c-a', 'abc']);
    expect(await walk({ terminationFilter: byName('c') })).toEqual(['a-b b-c', 'bc']);
    expect(await walk({ nodeFilter: { not: byName('c') } })).toEqual(['a-b', 'b']);
  });

  it('joins, cuts and subtracts steps', async () => {
    const { ok } = await filled();
    const among = (...names: string[]): object => ({ nodes: { filter: { in: { property: ['node', 'externalId'], values: names } } } });
    const set = async (step: object): Promise<string> => {
      const { items } = await ok('/instances/query', {
        with: { x: among('a', 'b'), y: among('b', 'c'), s: step },
        select: { s: {} },
      });
      return named(items.s);
    };
    expect(await set({ union: ['x', 'y'] })).toBe('abc');
    expect(await set({ unionAll: ['x', 'y'] })).toBe('abbc');
    expect(await set({ intersection: ['x', 'y'] })).toBe('b');
    expect(await set({ union: ['x', { intersection: ['y'] }], except: ['y'] })).toBe('a');
  });
});

describe('a sync', () => {
  const request = (step: object = {}, more: object = {}): Json => ({
    with: { s: { nodes: { filter: { hasData: [VIEW] } }, limit: 100, ...step } },
    select: { s: { sources: [{ source: VIEW, properties: ['*'] }] } },
    ...more,
  });
  const named = ({ items }: Json): string => items.s.map(({ externalId }: Json) => externalId).join('');

  it('gives everything, then what changed, deletions included', async () => {
    const { ok, put } = await filled();
    const first = await ok('/instances/sync', request());
    expect(named(first)).toBe('abcd');
    const next = async (cursors: object): Promise<Json> => await ok('/instances/sync', request({}, { cursors }));
    const empty = await next(first.nextCursor);
    expect(empty).toMatchObject({ items: { s: [] }, nextCursor: { s: expect.any(String) } });
    await put({ b: { tag: 'new' } });
    await put({ b: { tag: 'newer' } });
    await put({ e: {} });
    await ok('/instances/delete', { items: [node('c')] });
    const changed = await next(empty.nextCursor);
    expect(named(changed)).toBe('bec');
    expect(changed.items.s[0].properties.demo['Thing/v1'].tag).toBe('newer');
    expect(changed.items.s[2]).toMatchObject({ version: 2, deletedTime: expect.any(Number) });
    // What was deleted before a sync began is no news to it, unless that is asked for.
    expect(named(await ok('/instances/sync', request()))).toBe('adbe');
    expect(named(await ok('/instances/sync', request({ skipAlreadyDeleted: false })))).toBe('adbec');
  });

  it('comes in pages that together miss nothing, while others write', async () => {
    const { ok, put } = await filled();
    for (const mode of ['onePhase', 'twoPhase']) {
      const seen = new Map<string, number>();
      let cursors: Json = {};
      for (let round = 0; round < 12; round += 1) {
        const page = await ok('/instances/sync', request({ limit: 2, mode }, { cursors }));
        for (const { externalId, version } of page.items.s) seen.set(externalId, version);
        cursors = page.nextCursor;
        if (round < 5) await put({ [`${mode}-${round}`]: {}, a: { tag: `${mode}${round}` } });
      }
      const { items } = await ok('/instances/list', { sources: [{ source: VIEW }] });
      expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(items.map(({ externalId, version }: Json) => [externalId, version])));
    }
  });

  it('refuses sorts, cursors of other queries and expired ones', async () => {
    const { ok, refused, emulator } = await filled();
    await refused('/instances/sync', request({ sort: [{ property: property('name') }] }), 'Unexpected field');
    await refused('/instances/sync', request({ backfillSort: [{ property: property('name') }] }), 'Backfill sort can only be used with two-phase sync.');
    const { nextCursor } = await ok('/instances/sync', request({ mode: 'noBackfill' }));
    await refused('/instances/sync', request({}, { cursors: nextCursor }), 'cursor');
    emulator.clock.advance(3 * 86_400_000 + 1);
    const later = { cursors: nextCursor };
    await refused('/instances/sync', request({ mode: 'noBackfill' }, later), /^Cursor has expired/);
    await ok('/instances/sync', request({ mode: 'noBackfill' }, { ...later, allowExpiredCursorsAndAcceptMissedDeletes: true }));
  });

  it('follows what depends on another step, also when only the way to it is new', async () => {
    const { ok, put } = await filled();
    const body = (more: object = {}): Json => ({
      with: {
        s: { nodes: { filter: byName('a') } },
        k: { nodes: { from: 's', ...through('parent'), direction: 'inwards' } },
      },
      select: { s: {}, k: {} },
      ...more,
    });
    const first = await ok('/instances/sync', body());
    expect(first.items.k.map(({ externalId }: Json) => externalId)).toEqual(['b', 'c']);
    await put({ d: { parent: reference('a') } });
    const next = await ok('/instances/sync', body({ cursors: first.nextCursor }));
    expect(next.items.k.map(({ externalId }: Json) => externalId)).toEqual(['d']);
  });
});
