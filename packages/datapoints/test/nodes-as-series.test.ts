import { memoryTransport } from '@cdf/core/testing';
import { DatapointsApi, type SeriesInput, seriesCount } from '@cdf/datapoints';
import { describe, expect, it } from 'vitest';

const ROW = { timestamp: 1, value: 2 };

/** As a program without types calls it. */
const untyped = (value: unknown): never => value as never;

const transport = memoryTransport(() => ({ items: [] }));
const datapoints = new DatapointsApi(transport);

/** What is said of a series besides its name, in every request of a call. */
async function sent(call: () => Promise<unknown>): Promise<unknown[]> {
  const before = transport.requests.length;
  await call().catch((error: unknown) => {
    // The server gives no points.
    if (transport.requests.length === before) throw error;
  });
  return transport.requests
    .slice(before)
    .flatMap(({ body }) => (body as { items: unknown[] }).items);
}

const instanceId = { space: 'acme', externalId: 'a' };
const members = { ...instanceId, version: 1, createdTime: 1, lastUpdatedTime: 1 };
/** Properties of a view that are called like options of calls. */
const options = {
  ...{ limit: 3, end: 5, before: 7, targetUnit: 'bar', timeZone: 'hall 4', granularity: 'fine' },
  ...{
    aggregates: 'many',
    isString: true,
    items: 12,
    cursor: 'left',
    start: 1,
    ignoreUnknownIds: 1,
  },
  ...{ limits: 1, strat: 2 },
};
/** A node with methods, as `nodes(…, { relations })` reads it. */
const read = (properties: object): never =>
  untyped(Object.assign(Object.create({ datapoints: () => {} }), members, properties));

describe('the members of a node as it was read are no options', () => {
  it.each([
    ['retrieve', () => datapoints.retrieve(read(options))],
    ['retrieve of several', () => datapoints.retrieve({ items: [read(options)] })],
    ['retrieveLatest', () => datapoints.retrieveLatest(read(options))],
    ['retrieveLatest of several', () => datapoints.retrieveLatest({ items: [read(options)] })],
    ['stream', () => datapoints.stream(read(options))[Symbol.asyncIterator]().next()],
  ])('of %s', async (_, call) => {
    const [item] = (await sent(call)) as [object];
    expect(item).toMatchObject({ instanceId });
    const said: unknown[] = Object.values(item);
    expect(Object.values(options).filter((value) => said.includes(value))).toStrictEqual([]);
  });

  it('of deleteRange, which needs a start and an end of its own', async () => {
    await expect(datapoints.deleteRange(read(options))).rejects.toThrow(
      'range: start and end are required',
    );
    const range = { instanceId: read(options), start: 1, end: 2 };
    expect(await sent(() => datapoints.deleteRange(range))).toStrictEqual([
      { instanceId, inclusiveBegin: 1, exclusiveEnd: 2 },
    ]);
  });

  it.each([
    [{ datapoints: [[1, 2]] }],
    [{ timestamps: [1], values: [2] }],
    [{ timestamp: 1, value: 2 }],
  ])('of insertMany: %j', async (points) => {
    await expect(datapoints.insertMany([read(points)])).rejects.toThrow(
      'instanceId "acme"/"a": a node has no points; write { instanceId: node, datapoints: … }',
    );
  });

  it('of seriesCount, where isString is a property of the view', async () => {
    const series = Object.assign(Object.create({}), members, { isString: true });
    expect(await sent(() => seriesCount(datapoints)(series)())).toMatchObject([{ instanceId }]);
  });
});

describe('a copy of a node with a member that is called like an option is refused', () => {
  it.each([
    ['retrieve', () => datapoints.retrieve({ ...members, start: 1, limit: 2 }), 'query', 'start'],
    [
      'retrieve of several',
      () => datapoints.retrieve({ items: [{ ...members }, { ...members, limit: 0 }] }),
      'items[1]',
      'limit',
    ],
    [
      'retrieve of a node with items',
      () => datapoints.retrieve(untyped({ ...members, items: [] })),
      'query',
      'items',
    ],
    [
      'retrieveLatest',
      () => datapoints.retrieveLatest({ items: [{ ...members, before: 5 }] }),
      'query',
      'before',
    ],
    [
      'retrieve, of the kind of values',
      () => datapoints.retrieve({ ...members, isString: true }),
      'query',
      'isString',
    ],
    [
      'stream',
      () =>
        datapoints
          .stream(untyped({ ...members, cursor: 5 }))
          [Symbol.asyncIterator]()
          .next(),
      'query',
      'cursor',
    ],
    [
      'deleteRange',
      () => datapoints.deleteRange({ ...members, start: 1, end: 2 }),
      'range',
      'start',
    ],
    [
      'insertMany with columns',
      () =>
        datapoints.insertMany([
          untyped({ ...members, timestamps: [1], values: [2], statuses: [] }),
        ]),
      'instanceId "acme"/"a"',
      'statuses',
    ],
    [
      'insertMany with a row',
      () => datapoints.insertMany([untyped({ ...members, timestamp: 1, value: 2 })]),
      'instanceId "acme"/"a"',
      'timestamp',
    ],
    [
      'insertMany with two forms',
      () =>
        datapoints.insertMany([
          untyped({ ...members, datapoints: [], timestamps: [], values: [] }),
        ]),
      'instanceId "acme"/"a"',
      'timestamps',
    ],
  ])('of %s', async (_, call, what, name) => {
    const before = transport.requests.length;
    await expect(call()).rejects.toThrow(
      `${what}: "${name}" may be an option or a property of the node; write { instanceId: node, ${name}: … }`,
    );
    expect(transport.requests).toHaveLength(before);
  });

  it('but not for other members', async () => {
    const node = { ...members, limits: 5, strat: 2, name: 'a', limit: undefined, before: null };
    expect(await sent(() => datapoints.retrieve(untyped(node)))).toMatchObject([{ instanceId }]);
    const latest = { items: [untyped(node)] };
    expect(await sent(() => datapoints.retrieveLatest(latest))).toMatchObject([{ instanceId }]);
  });

  it.each<[object]>([
    [{ datapoints: [[1, 2]], dataPoint: 5, values: [7, 8], status: 'open' }],
    [{ timestamps: [1], values: [2], status: 'open', value: 7, isString: false, statusses: 4 }],
  ])('nor with points: %j', async (points) => {
    const statusless = [{ ...members, ...points }] as unknown as SeriesInput[];
    const text = await bytes(() => datapoints.insertMany(statusless));
    expect(text).toContain('acme');
  });
});

it('takes a space and an external id with options that are no copy of a node', async () => {
  const query = { ...instanceId, start: 1, end: 9, limit: 2 };
  expect(await sent(() => datapoints.retrieve(query))).toMatchObject([
    { instanceId, start: 1, end: 9 },
  ]);
  await expect(datapoints.retrieve(untyped({ ...instanceId, strat: 1 }))).rejects.toThrow(
    'query: unknown name "strat"; did you mean start?',
  );
});

it('takes the options of a query of a class of its own, with the name of a node', async () => {
  class Query {
    readonly space = 'acme';
    readonly externalId = 'a';
    readonly start = 1;
    readonly end = 9;
  }
  expect(await sent(() => datapoints.retrieve(new Query()))).toMatchObject([
    { instanceId, start: 1, end: 9 },
  ]);
  class Row {
    readonly space = 'acme';
    readonly externalId = 'a';
    readonly timestamp = 1;
    readonly value = 2;
  }
  const expected = await bytes(() => datapoints.insertMany([{ instanceId, datapoints: [ROW] }]));
  expect(await bytes(() => datapoints.insertFrom([new Row()]))).toBe(expected);
});

it('takes rows of nodes for no classic series of the same external id', async () => {
  const rows = [
    { externalId: 'a', timestamp: 1, value: 1 },
    { ...instanceId, timestamp: 2, value: 2 },
    { ...instanceId, timestamp: 3, value: 3 },
  ];
  const apart = [
    { externalId: 'a', datapoints: [[1, 1]] },
    {
      instanceId,
      datapoints: [
        [2, 2],
        [3, 3],
      ],
    },
  ] as unknown as SeriesInput[];
  const expected = await bytes(() => datapoints.insertMany(apart));
  expect(await bytes(() => datapoints.insertFrom(rows))).toBe(expected);
});

/** What a call writes, as far as it is text. */
async function bytes(call: () => Promise<unknown>): Promise<string> {
  const accepting = transport.requests.length;
  await call();
  return transport.requests
    .slice(accepting)
    .map(({ body }) => new TextDecoder().decode(body as Uint8Array))
    .join();
}

it('knows copies of nodes of another realm, such as a frame', async () => {
  // Its literals have a prototype of their own, which has none.
  const copy = Object.assign(Object.create(Object.create(null)), members, { limit: 3 });
  await expect(datapoints.retrieve(copy)).rejects.toThrow('query: "limit" may be an option');
});
