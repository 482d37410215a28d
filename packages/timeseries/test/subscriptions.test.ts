import { once } from 'node:events';
import { Readable } from 'node:stream';
import { type CdfError, DecodeError, NotFoundError, TimeoutError, type Transport } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import type { Emulator } from '@cdf/emulator';
import {
  type SubscriptionBatch,
  type SubscriptionCheckpoint,
  SubscriptionsApi,
  TimeSeriesApi,
} from '@cdf/timeseries';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Emulated, emulated } from '../../../tooling/emulators/emulated.js';

const SERIES = 230;

let emulator: Emulator;
let transport: Transport;
let project: Emulated;
let subscriptions: SubscriptionsApi;

const externalIds = Array.from({ length: SERIES }, (_, index) => `s${index}`);

beforeAll(async () => {
  project = await emulated();
  ({ emulator, transport } = project);
  const series = new TimeSeriesApi(transport);
  subscriptions = series.subscriptions;
  await series.create(externalIds.map((externalId) => ({ externalId })));
});

afterAll(() => project[Symbol.asyncDispose]());

async function insert(externalId: string, ...values: number[]): Promise<void> {
  const datapoints = values.map((value) => ({ timestamp: value * 1000, value }));
  await transport.request({
    method: 'POST',
    path: '/timeseries/data',
    body: { items: [{ externalId, datapoints }] },
    idempotent: true,
  });
}

const values = (batches: readonly SubscriptionBatch[]): number[] =>
  batches.flatMap(({ updates }) =>
    updates.flatMap(({ upserts }) => upserts.map(({ value }) => value as number)),
  );

const sleepOf = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

async function collect(loop: AsyncIterable<SubscriptionBatch>): Promise<SubscriptionBatch[]> {
  const batches: SubscriptionBatch[] = [];
  for await (const batch of loop) batches.push(batch);
  return batches;
}

describe('subscriptions', () => {
  it('take more series than one request names, and give them back', async () => {
    emulator.requests.clear();
    const created = await subscriptions.create({
      externalId: 'many',
      partitionCount: 3,
      timeSeriesIds: externalIds,
    });
    expect(created).toMatchObject({
      externalId: 'many',
      partitionCount: 3,
      timeSeriesCount: SERIES,
    });
    expect([...emulator.requests]).toHaveLength(Math.ceil(SERIES / 100));
    const members = await subscriptions.members({ externalId: 'many' });
    expect(new Set(members.map(({ externalId }) => externalId))).toEqual(new Set(externalIds));
    expect(await subscriptions.members({ externalId: 'many' }, { limit: 5 })).toHaveLength(5);
  });

  it('are listed, retrieved, changed and deleted', async () => {
    await subscriptions.create({
      externalId: 'temp',
      name: 'Temp',
      partitionCount: 1,
      timeSeriesIds: ['s0'],
    });
    expect((await subscriptions.list()).map(({ externalId }) => externalId)).toContain('temp');
    const updated = await subscriptions.update({
      externalId: 'temp',
      update: { name: { set: 'Renamed' }, timeSeriesIds: { set: externalIds.slice(0, 150) } },
    });
    expect(updated).toMatchObject({ name: 'Renamed', timeSeriesCount: 150 });
    await subscriptions.update({
      externalId: 'temp',
      update: { timeSeriesIds: { remove: externalIds.slice(0, 149) } },
    });
    expect(await subscriptions.retrieve({ externalId: 'temp' })).toMatchObject({
      timeSeriesCount: 1,
    });
    await subscriptions.delete([{ externalId: 'temp' }]);
    expect(await subscriptions.retrieve({ externalId: 'temp' })).toBeUndefined();
    await expect(subscriptions.delete([{ externalId: 'temp' }])).rejects.toThrow(NotFoundError);
    await subscriptions.delete([{ externalId: 'temp' }], { ignoreUnknownIds: true });
  });

  it('follow a filter', async () => {
    const filter = { prefix: { property: ['externalId'], value: 's1' } } as const;
    await subscriptions.create({ externalId: 'filtered', partitionCount: 1, filter });
    const members = await subscriptions.members({ externalId: 'filtered' });
    expect(members).toHaveLength(externalIds.filter((name) => name.startsWith('s1')).length);
  });
});

describe('consuming a subscription', () => {
  it('gives members first, then what is written and deleted, in the order of writing', async () => {
    await subscriptions.create({
      externalId: 'all',
      partitionCount: 4,
      timeSeriesIds: ['s0', 's1', 's2'],
    });
    await insert('s0', 1, 2);
    await insert('s0', 3);
    await insert('s1', 4);
    const items = [{ externalId: 's0', inclusiveBegin: 0, exclusiveEnd: 1500 }];
    await transport.request({
      method: 'POST',
      path: '/timeseries/data/delete',
      body: { items },
      idempotent: true,
    });
    const batches = await collect(subscriptions.consume({ externalId: 'all' }, { follow: false }));
    expect(
      batches
        .flatMap(({ added }) => added)
        .map(({ externalId }) => externalId)
        .sort(),
    ).toEqual(['s0', 's1', 's2']);
    const own = batches.flatMap(({ updates }) =>
      updates.filter(({ timeSeries }) => timeSeries.externalId === 's0'),
    );
    expect(own.flatMap(({ upserts }) => upserts.map(({ value }) => value))).toEqual([1, 2, 3]);
    expect(own.flatMap(({ deletes }) => deletes)).toEqual([
      { inclusiveBegin: 0, exclusiveEnd: 1500 },
    ]);
    expect(values(batches).sort()).toEqual([1, 2, 3, 4]);
  });

  it('gives bad points the numbers that they have: NaN and the infinities, too', async () => {
    await subscriptions.create({ externalId: 'odd', partitionCount: 1, timeSeriesIds: ['s20'] });
    const datapoints = ['NaN', 'Infinity', '-Infinity', null, 5].map((value, index) => ({
      ...{ timestamp: index, value, status: { symbol: 'Bad' } },
    }));
    await transport.request({
      ...{ method: 'POST', path: '/timeseries/data', idempotent: true },
      body: { items: [{ externalId: 's20', datapoints }] },
    });
    const query = { follow: false, includeStatus: true, ignoreBadDataPoints: false };
    const batches = await collect(subscriptions.consume({ externalId: 'odd' }, query));
    expect(values(batches).map((value) => value ?? null)).toEqual([
      Number.NaN,
      Infinity,
      -Infinity,
      null,
      5,
    ]);
  });

  it('resumes from a checkpoint that went through JSON, and misses and repeats nothing', async () => {
    await subscriptions.create({
      externalId: 'resumed',
      partitionCount: 2,
      timeSeriesIds: ['s10', 's11', 's12'],
    });
    for (let value = 1; value <= 12; value += 1) await insert(`s${10 + (value % 3)}`, value);
    const seen: number[] = [];
    let checkpoint: SubscriptionCheckpoint | undefined;
    for (let turn = 0; turn < 20; turn += 1) {
      const query = {
        follow: false,
        batchSize: 2,
        ...(checkpoint === undefined ? {} : { checkpoint }),
      };
      // Each time one batch is taken, and the consumer starts again as another program would.
      for await (const batch of subscriptions.consume({ externalId: 'resumed' }, query)) {
        seen.push(...values([batch]));
        checkpoint = JSON.parse(JSON.stringify(batch.checkpoint)) as SubscriptionCheckpoint;
        break;
      }
    }
    expect(seen.sort((left, right) => left - right)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
  });

  it('is shared out by partitions', async () => {
    const name = { externalId: 'many' };
    await Promise.all(
      externalIds.slice(0, 30).map((externalId, index) => insert(externalId, index + 100)),
    );
    const parts = await Promise.all(
      [0, 1, 2].map((partition) =>
        collect(subscriptions.consume(name, { partitions: [partition], follow: false })),
      ),
    );
    const all = await collect(subscriptions.consume(name, { follow: false }));
    const numbers = (batches: SubscriptionBatch[]): number[] =>
      values(batches).sort((left, right) => left - right);
    expect(numbers(parts.flat())).toEqual(numbers(all));
    expect(parts.filter((batches) => values(batches).length > 0).length).toBeGreaterThan(1);
  });

  it('waits for what comes, from now on', async () => {
    const name = { externalId: 'live' };
    await subscriptions.create({ ...name, partitionCount: 1, timeSeriesIds: ['s20'] });
    await insert('s20', 1);
    const loop = subscriptions.consume(name, { start: 'now' });
    // The first batch says where "now" is.
    expect((await loop.next()).value).toMatchObject({ updates: [], added: [], removed: [] });
    const next = loop.next();
    await insert('s20', 2);
    expect(values([(await next).value as SubscriptionBatch])).toEqual([2]);
    await loop.return();
  });

  it('gives a checkpoint at once where nothing has happened, so that the next run misses nothing', async () => {
    const name = { externalId: 'runs' };
    await subscriptions.create({ ...name, partitionCount: 2, timeSeriesIds: ['s21'] });
    const heard: number[] = [];
    let checkpoint: SubscriptionCheckpoint | undefined;
    for (const run of [1, 2, 3]) {
      const from = checkpoint === undefined ? { start: 'now' } : { checkpoint };
      for await (const batch of subscriptions.consume(name, { ...from, follow: false })) {
        heard.push(...values([batch]));
        ({ checkpoint } = batch);
      }
      await insert('s21', run);
    }
    expect(heard).toEqual([1, 2]);
  });

  it('gives a checkpoint every hour while nothing happens', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    try {
      let asked = 0;
      const memory = memoryTransport(async () => {
        asked += 1;
        await vi.advanceTimersByTimeAsync(300_000);
        return { updates: [], partitions: [{ index: 0, nextCursor: `c${asked}` }], hasNext: false };
      });
      const loop = new SubscriptionsApi(memory).consume({ externalId: 'x' }, { partitions: [0] });
      const cursors = [];
      for (let batch = 0; batch < 3; batch++)
        cursors.push(((await loop.next()).value as SubscriptionBatch).checkpoint.partitions[0]);
      expect(cursors.map((partition) => partition?.cursor)).toEqual(['c1', 'c14', 'c27']);
      await loop.return();
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends while it waits when it is left', async () => {
    const loop = subscriptions.consume({ externalId: 'live' }, { start: 'now' });
    await loop.next();
    const waiting = loop.next();
    await new Promise((resolve) => setImmediate(resolve));
    await loop.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    const stream = Readable.from(subscriptions.consume({ externalId: 'live' }, { start: 'now' }));
    stream.once('data', () => setImmediate(() => stream.destroy()));
    await once(stream, 'close');
    // A stream that fails throws into the loop that it reads.
    const failing = Readable.from(subscriptions.consume({ externalId: 'live' }, { start: 'now' }));
    failing.once('data', () => setImmediate(() => failing.destroy(new Error('disk full'))));
    await expect(once(failing, 'close')).rejects.toThrow('disk full');
    const early = subscriptions.consume({ externalId: 'live' });
    await early.return();
    expect(await early.next()).toEqual({ done: true, value: undefined });
  });

  it('waits for less time where requests must end sooner', async () => {
    const asked: unknown[] = [];
    const memory = memoryTransport(({ body }) => {
      const { pollTimeoutSeconds } = body as { readonly pollTimeoutSeconds: number };
      asked.push(pollTimeoutSeconds);
      if (pollTimeoutSeconds > 1) throw new TimeoutError('no complete answer within 2000 ms');
      const updates =
        asked.length < 5 ? [] : [{ timeSeries: { id: 1 }, upserts: [{ timestamp: 1, value: 1 }] }];
      return { updates, partitions: [{ index: 0, nextCursor: 'c' }], hasNext: false };
    });
    const api = new SubscriptionsApi(memory);
    const loop = api.consume({ externalId: 'x' }, { partitions: [0] });
    await loop.next();
    expect(values([(await loop.next()).value as SubscriptionBatch])).toEqual([1]);
    expect(asked).toEqual([0, 5, 2, 1, 1]);
    await loop.return();
    asked.length = 0;
    const told = api.consume({ externalId: 'x' }, { partitions: [0] }, { timeoutMs: 3000 });
    await told.next();
    await expect(Promise.race([told.next(), sleepOf(400)])).resolves.toBeUndefined();
    expect(asked.slice(0, 2)).toEqual([0, 1]);
    await told.return();
  });

  it('forgets after an hour that a wait was too long: a connection may have stalled', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    try {
      const asked: number[] = [];
      const memory = memoryTransport(async ({ body }) => {
        asked.push((body as { readonly pollTimeoutSeconds: number }).pollTimeoutSeconds);
        await vi.advanceTimersByTimeAsync(1_000_000);
        if (asked.length === 2) throw new TimeoutError('no complete answer within 2000 ms');
        const updates = asked.length < 7 ? [] : [{ timeSeries: { id: 1 }, upserts: [] }];
        return { updates, partitions: [{ index: 0, nextCursor: 'c' }], hasNext: false };
      });
      const loop = new SubscriptionsApi(memory).consume({ externalId: 'x' }, { partitions: [0] });
      for (let batch = 0; batch < 3; batch++) await loop.next();
      expect(asked).toEqual([0, 5, 2, 2, 2, 2, 5]);
      await loop.return();
    } finally {
      vi.useRealTimers();
    }
  });

  it('fails when a request that does not wait takes too long', async () => {
    const memory = memoryTransport(() => {
      throw new TimeoutError('no complete answer within 2000 ms');
    });
    const loop = new SubscriptionsApi(memory).consume({ externalId: 'x' }, { partitions: [0] });
    await expect(loop.next()).rejects.toThrow(TimeoutError);
  });

  it('ends with its signal', async () => {
    const controller = new AbortController();
    const loop = subscriptions.consume(
      { externalId: 'live' },
      { start: 'now' },
      { signal: controller.signal },
    );
    const waiting = loop.next();
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('says what is wrong before it begins', async () => {
    const checkpoint = { externalId: 'other', partitions: [{ index: 0, cursor: 'c' }] };
    const reasons = async (query: object): Promise<string> =>
      subscriptions
        .consume({ externalId: 'all' }, query)
        .next()
        .then(
          () => '',
          (error: CdfError) => `${error.code}: ${error.message}`,
        );
    expect(await reasons({ checkpoint })).toMatch(/^config: .*belongs to "other"/);
    expect(
      await reasons({ checkpoint: { ...checkpoint, externalId: 'all' }, start: 'now' }),
    ).toMatch(/^config: .*omit partitions/);
    expect(await reasons({ partitions: [-1] })).toMatch(/^config: .*partition/);
    expect(await reasons({ start: 'yesterday' })).toMatch(/^config: .*start/);
    expect(await reasons({ batchSize: 0 })).toMatch(/^config: .*batchSize/);
    expect(await reasons({ batchSize: '10' })).toContain(`got the string "10"`);
    expect(await reasons({ partitions: [] })).toMatch(/^config: .*at least one/);
    expect(await reasons({ partitions: 0 })).toMatch(/^config: .*got 0/);
    expect(await reasons({ partitions: [0, 1, 0] })).toMatch(
      /^config: .*partition 0 is there twice/,
    );
    expect(await reasons({ checkpoint: '{"externalId":"all"}' })).toMatch(/^config: .*JSON\.parse/);
    for (const partitions of [undefined, 'abc', [], [null], [{ index: 0 }], [{ cursor: 'c' }]])
      expect(await reasons({ checkpoint: { externalId: 'all', partitions } })).toMatch(/^config: /);
    expect(await reasons({ checkpoint: null, follow: false })).toBe('');
    await expect(subscriptions.consume({ externalId: 'nowhere' }).next()).rejects.toThrow(
      NotFoundError,
    );
  });

  it('does not go on when the answer loses a partition', async () => {
    const memory = memoryTransport(() => ({
      updates: [],
      partitions: [{ index: 0, nextCursor: 'c' }],
      hasNext: true,
    }));
    const loop = new SubscriptionsApi(memory).consume({ externalId: 'x' }, { partitions: [0, 1] });
    await expect(loop.next()).rejects.toThrow(DecodeError);
  });
});

describe('invalid answers of subscriptions', () => {
  const partitions = [{ index: 0, nextCursor: 'c' }];

  it.each([
    ['an error object', { error: { code: 400 } }],
    ['updates that are an object', { partitions, updates: {} }],
    ['an update without a series', { partitions, updates: [{ upserts: [] }] }],
    [
      'points that are not a list',
      { partitions, updates: [{ timeSeries: { id: 1 }, upserts: 7 }] },
    ],
    ['no partitions', { updates: [], hasNext: false }],
    ['a cursor that is null', { partitions: [{ index: 0, nextCursor: null }], updates: [] }],
  ])('%s ends the loop with a DecodeError', async (_, answer) => {
    const loop = new SubscriptionsApi(memoryTransport(() => answer)).consume(
      { externalId: 'x' },
      { partitions: [0] },
    );
    await expect(loop.next()).rejects.toThrow(DecodeError);
  });

  it('may leave lists out, and repeat a cursor', async () => {
    const memory = memoryTransport(() => ({ partitions, hasNext: false }));
    const query = { partitions: [0], follow: false };
    const [batch, ...more] = await collect(
      new SubscriptionsApi(memory).consume({ externalId: 'x' }, query),
    );
    expect(batch).toEqual({
      updates: [],
      added: [],
      removed: [],
      hasNext: false,
      checkpoint: { externalId: 'x', partitions: [{ index: 0, cursor: 'c' }] },
    });
    expect(more).toEqual([]);
    expect(memory.requests).toHaveLength(1);
  });

  it('that promise more for ever are followed 100 times', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    try {
      const memory = memoryTransport(() => ({ partitions, updates: [], hasNext: true }));
      const loop = new SubscriptionsApi(memory).consume(
        { externalId: 'x' },
        { partitions: [0], follow: false },
      );
      const ended = collect(loop).then(
        () => undefined,
        (error: unknown) => error,
      );
      // A pause between any two requests.
      await vi.advanceTimersByTimeAsync(10 * 250);
      expect(memory.requests.length).toBeLessThanOrEqual(11);
      await vi.advanceTimersByTimeAsync(100 * 250);
      expect(await ended).toBeInstanceOf(DecodeError);
      expect(memory.requests).toHaveLength(100);
    } finally {
      vi.useRealTimers();
    }
  });

  it('are errors when they are about another subscription', async () => {
    const other = memoryTransport(() => ({ items: [{ externalId: 'other' }] }));
    const api = new SubscriptionsApi(other);
    await expect(api.create({ externalId: 'mine', partitionCount: 1 })).rejects.toThrow(
      DecodeError,
    );
    await expect(api.update({ externalId: 'mine', update: {} })).rejects.toThrow(DecodeError);
  });
});
