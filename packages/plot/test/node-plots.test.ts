import type { Transport } from '@cdf/core';
import { DatapointsApi } from '@cdf/datapoints';
import { plotTimeSeries } from '@cdf/plot';
import { TimeSeriesApi } from '@cdf/timeseries';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulated, emulated } from '../../../tooling/emulators/emulated.js';

const source = { type: 'view', space: 'cdf_cdm', externalId: 'CogniteTimeSeries', version: 'v1' };
const flow = { space: 'plant', externalId: 'flow', name: 'Flow' };
const bare = { space: 'plant', externalId: 'bare' };
const text = { space: 'plant', externalId: 'text', name: 'Text' };
const window = { start: 0, end: 10_000 };

let project: Emulated;
let transport: Transport;
beforeAll(async () => {
  project = await emulated();
  ({ transport } = project);
  const post = (path: string, body: object): Promise<unknown> =>
    transport.request({ method: 'POST', path, body, idempotent: true });
  await post('/models/spaces', { items: [{ space: 'plant' }] });
  const items = [flow, bare, text].map(({ space, externalId, ...named }) => {
    const type = externalId === 'text' ? 'string' : 'numeric';
    const properties = { ...named, type, isStep: false };
    return { instanceType: 'node', space, externalId, sources: [{ source, properties }] };
  });
  await post('/models/instances', { items });
  const datapoints = new DatapointsApi(transport);
  await new TimeSeriesApi(transport).create([{ externalId: 'classic', name: 'Classic' }]);
  for (const series of [flow, bare, { externalId: 'classic' }])
    await datapoints.insert(series, [
      { timestamp: 1, value: 2 },
      { timestamp: 5_000, value: 3 },
    ]);
});
afterAll(() => project[Symbol.asyncDispose]());

describe('a node of a time series', () => {
  const chartOf = () => plotTimeSeries(new DatapointsApi(transport));

  it('has a chart with its name', async () => {
    expect((await chartOf()(flow)(window)).toSvg()).toContain('Flow');
    expect((await chartOf()([bare, flow])(window)).toSvg()).toContain('bare');
  });

  it('is drawn beside series, and twice as once', async () => {
    const [classic] = await new TimeSeriesApi(transport)
      .list({ limit: 10 })
      .then((all) => all.filter(({ name }) => name === 'Classic'));
    const chart = await chartOf()([flow, classic as { id: number }, flow])({
      ...window,
      aggregates: ['average'],
      granularity: '1s',
    });
    expect(chart.toSvg()).toMatch(/Flow.*Classic/s);
  });

  it('of text cannot be drawn', async () => {
    await expect(
      chartOf()(text)({ ...window, aggregates: ['average'], granularity: '1s' }),
    ).rejects.toMatchObject({ code: 'config' });
  });

  it('that does not exist is an error that names it', async () => {
    const missing = { space: 'plant', externalId: 'missing' };
    await expect(chartOf()(missing)(window)).rejects.toMatchObject({
      message: expect.stringContaining('missing'),
    });
  });
});
