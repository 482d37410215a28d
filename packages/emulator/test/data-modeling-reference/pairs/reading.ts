import { expect, it } from 'vitest';
import type { Json } from '../../helpers.js';
import type { Subject } from '../subjects.js';
import { ABSENT, apply, C, list, N, names, of, ok, P, refused, SUB, thing, to, V } from './demo.js';

const id = (externalId: string): Json => ({
  equals: { property: ['node', 'externalId'], value: externalId },
});
const nested = {
  nested: { scope: P('parent'), filter: { equals: { property: P('name'), value: 'B' } } },
};
const FOUND: readonly (readonly [Json, readonly string[]])[] = [
  [{ range: { property: P('power'), gte: 2, lt: 5 } }, ['b']],
  [{ equals: { property: P('tag'), value: 'b2' } }, []],
  [{ prefix: { property: P('tag'), value: 'b' } }, ['b']],
  [{ exists: { property: P('power') } }, ['b', 'c']],
  [{ exists: { property: P('labels') } }, ['b', 'c']],
  [{ containsAny: { property: P('labels'), values: ['m', 'q'] } }, ['b']],
  [{ containsAll: { property: P('labels'), values: ['m', 'q'] } }, []],
  [{ equals: { property: P('labels'), value: ['l', 'm'] } }, ['b']],
  [{ in: { property: ['node', 'externalId'], values: ['d', 'b'] } }, ['b', 'd']],
  [{ equals: { property: P('kind'), value: 'pump' } }, ['b']],
  [{ equals: { property: P('parent'), value: to('a') } }, ['b', 'c']],
  [nested, ['d']],
];

/** Pairs 27 to 32, on nodes b, c and d besides a. */
export function readingPairs(subject: () => Subject): void {
  it('27. filters', async () => {
    ok(
      await apply(subject(), [
        thing('b', {
          name: 'B',
          power: 2,
          tag: 'b1',
          labels: ['l', 'm'],
          kind: 'pump',
          parent: to('a'),
        }),
        thing('c', { name: 'C', power: 5, tag: 'B2', labels: [], kind: 'valve', parent: to('a') }),
        thing('d', { name: 'D', parent: to('b') }),
      ]),
    );
    for (const [filter, expected] of FOUND)
      expect([filter, names(ok(await list(subject(), filter)).items)]).toEqual([filter, expected]);
  });

  it('28. refuses filters of another type or form', async () => {
    const equals = (property: string[], value: Json): Json => ({ equals: { property, value } });
    refused(await list(subject(), equals(P('labels'), 'l')), /Invalid value for list property/);
    refused(await list(subject(), equals(P('colour'), 'l')));
    refused(
      await list(subject(), equals(P('externalId'), 'a')),
      /Property identifier cannot be one of the reserved values: \[.+\]/,
    );
    refused(await list(subject(), { range: { property: P('power'), gt: 1, gte: 2 } }));
    refused(await list(subject(), { and: [] }));
    refused(
      await list(subject(), { matchAll: {} }, { sources: [{ source: ABSENT }] }),
      /^One or more views do not exist: 'demo:Absent\/v1'/,
    );
  });

  it('29. sorts with nulls last or first, and pages', async () => {
    const sort = (nullsFirst: boolean): Json => ({
      sort: [{ property: P('power'), direction: 'descending', nullsFirst }],
    });
    const all = { matchAll: {} };
    expect(names(ok(await list(subject(), all, sort(false))).items)).toEqual(['c', 'b', 'a', 'd']);
    expect(names(ok(await list(subject(), all, sort(true))).items)).toEqual(['a', 'd', 'c', 'b']);
    const first = ok(await list(subject(), all, { ...sort(false), limit: 2 }));
    expect(names(first.items)).toEqual(['c', 'b']);
    const last = ok(
      await list(subject(), all, { ...sort(false), limit: 2, cursor: first.nextCursor }),
    );
    expect(names(last.items)).toEqual(['a', 'd']);
    expect(last).not.toHaveProperty('nextCursor');
    refused(await list(subject(), all, { limit: 1001 }));
  });

  it('30. tells types of mapped properties, also without items', async () => {
    for (const filter of [{ matchAll: {} }, id('absent')]) {
      const { typing } = ok(await list(subject(), filter, { includeTyping: true }));
      const types = typing.demo['Thing/v1'];
      expect(types.power.type).toEqual({ type: 'float64', list: false });
      expect(types).not.toHaveProperty('children');
    }
  });

  it('31. searches text, and lists all for an empty query', async () => {
    const search = async (more: Json): Promise<string[]> =>
      names(
        ok(
          await subject().post('instances/search', {
            view: V,
            operator: 'AND',
            limit: 10,
            ...more,
          }),
        ).items,
      );
    expect(await search({ query: 'b', properties: ['name'] })).toEqual(['b']);
    const sort = [{ property: ['externalId'], direction: 'descending' }];
    expect(await search({ query: '', sort })).toEqual(['d', 'c', 'b', 'a']);
    refused(await subject().post('instances/search', { query: 'b', operator: 'AND' }));
  });

  it('32. aggregates, and groups by all but enums', async () => {
    const aggregate = async (more: Json): Promise<Json> =>
      await subject().post('instances/aggregate', {
        view: V,
        aggregates: [{ count: {} }, { sum: { property: 'power' } }],
        ...more,
      });
    const sum = { aggregate: 'sum', property: 'power' };
    const count = (value: number): Json => ({ aggregate: 'count', value });
    expect(ok(await aggregate({})).items).toEqual([
      { instanceType: 'node', aggregates: [count(4), { ...sum, value: 7 }] },
    ]);
    expect(ok(await aggregate({ filter: id('absent') })).items).toEqual([
      { instanceType: 'node', aggregates: [count(0), sum] },
    ]);
    const groups = ok(await aggregate({ groupBy: ['tag'], aggregates: [{ count: {} }] })).items;
    expect(groups).toHaveLength(2);
    for (const tag of ['b1', 'B2'])
      expect(groups).toContainEqual({
        instanceType: 'node',
        group: { tag },
        aggregates: [count(1)],
      });
    refused(
      await aggregate({ groupBy: ['kind'] }),
      /^Property 'kind' of type enum cannot be used in group by\. Supported types are /,
    );
  });
}

/** Pairs 33 to 40. */
export function graphPairs(subject: () => Subject): void {
  const query = async (steps: Json, select: Json, more: Json = {}): Promise<Json> =>
    await subject().post('instances/query', { with: steps, select, ...more });
  const p = (externalId: string): Json => ({ nodes: { filter: id(externalId) }, limit: 1 });
  const along = (identifier: string, direction: string, more: Json = {}): Json => ({
    nodes: { from: 'p', through: { source: V, identifier }, direction, ...more },
    limit: 10,
  });

  it('33. follows relations both ways, and pages a step', async () => {
    const k = along('parent', 'inwards');
    const select = { k: { sources: [{ source: V, properties: ['name'] }] } };
    const body = ok(await query({ p: p('a'), k }, select));
    expect(Object.keys(body.items)).toEqual(['k']);
    expect(names(body.items.k)).toEqual(['b', 'c']);
    expect(body.items.k.map(of)).toEqual([{ name: 'B' }, { name: 'C' }]);
    expect(body.nextCursor).toEqual({});
    const up = along('parent', 'outwards');
    expect(names(ok(await query({ p: p('b'), k: up }, { k: {} })).items.k)).toEqual(['a']);
    expect(ok(await query({ p: p('a'), k: up }, { k: {} })).items.k).toEqual([]);
    const steps = { p: p('a'), k: { ...k, limit: 1 } };
    const first = ok(await query(steps, select));
    expect([names(first.items.k), typeof first.nextCursor.k]).toEqual([['b'], 'string']);
    const second = ok(await query(steps, select, { cursors: { k: first.nextCursor.k } }));
    expect(names(second.items.k)).toEqual(['c']);
  });

  it('34. follows lists outwards only, and refuses what is misplaced', async () => {
    ok(await apply(subject(), [thing('d', { friends: [to('b'), to('c')] })]));
    refused(
      await query({ p: p('b'), k: along('friends', 'inwards') }, { k: {} }),
      /^Cannot traverse lists of direct relations inwards\.$/,
    );
    const body = ok(await query({ p: p('d'), k: along('friends', 'outwards') }, { k: {} }));
    expect(names(body.items.k).sort()).toEqual(['b', 'c']);
    refused(
      await query({ p: { nodes: { limit: 1 } } }, { p: {} }),
      /^Unexpected field - nodes\.limit/,
    );
    refused(await query({ p: p('a') }, { q: {} }));
    refused(await query({ p: p('a') }, { p: { sources: [{ source: V }] } }));
  });

  it('35. follows edges to either end', async () => {
    const e = { edges: { from: 'p', direction: 'outwards', maxDistance: 1 } };
    const select = { e: {}, n: { sources: [{ source: V, properties: ['*'] }] } };
    const steps = (chainTo: Json): Json => ({
      p: p('a'),
      e,
      n: { nodes: { from: 'e', ...chainTo } },
    });
    const { items } = ok(await query(steps({}), select));
    expect(items.e).toMatchObject([
      { externalId: 'e1', startNode: to('a'), endNode: to('z'), type: to('link') },
    ]);
    expect(names(items.n)).toEqual(['z']);
    expect(of(items.n[0])).toBeUndefined();
    expect(names(ok(await query(steps({ chainTo: 'source' }), select)).items.n)).toEqual(['a']);
  });

  it('36. puts in parameters', async () => {
    const steps = { p: { nodes: { filter: id({ parameter: 'x' } as never) }, limit: 1 } };
    const { items } = ok(await query(steps, { p: {} }, { parameters: { x: 'a' } }));
    expect(names(items.p)).toEqual(['a']);
    refused(await query(steps, { p: {} }));
  });

  it('37. tells what changed since a cursor', async () => {
    const sync = async (cursors: Json, more: Json = {}): Promise<Json> =>
      await subject().post('instances/sync', {
        with: { s: { nodes: { filter: { hasData: [V] } }, limit: 100, ...more } },
        select: { s: { sources: [{ source: V, properties: ['*'] }] } },
        ...(cursors === undefined ? {} : { cursors }),
      });
    const first = ok(await sync(undefined));
    expect(names(first.items.s).sort()).toEqual(['a', 'b', 'c', 'd']);
    const second = ok(await sync(first.nextCursor));
    expect(second.items.s).toEqual([]);
    expect(second.nextCursor.s).toEqual(expect.any(String));
    const [{ version }] = ok(await apply(subject(), [thing('b', { count: 9 })])).items;
    const third = ok(await sync(second.nextCursor));
    expect(third.items.s).toMatchObject([{ externalId: 'b', version }]);
    expect(of(third.items.s[0]).count).toBe(9);
    refused(await sync(undefined, { sort: [{ property: P('name') }] }));
  });

  it('38. deletes a node with its edges', async () => {
    const { post } = subject();
    expect(ok(await post('instances/delete', { items: [N('z'), N('absent')] }))).toEqual({
      items: [N('z')],
    });
    const edge = { ...N('e1'), instanceType: 'edge' };
    expect(ok(await post('instances/byids', { items: [edge] })).items).toEqual([]);
    refused(await post('instances/delete', { items: [{ ...N('a'), space: 'nowhere' }] }));
  });

  it('39. inspects views and containers', async () => {
    const inspectionOperations = { involvedViews: {}, involvedContainers: {} };
    const [item] = ok(
      await subject().post('instances/inspect', { items: [N('b')], inspectionOperations }),
    ).items;
    expect(item.inspectionResults.involvedContainers).toEqual([C]);
    expect(item.inspectionResults.involvedViews).toEqual(expect.arrayContaining([V, SUB]));
  });

  it('40. counts', async () => {
    const { instances, spaces } = ok(await subject().get('statistics'));
    const nodes = ok(await subject().post('instances/list', { limit: 1000 })).items;
    expect(instances).toMatchObject({
      nodes: nodes.length,
      edges: 0,
      softDeletedNodes: 1,
      softDeletedEdges: 1,
    });
    expect(spaces).toEqual({ count: 1, limit: 100 });
  });
}
