import { describe, expect, it } from 'vitest';
import type { Json } from '../helpers.js';
import { core, demo, node, reference } from './helpers.js';

const through = (view: string, externalId: string, properties: object): Json => ({
  ...node(externalId),
  sources: [{ source: core(view), properties }],
});

describe('a node of the core model', () => {
  it('is a time series as soon as it has data of one', async () => {
    const { ok, post, refused } = await demo();
    await refused(
      '/instances',
      { items: [through('CogniteTimeSeries', 'ts', { isStep: false })] },
      'type',
    );
    await ok('/instances', {
      items: [through('CogniteTimeSeries', 'ts', { name: 'P', type: 'numeric', isStep: false })],
    });
    const instanceId = reference('ts');
    expect(
      (
        await post('/timeseries/data', {
          items: [{ instanceId, datapoints: [{ timestamp: 1, value: 2 }] }],
        })
      ).status,
    ).toBe(200);
    const [latest] = (await post('/timeseries/data/latest', { items: [{ instanceId }] })).body
      .items;
    expect(latest).toMatchObject({ instanceId, datapoints: [{ timestamp: 1, value: 2 }] });
    const [series] = (await post('/timeseries/byids', { items: [{ instanceId }] })).body.items;
    expect(series).toMatchObject({ instanceId, name: 'P', isString: false, isStep: false });
    expect((await post('/timeseries/byids', { items: [{ id: series.id }] })).body.items).toEqual([
      series,
    ]);
    const [synthetic] = (
      await post('/timeseries/synthetic/query', {
        items: [{ expression: "ts{space:'demo',externalId:'ts'}*2" }],
      })
    ).body.items;
    expect(synthetic.datapoints).toEqual([{ timestamp: 1, value: 4 }]);
    await refused(
      '/instances',
      { items: [through('CogniteTimeSeries', 'ts', { type: 'string' })] },
      'immutable',
    );
    const rename = (update: object): Promise<Json> =>
      post('/timeseries/update', { items: [{ instanceId, update }] });
    expect((await rename({ name: { set: 'Q' } })).status).toBe(400);
    expect((await rename({ externalId: { set: 'classic' } })).status).toBe(200);
    await ok('/instances', { items: [through('CogniteTimeSeries', 'ts', { name: 'Q' })] });
    const [renamed] = (await post('/timeseries/byids', { items: [{ externalId: 'classic' }] })).body
      .items;
    expect(renamed).toMatchObject({ id: series.id, name: 'Q', instanceId });
    expect((await post('/timeseries/delete', { items: [{ id: series.id }] })).status).toBe(400);
    await ok('/instances/delete', { items: [node('ts')] });
    expect((await post('/timeseries/data/latest', { items: [{ id: series.id }] })).status).toBe(
      400,
    );
  });

  it('takes over a classic series that waits for it, with its points', async () => {
    const { ok, post } = await demo();
    await post('/timeseries', { items: [{ externalId: 'old', name: 'Old' }] });
    await post('/timeseries/data', {
      items: [{ externalId: 'old', datapoints: [{ timestamp: 1, value: 7 }] }],
    });
    const pending = { items: [{ externalId: 'old', pendingInstanceId: reference('ts') }] };
    expect((await post('/timeseries/set-pending-instance-ids', pending)).status).toBe(200);
    await ok('/instances', {
      items: [through('CogniteTimeSeries', 'ts', { name: 'New', type: 'numeric' })],
    });
    const [latest] = (
      await post('/timeseries/data/latest', { items: [{ instanceId: reference('ts') }] })
    ).body.items;
    expect(latest).toMatchObject({
      externalId: 'old',
      instanceId: reference('ts'),
      datapoints: [{ value: 7 }],
    });
    expect((await post('/timeseries/list', {})).body.items).toHaveLength(1);
  });

  it('takes over nothing of another kind, and the refusal leaves no node behind', async () => {
    const { ok, post, refused } = await demo();
    await post('/timeseries', { items: [{ externalId: 'old' }] });
    const pending = { items: [{ externalId: 'old', pendingInstanceId: reference('ts') }] };
    await post('/timeseries/set-pending-instance-ids', pending);
    await refused(
      '/instances',
      { items: [node('x'), through('CogniteTimeSeries', 'ts', { type: 'string' })] },
      'take over',
    );
    expect((await ok('/instances/list', {})).items).toEqual([]);
    const [series] = (await post('/timeseries/byids', { items: [{ externalId: 'old' }] })).body
      .items;
    expect(series).toMatchObject({ isString: false, pendingInstanceId: reference('ts') });
  });

  it('is subscribed to by its instance id', async () => {
    const { ok, post } = await demo();
    await ok('/instances', { items: [through('CogniteTimeSeries', 'ts', { type: 'string' })] });
    const made = await post('/timeseries/subscriptions', {
      items: [{ externalId: 's', partitionCount: 1, instanceIds: [reference('ts')] }],
    });
    expect(made.status).toBe(201);
    await post('/timeseries/data', {
      items: [{ instanceId: reference('ts'), datapoints: [{ timestamp: 1, value: 'on' }] }],
    });
    const { body } = await post('/timeseries/subscriptions/data/list', {
      externalId: 's',
      partitions: [{ index: 0 }],
    });
    expect(body.updates[0]).toMatchObject({
      timeSeries: { instanceId: reference('ts') },
      upserts: [{ timestamp: 1, value: 'on' }],
    });
  });

  it('is a file with content', async () => {
    const { ok, post, emulator } = await demo();
    await ok('/instances', {
      items: [{ ...node('f'), sources: [{ source: core('CogniteFile'), properties: null }] }],
    });
    const instanceId = reference('f');
    const [file] = (await post('/files/byids', { items: [{ instanceId }] })).body.items;
    expect(file).toMatchObject({ instanceId, name: 'untitled', uploaded: false });
    expect(file).not.toHaveProperty('uploadedTime');
    const [link] = (await post('/files/uploadlink', { items: [{ instanceId }] })).body.items;
    expect(link).toMatchObject({ instanceId, id: file.id });
    await emulator.fetch(link.uploadUrl, { method: 'PUT', body: 'content' });
    const [download] = (await post('/files/downloadlink', { items: [{ instanceId }] })).body.items;
    expect(download.instanceId).toEqual(instanceId);
    expect(await (await emulator.fetch(download.downloadUrl)).text()).toBe('content');
    const { items } = await ok('/instances/byids', {
      items: [node('f')],
      sources: [{ source: core('CogniteFile') }],
    });
    expect(items[0].properties.cdf_cdm['CogniteFile/v1']).toMatchObject({
      isUploaded: true,
      uploadedTime: expect.any(String),
    });
    await ok('/instances', {
      items: [
        through('CogniteFile', 'f', { name: 'a.txt', mimeType: 'text/plain', isUploaded: false }),
      ],
    });
    const [named] = (await post('/files/byids', { items: [{ instanceId }] })).body.items;
    expect(named).toMatchObject({ name: 'a.txt', mimeType: 'text/plain', uploaded: true });
    await ok('/instances/delete', { items: [node('f')] });
    expect((await post('/files/byids', { items: [{ id: file.id }] })).status).toBe(400);
    expect((await emulator.fetch(download.downloadUrl)).status).toBe(404);
  });

  it('has its path from the root as an asset, and so have those below when it moves', async () => {
    const { ok } = await demo();
    const asset = (externalId: string, parent?: string): Json =>
      through('CogniteAsset', externalId, {
        name: externalId,
        ...(parent === undefined ? {} : { parent: reference(parent) }),
      });
    const { items: made } = await ok('/instances', {
      items: [asset('t', 's'), asset('s', 'r'), asset('r')],
    });
    expect(made.map(({ version }: Json) => version)).toEqual([1, 1, 1]);
    const pathOf = async (externalId: string): Promise<Json> => {
      const { items } = await ok('/instances/byids', {
        items: [node(externalId)],
        sources: [{ source: core('CogniteAsset') }],
      });
      const { path, root, pathLastUpdatedTime } = items[0].properties.cdf_cdm['CogniteAsset/v1'];
      expect(root).toEqual(path?.[0]);
      expect(pathLastUpdatedTime === undefined).toBe(path === undefined);
      return path?.map((each: Json) => each.externalId).join('');
    };
    expect(await pathOf('t')).toBe('rst');
    const below = {
      prefix: { property: ['cdf_cdm', 'CogniteAsset/v1', 'path'], value: [reference('r')] },
    };
    expect((await ok('/instances/list', { filter: below })).items).toHaveLength(3);
    await ok('/instances', { items: [asset('q'), asset('s', 'q')] });
    expect(await pathOf('t')).toBe('qst');
    await ok('/instances', {
      items: [through('CogniteAsset', 't', { path: [reference('mine')] })],
    });
    expect(await pathOf('t')).toBe('qst');
    await ok('/instances', { items: [asset('q', 't')] });
    expect(await pathOf('t')).toBeUndefined();
  });

  it('is seen through views of users that build on those of the core model', async () => {
    const { ok } = await demo();
    const container = { type: 'container', space: 'demo', externalId: 'Pump' };
    await ok('/containers', {
      items: [
        { space: 'demo', externalId: 'Pump', properties: { power: { type: { type: 'float64' } } } },
      ],
    });
    const pump = { type: 'view', space: 'demo', externalId: 'Pump', version: '1' };
    await ok('/views', {
      items: [
        {
          space: 'demo',
          externalId: 'Pump',
          version: '1',
          implements: [core('CogniteAsset')],
          properties: { power: { container, containerPropertyIdentifier: 'power' } },
        },
      ],
    });
    await ok('/instances', {
      items: [
        { ...node('p'), sources: [{ source: pump, properties: { name: 'P' } }] },
        through('CogniteAsset', 'a', { name: 'A' }),
      ],
    });
    const list = async (source: Json): Promise<string> =>
      (await ok('/instances/list', { sources: [{ source }] })).items
        .map(({ externalId }: Json) => externalId)
        .join('');
    expect(await list(core('CogniteAsset'))).toBe('pa');
    expect(await list(core('CogniteDescribable'))).toBe('pa');
    expect(await list(pump)).toBe('p');
  });
});

describe('with limits', () => {
  it('refuses more requests at a time than a project may have, and writes nothing of them', async () => {
    const { post, put, ok } = await demo({ limits: true });
    await put({ a: {} });
    const lists = await Promise.all(
      Array.from({ length: 9 }, () => post('/models/instances/list', {})),
    );
    expect(lists.map(({ status }) => status).sort()).toEqual([...Array(8).fill(200), 429]);
    expect(lists.find(({ status }) => status === 429)?.body.error).toMatchObject({
      code: 429,
      message: expect.any(String),
    });
    const applies = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        post('/models/instances', { items: [node(`n${index}`)] }),
      ),
    );
    expect(applies.filter(({ status }) => status === 429)).toHaveLength(1);
    expect((await ok('/instances/list', {})).items).toHaveLength(5);
    const { post: few, get } = await demo({ limits: { write: 2 } });
    const two = await Promise.all(
      Array.from({ length: 3 }, (_, index) =>
        few('/models/instances', { items: [node(`n${index}`)] }),
      ),
    );
    expect(two.filter(({ status }) => status === 429)).toHaveLength(1);
    expect((await get('/models/statistics')).body).toMatchObject({
      concurrentReadLimit: 8,
      concurrentWriteLimit: 2,
    });
  });
});
