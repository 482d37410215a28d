import { runInNewContext } from 'node:vm';
import { ConfigError, type Identified, Listing } from '@cdf/core';
import { byId, ResourceApi, type ResourceDefinition } from '@cdf/core/resource';
import { memoryTransport } from '@cdf/core/testing';
import { describe, expect, it } from 'vitest';

interface Thing extends Identified {
  readonly name?: string | undefined;
}
interface ThingTypes {
  item: Thing;
  list: Thing[];
  create: Omit<Thing, 'id'>;
  update: Partial<Thing>;
  filter: object;
  property: 'name';
  query: object;
  scopedQuery: object;
  search: object;
}

/** As a program without types calls it. */
const untyped = (value: unknown): never => value as never;

const THINGS: ResourceDefinition<ThingTypes['item']> = {
  path: '/things',
  noun: 'things',
  fields: { name: 'nullable' },
  order: byId,
};

const transport = memoryTransport(({ body }) => ({
  items: ((body as { items?: object[] }).items ?? []).map((item, index) => ({
    ...item,
    id: index + 1,
  })),
}));
const things = new ResourceApi<ThingTypes>(transport, THINGS);

async function sent(call: () => PromiseLike<unknown>): Promise<unknown[]> {
  const before = transport.requests.length;
  await call();
  return transport.requests
    .slice(before)
    .flatMap(({ body }) => (body as { items: unknown[] }).items);
}

it('objects of classes are items and options, also without members of their own', async () => {
  class Item {
    readonly name = 'A';
  }
  class Options {}
  expect(await sent(() => things.create([new Item()]))).toEqual([{ name: 'A' }]);
  await things.search(new Options());
  await things.delete([{ id: 1 }], new Options());
});

const rows = [
  { externalId: 'a', name: 'A' },
  { externalId: 'b', name: 'B' },
];
const empty = { fetchPage: async () => ({ items: [] }), toList: (items: object[]) => items };

describe('what can be iterated is written as its items', () => {
  it.each([
    ['a set', () => new Set(rows)],
    ['an iterator', () => rows.values()],
    [
      'a generator',
      () =>
        (function* () {
          yield* rows;
        })(),
    ],
  ])('%s', async (_, make) => {
    expect(await sent(() => things.create(untyped(make())))).toEqual(rows);
    expect(await things.create(untyped(make()))).toHaveLength(2);
    expect(await sent(() => things.update(untyped(make())))).toMatchObject([
      { externalId: 'a', update: { name: { set: 'A' } } },
      { externalId: 'b', update: { name: { set: 'B' } } },
    ]);
    expect((await things.upsert(untyped(make()))).items).toHaveLength(2);
    expect(await sent(() => things.delete(untyped(make())))).toEqual([
      { externalId: 'a' },
      { externalId: 'b' },
    ]);
  });

  it('as they are at the call', async () => {
    const set = new Set(rows);
    const created = sent(() => things.create(untyped(set)));
    set.clear();
    expect(await created).toEqual(rows);
  });
});

const WRONG: readonly [what: string, make: () => unknown, message: string][] = [
  ['a promise', () => Promise.resolve(rows), 'got a promise; await it first'],
  ['a listing', () => new Listing(empty, { limit: 5 }), 'await the list first'],
  [
    'an async generator',
    () =>
      (async function* () {
        yield* rows;
      })(),
    'got an async iterable; collect its items first, with for await',
  ],
  ['a date', () => new Date(), 'got Date {  }'],
  ['a function', () => () => rows, 'got Function {  }'],
  ['a string', () => 'ab', 'got the string "ab"'],
  ['a number', () => 5, 'got 5'],
  ['null', () => null, 'got null'],
  ['nothing', () => undefined, 'got undefined'],
];

describe('what has no items is refused, before anything is sent', () => {
  it.each(WRONG)('%s', async (_, make, message) => {
    const before = transport.requests.length;
    for (const method of ['create', 'update', 'upsert'] as const) {
      const write = things[method] as (items: unknown) => Promise<unknown>;
      await expect(write(make())).rejects.toThrow(message);
      const among = `${method} things: item 1: expected an object, got`;
      await expect(write([rows[0], make()])).rejects.toThrow(among);
    }
    await expect(things.delete(untyped(make()))).rejects.toThrow(ConfigError);
    expect(transport.requests).toHaveLength(before);
  });

  it('a map, whose items are pairs', async () => {
    await expect(things.create(untyped(new Map([['a', rows[0]]])))).rejects.toThrow(
      'create things: item 0: expected an object, got an array',
    );
  });

  it('a hole of an array', async () => {
    const holed: object[] = [];
    holed[1] = { externalId: 'a' };
    await expect(things.create(untyped(holed))).rejects.toThrow('item 0: expected an object');
  });

  it.each([undefined, null, 5, 'text', []])('a patch that is none: %j', async (update) => {
    for (const method of ['update', 'upsert'] as const)
      await expect(things[method](untyped([{ id: 1, update }]))).rejects.toThrow(
        'update: expected an object of changes, got',
      );
  });

  it.each([5, 'text', true, ['a']])('a change that is none: %j', async (name) => {
    await expect(things.update(untyped({ id: 1, update: { name } }))).rejects.toThrow(
      'update: name: expected an object such as { set: … }, got',
    );
  });

  it.each([
    ['null', () => null, 'got null'],
    ['a promise', () => Promise.resolve({}), 'got Promise {  }'],
    ['a map', () => new Map(), 'got'],
  ])('a query that is none: %s', async (_, make, message) => {
    const before = transport.requests.length;
    await expect(things.search(untyped(make()))).rejects.toThrow(message);
    await expect(things.aggregate.count(untyped(make()))).rejects.toThrow(message);
    await expect(things.update({ id: 1, name: 'a' }, untyped(make()))).rejects.toThrow(message);
    expect(transport.requests).toHaveLength(before);
  });

  it('a list without options, by null', async () => {
    await expect(things.list(untyped(null))).rejects.toThrow(
      'list things: options must be an object, got null',
    );
  });
});

it('takes literals of another realm, such as a frame', async () => {
  const [row, query, options] = runInNewContext('[{ name: "a" }, {}, {}]') as [
    object,
    object,
    object,
  ];
  expect(await sent(() => things.create(untyped(row), options))).toEqual([{ name: 'a' }]);
  expect(await things.search(query, options)).toEqual([]);
  expect(await sent(() => things.create(untyped(query)))).toEqual([{}]);
});
