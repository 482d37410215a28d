import { AssetsApi } from '@cdf/assets';
import { ServerError, type Transport } from '@cdf/core';
import type { Emulator } from '@cdf/emulator';
import { assetEvents, assetFiles, EventsApi, FilesApi } from '@cdf/events-files';
import { assetTimeSeries, TimeSeriesApi, type TimeSeriesData } from '@cdf/timeseries';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulated, emulated } from '../../../tooling/emulators/emulated.js';
import { NETWORK } from '../../../tooling/emulators/network.js';
import { randomNumbers, randomTree } from './shapes.js';

const ASSETS = 250;

let emulator: Emulator;
let transport: Transport;
let project: Emulated;
let events: EventsApi;
let series: TimeSeriesApi;

const compose = () =>
  new AssetsApi(transport, {
    events: assetEvents(events),
    files: assetFiles(new FilesApi(transport)),
    timeSeries: assetTimeSeries(series),
  });
let assets: ReturnType<typeof compose>;
let ids: number[];

beforeAll(async () => {
  project = await emulated({ retry: { limit: 0 } }, { ...NETWORK, logCapacity: 50_000 });
  ({ emulator, transport } = project);
  events = new EventsApi(transport);
  series = new TimeSeriesApi(transport);
  assets = compose();
  ids = (await assets.createHierarchy(randomTree(ASSETS, 8, randomNumbers(2)))).map(({ id }) => id);
  // An event of every asset; every tenth event has another asset too.
  await events.create(
    ids.map((id, index) => ({
      type: 'own',
      assetIds: index % 10 === 1 ? [id, ids[index - 1] as number] : [id],
    })),
  );
  await series.create(ids.map((assetId, index) => ({ externalId: `series ${index}`, assetId })));
});

afterEach(() => emulator.faults.clear());

afterAll(() => project[Symbol.asyncDispose]());

describe('what belongs to assets', () => {
  it('is given whole, without an argument', async () => {
    const eventful = await assets.create({ name: 'eventful' });
    const input = Array.from({ length: 260 }, (_, index) => ({
      type: `kind ${index}`,
      assetIds: [eventful.id],
    }));
    await events.create(input);
    const all = await eventful.events();
    console.log(`260 events on one asset: asset.events() gives ${all.length}`);
    expect(all).toHaveLength(260);
    expect(await eventful.events({ filter: { type: 'kind 7' } })).toHaveLength(1);
    expect(await eventful.events({ limit: 30 })).toHaveLength(30);
    await assets.delete([{ id: eventful.id }]);
  });

  it('is the same for a list, a selection of its ids and a subtree', async () => {
    const list = await assets.list({ limit: Infinity });
    const fromList = await list.events();
    const fromSelection = await assets.select(...ids.map((id) => ({ id }))).events();
    emulator.requests.clear();
    const fromSubtree = await assets
      .select({ id: ids[0] as number })
      .subtree()
      .events();
    expect([...emulator.requests].every(({ path }) => path === '/events/list')).toBe(true);
    const walked = await assets
      .select({ id: ids[0] as number })
      .subtree({ depth: 8 })
      .events();
    expect(fromList).toHaveLength(ASSETS);
    for (const other of [fromSelection, fromSubtree, walked])
      expect(other.map(({ id }) => id)).toEqual(fromList.map(({ id }) => id));
  });

  it('comes once, in order, where it takes several requests', async () => {
    const list = await assets.list({ limit: Infinity });
    emulator.requests.clear();
    const found = await list.timeSeries();
    expect([...emulator.requests]).toHaveLength(Math.ceil(ASSETS / 100));
    expect(new Set(found.map(({ id }) => id)).size).toBe(ASSETS);
    const times = found.map(({ createdTime, id }) => createdTime * 1e16 + id);
    expect(times).toEqual([...times].sort((left, right) => left - right));
  });

  it('raises when the second of several requests fails, and never lacks a part', async () => {
    const roots = assets.select(...ids.map((id) => ({ id }))).subtree();
    expect(await roots.events()).toHaveLength(ASSETS);
    for (const path of ['/events/list', '/timeseries/list', '/files/list']) {
      emulator.faults.clear();
      emulator.faults.add({ path, status: 500, skip: 1 });
      const call = path.startsWith('/events')
        ? roots.events()
        : path.startsWith('/files')
          ? roots.files()
          : roots.timeSeries();
      await expect(call).rejects.toThrow(ServerError);
    }
  });

  it('is nothing, and costs nothing, for no assets', async () => {
    emulator.requests.clear();
    expect([
      ...(await assets.select().events()),
      ...(await assets.select().subtree().timeSeries()),
    ]).toEqual([]);
    expect([...emulator.requests]).toEqual([]);
  });

  it('has the methods that the API of the relation composes', async () => {
    const api = new TimeSeriesApi(transport, {
      label: (one: TimeSeriesData) => () => `series ${one.id}`,
    });
    const [one] = await new AssetsApi(transport, { timeSeries: assetTimeSeries(api) })
      .select({ id: ids[0] as number })
      .timeSeries();
    expect(one?.label()).toBe(`series ${one?.id}`);
  });
});

// Only the long suite has it: in the short one a skipped test would hide among those that could not
// run.
if (process.env.CDF_TEST_LONG === '1')
  describe('150,000 assets in one tree', () => {
    it('have the events that the naive answer has', async () => {
      const count = 150_000;
      const stored = await assets.createHierarchy(randomTree(count, 40, randomNumbers(9), 'big'));
      const random = randomNumbers(10);
      const own = stored.filter(() => random() < 0.03);
      const wanted = await events.create(own.map(({ id }) => ({ type: 'big', assetIds: [id] })));
      emulator.requests.clear();
      const subtree = assets.select({ externalId: 'big0' }).subtree();
      const found = await subtree.events();
      console.log(
        `${count} assets, ${found.length} events: ${[...emulator.requests].length} requests`,
      );
      expect(found.map(({ id }) => id).sort((left, right) => left - right)).toEqual(
        wanted.map(({ id }) => id).sort((left, right) => left - right),
      );
    });
  });
