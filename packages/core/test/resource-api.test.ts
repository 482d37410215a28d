import {
  ConfigError,
  type Identified,
  type ListQuery,
  type PatchOf,
  type ScopedQuery,
  type UpdateOf,
} from '@cdf/core';
import { byId, ResourceApi, type ResourceClass, type ResourceDefinition } from '@cdf/core/resource';
import { type MemoryTransport, memoryTransport } from '@cdf/core/testing';
import { describe, expect, it } from 'vitest';

interface Thing extends Identified {
  readonly name?: string | undefined;
  readonly startTime?: number | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly createdTime?: number | undefined;
}
interface ThingFilter {
  readonly name?: string | undefined;
  readonly assetIds?: readonly number[] | undefined;
}
type ThingCreate = Omit<Thing, 'id' | 'startTime'> & {
  readonly startTime?: number | string | undefined;
};
interface ThingTypes {
  item: Thing;
  list: Thing[];
  create: ThingCreate;
  update: UpdateOf<ThingCreate, PatchOf<ThingCreate>>;
  filter: ThingFilter;
  property: 'name';
  query: ListQuery<ThingFilter, 'name', 'name'>;
  scopedQuery: ScopedQuery<ListQuery<ThingFilter, 'name', 'name'>>;
  search: { readonly search?: { readonly name: string } | undefined };
}

const THINGS: ResourceDefinition<Thing> = {
  path: '/things',
  noun: 'things',
  fields: { name: 'nullable', startTime: 'time', labels: 'labels' },
  order: byId,
  options: { list: ['sort'], delete: ['recursive'] },
};

function connect(definition = THINGS): {
  things: ResourceApi<ThingTypes>;
  transport: MemoryTransport;
} {
  const transport = memoryTransport(({ body }) => ({
    items: ((body as { items?: object[] }).items ?? [{}]).map((item, index) => ({
      ...item,
      id: index + 1,
      count: 3,
    })),
  }));
  return { things: new ResourceApi<ThingTypes>(transport, definition), transport };
}

describe('a whole object whose field is misspelt', () => {
  it.each([
    [{ id: 1, naem: 'pump' }, 'name'],
    [{ id: 1, updates: { name: { set: 'pump' } } }, 'update'],
    [{ id: 1, label: ['a'] }, 'labels'],
  ])('does not change nothing in silence: %j is refused', async (item, meant) => {
    const { things, transport } = connect();
    const call = things.update([{ id: 2, name: 'a' }, item] as never);
    await expect(call).rejects.toThrow(`update things: [1]: unknown name "`);
    await expect(call).rejects.toThrow(`did you mean ${meant}?`);
    await expect(things.upsert([item] as never)).rejects.toThrow(`did you mean ${meant}?`);
    expect(transport.requests).toEqual([]);
  });

  it('may have others, also like ours: what CDF added, and what belongs to the program', async () => {
    const { things, transport } = connect();
    const read = { id: 1, name: 'pump', createdTime: 5, lastUpdatedTime: 6, externalId: 'a' };
    const own = { isRead: true, colour: 'red', label: 'a', names: [], startTimes: [] };
    await things.update([
      { ...read, ...own },
      { id: 2, colour: 'red' },
    ] as never);
    expect(transport.requests.map(({ body }) => body)).toEqual([
      {
        items: [
          { id: 1, update: { name: { set: 'pump' } } },
          { id: 2, update: {} },
        ],
      },
    ]);
  });
});

describe('a map inside of an argument', () => {
  const map = new Map([['plant', 'A']]);
  it.each<[string, (things: ReturnType<typeof connect>['things']) => PromiseLike<unknown>]>([
    ['a filter', (things) => things.list({ filter: { metadata: map } as never })],
    [
      'a filter of a count',
      (things) => things.aggregate.count({ filter: { metadata: map } as never }),
    ],
    ['an item to create', (things) => things.create([{ metadata: map }] as never)],
    ['a whole object', (things) => things.update([{ id: 1, metadata: map }] as never)],
    [
      'a patch',
      (things) => things.update([{ id: 1, update: { metadata: { set: map } } }] as never),
    ],
    ['one item', (things) => things.update({ id: 1, metadata: Promise.resolve({}) } as never)],
  ])('is not taken for an empty object: in %s', async (_, call) => {
    const { things, transport } = connect();
    await expect(Promise.resolve(call(things))).rejects.toThrow(/metadata.*(object|promise)/);
    expect(transport.requests).toEqual([]);
  });
});

describe('a resource', () => {
  it('sends what its definition says: path, times in milliseconds, no fields that CDF sets', async () => {
    const { things, transport } = connect();
    await things.create({ name: 'a', startTime: '1970-01-01T00:00:05Z', createdTime: 1 });
    await things.update({ id: 1, update: { startTime: { set: '1970-01-01T00:00:06Z' } } });
    await things.update([{ id: 1, name: 'b' }], { mode: 'replace' });
    expect(
      transport.requests.map(({ path, body, lane, idempotent }) => [path, body, lane, idempotent]),
    ).toEqual([
      ['/things', { items: [{ name: 'a', startTime: 5000 }] }, 'write', false],
      [
        '/things/update',
        { items: [{ id: 1, update: { startTime: { set: 6000 } } }] },
        'write',
        true,
      ],
      [
        '/things/update',
        {
          items: [
            {
              id: 1,
              update: { name: { set: 'b' }, startTime: { setNull: true }, labels: { set: [] } },
            },
          ],
        },
        'write',
        true,
      ],
    ]);
  });

  it('has methods that work detached', async () => {
    const { list, retrieve, create, aggregate } = connect().things;
    expect(await list()).toHaveLength(1);
    expect((await retrieve({ id: 1 }))?.id).toBe(1);
    expect(await create([{ name: 'a' }, { name: 'b' }])).toHaveLength(2);
    const { count } = aggregate;
    expect(await count()).toBe(3);
  });

  it('does not show methods in loops and copies, and binds them once', () => {
    const { things } = connect();
    expect(things.list).toBe(things.list);
    expect(Object.keys(things)).toEqual(['aggregate']);
  });

  it('lacks the methods that its definition excludes, in types by the class', () => {
    const Limited: ResourceClass<
      Thing,
      Pick<ResourceApi<ThingTypes>, 'list' | 'delete'>
    > = ResourceApi<ThingTypes>;
    class LimitedApi extends Limited {}
    const api = new LimitedApi(memoryTransport({}), { ...THINGS, without: ['upsert'] });
    expect(api).not.toHaveProperty('upsert', expect.any(Function));
    // @ts-expect-error: the class does not show it
    expect(api.upsert).toBeUndefined();
  });
});

describe('options in plain JavaScript', () => {
  const { things, transport } = connect();
  const call = (method: keyof typeof things, ...values: unknown[]): Promise<unknown> =>
    (async () => (things[method] as (...values: unknown[]) => unknown)(...values))();

  it.each<[keyof typeof things, unknown[], string]>([
    ['list', [{ limt: 1 }], 'list things: unknown name "limt"; did you mean limit?'],
    [
      'list',
      [{ advancedFilter: {} }],
      'list things: unknown name "advancedFilter"; known names: filter, limit, sort',
    ],
    [
      'list',
      [{ signal: null }],
      'list things: signal is a call option; pass it in the last argument',
    ],
    ['list', [{ name: 'a' }], 'list things: name belongs in filter: { filter: { name } }'],
    ['list', [[{ limit: 1 }]], 'list things: options must be an object, got an array'],
    ['list', ['limit'], 'list things: options must be an object, got "limit"'],
    [
      'listByAssets',
      [{ reach: 'self', assets: [] }, { limits: 1 }],
      'list things: unknown name "limits"; did you mean',
    ],
    ['retrieve', [{ id: 1 }, { timeout: 1 }], 'timeoutMs'],
    [
      'retrieveMultiple',
      [[{ id: 1 }], { ignoreUnknownID: true }],
      'did you mean ignoreUnknownIds?',
    ],
    ['search', [{ serach: { name: 'a' } }], 'did you mean search?'],
    ['create', [{ name: 'a' }, { timeoutms: 1 }], 'timeoutMs'],
    ['update', [{ id: 1, name: 'a' }, { modus: 'patch' }], 'did you mean mode?'],
    ['upsert', [[{ id: 1 }], { onProgress: null }], 'upsert things: onProgress is a call option'],
    ['delete', [[{ id: 1 }], { recursiv: true }], 'did you mean recursive?'],
  ])('%s(%j) is a ConfigError, without a request', async (method, values, message) => {
    const sent = transport.requests.length;
    const error = await call(method, ...values).catch((thrown: unknown) => thrown);
    expect(ConfigError.isInstance(error), String(error)).toBe(true);
    expect((error as Error).message).toContain(message);
    expect(
      transport.requests
        .filter((_, index) => index >= sent)
        .filter(({ path }) => path !== '/things/byids'),
    ).toEqual([]);
  });

  it('are those of the aggregates too', async () => {
    const { count } = things.aggregate;
    await expect(count({ fitler: {} } as never)).rejects.toThrow('did you mean filter?');
    await expect(count({ name: 'a' } as never)).rejects.toThrow('name belongs in filter');
  });
});

it('a misspelt identifier is an error that says which name was meant, before anything is sent', async () => {
  const { things, transport } = connect();
  const wrong = { externalID: 'x' } as never;
  const meant = 'did you mean externalId?';
  await expect(things.retrieve(wrong)).rejects.toThrow(meant);
  await expect(things.retrieveMultiple([wrong])).rejects.toThrow(meant);
  await expect(things.delete([wrong])).rejects.toThrow(meant);
  await expect(things.update([wrong])).rejects.toThrow(meant);
  await expect(things.upsert([wrong])).rejects.toThrow(meant);
  expect(transport.requests).toHaveLength(0);
});
