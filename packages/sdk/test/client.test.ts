import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { memoryTransport } from '@cdf/core/testing';
import { startEmulator } from '@cdf/emulator';
import {
  CdfClient,
  type Chart,
  type Datapoints,
  EmptyDataError,
  OAuthClientCredentials,
  plot,
  type TimeSeries,
} from '@cdf/sdk';
import { toArrowIpc } from '@cdf/sdk/arrow';
import { fromPath } from '@cdf/sdk/node';
import { toParquet } from '@cdf/sdk/parquet';
import { CdfClient as LeanCdfClient } from '@cdf/sdk-core';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it, vi } from 'vitest';

let emulator: Awaited<ReturnType<typeof startEmulator>>;
let client: CdfClient;
const HOUR = 3_600_000;

beforeAll(async () => {
  emulator = await startEmulator();
  const { tokenUrl, clientId, clientSecret, project, url } = emulator;
  const credentials = new OAuthClientCredentials({
    tokenUrl,
    clientId,
    clientSecret,
    scopes: ['x'],
  });
  client = new CdfClient({ clientName: 'test', project, baseUrl: url, credentials });
  await client.assets.create({ name: 'pump', externalId: 'pump' });
  const pump = found(await client.assets.retrieve({ externalId: 'pump' }));
  await client.timeSeries.create([
    { externalId: 'pressure', name: 'Inlet pressure', unit: 'bar', assetId: pump.id },
    { externalId: 'old', name: 'Old pressure', unit: 'bar', assetId: pump.id },
  ]);
  const now = Date.now();
  const timestamps = Array.from({ length: 20 }, (_, index) => now - (20 - index) * HOUR);
  await client.datapoints.insert(
    { externalId: 'pressure' },
    { timestamps, values: timestamps.map((_, index) => Math.sin(index)) },
  );
});

afterAll(async () => {
  await client.close();
  await emulator.close();
});

function found<T>(item: T | undefined): T {
  if (item === undefined) throw new Error('the emulator does not have what the test has put there');
  return item;
}

describe('a name that CDF does not know', () => {
  const untyped = (value: unknown): never => value as never;
  const wrong = { externalID: 'x' };

  it.each([
    ['asset', () => client.assets.create(untyped({ ...wrong, name: 'x' }))],
    [
      'event',
      () => client.events.create([{}, untyped({ ...wrong, metadata: { external_id: 'x' } })]),
    ],
    ['time series', () => client.timeSeries.create(untyped(wrong))],
    ['file', () => client.files.create(untyped({ ...wrong, name: 'x' }))],
    ['link', () => client.files.downloadUrls([untyped(wrong)])],
    ['content', () => client.files.uploadContent(untyped(wrong), new Uint8Array())],
  ])('is explained for a new %s', async (_, call) => {
    await expect(call()).rejects.toThrow(/externalID.*did you mean externalId\?/);
  });

  it.each([
    [{ externalIDPrefix: 'x' }, 'externalIDPrefix: did you mean externalIdPrefix?'],
    [{ datasetIds: [{ id: 1 }] }, 'datasetIds: did you mean dataSetIds?'],
    [{ metdata: { a: 'b' } }, 'metdata: did you mean metadata?'],
    [{ dataSetIds: [{ externalID: 'x' }] }, 'externalID: did you mean externalId?'],
  ])('is explained in the filter %j', async (filter, meant) => {
    for (const api of [client.assets, client.events, client.timeSeries, client.files])
      await expect(api.list({ filter: untyped(filter) })).rejects.toThrow(meant);
  });

  it('has no explanation where none is like it, or the error is another one', async () => {
    const errors = await Promise.all(
      [{ colour: 'red' }, { metadata: { externalID: 1 } }, { name: 5 }].map((filter) =>
        client.assets.list({ filter: untyped(filter) }).catch(String),
      ),
    );
    expect(errors).toEqual(errors.map(() => expect.stringMatching(/^ApiError.* 400 /)));
    expect(errors.join()).not.toContain('did you mean');
  });
});

describe('a table of data points', () => {
  it('has plot, as the points have: a line for each column, also after resample', async () => {
    const points = await client.datapoints.retrieve({
      items: [{ externalId: 'pressure' }],
      start: '2d-ago',
    });
    const table = points.toTable();
    const chart: Chart = table.plot({ title: 'From a table' });
    expect(chart.toSvg()).toContain('From a table');
    expect(chart.toText()).toContain('bar');
    expect(table.resample('1d', ['max']).plot().toSvg()).toContain('pressure|max');
    expect(table.toText({ rows: 2 })).toMatch(/^timestamp +pressure\n +bar\n/);
  });

  it('shows the names of series in its charts, where it knows them', async () => {
    const series = found(await client.timeSeries.retrieve({ externalId: 'pressure' }));
    const points = await series.datapoints({ start: '2d-ago' });
    const name = found(series.name);
    expect(name).not.toBe('pressure');
    expect(points.toTable().plot().toJSON().series[0]?.label).toBe(name);
    expect(points.toTable().plot({ idLabels: true }).toJSON().series[0]?.label).toBe('pressure');
    const names = { pressure: 'Given' };
    expect(points.toTable().plot({ names }).toJSON().series[0]?.label).toBe('Given');
  });
});

describe('the full client', () => {
  it('is full when it is set up from the environment, too', () => {
    vi.stubEnv('FULL_CDF_PROJECT', 'from-env');
    vi.stubEnv('FULL_CDF_CLUSTER', 'westeurope-1');
    vi.stubEnv('FULL_CDF_TOKEN', 'secret');
    const client = CdfClient.fromEnv('FULL_CDF');
    vi.unstubAllEnvs();
    expect(client).toBeInstanceOf(CdfClient);
    expect(client.transport.project).toBe('from-env');
  });
});

describe('the full client', () => {
  it('is a lean client, in its types as well', () => {
    expect(client).toBeInstanceOf(LeanCdfClient);
    expectTypeOf<CdfClient>().toExtend<LeanCdfClient>();
    expectTypeOf<TimeSeries>().toHaveProperty('plot');
  });

  it('composes each API once', () => {
    const method = 'composeSeries' as 'close';
    const [full, lean] = [
      vi.spyOn(CdfClient.prototype, method),
      vi.spyOn(LeanCdfClient.prototype, method),
    ];
    const { assets, timeSeries, datapoints } = new CdfClient(memoryTransport({}));
    expect([full.mock.calls.length, lean.mock.calls.length]).toEqual([1, 0]);
    expect(full.mock.results[0]?.value).toEqual({ timeSeries, datapoints });
    expectTypeOf(assets).toExtend<LeanCdfClient['assets']>();
  });

  it('plots a series: the last 24 hours, with its name and unit', async () => {
    const series = found(await client.timeSeries.retrieve({ externalId: 'pressure' }));
    const chart = await series.plot();
    expectTypeOf(chart).toExtend<Chart>();
    expect(chart.toSvg()).toContain('Inlet pressure');
    expect(chart.toSvg()).toContain('bar');
  });

  it('says which series has nothing to plot, and since when', async () => {
    const series = found(await client.timeSeries.retrieve({ externalId: 'old' }));
    const error = await series.plot().catch((each: unknown) => each);
    expect(EmptyDataError.isInstance(error)).toBe(true);
    expect((error as Error).message).toContain('Old pressure');
  });

  it('plots lists, data points, and what hangs below assets', async () => {
    const list = await client.assets.select({ externalId: 'pump' }).subtree().timeSeries();
    expect(list).toHaveLength(2);
    expect((await list.plot()).toText()).toContain('Inlet pressure');
    const points = await client.datapoints.retrieve({
      items: [{ externalId: 'pressure' }],
      start: '2d-ago',
    });
    expect(points.plot({ names: { pressure: 'Named here' } }).toSvg()).toContain('Named here');
    expect(points[0]?.plot().toSvg()).toContain('pressure');
    expect(plot(points).toSvg()).toContain('<svg');
  });

  it('saves SVG, PNG and HTML by extension, with a font of its own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sdk-'));
    const chart = (
      await client.datapoints.retrieve({ externalId: 'pressure', start: '2d-ago' })
    ).plot();
    for (const [name, start] of [
      ['a.svg', '<svg'],
      ['a.html', '<!doctype html'],
      ['a.png', '\u0089PNG'],
    ] as const) {
      await chart.save(join(folder, name));
      expect(
        readFileSync(join(folder, name), 'latin1').toLowerCase().startsWith(start.toLowerCase()),
      ).toBe(true);
    }
    expect((await chart.toPng({ scale: 1 })).length).toBeGreaterThan(1000);
    expect(typeof chart.mount).toBe('function');
    const shown = await chart.show({ open: false });
    expect(readFileSync(shown, 'utf8')).toContain('pressure');
  });

  it('types data points by what was asked for', async () => {
    const raw = await client.datapoints.retrieve({ externalId: 'pressure', start: '2d-ago' });
    expectTypeOf(raw).toEqualTypeOf<Datapoints>();
    const hourly = await client.datapoints.retrieve({
      externalId: 'pressure',
      start: '2d-ago',
      aggregates: ['max'],
      granularity: '1h',
    });
    expectTypeOf(hourly.max).toEqualTypeOf<Float64Array>();
    // @ts-expect-error the average was not asked for
    expect(hourly.average).toBeUndefined();
    expect(hourly.max.length).toBe(hourly.timestamps.length);
  });

  it('brings tables as Arrow and Parquet, and files from disk', async () => {
    const points = await client.datapoints.retrieve({
      items: [{ externalId: 'pressure' }],
      start: '2d-ago',
    });
    expect(new TextDecoder().decode(toParquet(points.toTable()).subarray(0, 4))).toBe('PAR1');
    expect(toArrowIpc(points.toTable()).length).toBeGreaterThan(300);
    const path = fileURLToPath(import.meta.url);
    const file = await client.files.upload(fromPath(path), { externalId: 'this-test' });
    expect(file.name).toBe('client.test.ts');
    expect(await client.files.download({ externalId: 'this-test' })).toEqual(
      new Uint8Array(readFileSync(path)),
    );
  });

  it('goes from a series to its data points, newest, oldest and count', async () => {
    const series = found(await client.timeSeries.retrieve({ externalId: 'pressure' }));
    expect((await series.datapoints({ start: '2d-ago' })).length).toBe(20);
    expect((await series.latest())?.value).toBeCloseTo(Math.sin(19), 12);
    expect((await series.first())?.value).toBe(0);
    expect(await series.count()).toBe(20);
  });
});
