import { memoryTransport } from '@cdf/core/testing';
import { TimeSeriesApi } from '@cdf/timeseries';
import { expect, it } from 'vitest';

/** As a program without types calls it. */
const untyped = (value: unknown): never => value as never;

const transport = memoryTransport(({ body }) => ({
  items: ((body as { items?: object[] })?.items ?? []).map((item) => ({ ...item, id: 1 })),
}));
const series = new TimeSeriesApi(transport);
const { subscriptions } = series;

async function sent(call: () => Promise<unknown>): Promise<unknown[]> {
  const before = transport.requests.length;
  await call();
  return transport.requests
    .slice(before)
    .flatMap(({ body }) => (body as { items: unknown[] }).items);
}

const instanceId = { space: 'acme', externalId: 'a' };
const node = { ...instanceId, version: 1, createdTime: 1, lastUpdatedTime: 1, name: 'A' };
const name = { externalId: 'pumps' };

it('nodes are sent by their names', async () => {
  const created = { ...name, partitionCount: 1, instanceIds: [node] };
  expect(await sent(() => subscriptions.create(created))).toEqual([
    { ...name, partitionCount: 1, instanceIds: [instanceId] },
  ]);
  for (const change of ['add', 'set'] as const) {
    const update = { instanceIds: { [change]: [node] } } as never;
    expect(await sent(() => subscriptions.update({ ...name, update }))).toEqual([
      { ...name, update: { instanceIds: { [change]: [instanceId] } } },
    ]);
  }
});

it('also those that come after the first hundred', async () => {
  const instanceIds = Array.from({ length: 101 }, (_, index) => ({
    ...node,
    externalId: `n${index}`,
  }));
  const requests = await sent(() =>
    subscriptions.create({ ...name, partitionCount: 1, instanceIds }),
  );
  expect(requests).toHaveLength(2);
  expect(requests[1]).toEqual({
    ...name,
    update: { instanceIds: { add: [{ space: 'acme', externalId: 'n100' }] } },
  });
});

it('a set of names is the array of its items', async () => {
  const timeSeriesIds = untyped(new Set(['s1']));
  expect(
    await sent(() => subscriptions.create({ ...name, partitionCount: 1, timeSeriesIds })),
  ).toMatchObject([{ timeSeriesIds: ['s1'] }]);
  expect(await sent(() => subscriptions.delete(untyped(new Set([name]))))).toEqual([name]);
});

it.each<[string, () => PromiseLike<unknown>, string]>([
  ['create of nothing', () => subscriptions.create(untyped(undefined)), 'expected the externalId'],
  [
    'create with a promise of series',
    () =>
      subscriptions.create(untyped({ ...name, partitionCount: 1, instanceIds: Promise.resolve() })),
    'instanceIds: expected an array, got Promise',
  ],
  [
    'create with classic names of nodes',
    () => subscriptions.create(untyped({ ...name, partitionCount: 1, instanceIds: ['a'] })),
    'instanceIds[0]: instanceId needs a space and an externalId',
  ],
  ['update of nothing', () => subscriptions.update(untyped(null)), 'expected the externalId'],
  ['update without changes', () => subscriptions.update(untyped(name)), 'expected an object of'],
  [
    'update of a list by an array',
    () => subscriptions.update(untyped({ ...name, update: { timeSeriesIds: ['s1'] } })),
    'update: timeSeriesIds: expected { add, remove } or { set }, got an array',
  ],
  ['delete of nothing', () => subscriptions.delete(untyped(undefined)), 'expected an array'],
  ['delete of one', () => subscriptions.delete(untyped(name)), 'expected an array'],
  ['delete of a promise', () => subscriptions.delete(untyped(Promise.resolve([]))), 'expected an'],
  ['delete of no name', () => subscriptions.delete(untyped([undefined])), 'expected the external'],
  [
    'delete, misspelt',
    () => subscriptions.delete([name], untyped({ ignoreUnknownId: true })),
    'delete subscriptions: unknown name "ignoreUnknownId"; did you mean ignoreUnknownIds?',
  ],
  [
    'retrieve of nothing',
    () => subscriptions.retrieve(untyped(undefined)),
    'expected the external',
  ],
  [
    'list, misspelt',
    () => subscriptions.list(untyped({ limt: 1 })),
    'list subscriptions: unknown name "limt"; did you mean limit?',
  ],
  ['list by null', () => subscriptions.list(untyped(null)), 'expected an object of options'],
  [
    'members, of the call',
    () => subscriptions.members(name, untyped({ timeoutMs: 1 })),
    'list subscriptions: timeoutMs is a call option; pass it in the last argument',
  ],
  [
    'consume, misspelt',
    () => subscriptions.consume(name, untyped({ folow: false })).next(),
    'consume: unknown name "folow"; did you mean follow?',
  ],
  [
    'a list of time series by null',
    () => series.list(untyped(null)),
    'must be an object, got null',
  ],
])('refuses, before anything is sent: %s', async (_, call, message) => {
  const before = transport.requests.length;
  await expect(call()).rejects.toThrow(message);
  expect(transport.requests).toHaveLength(before);
});
