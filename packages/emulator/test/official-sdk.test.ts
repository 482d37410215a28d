import { type Emulator, startEmulator } from '@cdf/emulator';
// @ts-expect-error its declarations name files without extension, which TypeScript's NodeNext does not follow
import { CogniteClient } from '@cognite/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from './helpers.js';

let emulator: Emulator;
let sdk: Json;

beforeAll(async () => {
  emulator = await startEmulator();
  const oidcTokenProvider = async (): Promise<string> => {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: emulator.clientId,
      client_secret: emulator.clientSecret,
    });
    const response = await fetch(emulator.tokenUrl, { method: 'POST', body: form });
    return ((await response.json()) as { access_token: string }).access_token;
  };
  sdk = new CogniteClient({
    appId: 'emulator-test',
    project: emulator.project,
    baseUrl: emulator.url,
    oidcTokenProvider,
  });
  await sdk.authenticate();
});

afterAll(async () => await emulator.close());

describe('the official JavaScript client', () => {
  it('inspects its token', async () => {
    const inspected = await sdk.get('/api/v1/token/inspect');
    expect(inspected.data.projects[0]?.projectUrlName).toBe('emulator');
  });

  it('creates, lists with paging, searches, updates, aggregates and deletes assets', async () => {
    const created = await sdk.assets.create([
      { name: 'Child', externalId: 'js-child', parentExternalId: 'js-root' },
      { name: 'Root', externalId: 'js-root', metadata: { area: 'north' } },
      ...Array.from({ length: 1200 }, (_, index) => ({
        name: `Pump ${index}`,
        externalId: `js-${index}`,
        parentExternalId: 'js-root',
      })),
    ]);
    expect(created).toHaveLength(1202);
    const all = await sdk.assets
      .list({ filter: { assetSubtreeIds: [{ externalId: 'js-root' }] }, limit: 500 })
      .autoPagingToArray({ limit: Number.POSITIVE_INFINITY });
    expect(all).toHaveLength(1202);
    const [updated] = await sdk.assets.update([
      {
        externalId: 'js-root',
        update: { description: { set: 'Top' }, metadata: { add: { b: '1' }, remove: [] } },
      },
    ]);
    expect(updated).toMatchObject({ description: 'Top', metadata: { area: 'north', b: '1' } });
    const found = await sdk.assets.search({ search: { name: 'Pump 77' }, limit: 10 });
    expect(found.map(({ name }: Json) => name)).toContain('Pump 77');
    const [count] = await sdk.assets.aggregate({
      filter: { assetSubtreeIds: [{ externalId: 'js-root' }] },
    });
    expect(count?.count).toBe(1202);
    const [retrieved] = await sdk.assets.retrieve([{ externalId: 'js-child' }], {
      aggregatedProperties: ['path'],
    });
    expect(retrieved?.aggregates?.path).toHaveLength(2);
    await sdk.assets.delete([{ externalId: 'js-root' }], { recursive: true });
    await expect(sdk.assets.retrieve([{ externalId: 'js-root' }])).rejects.toMatchObject({
      status: 400,
    });
  });

  it('moves data points in and out, and asks for aggregates and the latest', async () => {
    const [series] = await sdk.timeseries.create([
      { externalId: 'js-ts', name: 'Series', unit: 'bar' },
    ]);
    const start = Date.UTC(2024, 0, 1);
    const datapoints = Array.from({ length: 2000 }, (_, index) => ({
      timestamp: start + index * 60_000,
      value: index,
    }));
    await sdk.datapoints.insert([{ externalId: 'js-ts', datapoints }]);
    const [raw] = await sdk.datapoints.retrieve({
      items: [{ externalId: 'js-ts', start, limit: 5000 }],
    });
    expect(raw?.datapoints).toHaveLength(2000);
    expect(raw?.datapoints[1]).toEqual({ timestamp: new Date(start + 60_000), value: 1 });
    const [hours] = await sdk.datapoints.retrieve({
      items: [{ id: series?.id ?? 0, start, aggregates: ['average', 'count'], granularity: '1h' }],
    });
    expect(hours?.datapoints[0]).toMatchObject({ count: 60 });
    const [latest] = await sdk.datapoints.retrieveLatest([{ externalId: 'js-ts', before: 'now' }]);
    expect(latest?.datapoints[0]).toMatchObject({ value: 1999 });
    await sdk.datapoints.delete([
      { externalId: 'js-ts', inclusiveBegin: start, exclusiveEnd: start + 60_000 },
    ]);
    const [rest] = await sdk.datapoints.retrieve({
      items: [{ externalId: 'js-ts', start, limit: 1 }],
    });
    expect(rest?.datapoints[0]).toMatchObject({ value: 1 });
    expect(await sdk.timeseries.list({ filter: { unit: 'bar' } }).autoPagingToArray()).toHaveLength(
      1,
    );
  });

  it('evaluates synthetic time series', async () => {
    await sdk.timeseries.create([{ externalId: 'syn-a' }, { externalId: 'syn-b' }]);
    const datapoints = [1, 2, 3].map((hour) => ({ timestamp: hour * 3_600_000, value: hour }));
    await sdk.datapoints.insert([
      { externalId: 'syn-a', datapoints },
      { externalId: 'syn-b', datapoints },
    ]);
    const [result] = await sdk.timeseries.syntheticQuery([
      {
        expression: "ts{externalId='syn-a'} + 10 * ts{externalId='syn-b'}",
        start: 0,
        end: '1d-ago',
        limit: 100,
      },
    ]);
    expect(
      result?.datapoints.map((point: Json) => ('value' in point ? point.value : undefined)),
    ).toEqual([11, 22, 33]);
  });

  it('subscribes to data points', async () => {
    await sdk.timeseries.create([{ externalId: 'sub-a' }]);
    const api = `/api/v1/projects/${emulator.project}/timeseries/subscriptions`;
    await sdk.post(api, {
      data: { items: [{ externalId: 'sub', partitionCount: 1, timeSeriesIds: ['sub-a'] }] },
    });
    await sdk.datapoints.insert([
      { externalId: 'sub-a', datapoints: [{ timestamp: 1, value: 5 }] },
    ]);
    const { data } = await sdk.post(`${api}/data/list`, {
      data: { externalId: 'sub', partitions: [{ index: 0 }], pollTimeoutSeconds: 0 },
    });
    expect(data.updates).toMatchObject([
      { timeSeries: { externalId: 'sub-a' }, upserts: [{ timestamp: 1, value: 5 }] },
    ]);
  });

  it('creates, filters, searches and deletes events', async () => {
    const items = [1, 2, 3].map((index) => ({
      externalId: `js-e${index}`,
      type: 'alarm',
      startTime: index * 1000,
      description: `Alarm number ${index}`,
    }));
    await sdk.events.create(items);
    const recent = await sdk.events
      .list({ filter: { startTime: { min: new Date(2000) } }, sort: { startTime: 'desc' } })
      .autoPagingToArray();
    expect(recent.map(({ externalId }: Json) => externalId)).toEqual(['js-e3', 'js-e2']);
    const found = await sdk.events.search({ search: { description: 'number 2' } });
    expect(found[0]?.externalId).toBe('js-e2');
    const advanced = await sdk.events
      .list({
        advancedFilter: {
          and: [
            { equals: { property: ['type'], value: 'alarm' } },
            { prefix: { property: ['description'], value: 'Alarm' } },
          ],
        },
      })
      .autoPagingToArray();
    expect(advanced).toHaveLength(3);
    await sdk.events.delete(items.map(({ externalId }: Json) => ({ externalId })));
    expect(await sdk.events.list().autoPagingToArray()).toEqual([]);
  });

  it('uploads and downloads files', async () => {
    const content = Buffer.from('timestamp,value\n1,2\n');
    const file = await sdk.files.upload(
      { name: 'data.csv', externalId: 'js-file', mimeType: 'text/csv' },
      content,
      false,
      true,
    );
    const links = await sdk.files.getDownloadUrls([{ id: file.id }]);
    const response = await fetch(links[0]?.downloadUrl ?? '');
    expect(await response.text()).toBe(content.toString());
    expect(await sdk.files.list({ filter: { uploaded: true } }).autoPagingToArray()).toHaveLength(
      1,
    );
    const [count] = await sdk.files.aggregate({ filter: { mimeType: 'text/csv' } });
    expect(count?.count).toBe(1);
    await sdk.files.delete([{ externalId: 'js-file' }]);
  });

  it('uploads a file in parts', async () => {
    const file = await sdk.files.multipartUploadSession({ name: 'parts.bin' }, 2);
    await file.uploadPart(0, new Uint8Array(6 * 1024 * 1024).fill(7).buffer);
    await file.uploadPart(1, new Uint8Array([1, 2, 3]).buffer);
    const [link] = await sdk.files.getDownloadUrls([{ id: file.multiPartFileUploadResponse.id }]);
    const bytes = new Uint8Array(await (await fetch(link?.downloadUrl ?? '')).arrayBuffer());
    expect([bytes.length, bytes.at(-1)]).toEqual([6 * 1024 * 1024 + 3, 3]);
  });

  it('manages labels, data sets and units', async () => {
    await sdk.labels.create([{ externalId: 'js-label', name: 'Label' }]);
    expect(
      await sdk.labels.list({ filter: { externalIdPrefix: 'js-' } }).autoPagingToArray(),
    ).toHaveLength(1);
    await sdk.labels.delete([{ externalId: 'js-label' }]);
    const [dataSet] = await sdk.datasets.create([{ externalId: 'js-set', name: 'Set' }]);
    const [changed] = await sdk.datasets.update([
      { id: dataSet?.id ?? 0, update: { name: { set: 'Renamed' } } },
    ]);
    expect(changed?.name).toBe('Renamed');
    const units = await sdk.units.list();
    expect(units.items.some(({ externalId }: Json) => externalId === 'temperature:deg_c')).toBe(
      true,
    );
  });

  it('searches files with a limit, and filters by a relation in lower case', async () => {
    for (const name of ['limit-a', 'limit-b']) {
      const geometry = { type: 'Point', coordinates: [10, 60] };
      await sdk.files.upload({ name, geoLocation: { type: 'Feature', geometry, properties: {} } });
    }
    expect(await sdk.files.search({ search: { name: 'limit' }, limit: 1 })).toHaveLength(1);
    const shape = { type: 'Point', coordinates: [10, 60] };
    const near = { filter: { geoLocation: { relation: 'intersects', shape } } };
    expect(await sdk.files.list(near).autoPagingToArray()).toHaveLength(2);
  });

  it('counts unique values of events by the older fields', async () => {
    await sdk.events.create([{ type: 'unique', subtype: 'x' }, { type: 'unique' }]);
    const filter = { type: 'unique' };
    const types = await sdk.events.aggregate.uniqueValues({ filter, fields: ['type'] });
    expect(types).toMatchObject([{ value: 'unique', count: 2 }]);
    expect(await sdk.events.aggregate.uniqueValues({ filter, fields: ['subtype'] })).toMatchObject([
      { value: 'x' },
    ]);
  });

  it('filters by ids of 0, which match nothing', async () => {
    for (const filter of [
      { assetIds: [0] },
      { assetSubtreeIds: [{ id: 0 }] },
      { dataSetIds: [{ id: 0 }] },
    ])
      for (const api of [sdk.events, sdk.files, sdk.timeseries])
        expect(await api.list({ filter }).autoPagingToArray()).toEqual([]);
    expect(await sdk.assets.list({ filter: { parentIds: [0] } }).autoPagingToArray()).toEqual([]);
  });

  it('stores metadata and labels as the service does', async () => {
    const [asset] = await sdk.assets.create([
      { name: 'loose', labels: [], metadata: { n: 1, yes: true } },
    ]);
    expect(asset.metadata).toEqual({ n: '1', yes: 'true' });
    expect(asset).not.toHaveProperty('labels');
    await expect(sdk.assets.create([{ name: 'x'.repeat(141) }])).rejects.toMatchObject({
      errors: [{ errorMessage: expect.stringContaining('size must be') }],
    });
  });

  it('lists subscriptions and their members by the thousand, and reads all lists of their data', async () => {
    await sdk.timeseries.create([{ externalId: 'many-a' }]);
    const api = `/api/v1/projects/${emulator.project}/timeseries/subscriptions`;
    await sdk.post(api, {
      data: { items: [{ externalId: 'many', partitionCount: 1, timeSeriesIds: ['many-a'] }] },
    });
    const list = await sdk.get(api, { params: { limit: 1000 } });
    expect(list.data.items.map(({ externalId }: Json) => externalId)).toContain('many');
    const members = await sdk.get(`${api}/members`, {
      params: { externalId: 'many', limit: 1000 },
    });
    expect(members.data.items).toHaveLength(1);
    const { data } = await sdk.post(`${api}/data/list`, {
      data: {
        externalId: 'many',
        partitions: [{ index: 0 }],
        initializeCursors: 'now',
        pollTimeoutSeconds: 0,
      },
    });
    expect(data).toMatchObject({ updates: [], subscriptionChanges: { added: [], removed: [] } });
  });

  it('reads string series, carried step values and statuses by their full names', async () => {
    await sdk.timeseries.create([
      { externalId: 'said', isString: true },
      { externalId: 'carried' },
    ]);
    const [said] = await sdk.datapoints.retrieve({ items: [{ externalId: 'said' }] });
    expect(said.isStep).toBe(false);
    const status = { symbol: 'BadCertificateUntrusted' };
    const datapoints = [
      { timestamp: 1, value: 2 },
      { timestamp: 2, value: 3, status },
    ];
    await sdk.datapoints.insert([{ externalId: 'carried', datapoints }]);
    const query = { externalId: 'carried', end: 10 * 3_600_000 };
    const [steps] = await sdk.datapoints.retrieve({
      items: [{ ...query, granularity: '1h', aggregates: ['stepInterpolation'] }],
    });
    expect(steps.datapoints).toEqual([{ timestamp: new Date(3_600_000), stepInterpolation: 2 }]);
    const [raw] = await sdk.datapoints.retrieve({
      items: [{ ...query, includeStatus: true, ignoreBadDataPoints: false }],
    });
    expect(raw.datapoints[1].status).toEqual({ ...status, code: 0x801a0000 });
    const wrong = [{ timestamp: 3, value: 1, status: { code: 1 } }];
    await expect(
      sdk.datapoints.insert([{ externalId: 'carried', datapoints: wrong }]),
    ).rejects.toMatchObject({
      errors: [{ errorMessage: expect.stringMatching(/^Invalid status code/) }],
    });
  });

  it('has the whole catalogue of units, and is told which one is missing', async () => {
    expect((await sdk.units.list()).items).toHaveLength(397);
    await expect(sdk.units.retrieve([{ externalId: 'no:unit' }])).rejects.toMatchObject({
      status: 400,
      missing: [{ externalId: 'no:unit' }],
    });
  });

  it('is refused with 401 at another project, and with 501 at an unknown endpoint', async () => {
    // It sends a request again for as long as a 401 gets it another token.
    const token = await emulator.issueToken();
    const other = new CogniteClient({
      appId: 'emulator-test',
      project: 'other',
      baseUrl: emulator.url,
      oidcTokenProvider: async () => token,
    });
    await expect(other.assets.list()).rejects.toMatchObject({ status: 401 });
    // The SDK does not send this request again after a 5xx.
    const created = sdk.post(`/api/v1/projects/${emulator.project}/annotations`, {
      data: { items: [] },
    });
    await expect(created).rejects.toMatchObject({ status: 501 });
  });
});
