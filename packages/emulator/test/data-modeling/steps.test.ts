import { describe, expect, it } from 'vitest';
import type { Json } from '../helpers.js';
import { byName, filled, node, property, reference, selected, through, VIEW } from './helpers.js';

describe('a query', () => {
  const named = (items: Json): string =>
    (items as Json[]).map(({ externalId }) => externalId).join('');

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
    await refused(
      '/instances/query',
      query({ nodes: { from: 'p', ...through('friends'), direction: 'inwards' } }),
      'Cannot traverse lists of direct relations inwards.',
    );
    const first = await ok('/instances/query', query({ ...inwards, limit: 1 }));
    const cursors = { p: null, k: first.nextCursor.k };
    const second = await ok('/instances/query', query({ ...inwards, limit: 1 }, 'a', { cursors }));
    expect(named(first.items.k) + named(second.items.k)).toBe('bc');
    await refused('/instances/query', query(inwards, 'b', { cursors }), 'cursor');
  });

  it('refuses what is out of place', async () => {
    const { refused } = await filled();
    const ask = (step: object, select: object = { p: {} }, more: object = {}): object => ({
      with: { p: step },
      select,
      ...more,
    });
    await refused(
      '/instances/query',
      ask({ nodes: { limit: 1 } }),
      'Unexpected field - nodes.limit',
    );
    await refused('/instances/query', ask({ nodes: {} }, { q: {} }), "'q'");
    await refused(
      '/instances/query',
      ask({ nodes: {} }, { p: { sources: [{ source: VIEW }] } }),
      'properties must not be null',
    );
    await refused(
      '/instances/query',
      ask({ nodes: { from: 'p', ...through('parent') } }),
      'itself',
    );
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
    expect(items.p.map(({ properties }: Json) => properties)).toEqual([
      { demo: { 'Thing/v1': { name: 'B' } } },
      {},
    ]);
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
    await ok('/instances', {
      items: [edge('a', 'b'), edge('b', 'c'), edge('c', 'a'), edge('c', 'd', 'other')],
    });
    const walk = async (edges: object, nodes: object = {}): Promise<[string, string]> => {
      const { items } = await ok('/instances/query', {
        with: {
          p: { nodes: { filter: byName('a') } },
          e: { edges: { from: 'p', direction: 'outwards', ...edges } },
          n: { nodes: { from: 'e', ...nodes } },
        },
        select: { e: {}, n: {} },
      });
      expect(items.e[0]).toMatchObject({
        startNode: expect.anything(),
        endNode: expect.anything(),
        type: expect.anything(),
      });
      return [items.e.map(({ externalId }: Json) => externalId).join(' '), named(items.n)];
    };
    expect(await walk({ maxDistance: 1 })).toEqual(['a-b', 'b']);
    expect(await walk({ maxDistance: 1 }, { chainTo: 'source' })).toEqual(['a-b', 'a']);
    expect(await walk({ maxDistance: 1, direction: 'inwards' })).toEqual(['c-a', 'c']);
    expect(await walk({})).toEqual(['a-b b-c c-a c-d', 'abcd']);
    expect(
      await walk({ filter: { equals: { property: ['edge', 'type'], value: reference('link') } } }),
    ).toEqual(['a-b b-c c-a', 'abc']);
    expect(await walk({ terminationFilter: byName('c') })).toEqual(['a-b b-c', 'bc']);
    expect(await walk({ nodeFilter: { not: byName('c') } })).toEqual(['a-b', 'b']);
  });

  it('shows what is selected in the order of the selection', async () => {
    const { ok } = await filled();
    const by = (name: string, direction: string): Json => [{ property: property(name), direction }];
    const ask = async (step: object, sort?: Json): Promise<string> => {
      const { items } = await ok('/instances/query', {
        with: {
          p: { nodes: { filter: { hasData: [VIEW] } }, limit: 3, ...step },
          s: { union: ['p'] },
        },
        select: { p: { sort }, s: { sort } },
      });
      expect(named(items.s).length).toBe(3);
      if (sort !== undefined) expect(named(items.s)).toBe(named(items.p));
      return named(items.p);
    };
    expect(await ask({})).toBe('abc');
    expect(await ask({ edges: null, sort: by('name', 'descending') })).toBe('dcb');
    expect(await ask({ sort: by('name', 'descending') }, by('name', 'ascending'))).toBe('bcd');
    expect(await ask({}, by('power', 'descending'))).toBe('cba');
  });

  it('joins, cuts and subtracts steps', async () => {
    const { ok } = await filled();
    const among = (...names: string[]): object => ({
      nodes: { filter: { in: { property: ['node', 'externalId'], values: names } } },
    });
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
