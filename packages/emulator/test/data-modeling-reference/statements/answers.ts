import { expect, it } from 'vitest';
import type { Json } from '../../helpers.js';
import { apply, N, names, ok, refused, to } from '../pairs/demo.js';
import type { Subject } from '../subjects.js';

const C = (externalId: string): Json => ({ type: 'container', space: 'demo', externalId });
const V = (externalId: string): Json => ({
  type: 'view',
  space: 'demo',
  externalId,
  version: 'v1',
});

/** Statements about the form of answers, and about members that they never have. */
export function answerStatements(subject: () => Subject): void {
  const list = async (more: Json): Promise<Json> =>
    ok(await subject().post('instances/list', more));
  const space = (value: string): Json => ({ equals: { property: ['node', 'space'], value } });

  it('has one time for all writes of a request, in the order of the request', async () => {
    const { items } = ok(await apply(subject(), ['t3', 't1', 't2'].map(N)));
    expect(names(items)).toEqual(['t3', 't1', 't2']);
    const times = new Set(items.map(({ lastUpdatedTime }: Json) => lastUpdatedTime));
    expect(times.size).toBe(1);
    const [time] = times;
    const range = (bounds: Json): Json => ({
      range: { property: ['node', 'lastUpdatedTime'], ...bounds },
    });
    const mine = { prefix: { property: ['node', 'externalId'], value: 't' } };
    expect(
      (await list({ filter: { and: [mine, range({ gte: time, lte: time })] } })).items,
    ).toHaveLength(3);
    expect((await list({ filter: { and: [mine, range({ gt: time })] } })).items).toEqual([]);
  });

  it('finds by ids in the order of the request, and makes no targets in missing spaces', async () => {
    const byIds = ok(
      await subject().post('instances/byids', { items: ['t2', 'absent', 't3'].map(N) }),
    );
    expect(names(byIds.items)).toEqual(['t2', 't3']);
    const typed = { ...N('typed'), type: { space: 'nowhere', externalId: 'type' } };
    refused(await apply(subject(), [typed]), /^One or more spaces do not exist/);
    expect((await list({ filter: space('nowhere') })).items).toEqual([]);
  });

  it('reads nodes and edges through views of their kind only', async () => {
    const { post } = subject();
    const property = { a: { type: { type: 'text' } } };
    const kinds = ['node', 'edge', 'all'];
    const containers = kinds.map((usedFor) => ({
      space: 'demo',
      externalId: `for_${usedFor}s`,
      usedFor,
      properties: property,
    }));
    ok(await post('containers', { items: containers }));
    const views = containers.map(({ externalId }) => ({
      ...{ space: 'demo', externalId, version: 'v1' },
      properties: { a: { container: C(externalId), containerPropertyIdentifier: 'a' } },
    }));
    const made = ok(await post('views', { items: views })).items;
    expect(made.map(({ usedFor }: Json) => usedFor)).toEqual(kinds);
    const through = (view: string): Json => ({
      sources: [{ source: V(view), properties: { a: 'a' } }],
    });
    refused(await apply(subject(), [{ ...N('wrong'), ...through('for_edges') }]));
    ok(await apply(subject(), [{ ...N('right'), ...through('for_alls') }]));
    refused(await post('instances/list', { sources: [{ source: V('for_edges') }] }));
    expect(
      (await list({ instanceType: 'edge', sources: [{ source: V('for_edges') }] })).items,
    ).toEqual([]);
    const found = ok(await subject().get('containers?space=demo&usedFor=edge')).items;
    expect(names(found)).toEqual(['for_edges']);
  });

  it('counts the instances of each space', async () => {
    const { get, post } = subject();
    ok(await post('spaces', { items: [{ space: 'counted' }] }));
    const own = (externalId: string): Json => ({ ...N(externalId), space: 'counted' });
    ok(await apply(subject(), [own('a'), own('b')]));
    ok(await post('instances/delete', { items: [own('b')] }));
    const expected = {
      ...{ space: 'counted', containers: 0, views: 0, dataModels: 0 },
      ...{ edges: 0, softDeletedEdges: 0, nodes: 1, softDeletedNodes: 1 },
    };
    expect(
      ok(await post('statistics/spaces/byids', { items: [{ space: 'counted' }] })).items,
    ).toEqual([expected]);
    expect(ok(await get('statistics/spaces')).items).toContainEqual(expected);
    refused(await post('spaces/delete', { items: [{ space: 'counted' }] }));
  });

  it('has system nodes only when they are asked for by their space', async () => {
    // The naive model has no units.
    if (subject().emulator === undefined) return;
    const spaces = async (filter: Json): Promise<Set<string>> =>
      new Set(
        (await list({ ...(filter === undefined ? {} : { filter }), limit: 1000 })).items.map(
          (item: Json) => item.space,
        ),
      );
    expect(await spaces(undefined)).not.toContain('cdf_cdm_units');
    expect(await spaces({ matchAll: {} })).not.toContain('cdf_cdm_units');
    expect(await spaces(space('cdf_cdm_units'))).toEqual(new Set(['cdf_cdm_units']));
    expect(await spaces({ and: [{ matchAll: {} }, space('cdf_cdm_units')] })).toEqual(
      new Set(['cdf_cdm_units']),
    );
    const unit = { instanceType: 'node', space: 'cdf_cdm_units', externalId: 'temperature:deg_c' };
    const { items } = ok(
      await subject().post('instances/byids', {
        items: [unit],
        sources: [{ source: { ...V('CogniteUnit'), space: 'cdf_cdm' } }],
      }),
    );
    expect(items).toMatchObject([unit]);
    const status = async (path: string): Promise<number> =>
      (await subject().post(path, { items: [unit] })).status;
    expect(Math.floor((await status('instances')) / 100)).toBe(4);
    expect(Math.floor((await status('instances/delete')) / 100)).toBe(4);
  });

  it('gives notices without results', async () => {
    // The naive model says nothing of how it works.
    if (subject().emulator === undefined) return;
    expect((await list({ debug: {} })).debug).toEqual({ notices: expect.any(Array) });
    const bare = await list({ debug: { emitResults: false } });
    expect([bare.items, 'nextCursor' in bare]).toEqual([[], false]);
    const query = { with: { n: { nodes: {} } }, select: { n: {} }, debug: { emitResults: false } };
    expect(ok(await subject().post('instances/query', query)).items).toEqual({});
  });

  it('inspects containers', async () => {
    // The naive model reads views only by their names.
    if (subject().emulator === undefined) return;
    const inspectionOperations = { involvedViews: {}, totalInvolvedViewCount: {} };
    const items = [{ space: 'demo', externalId: 'for_nodes' }];
    const [result] = ok(
      await subject().post('containers/inspect', { items, inspectionOperations }),
    ).items;
    expect(result).toMatchObject({
      ...items[0],
      inspectionResults: { involvedViews: [V('for_nodes')], involvedViewCount: 1 },
    });
  });

  it('keeps dangling edges out, and an edge that names a new node of the same request', async () => {
    const edge = { ...N('new-edge'), instanceType: 'edge', type: to('new-type') };
    ok(
      await apply(subject(), [
        { ...edge, startNode: to('new-node'), endNode: to('new-node') },
        N('new-node'),
      ]),
    );
    ok(await subject().post('instances/delete', { items: [N('new-node')] }));
    expect(names((await list({ instanceType: 'edge' })).items)).not.toContain('new-edge');
  });
}
