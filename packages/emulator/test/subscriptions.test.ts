import { describe, expect, it } from 'vitest';
import { client, type Json } from './helpers.js';

const PATH = '/timeseries/subscriptions';

async function subscribed(subscription: object) {
  const made = client();
  await made.post('/timeseries', {
    items: [{ externalId: 'a', metadata: { kind: 'x' } }, { externalId: 'b' }, { externalId: 'c' }],
  });
  const created = await made.post(PATH, {
    items: [{ externalId: 'sub', partitionCount: 1, ...subscription }],
  });
  expect(created.status).toBe(201);
  const read = async (cursor?: string, more: object = {}): Promise<Json> =>
    (
      await made.post(`${PATH}/data/list`, {
        externalId: 'sub',
        partitions: [{ index: 0, cursor }],
        pollTimeoutSeconds: 0,
        ...more,
      })
    ).body;
  const insert = async (externalId: string, ...timestamps: number[]): Promise<void> => {
    const datapoints = timestamps.map((timestamp) => ({ timestamp, value: timestamp }));
    await made.post('/timeseries/data', { items: [{ externalId, datapoints }] });
  };
  return { ...made, read, insert, created: created.body.items[0] };
}

const seriesOf = ({ updates }: Json): string[] =>
  updates.map(({ timeSeries }: Json) => timeSeries.externalId);

describe('subscriptions', () => {
  it('tell members first, then what was written, in order and as often as it is asked for', async () => {
    const { read, insert, created, post } = await subscribed({ timeSeriesIds: ['a', 'b'] });
    expect(created).toMatchObject({ externalId: 'sub', timeSeriesCount: 2, partitionCount: 1 });
    const first = await read();
    expect(first.subscriptionChanges.added.map(({ externalId }: Json) => externalId)).toEqual([
      'a',
      'b',
    ]);
    const cursor = first.partitions[0].nextCursor;
    await insert('b', 1, 2);
    await insert('c', 1);
    await insert('a', 3);
    await post('/timeseries/data/delete', {
      items: [{ externalId: 'b', inclusiveBegin: 1, exclusiveEnd: 2 }],
    });
    const second = await read(cursor);
    expect(second.updates).toMatchObject([
      {
        timeSeries: { externalId: 'b', isString: false, type: 'numeric' },
        upserts: [
          { timestamp: 1, value: 1 },
          { timestamp: 2, value: 2 },
        ],
      },
      { timeSeries: { externalId: 'a' }, upserts: [{ timestamp: 3, value: 3 }] },
      { timeSeries: { externalId: 'b' }, deletes: [{ inclusiveBegin: 1, exclusiveEnd: 2 }] },
    ]);
    expect(second.hasNext).toBe(false);
    expect(await read(cursor)).toEqual(second);
    expect((await read(second.partitions[0].nextCursor)).updates).toEqual([]);
  });

  it('give about as much as is asked for, and say that there is more', async () => {
    const { read, insert } = await subscribed({ timeSeriesIds: ['a'] });
    for (const start of [0, 100, 200]) await insert('a', start, start + 1);
    const seen: string[] = [];
    let batch = await read(undefined, { limit: 2 });
    for (; batch.hasNext; batch = await read(batch.partitions[0].nextCursor, { limit: 2 }))
      seen.push(...seriesOf(batch));
    seen.push(...seriesOf(batch));
    expect(seen).toEqual(['a', 'a', 'a']);
  });

  it('follow a filter as series change', async () => {
    const { read, insert, post } = await subscribed({
      filter: { equals: { property: ['metadata', 'kind'], value: 'x' } },
    });
    await insert('a', 1);
    await insert('b', 1);
    expect(seriesOf(await read())).toEqual(['a']);
    await post('/timeseries/update', {
      items: [{ externalId: 'b', update: { metadata: { set: { kind: 'x' } } } }],
    });
    await post('/timeseries/update', {
      items: [{ externalId: 'a', update: { metadata: { set: {} } } }],
    });
    await insert('a', 2);
    await insert('b', 2);
    const batch = await read();
    expect(seriesOf(batch)).toEqual(['a', 'b']);
    expect(batch.subscriptionChanges.removed).toMatchObject([{ externalId: 'a' }]);
    const refused = await post(PATH, {
      items: [
        {
          externalId: 's',
          partitionCount: 1,
          filter: { search: { property: ['name'], value: 'x' } },
        },
      ],
    });
    expect(refused.status).toBe(400);
  });

  it('do not tell what a refused request would have changed', async () => {
    const { read, post } = await subscribed({
      filter: { exists: { property: ['metadata', 'kind'] } },
    });
    const before = await read();
    const items = [
      { externalId: 'b', update: { metadata: { set: { kind: 'y' } } } },
      { externalId: 'nope', update: { name: { set: 'n' } } },
    ];
    expect((await post('/timeseries/update', { items })).status).toBe(400);
    expect(await read()).toEqual(before);
  });

  it('start from now on request, and wake a waiting reader', async () => {
    const { read, insert } = await subscribed({ timeSeriesIds: ['a'] });
    await insert('a', 1);
    const start = await read(undefined, { initializeCursors: 'now' });
    expect(start.updates).toEqual([]);
    const waiting = read(start.partitions[0].nextCursor, { pollTimeoutSeconds: 5 });
    await insert('a', 2);
    expect((await waiting).updates).toMatchObject([{ upserts: [{ timestamp: 2 }] }]);
  });

  it('are listed, changed and deleted', async () => {
    const { post, get, read } = await subscribed({ timeSeriesIds: ['a'] });
    const update = { timeSeriesIds: { add: ['b', 'c'], remove: ['a'] }, name: { set: 'Named' } };
    const changed = await post(`${PATH}/update`, { items: [{ externalId: 'sub', update }] });
    expect(changed.body.items[0]).toMatchObject({ name: 'Named', timeSeriesCount: 2 });
    const members = await get(`${PATH}/members?externalId=sub&limit=1`);
    expect(members.body.items).toMatchObject([{ externalId: 'b' }]);
    expect(
      (await get(`${PATH}/members?externalId=sub&cursor=${members.body.nextCursor}`)).body.items,
    ).toMatchObject([{ externalId: 'c' }]);
    expect((await read()).subscriptionChanges.removed).toMatchObject([{ externalId: 'a' }]);
    expect((await get(PATH)).body.items).toHaveLength(1);
    expect((await post(`${PATH}/byids`, { items: [{ externalId: 'sub' }] })).status).toBe(200);
    expect((await post(`${PATH}/delete`, { items: [{ externalId: 'sub' }] })).body).toEqual({});
    expect((await post(`${PATH}/byids`, { items: [{ externalId: 'sub' }] })).status).toBe(400);
    expect((await post(PATH, { items: [{ externalId: 's', partitionCount: 0 }] })).status).toBe(
      400,
    );
    expect(
      (
        await post(PATH, {
          items: [{ externalId: 's', partitionCount: 1, timeSeriesIds: ['nope'] }],
        })
      ).status,
    ).toBe(400);
  });
});
