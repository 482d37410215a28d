import { expect, it } from 'vitest';
import type { Json } from '../../helpers.js';
import { apply, N, names, ok, refused, to } from '../pairs/demo.js';
import type { Subject } from '../subjects.js';

const V = { type: 'view', space: 'demo', externalId: 'Tree', version: 'v1' };
const P = (property: string): string[] => ['demo', 'Tree/v1', property];
const id = (externalId: Json): Json => ({
  equals: { property: ['node', 'externalId'], value: externalId },
});
const byName = [{ property: ['node', 'externalId'] }];
const edge = (externalId: string, from: string, end: string): Json => ({
  ...{ instanceType: 'edge', space: 'demo', externalId },
  ...{ type: to('edge-type'), startNode: to(from), endNode: to(end) },
});
const tree = (externalId: string, parent: string | undefined, more: Json = {}): Json => ({
  ...N(externalId),
  sources: [
    { source: V, properties: { ...more, ...(parent === undefined ? {} : { parent: to(parent) }) } },
  ],
});

/**
 * Statements about reads that the pairs do not have, on a tree r(p(a, b), q(c)) and a ring of edges
 * 1, 2, 3.
 */
export function queryStatements(subject: () => Subject): void {
  const query = async (steps: Json, select: Json, more: Json = {}): Promise<Json> =>
    await subject().post('instances/query', { with: steps, select, ...more });
  const start = (externalId: string): Json => ({ nodes: { filter: id(externalId) }, limit: 1 });
  const children = (from: string, more: Json = {}): Json => ({
    nodes: { from, through: { source: V, identifier: 'parent' }, direction: 'inwards' },
    sort: byName,
    ...more,
  });
  const edges = (more: Json, beside: Json = {}): Json => ({
    edges: { direction: 'outwards', ...more },
    ...beside,
  });
  const list = async (filter: Json): Promise<string[]> =>
    names(
      ok(await subject().post('instances/list', { filter, sources: [{ source: V }], sort: byName }))
        .items,
    );

  it('reads a tree and a ring', async () => {
    const time = { type: { type: 'timestamp' } };
    const properties = {
      parent: { type: { type: 'direct' } },
      title: { type: { type: 'text' } },
      from: time,
      to: time,
    };
    const container = { space: 'demo', externalId: 'Tree' };
    ok(await subject().post('containers', { items: [{ ...container, properties }] }));
    const mapped = Object.keys(properties).map((name) => [
      name,
      { container: { type: 'container', ...container }, containerPropertyIdentifier: name },
    ]);
    ok(
      await subject().post('views', {
        items: [{ ...container, version: 'v1', properties: Object.fromEntries(mapped) }],
      }),
    );
    const nodes = [
      tree('r', undefined, { title: "pump 3.5 isn't o'clock" }),
      tree('p', 'r', {
        title: 'Feed-pump 2',
        from: '2024-01-01T00:00:00Z',
        to: '2024-01-03T00:00:00Z',
      }),
      tree('q', 'r', { title: 'pumps', from: '2024-01-02T00:00:00Z' }),
      ...[tree('a', 'p'), tree('b', 'p'), tree('c', 'q')],
    ];
    ok(await apply(subject(), [...nodes, ...['n1', 'n2', 'n3'].map(N)]));
    ok(
      await apply(subject(), [
        edge('e1', 'n1', 'n2'),
        edge('e2', 'n2', 'n3'),
        edge('e3', 'n3', 'n1'),
      ]),
    );
  });

  it('pages children under the old cursor of their parents', async () => {
    const steps = {
      parents: { ...children('root'), limit: 1 },
      root: start('r'),
      kids: children('parents', { limit: 1 }),
    };
    const select = { parents: {}, kids: {} };
    const page = async (cursors: Json): Promise<Json> =>
      ok(await query(steps, select, { cursors }));
    const first = await page({ root: null });
    expect([names(first.items.parents), names(first.items.kids)]).toEqual([['p'], ['a']]);
    const second = await page({ kids: first.nextCursor.kids });
    expect([names(second.items.parents), names(second.items.kids)]).toEqual([['p'], ['b']]);
    const third = await page({ parents: first.nextCursor.parents });
    expect([names(third.items.parents), names(third.items.kids)]).toEqual([['q'], ['c']]);
    refused(
      await query({ ...steps, root: start('p') }, select, {
        cursors: { parents: first.nextCursor.parents },
      }),
    );
  });

  it('walks a ring once, and ends where it is told', async () => {
    const walk = async (more: Json): Promise<string[]> => {
      const ends = { nodes: { from: 'e' }, sort: byName };
      const { items } = ok(
        await query(
          { s: start('n1'), e: edges({ from: 's', ...more }), ends },
          { e: {}, ends: {} },
        ),
      );
      return [...names(items.e).sort(), ...names(items.ends)];
    };
    expect(await walk({})).toEqual(['e1', 'e2', 'e3', 'n1', 'n2', 'n3']);
    expect(await walk({ maxDistance: 2 })).toEqual(['e1', 'e2', 'n2', 'n3']);
    expect(await walk({ direction: 'inwards', maxDistance: 1 })).toEqual(['e3', 'n3']);
    expect(await walk({ terminationFilter: id('n2') })).toEqual(['e1', 'n2']);
    expect(await walk({ nodeFilter: { not: id('n3') } })).toEqual(['e1', 'n2']);
  });

  it('unites, intersects and removes', async () => {
    const steps = {
      ...{
        r: start('r'),
        p: children('r'),
        some: start('p'),
      },
      union: { union: ['p', 'some'] },
      both: { intersection: ['p', 'some'] },
      all: { unionAll: ['p', 'some'] },
      rest: { union: ['p', { union: ['some'] }], except: ['some'] },
    };
    const { items } = ok(await query(steps, { union: {}, both: {}, all: {}, rest: {} }));
    expect(names(items.union).sort()).toEqual(['p', 'q']);
    expect(names(items.both)).toEqual(['p']);
    expect(names(items.all).sort()).toEqual(['p', 'p', 'q']);
    expect(names(items.rest)).toEqual(['q']);
    refused(await query({ ...steps, e: edges({}), bad: { union: ['p', 'e'] } }, { bad: {} }));
  });

  it('refuses steps that are wrong', async () => {
    const s = start('r');
    const wrong: Json[] = [
      { nodes: { from: 'absent' } },
      { nodes: { from: 's' } },
      { nodes: { from: 'x', through: { source: V, identifier: 'parent' } } },
      { nodes: { from: 's', through: { source: V, identifier: 'title' } } },
      { nodes: {}, limit: 10_001 },
      { nodes: {}, edges: {} },
      edges({ from: 's', limitEach: 1 }),
      edges({ from: 's', maxDistance: 2 }, { sort: [{ property: ['edge', 'externalId'] }] }),
      { nodes: { filter: id({ parameter: 'absent' }) } },
    ];
    for (const x of wrong) refused(await query({ s, x }, { x: {} }));
    refused(await query({ s }, { s: { sources: [{ source: V, properties: ['absent'] }] } }));
  });

  it('takes the old form of through, parameters in lists, and a limit for each node', async () => {
    const { type: _, ...view } = V;
    const old = {
      nodes: {
        from: 'r',
        through: { view: { type: 'view', ...view }, identifier: 'parent' },
        direction: 'inwards',
      },
    };
    expect(names(ok(await query({ r: start('r'), old }, { old: {} })).items.old).sort()).toEqual([
      'p',
      'q',
    ]);
    const inList = {
      nodes: { filter: { in: { property: ['node', 'externalId'], values: { parameter: 'ids' } } } },
    };
    const found = ok(await query({ inList }, { inList: {} }, { parameters: { ids: ['a', 'c'] } }))
      .items.inList;
    expect(names(found).sort()).toEqual(['a', 'c']);
    ok(await apply(subject(), [edge('e4', 'n1', 'n3')]));
    const nodes = {
      nodes: { filter: { in: { property: ['node', 'externalId'], values: ['n1', 'n2'] } } },
    };
    const taken = async (direction: string, name: 'sort' | 'postSort'): Promise<string[]> => {
      const order = { [name]: [{ property: ['edge', 'externalId'], direction }] };
      const each = edges({ from: 'nodes', maxDistance: 1, limitEach: 1 }, order);
      return names(ok(await query({ nodes, each }, { each: {} })).items.each);
    };
    expect(await taken('ascending', 'sort')).toEqual(['e1', 'e2']);
    expect(await taken('descending', 'sort')).toEqual(['e4', 'e2']);
    expect(await taken('descending', 'postSort')).toEqual(['e2', 'e1']);
    ok(
      await subject().post('instances/delete', {
        items: [{ instanceType: 'edge', space: 'demo', externalId: 'e4' }],
      }),
    );
  });

  it('filters by what relations point to, and by intervals', async () => {
    const nested = (scope: string, filter: Json): Json => ({ nested: { scope: P(scope), filter } });
    expect(await list(nested('parent', nested('parent', id('r'))))).toEqual(['a', 'b', 'c']);
    const overlaps = (bounds: Json): Json => ({
      overlaps: { startProperty: P('from'), endProperty: P('to'), ...bounds },
    });
    expect(await list(overlaps({ gt: '2024-01-03T00:00:00Z' }))).toEqual(['q']);
    expect(
      await list(overlaps({ gte: '2024-01-03T00:00:00Z', lte: '2024-01-03T01:00:00+01:00' })),
    ).toEqual(['p', 'q']);
    expect(await list(overlaps({ lt: '2024-01-02T00:00:00Z' }))).toEqual(['p']);
    expect(await list({ hasData: [{ type: 'view', space: 'demo', externalId: 'Tree' }] })).toEqual(
      [],
    );
    expect(await list({ equals: { property: P('from'), value: { property: P('from') } } })).toEqual(
      ['p', 'q'],
    );
    expect(await list({ not: { exists: { property: P('title') } } })).toEqual(['a', 'b', 'c']);
  });

  it('searches words as they are, the last as a prefix', async () => {
    const search = async (text: string, operator = 'AND'): Promise<string[]> =>
      names(
        ok(
          await subject().post('instances/search', {
            view: V,
            query: text,
            operator,
            sort: byName,
          }),
        ).items,
      );
    expect(await search('pump')).toEqual(['p', 'q', 'r']);
    expect(await search('pump feed')).toEqual(['p']);
    expect(await search('PUMP 3.5')).toEqual(['r']);
    expect(await search('5 pump')).toEqual([]);
    expect(await search("isn't o")).toEqual(['r']);
    expect(await search('feed-pump')).toEqual(['p']);
    expect(await search('pumps feed 3', 'OR')).toEqual(['p', 'q', 'r']);
    const overlaps = {
      overlaps: { startProperty: P('from'), endProperty: P('to'), gt: '2024-01-03T00:00:00Z' },
    };
    refused(
      await subject().post('instances/search', {
        view: V,
        query: '',
        operator: 'AND',
        filter: overlaps,
      }),
    );
    refused(
      await subject().post('instances/search', {
        view: V,
        query: 'a',
        operator: 'AND',
        properties: ['absent'],
      }),
    );
  });

  it('groups by relations, and reads no groups of what has no value', async () => {
    const body = { view: V, aggregates: [{ count: {} }], groupBy: ['parent'] };
    const { items } = ok(await subject().post('instances/aggregate', body));
    const groups = items
      .map(({ group, aggregates }: Json) => [group.parent.externalId, aggregates[0].value])
      .sort();
    expect(groups).toEqual([
      ['p', 2],
      ['q', 1],
      ['r', 2],
    ]);
  });

  it('syncs in each of its modes', async () => {
    const sync = async (step: Json, cursor?: string): Promise<Json> =>
      await subject().post('instances/sync', {
        with: {
          s: {
            nodes: { filter: { prefix: { property: ['node', 'externalId'], value: 'sync-' } } },
            ...step,
          },
        },
        select: { s: {} },
        ...(cursor === undefined ? {} : { cursors: { s: cursor } }),
      });
    const told = ({ items }: Json): string[] => names(items.s);
    ok(await apply(subject(), ['sync-1', 'sync-2', 'sync-3'].map(N)));
    ok(await subject().post('instances/delete', { items: [N('sync-3')] }));
    const backfillSort = [{ property: ['node', 'externalId'], direction: 'descending' }];
    refused(await sync({ backfillSort }), /^Backfill sort can only be used with two-phase sync\.$/);
    refused(await sync({ limit: 2001 }));
    const none = ok(await sync({ mode: 'noBackfill' }));
    expect(told(none)).toEqual([]);
    expect(told(ok(await sync({ skipAlreadyDeleted: false }))).sort()).toEqual([
      'sync-1',
      'sync-2',
      'sync-3',
    ]);
    const two = { mode: 'twoPhase', backfillSort };
    const backfill = ok(await sync(two));
    expect(told(backfill)).toEqual(['sync-2', 'sync-1']);
    ok(await apply(subject(), [{ ...N('sync-1'), type: to('n1') }]));
    ok(await subject().post('instances/delete', { items: [N('sync-2')] }));
    const changes = ok(await sync(two, backfill.nextCursor.s));
    const deleted = { externalId: 'sync-2', version: 2, deletedTime: expect.any(Number) };
    expect(changes.items.s).toMatchObject([{ externalId: 'sync-1', version: 2 }, deleted]);
    expect(told(ok(await sync({ mode: 'noBackfill' }, none.nextCursor.s)))).toEqual([
      'sync-1',
      'sync-2',
    ]);
    refused(await sync({ mode: 'noBackfill', nodes: {} }, none.nextCursor.s));
  });

  it('syncs all children of one parent, however small the pages are', async () => {
    // The naive model syncs no step that starts from another.
    if (subject().emulator === undefined) return;
    const steps = { parent: start('r'), kids: children('parent', { limit: 1 }) };
    const { sort: _, ...kids } = steps.kids;
    const select = { kids: {} };
    // The parent is changed last: its children come by that change, all of them.
    ok(await apply(subject(), [tree('r', undefined, { title: 'changed' })]));
    const told: string[] = [];
    let cursors: Json = {};
    for (let page = 0; page < 4; page += 1) {
      const body = { with: { ...steps, kids }, select, cursors };
      const { items, nextCursor } = ok(await subject().post('instances/sync', body));
      told.push(...names(items.kids));
      cursors = nextCursor;
    }
    expect(told.sort()).toEqual(['p', 'q']);
  });
}
