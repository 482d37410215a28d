import { type Emulator, startEmulator } from '@cdf/emulator';
// @ts-expect-error its declarations name files without extension, which TypeScript's NodeNext does not follow
import { CogniteClient } from '@cognite/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../helpers.js';
import { N, names, to } from './pairs/demo.js';

let emulator: Emulator;
let sdk: Json;

beforeAll(async () => {
  emulator = await startEmulator();
  sdk = new CogniteClient({
    appId: 'data-modeling-reference',
    project: emulator.project,
    baseUrl: emulator.url,
    oidcTokenProvider: async () => await emulator.issueToken(),
  });
  await sdk.authenticate();
});

afterAll(async () => await emulator.close());

const PUMP = { type: 'view', space: 'demo', externalId: 'Pump', version: 'v1' };
const core = (externalId: string): Json => ({
  type: 'view',
  space: 'cdf_cdm',
  externalId,
  version: 'v1',
});
const through = (source: Json, externalId: string, properties: Json): Json => ({
  ...N(externalId),
  sources: [{ source, properties }],
});

describe('the official JavaScript client, on data models', () => {
  it('pages through spaces and views, those of the system included', async () => {
    await sdk.spaces.upsert(['demo', 'one', 'two'].map((space) => ({ space })));
    const own = await sdk.spaces
      .list({ limit: 1 })
      .autoPagingToArray({ limit: Number.POSITIVE_INFINITY });
    expect(own.map(({ space }: Json) => space)).toEqual(['demo', 'one', 'two']);
    const views = await sdk.views
      .list({ includeGlobal: true, space: 'cdf_cdm', limit: 10 })
      .autoPagingToArray({ limit: Number.POSITIVE_INFINITY });
    expect(new Set(names(views)).size).toBe(views.length);
    expect(names(views)).toEqual(
      expect.arrayContaining(['CogniteAsset', 'CogniteTimeSeries', 'CogniteFile']),
    );
    expect(await sdk.spaces.delete(['one', 'two', 'absent'])).toEqual({
      items: [{ space: 'one' }, { space: 'two' }],
    });
  });

  it('builds on the core model, and reads inherited properties', async () => {
    const properties = { head: { type: { type: 'float64' } } };
    await sdk.containers.upsert([{ space: 'demo', externalId: 'Pump', properties }]);
    const container = { type: 'container', space: 'demo', externalId: 'Pump' };
    const { type: _, ...id } = PUMP;
    const head = { container, containerPropertyIdentifier: 'head' };
    await sdk.views.upsert([{ ...id, implements: [core('CogniteAsset')], properties: { head } }]);
    await sdk.dataModels.upsert([
      { ...id, externalId: 'Plant', views: [PUMP, core('CogniteAsset')] },
    ]);
    const [view] = (await sdk.views.retrieve([id])).items;
    expect(Object.keys(view.properties)).toEqual(
      expect.arrayContaining(['head', 'name', 'parent', 'path']),
    );
    const [bare] = (await sdk.views.retrieve([id], { includeInheritedProperties: false })).items;
    expect(Object.keys(bare.properties)).toEqual(['head']);
    const [model] = (
      await sdk.dataModels.retrieve([{ space: 'demo', externalId: 'Plant' }], { inlineViews: true })
    ).items;
    expect(names(model.views)).toEqual(['Pump', 'CogniteAsset']);
  });

  it('writes nodes and edges, and reads what was refused', async () => {
    const pumps = [
      through(PUMP, 'p1', { name: 'First', head: 1 }),
      through(PUMP, 'p2', { name: 'Second', parent: to('p1') }),
    ];
    const edge = { instanceType: 'edge', space: 'demo', externalId: 'pipe', type: to('pipe-type') };
    const { items } = await sdk.instances.upsert({
      items: [...pumps, { ...edge, startNode: to('p1'), endNode: to('p2') }],
    });
    expect(items.map(({ version }: Json) => version)).toEqual([1, 1, 1]);
    await expect(
      sdk.instances.upsert({ items: [through(PUMP, 'p3', { colour: 'red' })] }),
    ).rejects.toMatchObject({
      status: 400,
      errorMessage: expect.stringContaining('colour'),
    });
    const conflict = sdk.instances.upsert({
      items: [{ ...through(PUMP, 'p1', { name: 'x' }), existingVersion: 0 }],
    });
    await expect(conflict).rejects.toMatchObject({ status: 409 });
    const found = await sdk.instances.list({
      instanceType: 'edge',
      filter: { equals: { property: ['edge', 'startNode'], value: to('p1') } },
    });
    expect(found.items).toMatchObject([{ ...edge, startNode: to('p1'), endNode: to('p2') }]);
    const inspected = await sdk.instances.inspect({
      items: [N('p1')],
      inspectionOperations: { involvedViews: {} },
    });
    expect(inspected.items[0].inspectionResults.involvedViews).toContainEqual(PUMP);
  });

  it('lists by pages with types, searches and groups', async () => {
    const body = {
      sources: [{ source: PUMP }],
      sort: [{ property: ['node', 'externalId'] }],
      limit: 1,
      includeTyping: true,
    };
    const first = await sdk.instances.list(body);
    expect(first.typing.demo['Pump/v1'].head.type).toMatchObject({ type: 'float64' });
    const second = await sdk.instances.list({ ...body, cursor: first.nextCursor });
    expect([...names(first.items), ...names(second.items)]).toEqual(['p1', 'p2']);
    expect(second.nextCursor).toBeUndefined();
    const { items } = await sdk.instances.search({ view: PUMP, query: 'sec', operator: 'AND' });
    expect(names(items)).toEqual(['p2']);
    const grouped = await sdk.instances.aggregate({
      view: PUMP,
      aggregates: [{ count: {} }],
      groupBy: ['parent'],
    });
    expect(grouped.items).toMatchObject([
      { group: { parent: to('p1') }, aggregates: [{ value: 1 }] },
    ]);
  });

  it('queries along edges, and follows changes until a node is gone', async () => {
    const id = { equals: { property: ['node', 'externalId'], value: { parameter: 'name' } } };
    const query = await sdk.instances.query({
      with: {
        start: { nodes: { filter: id } },
        pipes: { edges: { from: 'start', direction: 'outwards', maxDistance: 1 } },
        ends: { nodes: { from: 'pipes', chainTo: 'destination' } },
      },
      select: { pipes: {}, ends: { sources: [{ source: PUMP, properties: ['name'] }] } },
      parameters: { name: 'p1' },
    });
    expect(names(query.items.pipes)).toEqual(['pipe']);
    expect(query.items.ends[0].properties.demo['Pump/v1']).toEqual({ name: 'Second' });
    const changes = {
      with: { pumps: { nodes: { filter: { hasData: [PUMP] } }, mode: 'twoPhase' } },
      select: { pumps: {} },
    };
    let { items, nextCursor } = await sdk.instances.sync(changes);
    expect(names(items.pumps).sort()).toEqual(['p1', 'p2']);
    await sdk.instances.delete([N('p2'), N('absent')]);
    ({ items, nextCursor } = await sdk.instances.sync({ ...changes, cursors: nextCursor }));
    expect(items.pumps).toMatchObject([
      { externalId: 'p2', version: 2, deletedTime: expect.any(Number) },
    ]);
    ({ items } = await sdk.instances.sync({ ...changes, cursors: nextCursor }));
    expect(items.pumps).toEqual([]);
    expect((await sdk.instances.list({ instanceType: 'edge' })).items).toEqual([]);
  });

  it('reads data points and files by instance id, and loses them with their nodes', async () => {
    const nodes = [
      through(core('CogniteTimeSeries'), 'series', {
        name: 'Series',
        type: 'numeric',
        isStep: false,
      }),
      through(core('CogniteFile'), 'document', { name: 'document.txt', mimeType: 'text/plain' }),
    ];
    await sdk.instances.upsert({ items: nodes });
    const [instanceId, file] = [to('series'), to('document')];
    const datapoints = [1, 2, 3].map((value) => ({ timestamp: value * 1000, value }));
    await sdk.datapoints.insert([{ instanceId, datapoints }]);
    const [sum] = await sdk.datapoints.retrieve({
      items: [{ instanceId, start: 0, end: 10_000, aggregates: ['sum'], granularity: '10s' }],
    });
    expect(sum).toMatchObject({ instanceId, datapoints: [{ sum: 6 }] });
    const [synthetic] = await sdk.timeseries.syntheticQuery([
      { expression: "ts{space='demo',externalId='series'} * 2", start: 0, end: 10_000, limit: 10 },
    ]);
    expect(synthetic.datapoints.map(({ value }: Json) => value)).toEqual([2, 4, 6]);
    const [series] = await sdk.timeseries.retrieve([{ instanceId }]);
    expect(series).toMatchObject({ instanceId, name: 'Series', isString: false, isStep: false });
    const [info] = await sdk.files.retrieve([{ instanceId: file }]);
    expect(info).toMatchObject({
      instanceId: file,
      name: 'document.txt',
      mimeType: 'text/plain',
      uploaded: false,
    });
    await sdk.instances.delete([N('series'), N('document')]);
    for (const gone of [
      sdk.timeseries.retrieve([{ instanceId }]),
      sdk.files.retrieve([{ instanceId: file }]),
    ])
      await expect(gone).rejects.toMatchObject({ status: 400 });
  });
});
