import { EmulatorError, startEmulator } from '@cdf/emulator';
import { describe, expect, it } from 'vitest';
import { type Client, client, DAY, HOUR, type Json, MINUTE } from './helpers.js';

describe('the small seed', () => {
  it('is a plant in which everything is connected', async () => {
    const { post } = client({ seed: 'small' });
    const all = async (path: string): Promise<Json[]> =>
      (await post(`${path}/list`, {})).body.items;
    const assets = await all('/assets');
    const ids = assets.map(({ id }: Json) => id);
    expect(assets.filter(({ parentId }: Json) => parentId === undefined)).toHaveLength(1);
    const series = await all('/timeseries');
    expect(series.length).toBeGreaterThan(4);
    for (const { assetId, dataSetId } of series) {
      expect(ids).toContain(assetId);
      expect(dataSetId).toBeTypeOf('number');
    }
    const others = [...(await all('/events')), ...(await all('/files'))];
    expect(others.length).toBeGreaterThan(4);
    for (const { assetIds } of others) for (const id of assetIds) expect(ids).toContain(id);
    expect(
      (await post('/timeseries/list', { filter: { assetSubtreeIds: [{ externalId: 'pump-1' }] } }))
        .body.items,
    ).toHaveLength(3);
  });

  it('has points up to now', async () => {
    const now = Date.UTC(2024, 5, 1, 12, 30);
    const { post } = client({ seed: 'small', now: () => now });
    const { body } = await post('/timeseries/data/latest', {
      items: [
        { externalId: 'pump-1-pressure' },
        { externalId: 'pump-2-state' },
        { externalId: 'tank-level' },
      ],
    });
    for (const { datapoints } of body.items)
      expect(now - datapoints[0].timestamp).toBeLessThan(2 * HOUR);
    const counted = {
      externalId: 'tank-level',
      start: now - 20 * DAY,
      aggregates: ['count'],
      granularity: '100000h',
    };
    const count = await post('/timeseries/data/list', { items: [counted] });
    expect(count.body.items[0].datapoints[0].count).toBe(14 * 144);
  });
});

it('a seed may name assets and data sets by their external ids, and is told when they are not there', async () => {
  const assets = [{ externalId: 'a', name: 'A' }];
  const { post } = client({
    seed: { assets, events: [{ externalId: 'e', assetExternalIds: ['a'] }] },
  });
  expect(
    (await post('/events/list', { filter: { assetExternalIds: ['a'] } })).body.items,
  ).toHaveLength(1);
  const wrong = startEmulator({
    seed: { timeseries: [{ externalId: 's', assetExternalId: 'nobody' }] },
  });
  await expect(wrong).rejects.toThrow(
    new EmulatorError('the seed names nobody, which does not exist'),
  );
});

describe('the plant', () => {
  /** Names that guides and READMEs read without creating them. */
  const NAMES: Readonly<Record<string, readonly string[]>> = {
    assets: ['plant', 'station-1', 'pump-1', 'pump-2'],
    timeseries: ['pump-1-pressure', 'pump-2-pressure', 'pump-1-temperature', 'pump-2-temperature'],
    events: ['pump-1-inspection', 'pump-2-inspection'],
    files: ['pump-1-manual'],
  };
  const NOW = Date.UTC(2024, 5, 1, 12, 30);
  const plant = (): Client => client({ seed: 'plant', now: () => NOW });

  it('has every name that guides and READMEs read', async () => {
    const { post } = plant();
    for (const [kind, names] of Object.entries(NAMES)) {
      const items = names.map((externalId) => ({ externalId }));
      expect(await post(`/${kind}/byids`, { items })).toMatchObject({ status: 200 });
    }
  });

  it('has areas with zones, sensors with units, a text series and a step series, events, labels and files', async () => {
    const { post } = plant();
    const list = async (kind: string, filter: object = {}): Promise<Json[]> =>
      (await post(`/${kind}/list`, { filter, limit: 100 })).body.items;
    const areas = await list('assets', { labels: { containsAny: [{ externalId: 'area' }] } });
    expect(areas.length).toBeGreaterThan(1);
    for (const { metadata } of areas)
      expect(metadata).toMatchObject({ zone: expect.any(String), timeZone: 'Europe/Oslo' });
    const below = await list('assets', { assetSubtreeIds: [{ externalId: 'plant' }] });
    expect(below.map(({ externalId }) => externalId).sort()).toEqual(
      ['plant', 'pump-1', 'pump-2', 'station-1'].sort(),
    );
    expect(await list('timeseries', { unitQuantity: 'Pressure' })).toHaveLength(2);
    expect(await list('timeseries', { unitQuantity: 'Temperature' })).toHaveLength(2);
    expect(await list('timeseries', { isString: true })).toHaveLength(1);
    expect(await list('timeseries', { isStep: true })).toHaveLength(1);
    expect(await list('events', { type: 'maintenance' })).toHaveLength(2);
    expect(await list('files', { uploaded: true })).toHaveLength(2);
  });

  it('has points up to the last full hour', async () => {
    const { post } = plant();
    const names = ['pump-1-pressure', 'pump-3-state', 'pump-3-speed'];
    const { body } = await post('/timeseries/data/latest', {
      items: names.map((externalId) => ({ externalId })),
    });
    const [pressure, state, speed] = body.items.map(({ datapoints }: Json) => datapoints[0]);
    expect(pressure).toMatchObject({ timestamp: NOW - 30 * MINUTE });
    expect(state.value).toBeTypeOf('string');
    expect([1450, 2900]).toContain(speed.value);
    const counted = {
      externalId: 'pump-1-pressure',
      aggregates: ['count'],
      granularity: '100000h',
    };
    const count = await post('/timeseries/data/list', { items: [counted] });
    expect(count.body.items[0].datapoints[0].count).toBe(14 * 24);
  });

  it('is a graph as well, of the same things', async () => {
    const { post } = plant();
    const view = (externalId: string): Json => ({
      type: 'view',
      space: 'plant',
      externalId,
      version: '1',
    });
    const list = async (name: string, filter?: object): Promise<Json[]> =>
      (await post('/models/instances/list', { sources: [{ source: view(name) }], filter })).body
        .items;
    const named = (items: readonly Json[]): string =>
      items.map(({ externalId }: Json) => externalId).join(' ');
    expect(named(await list('Area'))).toBe('plant station-1 tank-farm');
    const below = {
      prefix: {
        property: ['cdf_cdm', 'CogniteAsset/v1', 'path'],
        value: [{ space: 'plant', externalId: 'plant' }],
      },
    };
    expect(named(await list('Pump', below))).toBe('pump-1 pump-2');
    expect(await list('WorkOrder')).toHaveLength(3);
    const sensors = await list('Sensor');
    const documents = await list('Document');
    for (const [kind, nodes] of [
      ['timeseries', sensors],
      ['files', documents],
    ] as const) {
      const items = nodes.map(({ space, externalId }) => ({ instanceId: { space, externalId } }));
      const answer = (await post(`/${kind}/byids`, { items })).body.items;
      const classic = (await post(`/${kind}/list`, { limit: 100 })).body.items;
      expect(answer).toEqual(classic);
      for (const { externalId, instanceId, ...rest } of answer) {
        expect(instanceId).toEqual({ space: 'plant', externalId });
        expect(rest).not.toHaveProperty('pendingInstanceId');
        expect(rest.assetId ?? rest.assetIds).toBeDefined();
      }
    }
    const instanceId = { space: 'plant', externalId: 'pump-1-pressure' };
    const { body } = await post('/timeseries/data/latest', {
      items: [{ instanceId, targetUnit: 'pressure:pa' }],
    });
    expect(body.items[0].datapoints).toHaveLength(1);
  });
});
