import type { Datapoints, DatapointsList } from '@cdf/datapoints';
import { type Emulator, startEmulator } from '@cdf/emulator';
import { CdfClient, Token } from '@cdf/sdk';
import { CdfClient as LeanClient } from '@cdf/sdk-core';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);
const RANGE = { start: START, end: START + 4 * HOUR };

let emulator: Emulator;
let client: CdfClient;
let lean: LeanClient;
beforeAll(async () => {
  emulator = await startEmulator();
  const connection = {
    ...{ clientName: 'test', project: emulator.project, baseUrl: emulator.url },
    credentials: new Token(await emulator.issueToken()),
  };
  client = new CdfClient(connection);
  lean = new LeanClient(connection);
  await client.assets.create([{ externalId: 'pump', name: 'Pump' }]);
  const [pump] = await client.assets.list();
  await client.timeSeries.create(
    ['a', 'b', 'empty'].map((externalId) => ({
      externalId,
      name: `Series ${externalId}`,
      assetId: pump?.id,
    })),
  );
  for (const [index, externalId] of ['a', 'b'].entries())
    await client.datapoints.insert(
      { externalId },
      [0, 1, 2, 3].map((hour) => ({ timestamp: START + hour * HOUR, value: hour + 10 * index })),
    );
});
afterAll(async () => {
  await client.close();
  await lean.close();
  await emulator.close();
});

describe('a list of time series', () => {
  it('gives the data points of all of them, in its order and with its names', async () => {
    const list = await client.timeSeries.list();
    emulator.requests.clear();
    const points = await list.toReversed().datapoints(RANGE);
    expectTypeOf(points[0]).toExtend<Datapoints | undefined>();
    expect(points.map(({ name, length }) => [name, length])).toEqual([
      ['Series empty', 0],
      ['Series b', 4],
      ['Series a', 4],
    ]);
    expect([...emulator.requests].map(({ path }) => path)).toEqual(['/timeseries/data/list']);
    expect(typeof points.plot).toBe('function');
  });

  it('gives aggregates, typed by what was asked for', async () => {
    const list = await lean.timeSeries.list();
    const maxima = await list.slice(0, 2).datapoints({
      ...RANGE,
      aggregates: ['max'],
      granularity: '2h',
    });
    expectTypeOf(maxima).toExtend<DatapointsList<Datapoints<'max'>>>();
    expect(maxima.map(({ max }) => [...max])).toEqual([
      [1, 3],
      [11, 13],
    ]);
  });

  it('gives the latest point of each', async () => {
    const [asset] = await client.assets.list();
    const latest = await (await asset?.timeSeries())?.latest();
    expect(latest?.map(({ name, values }) => [name, ...values])).toEqual([
      ['Series a', 3],
      ['Series b', 13],
      ['Series empty'],
    ]);
    expect(await (await lean.timeSeries.list()).latest()).toHaveLength(3);
  });

  it('leaves out series that are gone where that is asked, and names the others right', async () => {
    await client.timeSeries.create([{ externalId: 'gone', name: 'Gone' }]);
    const list = await client.timeSeries.list();
    const gone = list.filter(({ externalId }) => externalId === 'gone');
    const order = [...gone, ...list.filter(({ externalId }) => externalId !== 'gone')];
    await client.timeSeries.delete(gone);
    const all = client.timeSeries.asList(order);
    const names = ['Series a', 'Series b', 'Series empty'];
    const ignoreUnknownIds = true;
    expect((await all.datapoints({ ...RANGE, ignoreUnknownIds })).map(({ name }) => name)).toEqual(
      names,
    );
    expect((await all.latest({ ignoreUnknownIds })).map(({ name }) => name)).toEqual(names);
    await expect(all.datapoints(RANGE)).rejects.toThrow('not found');
  });

  it('sends nothing when it is empty', async () => {
    const none = (await client.timeSeries.list()).filter(() => false);
    emulator.requests.clear();
    expect(await none.datapoints()).toHaveLength(0);
    expect(await none.latest()).toHaveLength(0);
    expect([...emulator.requests]).toEqual([]);
  });
});
