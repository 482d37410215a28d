import { type Emulator, startEmulator } from '@cdf/emulator';
// @ts-expect-error its declarations name files without extension, which TypeScript's NodeNext does not follow
import { CogniteClient } from '@cognite/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../helpers.js';
import { CONTAINER, core, node, property, reference, VIEW } from './helpers.js';

let emulator: Emulator;
let sdk: Json;

beforeAll(async () => {
  emulator = await startEmulator();
  const { url: baseUrl, project } = emulator;
  sdk = new CogniteClient({
    appId: 'test',
    project,
    baseUrl,
    oidcTokenProvider: () => emulator.issueToken(),
  });
  await sdk.authenticate();
});

afterAll(async () => await emulator.close());

const names = ({ items }: Json): string =>
  items.map(({ externalId }: Json) => externalId).join(' ');
const thing = (externalId: string, values: object): Json => ({
  ...node(externalId),
  sources: [{ source: VIEW, properties: values }],
});

describe('the official JavaScript client', () => {
  it('makes and reads spaces, containers, views and data models', async () => {
    await sdk.spaces.upsert([{ space: 'demo', name: 'Demo' }]);
    expect((await sdk.spaces.retrieve(['demo'])).items[0]).toMatchObject({
      space: 'demo',
      name: 'Demo',
    });
    const text = { type: { type: 'text' } };
    const properties = {
      name: text,
      power: { type: { type: 'float64' } },
      parent: { type: { type: 'direct' } },
    };
    await sdk.containers.upsert([{ space: 'demo', externalId: 'Thing', properties }]);
    const mapped = Object.keys(properties).map((name) => [
      name,
      { container: CONTAINER, containerPropertyIdentifier: name },
    ]);
    const view = {
      space: 'demo',
      externalId: 'Thing',
      version: 'v1',
      properties: Object.fromEntries(mapped),
    };
    expect((await sdk.views.upsert([view])).items[0].usedFor).toBe('node');
    await sdk.dataModels.upsert([{ space: 'demo', externalId: 'M', version: '1', views: [VIEW] }]);
    const { items } = await sdk.dataModels.list({ space: 'demo', inlineViews: true });
    expect(items[0].views[0].properties.power.type.type).toBe('float64');
    expect((await sdk.views.list({ space: 'demo' })).items).toHaveLength(1);
    expect((await sdk.containers.list({ space: 'demo' })).items).toHaveLength(1);
  });

  it('writes, lists, searches, aggregates, queries, follows and deletes instances', async () => {
    const written = await sdk.instances.upsert({
      items: [
        thing('a', { name: 'feed pump', power: 2 }),
        thing('b', { name: 'valve', power: 5, parent: reference('a') }),
      ],
    });
    expect(written.items.map(({ wasModified }: Json) => wasModified)).toEqual([true, true]);
    const sources = [{ source: VIEW }];
    expect(names(await sdk.instances.retrieve({ items: [node('b')], sources }))).toBe('b');
    const filter = { range: { property: property('power'), gte: 3 } };
    expect(names(await sdk.instances.list({ sources, filter }))).toBe('b');
    expect(names(await sdk.instances.search({ view: VIEW, query: 'pump', operator: 'AND' }))).toBe(
      'a',
    );
    const { items } = await sdk.instances.aggregate({
      view: VIEW,
      aggregates: [{ sum: { property: 'power' } }],
    });
    expect(items[0].aggregates[0].value).toBe(7);
    const query = await sdk.instances.query({
      with: {
        p: { nodes: { filter: { equals: { property: ['node', 'externalId'], value: 'a' } } } },
        k: {
          nodes: {
            from: 'p',
            through: { source: VIEW, identifier: 'parent' },
            direction: 'inwards',
          },
        },
      },
      select: { k: { sources: [{ source: VIEW, properties: ['name'] }] } },
    });
    expect(names({ items: query.items.k })).toBe('b');
    const sync = { with: { s: { nodes: { filter: { hasData: [VIEW] } } } }, select: { s: {} } };
    const first = await sdk.instances.sync(sync);
    expect(names({ items: first.items.s })).toBe('a b');
    await sdk.instances.delete([node('b')]);
    const next = await sdk.instances.sync({ ...sync, cursors: first.nextCursor });
    expect(next.items.s[0]).toMatchObject({ externalId: 'b', deletedTime: expect.any(Number) });
    await expect(
      sdk.instances.list({ sources: [{ source: { ...VIEW, version: 'no' } }] }),
    ).rejects.toMatchObject({
      status: 400,
    });
  });

  it('moves data points and files by the ids of their nodes', async () => {
    await sdk.instances.upsert({
      items: [
        {
          ...node('ts'),
          sources: [{ source: core('CogniteTimeSeries'), properties: { type: 'numeric' } }],
        },
        {
          ...node('file'),
          sources: [{ source: core('CogniteFile'), properties: { name: 'a.txt' } }],
        },
      ],
    });
    const instanceId = reference('ts');
    await sdk.datapoints.insert([{ instanceId, datapoints: [{ timestamp: 1, value: 2 }] }]);
    const [raw] = await sdk.datapoints.retrieve({ items: [{ instanceId, start: 0, end: 10 }] });
    expect(raw).toMatchObject({ instanceId, datapoints: [{ value: 2 }] });
    const [latest] = await sdk.datapoints.retrieveLatest([{ instanceId, before: 'now' }]);
    expect(latest.datapoints[0].value).toBe(2);
    const [series] = await sdk.timeseries.retrieve([{ instanceId }]);
    expect(series).toMatchObject({ instanceId, isString: false });
    await sdk.datapoints.delete([{ instanceId, inclusiveBegin: 0, exclusiveEnd: 10 }]);
    const [gone] = await sdk.datapoints.retrieve({ items: [{ instanceId, start: 0, end: 10 }] });
    expect(gone.datapoints).toEqual([]);
    const [file] = await sdk.files.retrieve([{ instanceId: reference('file') }]);
    expect(file).toMatchObject({ instanceId: reference('file'), name: 'a.txt', uploaded: false });
    const response = await sdk.post(`/api/v1/projects/emulator/files/uploadlink`, {
      data: { items: [{ instanceId: reference('file') }] },
    });
    await fetch(response.data.items[0].uploadUrl, { method: 'PUT', body: 'hello' });
    const [link] = await sdk.files.getDownloadUrls([{ instanceId: reference('file') }]);
    expect(await (await fetch(link.downloadUrl)).text()).toBe('hello');
  });
});
