import { EmulatorError, startEmulator } from '@cdf/emulator';
import { describe, expect, it } from 'vitest';
import { client, DAY, HOUR, type Json } from './helpers.js';

describe('the small seed', () => {
  it('is a plant in which everything is connected', async () => {
    const { post } = client({ seed: 'small' });
    const all = async (path: string): Promise<Json[]> => (await post(`${path}/list`, {})).body.items;
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
      (await post('/timeseries/list', { filter: { assetSubtreeIds: [{ externalId: 'pump-1' }] } })).body.items,
    ).toHaveLength(3);
  });

  it('has points up to now', async () => {
    const now = Date.UTC(2024, 5, 1, 12, 30);
    const { post } = client({ seed: 'small', now: () => now });
    const { body } = await post('/timeseries/data/latest', {
      items: [{ externalId: 'pump-1-pressure' }, { externalId: 'pump-2-state' }, { externalId: 'tank-level' }],
    });
    for (const { datapoints } of body.items) expect(now - datapoints[0].timestamp).toBeLessThan(2 * HOUR);
    const counted = { externalId: 'tank-level', start: now - 20 * DAY, aggregates: ['count'], granularity: '100000h' };
    const count = await post('/timeseries/data/list', { items: [counted] });
    expect(count.body.items[0].datapoints[0].count).toBe(14 * 144);
  });
});

it('a seed may name assets and data sets by their external ids, and is told when they are not there', async () => {
  const assets = [{ externalId: 'a', name: 'A' }];
  const { post } = client({ seed: { assets, events: [{ externalId: 'e', assetExternalIds: ['a'] }] } });
  expect((await post('/events/list', { filter: { assetExternalIds: ['a'] } })).body.items).toHaveLength(1);
  const wrong = startEmulator({ seed: { timeseries: [{ externalId: 's', assetExternalId: 'nobody' }] } });
  await expect(wrong).rejects.toThrow(new EmulatorError('the seed names nobody, which is not there'));
});
