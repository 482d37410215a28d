import { describe, expect, it } from 'vitest';
import type { Json } from '../helpers.js';
import { CONTAINER, demo, node, property, reference, VIEW } from './helpers.js';

const edge = (externalId: string, start: string, end: string, more: object = {}): Json => ({
  instanceType: 'edge',
  space: 'demo',
  externalId,
  type: reference('link'),
  startNode: reference(start),
  endNode: reference(end),
  ...more,
});

describe('an apply', () => {
  it('makes targets of relations, counts versions, and tells what was modified', async () => {
    const { ok, put, emulator } = await demo();
    emulator.clock.freeze(5_000);
    const made = await put({ a: { parent: reference('root') } });
    const stamps = { createdTime: 5000, lastUpdatedTime: 5000 };
    expect(made).toEqual({
      items: [{ ...node('a'), version: 1, wasModified: true, ...stamps }],
      deleted: [],
    });
    emulator.clock.advance(1);
    expect((await put({ a: { parent: reference('root') } })).items[0]).toMatchObject({
      version: 1,
      wasModified: false,
      ...stamps,
    });
    expect((await put({ a: { name: 'A2' } })).items[0]).toMatchObject({
      version: 2,
      lastUpdatedTime: 5001,
    });
    const bare = await ok('/instances/byids', { items: [node('root')] });
    expect(bare.items).toEqual([{ ...node('root'), version: 1, ...stamps }]);
    expect(
      await ok('/instances/byids', { items: [node('root')], sources: [{ source: VIEW }] }),
    ).toEqual({ items: [] });
  });

  it('merges, clears with null, and puts defaults back with replace', async () => {
    const { put, read } = await demo();
    await put({ a: { tag: 't' } });
    expect(await read('a')).toEqual({ name: 'A', tag: 't', count: 1 });
    await put({ a: { count: null } });
    expect(await read('a')).toEqual({ name: 'A', tag: 't' });
    await put({ a: {} }, { replace: true });
    expect(await read('a')).toEqual({ name: 'A', count: 1 });
  });

  it('leaves nothing behind when one item is refused', async () => {
    const { ok, put, refused, emulator } = await demo();
    await put({ kept: { tag: 'before' } });
    emulator.writes.clear();
    const item = (externalId: string, properties: object): object => ({
      ...node(externalId),
      sources: [{ source: VIEW, properties }],
    });
    const bad: readonly (readonly [object, string | RegExp])[] = [
      [item('c', { name: 'C', power: 'strong' }), /power/],
      [item('c', { name: 'C', colour: 'red' }), /colour/],
      [item('c', { name: 'C', kind: 'boat' }), /kind/],
      [item('c', { name: 'C', count: 3_000_000_000 }), /count/],
      [item('c', { name: 'C', count: 1.5 }), /count/],
      [item('c', { name: 'C', seen: 'yesterday' }), /seen/],
      [item('c', { name: 'C', labels: 'l' }), /list property 'labels'/],
      [item('c', { name: 'C', labels: ['l', null] }), /labels/],
      [
        item('c', { name: null }),
        "Invalid value for non-nullable property 'name'. Value cannot be null.",
      ],
      [item('c', {}), "'name'"],
      [
        item('c', { name: 'C', parent: { ...reference('a'), type: 'node' } }),
        "Invalid value for direct relation property 'parent'. The value must be a json object with space and externalId fields.",
      ],
      [
        item('c', { name: 'C', parent: reference('a', 'nowhere') }),
        /^One or more spaces do not exist/,
      ],
      [
        { ...node('c'), sources: [{ source: { ...VIEW, version: 'v9' } }] },
        "do not exist: 'demo:Thing/v9'",
      ],
      [edge('e', 'kept', 'absent'), /absent.*does not exist/],
      [item('kept', { name: 'again' }), /twice/],
    ];
    for (const [each, text] of bad)
      await refused(
        '/instances',
        { items: [item('kept', { name: 'K', tag: 'after' }), item('b', { name: 'B' }), each] },
        text,
      );
    expect(emulator.writes.length).toBe(0);
    const { items } = await ok('/instances/list', { sources: [{ source: VIEW }] });
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      version: 1,
      properties: { demo: { 'Thing/v1': { tag: 'before' } } },
    });
    expect((await ok('/instances/list', {})).items).toHaveLength(1);
  });

  it('refuses targets that are missing where they may not be made', async () => {
    const { put, refused, ok } = await demo();
    const item = {
      ...node('a'),
      sources: [{ source: VIEW, properties: { name: 'A', parent: reference('ghost') } }],
    };
    await refused(
      '/instances',
      { items: [item], autoCreateDirectRelations: false },
      "Node with external id 'ghost' was referenced as the target of a direct relation, but it does not exist.",
    );
    await put({ z: {}, ghost: {} }, { autoCreateDirectRelations: false });
    await ok('/instances', { items: [item], autoCreateDirectRelations: false });
    await refused('/instances', { items: [edge('e', 'a', 'y')] }, 'does not exist');
    const { items } = await ok('/instances', {
      items: [edge('e', 'a', 'y')],
      autoCreateEndNodes: true,
    });
    expect(items[0].version).toBe(1);
    await refused('/instances', { items: [edge('e', 'a', 'z')] }, 'cannot be changed');
    await refused('/instances', { items: [node('e')] }, 'edge');
  });

  it('obeys existing versions, or skips those that are newer', async () => {
    const { ok, put, refused, read } = await demo();
    await put({ a: {} });
    await put({ a: { tag: '2' } });
    const write = (externalId: string, existingVersion: number): object => ({
      ...node(externalId),
      existingVersion,
      sources: [{ source: VIEW, properties: { name: 'N', tag: `${existingVersion}` } }],
    });
    await refused(
      '/instances',
      { items: [write('new', 0), write('a', 1)] },
      'A version conflict caused the ingest to fail.',
      409,
    );
    expect(await read('new')).toBeUndefined();
    await refused('/instances', { items: [write('a', 0)] }, 'version conflict', 409);
    const skipped = await ok('/instances', {
      items: [write('a', 1), write('new', 0)],
      skipOnVersionConflict: true,
    });
    expect(skipped.items.map(({ wasModified, version }: Json) => [wasModified, version])).toEqual([
      [false, 2],
      [true, 1],
    ]);
    await ok('/instances', { items: [write('a', 7)] });
    expect(await read('a')).toMatchObject({ tag: '7' });
  });

  it('keeps every value exactly, and tells timestamps in UTC', async () => {
    const { put, read, emulator } = await demo();
    await put({ a: { seen: '2024-12-31T01:00:00.500+01:00', labels: [] } });
    expect(await read('a')).toMatchObject({ seen: '2024-12-31T00:00:00.5+00:00', labels: [] });
    await put({ a: { seen: '2024-12-31T00:00:00.000Z' } });
    expect(await read('a')).toMatchObject({ seen: '2024-12-31T00:00:00+00:00' });
    const send = async (path: string, body: string): Promise<string> => {
      const response = await emulator.fetch(
        `${emulator.url}/api/v1/projects/emulator/models/instances${path}`,
        {
          method: 'POST',
          headers: { 'api-key': 'emulator-key' },
          body,
        },
      );
      return await response.text();
    };
    const source = JSON.stringify(VIEW);
    const written = `{"items":[{"instanceType":"node","space":"demo","externalId":"884324181205335268","sources":[{"source":${source},"properties":{"name":"884324181205335268","big":884324181205335268}}]}]}`;
    await send('', written);
    const filter = JSON.stringify({ equals: { property: property('big'), value: 0 } }).replace(
      ':0',
      ':884324181205335268',
    );
    const found = await send('/list', `{"sources":[{"source":${source}}],"filter":${filter}}`);
    expect(found).toContain('"big":884324181205335268');
    expect(found).toContain('"externalId":"884324181205335268"');
  });

  it('numbers by itself, keeps the immutable, and demands the unique and the required', async () => {
    const { ok, refused } = await demo();
    const source = (externalId: string): object => ({
      type: 'container',
      space: 'demo',
      externalId,
    });
    await ok('/containers', {
      items: [
        {
          space: 'demo',
          externalId: 'Own',
          properties: {
            code: { type: { type: 'text' }, immutable: true },
            number: { type: { type: 'int64' }, autoIncrement: true },
          },
          constraints: {
            unique: { constraintType: 'uniqueness', properties: ['code'] },
            needs: { constraintType: 'requires', require: CONTAINER },
          },
        },
      ],
    });
    const item = (externalId: string, properties: object, thing = true): object => ({
      ...node(externalId),
      sources: [
        { source: source('Own'), properties },
        ...(thing ? [{ source: CONTAINER, properties: { name: 'x' } }] : []),
      ],
    });
    await refused('/instances', { items: [item('a', { code: '1' }, false)] }, 'needs');
    await ok('/instances', {
      items: [item('a', { code: '1' }), item('b', { code: '2', number: 10 })],
    });
    await ok('/instances', { items: [item('c', {}), item('d', {})] });
    await refused('/instances', { items: [item('e', { code: '1' })] }, 'unique');
    await refused(
      '/instances',
      { items: [item('e', { code: '3' }), item('f', { code: '3' })] },
      'unique',
    );
    await refused('/instances', { items: [item('a', { code: '9' })] }, 'immutable');
    const { items } = await ok('/instances/list', {
      filter: { range: { property: ['demo', 'Own', 'number'], gt: 10 } },
    });
    expect(items.map(({ externalId }: Json) => externalId)).toEqual(['c', 'd']);
  });

  it('makes rows in all containers of a view, and only in the one that is named', async () => {
    const { ok } = await demo();
    const text = { type: { type: 'text' } };
    const container = (externalId: string): Json => ({
      type: 'container',
      space: 'demo',
      externalId,
    });
    await ok('/containers', {
      items: ['X', 'Y'].map((externalId) => ({
        space: 'demo',
        externalId,
        properties: { p: text },
      })),
    });
    const mapped = (name: string): object => ({
      container: container(name),
      containerPropertyIdentifier: 'p',
    });
    const both = { type: 'view', space: 'demo', externalId: 'Both', version: '1' };
    await ok('/views', {
      items: [
        {
          space: 'demo',
          externalId: 'Both',
          version: '1',
          properties: { x: mapped('X'), y: mapped('Y') },
        },
      ],
    });
    await ok('/instances', {
      items: [
        { ...node('view'), sources: [{ source: both, properties: { x: '1' } }] },
        { ...node('container'), sources: [{ source: container('X'), properties: { p: '1' } }] },
      ],
    });
    const list = async (body: object): Promise<string[]> =>
      (await ok('/instances/list', body)).items.map(({ externalId }: Json) => externalId);
    expect(await list({ sources: [{ source: both }] })).toEqual(['view']);
    expect(await list({ filter: { hasData: [container('Y')] } })).toEqual(['view']);
    expect(await list({ filter: { hasData: [container('X')] } })).toEqual(['view', 'container']);
    const { items } = await ok('/instances/inspect', {
      items: [node('container'), node('view')],
      inspectionOperations: { involvedViews: {}, involvedContainers: {} },
    });
    expect(items.map(({ inspectionResults }: Json) => inspectionResults)).toEqual([
      { involvedViews: [], involvedContainers: [container('X')] },
      { involvedViews: [both], involvedContainers: [container('X'), container('Y')] },
    ]);
  });

  it('takes at most a thousand items and deletions together', async () => {
    const { refused, ok, put } = await demo();
    const nodes = (count: number): object[] =>
      Array.from({ length: count }, (_, index) => node(`n${index}`));
    await refused('/instances', { items: nodes(600), delete: nodes(401) }, 'size');
    expect(await ok('/instances', { items: [] })).toEqual({ items: [], deleted: [] });
    await put({ gone: {} });
    const both = await ok('/instances', {
      items: [node('new')],
      delete: [node('gone'), node('absent')],
    });
    expect(both.deleted).toEqual([node('gone')]);
  });
});

describe('a deletion', () => {
  it('takes the edges along, keeps types in use, and is counted', async () => {
    const { ok, put, refused, get } = await demo();
    await put({ a: {}, b: {} });
    await ok('/instances', { items: [edge('e', 'a', 'b')] });
    const answer = await ok('/instances/delete', { items: [node('absent'), node('b')] });
    expect(answer).toEqual({ items: [{ instanceType: 'node', externalId: 'b', space: 'demo' }] });
    expect(
      (
        await ok('/instances/byids', {
          items: [edge('e', '', '')].map(({ instanceType, space, externalId }) => ({
            instanceType,
            space,
            externalId,
          })),
        })
      ).items,
    ).toEqual([]);
    await refused('/instances/delete', { items: [node('x', 'nowhere')] }, 'spaces do not exist');
    await put({ c: {} });
    await ok('/instances', { items: [{ ...node('c'), type: reference('kind') }] });
    await refused('/instances/delete', { items: [node('kind')] }, 'type');
    const { instances, spaces } = (await get('/models/statistics')).body;
    // a, c, link and kind live.
    expect(instances).toMatchObject({
      nodes: 4,
      edges: 0,
      softDeletedNodes: 1,
      softDeletedEdges: 1,
    });
    expect(spaces).toEqual({ count: 1, limit: 100 });
    const again = await put({ b: {} });
    expect(again.items[0].version).toBe(1);
  });
});
