import { ConfigError, prefix, type Transport } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import type { Emulator } from '@cdf/emulator';
import {
  assetTimeSeries,
  type TimeSeries,
  TimeSeriesApi,
  type TimeSeriesData,
  type TimeSeriesList,
} from '@cdf/timeseries';
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { type Emulated, emulated } from '../../../tooling/emulators/emulated.js';

const COUNT = 60;

let emulator: Emulator;
let transport: Transport;
let project: Emulated;
let api: TimeSeriesApi;

beforeAll(async () => {
  project = await emulated();
  ({ emulator, transport } = project);
  api = new TimeSeriesApi(transport);
  await api.create(
    Array.from({ length: COUNT }, (_, index) => ({
      ...{
        externalId: `series ${index}`,
        name: `Series ${index}`,
        unit: index % 2 === 0 ? 'bar' : 'm3',
      },
      ...{ isStep: index % 3 === 0, metadata: { index: String(index) } },
    })),
  );
});

beforeEach(() => emulator.requests.clear());

afterAll(() => project[Symbol.asyncDispose]());

const requests = (): string[] =>
  [...emulator.requests].map(({ method, path }) => `${method} ${path}`);

describe('time series', () => {
  it('are listed: 25 when awaited, all of them in a loop, fewer on request', async () => {
    expect(await api.list()).toHaveLength(25);
    const walked: string[] = [];
    for await (const { externalId } of api.list()) walked.push(externalId as string);
    expect(new Set(walked).size).toBe(COUNT);
    expect(await api.list({ limit: 7 })).toHaveLength(7);
  });

  it('are filtered, simply and otherwise, and sorted', async () => {
    const list = await api.list({
      filter: { unit: 'bar', isStep: true, createdTime: { min: '1h-ago' } },
      advancedFilter: prefix('externalId', 'series 1'),
      sort: { property: 'externalId', order: 'desc' },
    });
    expect(list.map(({ externalId }) => externalId)).toEqual(['series 18', 'series 12']);
    expect(await api.list({ filter: { createdTime: { max: new Date(0) } } })).toEqual([]);
  });

  it('are searched and counted', async () => {
    const found = await api.search({ search: { name: 'Series 59' } });
    expect(found[0]?.name).toBe('Series 59');
    expect(
      await api.aggregate.count({ filter: { unit: 'bar', createdTime: { min: '1h-ago' } } }),
    ).toBe(COUNT / 2);
    const units = await api.aggregate.uniqueValues('unit');
    expect(units.map(({ value }) => value).sort()).toEqual(['bar', 'm3']);
  });

  it('are retrieved, updated, upserted and deleted', async () => {
    const one = await api.create({ externalId: 'one', name: 'One', metadata: { a: '1' } });
    await api.update({
      id: one.id,
      update: { metadata: { add: { b: '2' } }, unit: { set: 'kW' } },
    });
    const updated = await api.retrieve({ externalId: 'one' });
    expect(updated).toMatchObject({ unit: 'kW', metadata: { a: '1', b: '2' } });
    await api.update({ externalId: 'one', name: 'Two', metadata: { c: '3' } }, { mode: 'patch' });
    const { items, outcomes } = await api.upsert([
      { externalId: 'one', description: 'a series' },
      { externalId: 'other', name: 'Other' },
    ]);
    expect(outcomes).toEqual(['updated', 'created']);
    expect(items[0]).toMatchObject({
      name: 'Two',
      description: 'a series',
      metadata: { a: '1', b: '2', c: '3' },
    });
    expect((await api.update(items[0] as TimeSeries, { mode: 'replace' })).name).toBe('Two');
    await api.delete([{ externalId: 'one' }, { externalId: 'other' }]);
    expect(await api.retrieve({ externalId: 'one' })).toBeUndefined();
    await expect(api.retrieveMultiple([{ externalId: 'one' }])).rejects.toMatchObject({
      missing: [{ externalId: 'one' }],
    });
  });
});

describe('series without their metadata', () => {
  it('leave it out on the wire where the API can', async () => {
    const list = await api.list({
      includeMetadata: false,
      filter: { externalIdPrefix: 'series 1' },
      limit: 5,
    });
    expect(requests()).toEqual(['GET /timeseries']);
    expect(emulator.requests.all()[0]?.url).toContain('includeMetadata=false');
    expect(list).toHaveLength(5);
    expect(list.every((one) => !('metadata' in one))).toBe(true);
  });

  it('lose it here where the API cannot', async () => {
    const list = await api.list({ includeMetadata: false, filter: { unit: 'bar' }, limit: 5 });
    expect(requests()).toEqual(['POST /timeseries/list']);
    expect(list.every((one) => !('metadata' in one))).toBe(true);
  });

  it('are the same series either way, all of them', async () => {
    const bare = await api.list({ includeMetadata: false, limit: Infinity });
    const whole = await api.list({ limit: Infinity });
    expect(bare.map((one) => ({ ...one }))).toEqual(whole.map(({ metadata: _, ...one }) => one));
  });

  it('are refused where they would clear what was never read', async () => {
    const [one] = await api.list({ includeMetadata: false, limit: 1 });
    await expect(api.update(one as TimeSeries, { mode: 'replace' })).rejects.toThrow(ConfigError);
    await expect(api.update(one as TimeSeries)).resolves.toMatchObject({
      metadata: { index: '0' },
    });
  });

  it('keep their methods', async () => {
    const labelled = new TimeSeriesApi(transport, {
      label: (one: TimeSeriesData) => () => `#${one.id}`,
    });
    const [one] = await labelled.list({ includeMetadata: false, limit: 1 });
    expect(one?.label()).toBe(`#${one?.id}`);
  });
});

describe('relations of time series', () => {
  it('become methods of series and of lists', async () => {
    const related = new TimeSeriesApi(
      transport,
      { label: (one: TimeSeriesData) => () => `#${one.id}` },
      { total: (list: readonly TimeSeriesData[]) => () => list.length },
    );
    const list = await related.list({ limit: 3 });
    expect(list.total()).toBe(3);
    expect(list.get({ externalId: 'series 0' })?.label()).toBe(`#${list[0]?.id}`);
    expectTypeOf(list).toExtend<TimeSeriesList>();
    // @ts-expect-error a method of lists is missing from a series
    expect(() => list[0]?.total()).toThrow(TypeError);
    expect(() => new TimeSeriesApi(transport, { toString: () => () => '' })).toThrow(ConfigError);
  });

  it('give assets their series, and refuse a filter that names assets too', async () => {
    const memory = memoryTransport(() => ({ items: [] }));
    const timeSeries = assetTimeSeries(new TimeSeriesApi(memory));
    await timeSeries({ reach: 'subtree', assets: [{ externalId: 'a' }] })({
      filter: { unit: 'bar' },
    });
    expect(memory.requests[0]?.body).toMatchObject({
      filter: { unit: 'bar', assetSubtreeIds: [{ externalId: 'a' }] },
    });
    const call = async () =>
      timeSeries({ reach: 'self', assets: [{ id: 1 }] })({ filter: { assetIds: [2] } as never });
    await expect(call).rejects.toThrow(ConfigError);
  });
});
