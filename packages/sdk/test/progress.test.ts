import type { CallOptions } from '@cdf/core';
import { startEmulator } from '@cdf/emulator';
import { CdfClient, CdfError, OAuthClientCredentials } from '@cdf/sdk';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';

let emulator: Awaited<ReturnType<typeof startEmulator>>;
let client: CdfClient;
let ids: { readonly id: number }[];
const COUNT = 1100;
const START = Date.UTC(2026, 0, 1);

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
  await client.assets.create({ name: 'plant', externalId: 'plant' });
  const assets = await client.assets.create(
    items.map(({ externalId }) => ({ name: externalId, externalId, parentExternalId: 'plant' })),
  );
  ids = assets.map(({ id }) => ({ id }));
  await client.events.create(assets.map(({ id }) => ({ type: 'trip', assetIds: [id] })));
  await client.timeSeries.create({ externalId: 'p', name: 'pressure' });
  const timestamps = Array.from({ length: 12_000 }, (_, index) => START + index * 1000);
  await client.datapoints.insert(
    { externalId: 'p' },
    { timestamps, values: timestamps.map((_, index) => index) },
  );
});

afterAll(async () => {
  await client.close();
  await emulator.close();
});

type Call = [done: number, total: number | undefined];

/** The progress that a call reports, in order. */
async function reported(call: (options: CallOptions) => unknown): Promise<Call[]> {
  const calls: Call[] = [];
  const result = call({ onProgress: (done, total) => calls.push([done, total]) });
  if (
    typeof result === 'object' &&
    result !== null &&
    Symbol.asyncIterator in result &&
    !('then' in result)
  )
    for await (const _ of result as AsyncIterable<unknown>);
  else await result;
  return calls;
}

const all = { limit: Infinity };
const items = Array.from({ length: COUNT }, (_, index) => ({ externalId: `a${index}` }));
const named = (prefix: string) =>
  items.map(({ externalId }) => ({ externalId: prefix + externalId, name: prefix }));
const row = (timestamp: number) => ({ externalId: 'p', timestamp, value: 1 });

describe('every call reports in one shape', () => {
  it('of a number and a total, or undefined', () => {
    expectTypeOf<NonNullable<CallOptions['onProgress']>>().toEqualTypeOf<
      (done: number, total: number | undefined) => void
    >();
  });

  it.each<[name: string, total: number, steps: number, call: (options: CallOptions) => unknown]>([
    [
      'a list of everything, in partitions',
      COUNT + 1,
      10,
      (options) => client.assets.list(all, options),
    ],
    ['a list with a limit', 1050, 2, (options) => client.assets.list({ limit: 1050 }, options)],
    ['a list in a loop', COUNT + 1, 2, (options) => client.assets.list({}, options).byPage()],
    ['a list of one page', 1, 1, (options) => client.timeSeries.list(all, options)],
    ['a list of nothing', 0, 1, (options) => client.files.list(all, options)],
    [
      'a list of many filters',
      COUNT,
      5,
      (options) => client.events.listByAssets({ reach: 'self', assets: ids }, {}, options),
    ],
    ['retrieveMultiple', COUNT, 2, (options) => client.assets.retrieveMultiple(items, {}, options)],
    ['create', COUNT, 2, (options) => client.assets.create(named('c'), options)],
    ['upsert', COUNT, 2, (options) => client.assets.upsert(named('u'), {}, options)],
    [
      'delete',
      COUNT,
      2,
      (options) =>
        client.assets.delete(
          named('u').map(({ externalId }) => ({ externalId })),
          {},
          options,
        ),
    ],
    [
      'createHierarchy',
      COUNT,
      2,
      (options) => client.assets.createHierarchy(named('h'), {}, options),
    ],
    [
      'points of a series',
      12_000,
      1,
      (options) => client.datapoints.retrieve({ externalId: 'p', start: START }, options),
    ],
    [
      'aggregates',
      200,
      1,
      (options) =>
        client.datapoints.retrieve(
          {
            externalId: 'p',
            start: START,
            end: START + 1.2e7,
            aggregates: ['average'],
            granularity: '1m',
          },
          options,
        ),
    ],
    [
      'a stream of points',
      12_000,
      1,
      (options) => client.datapoints.stream({ externalId: 'p', start: START }, options),
    ],
    [
      'insertMany',
      3,
      1,
      (options) => client.datapoints.insertMany([row(1), row(2), row(3)] as never, options),
    ],
    [
      'insertFrom',
      3,
      2,
      (options) => client.datapoints.insertFrom([row(1), row(2), row(3)], options),
    ],
    [
      'an upload',
      5_000_000,
      2,
      (options) =>
        client.files.upload(
          new Blob([new Uint8Array(5e6)]),
          { name: 'f', externalId: 'f' },
          options,
        ),
    ],
    ['a download', 5_000_000, 2, (options) => client.files.download({ externalId: 'f' }, options)],
  ])('%s', async (_name, total, steps, call) => {
    const calls = await reported(call);
    expect(calls.length).toBeGreaterThanOrEqual(steps);
    calls.forEach(([done, given], index) => {
      expect(Number.isInteger(done)).toBe(true);
      expect(done).toBeGreaterThanOrEqual(calls[index - 1]?.[0] ?? 0);
      // A total is a fact: the same whenever it is told, and the count at the end.
      expect([undefined, total]).toContain(given);
    });
    expect(calls.at(-1)).toEqual([total, total]);
  });

  it('and goes on where the callback returns a promise that is rejected', async () => {
    const rejected: unknown[] = [];
    const note = (reason: unknown): unknown => rejected.push(reason);
    process.on('unhandledRejection', note);
    const options = { onProgress: () => Promise.reject(new Error('the disk is full')) as never };
    try {
      await client.assets.list(all, options);
      await client.assets.update([{ id: ids[0]?.id as number, description: 'x' }], {}, options);
      await client.files.upload(new Uint8Array(100_000), { name: 'f' }, options);
      await new Promise((resolve) => setTimeout(resolve, 10));
    } finally {
      process.off('unhandledRejection', note);
    }
    expect(rejected).toEqual([]);
  });

  it('and ends a list with what the callback throws as the cause, once', async () => {
    for (const query of [all, { limit: 1050 }, {}]) {
      const thrown = new Error('the window is closed');
      let calls = 0;
      const onProgress = (): void => {
        calls++;
        throw thrown;
      };
      const error = await client.assets.list(query, { onProgress }).then(
        () => undefined,
        (failure: unknown) => failure,
      );
      expect(CdfError.isInstance(error) && error.message).toBe(
        'onProgress threw: the window is closed',
      );
      expect((error as CdfError).cause).toBe(thrown);
      expect(calls).toBe(1);
    }
  });
});
