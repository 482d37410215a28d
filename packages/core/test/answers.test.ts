import {
  ApiError,
  type CdfError,
  DecodeError,
  type Identified,
  Listing,
  LoginApi,
  NotFoundError,
  type ResourceList,
  TokenApi,
} from '@cdf/core';
import { byId, ResourceApi, type ResourceDefinition } from '@cdf/core/resource';
import { type MemoryTransport, memoryTransport } from '@cdf/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPage } from '../src/resources/answers.js';
import { matchAnswers } from '../src/resources/match-answers.js';

interface Thing extends Identified {
  readonly name?: string | undefined;
  readonly lastUpdatedTime?: number | undefined;
}
interface ThingTypes {
  item: Thing;
  list: ResourceList<Thing>;
  create: Omit<Thing, 'id'>;
  update: object;
  filter: object;
  property: string;
  query: { readonly limit?: number; readonly filter?: object };
  scopedQuery: object;
  search: object;
}
const THINGS: ResourceDefinition<Thing> = {
  path: '/things',
  noun: 'things',
  fields: { externalId: 'required', name: 'nullable' },
  order: byId,
};

function connect(answer: Parameters<typeof memoryTransport>[0]): {
  things: ResourceApi<ThingTypes>;
  transport: MemoryTransport;
} {
  const transport = memoryTransport(answer);
  return { things: new ResourceApi<ThingTypes>(transport, THINGS), transport };
}
const failure = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    () => undefined,
    (error: unknown) => error,
  );

const NO_LISTS = [
  ['an error object with status 200', { error: { code: 400, message: 'no' } }],
  ['no body', undefined],
  ['null', null],
  ['a string', 'items'],
  ['a bare array', [{ id: 1 }]],
  ['items that is an object', { items: { 0: { id: 1 } } }],
  ['items that is null', { items: null }],
  ['an item that is null', { items: [{ id: 1 }, null] }],
  ['an item that is a number', { items: [7] }],
  ['an item that is an array', { items: [[{ id: 1 }]] }],
  ['a cursor that is a number', { items: [], nextCursor: 7 }],
] as const;

describe('an answer that is not a list', () => {
  it.each(NO_LISTS)('%s is a DecodeError wherever items are read', async (_, answer) => {
    const { things } = connect(() => answer);
    for (const work of [
      things.list(),
      things.list({ limit: Infinity }),
      things.retrieve({ id: 1 }),
      things.retrieveMultiple([{ id: 1 }]),
      things.search({}),
      things.aggregate.count(),
      things.aggregate.uniqueValues('name'),
    ])
      expect(DecodeError.isInstance(await failure(work))).toBe(true);
  });

  it.each(NO_LISTS)('%s leaves it unknown what a write did', async (_, answer) => {
    const { things } = connect((_spec) => answer);
    for (const work of [
      things.create([{ name: 'a' }]),
      things.update([{ id: 7, update: {} }]),
      things.upsert([{ externalId: 'a' }]),
    ]) {
      const error = await failure(work);
      expect(DecodeError.isInstance(error)).toBe(true);
      expect((error as CdfError).unknown).toHaveLength(1);
      expect((error as CdfError).failed).toEqual([]);
    }
  });
});

describe('what the live API does', () => {
  it('is accepted: unknown fields, null for absent, empty and null cursors', () => {
    const item = { id: 1, color: 'new', name: null };
    for (const nextCursor of [undefined, null, ''])
      expect(readPage({ items: [item], nextCursor, more: 1 }, 'x')).toEqual({ items: [item] });
  });

  it('is accepted: a deletion that is answered with nothing', async () => {
    for (const answer of [undefined, {}, { items: [] }])
      await connect(() => answer).things.delete([{ id: 1 }]);
  });

  it('is accepted: items in another order, and fewer where unknown ids are ignored', async () => {
    const { things } = connect(() => ({ items: [{ id: 3 }, { id: 1 }] }));
    const found = await things.retrieveMultiple([{ id: 1 }, { id: 2 }, { id: 3 }], {
      ignoreUnknownIds: true,
    });
    expect(found.map(({ id }) => id)).toEqual([1, 3]);
    const error = await failure(things.retrieveMultiple([{ id: 1 }, { id: 2 }, { id: 3 }]));
    expect(NotFoundError.isInstance(error) && error.missing).toEqual([{ id: 2 }]);
  });

  it('is accepted: an item that does not repeat the identity, and one named twice', async () => {
    const one = connect(() => ({ items: [{ id: 5 }] })).things;
    expect((await one.retrieve({ externalId: 'a' }))?.id).toBe(5);
    expect(await one.retrieveMultiple([{ externalId: 'a' }])).toHaveLength(1);
    const twice = connect(() => ({ items: [{ id: 5, externalId: 'a' }] })).things;
    expect(await twice.retrieveMultiple([{ id: 5 }, { externalId: 'a' }])).toHaveLength(2);
  });

  it('is accepted: the new external id after an update that changes it', async () => {
    const { things } = connect(() => ({
      items: [
        { id: 2, externalId: 'c' },
        { id: 1, externalId: 'new' },
      ],
    }));
    const updated = await things.update([
      { externalId: 'old', update: { externalId: { set: 'new' } } },
      { externalId: 'c', update: {} },
    ]);
    expect((updated as unknown as Thing[]).map(({ id }) => id)).toEqual([1, 2]);
  });
});

describe('answers about other items', () => {
  it.each([
    ['another id', { id: 1 }, [{ id: 2 }]],
    ['another external id', { externalId: 'a' }, [{ id: 2, externalId: 'b' }]],
    [
      'another instance',
      { instanceId: { space: 's', externalId: 'a' } },
      [{ id: 2, instanceId: { space: 't', externalId: 'a' } }],
    ],
    ['more items than asked', { id: 1 }, [{ id: 1 }, { id: 2 }]],
  ])('are errors when something is retrieved: %s', async (_, identifier, items) => {
    const { things } = connect(() => ({ items }));
    expect(
      DecodeError.isInstance(await failure(things.retrieve(identifier as { id: number }))),
    ).toBe(true);
    const several = things.retrieveMultiple([identifier as { id: number }], {
      ignoreUnknownIds: true,
    });
    expect(DecodeError.isInstance(await failure(several))).toBe(true);
  });

  it('are told from those that were written: these are successful, the others unknown', async () => {
    const { things } = connect(() => ({
      items: [
        { id: 2, externalId: 'b' },
        { id: 9, externalId: 'z' },
      ],
    }));
    const input = [{ externalId: 'a' }, { externalId: 'b' }, { externalId: 'c' }];
    for (const work of [
      things.create(input),
      things.update(input.map((each) => ({ ...each, update: {} }))),
    ]) {
      const error = (await failure(work)) as CdfError;
      expect(DecodeError.isInstance(error)).toBe(true);
      expect(error.successful).toMatchObject([{ externalId: 'b' }]);
      expect(error.unknown).toMatchObject([{ externalId: 'a' }, { externalId: 'c' }]);
    }
  });

  it('are never swapped: a subset in another order is matched, or an error', () => {
    const identities = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(identities, identities, (sent, answered) => {
        const items = answered.map((id) => ({ id }));
        const { results, error } = matchAnswers(
          sent.map((id) => [{ id }]),
          items,
          'x',
          true,
        );
        results.forEach((item, index) => {
          if (item !== undefined) expect(item.id).toBe(sent[index]);
          else expect(answered).not.toContain(sent[index]);
        });
        const isExact =
          sent.length === answered.length && sent.every((id) => answered.includes(id));
        expect(error === undefined).toBe(isExact);
      }),
    );
  });
});

describe('a listing ends, and is whole', () => {
  it.each([
    ['that repeats', () => 'same'],
    ['that alternates', (page: number) => `c${page % 2}`],
  ])('with a cursor %s it is an error, after the items that came', async (_, cursor) => {
    let page = 0;
    const { things, transport } = connect(() => ({
      items: [{ id: ++page }],
      nextCursor: cursor(page),
    }));
    const seen: number[] = [];
    const walk = async (): Promise<void> => {
      for await (const { id } of things.list()) seen.push(id);
    };
    expect(DecodeError.isInstance(await failure(walk()))).toBe(true);
    expect(seen.length).toBeGreaterThan(0);
    expect(transport.requests.length).toBeLessThan(5);
  });

  it('follows 100 empty pages, and no more', async () => {
    const pages = (empty: number): PromiseLike<unknown> => {
      let page = 0;
      const { things } = connect(() =>
        ++page <= empty ? { items: [], nextCursor: `c${page}` } : { items: [{ id: 1 }] },
      );
      return things.list();
    };
    expect(await pages(100)).toHaveLength(1);
    expect(DecodeError.isInstance(await failure(pages(101)))).toBe(true);
  });

  it('asks once for what only the first page had: gone or changed is fine, there and unchanged is an error', async () => {
    const listing = (
      now: readonly Thing[],
    ): { all: PromiseLike<unknown>; transport: MemoryTransport } => {
      const { things, transport } = connect(({ path, body }) => {
        if (path === '/things/byids') return { items: now };
        const { partition } = body as { partition?: string };
        if (partition === undefined)
          return {
            items: [
              { id: 1, lastUpdatedTime: 1 },
              { id: 2, lastUpdatedTime: 1 },
            ],
            nextCursor: 'more',
          };
        return { items: partition === '1/10' ? [{ id: 2, lastUpdatedTime: 1 }] : [] };
      });
      return { all: things.list({ limit: Infinity }), transport };
    };
    expect(await listing([]).all).toHaveLength(1);
    const changed = listing([{ id: 1, lastUpdatedTime: 2 }]);
    expect(await changed.all).toHaveLength(1);
    expect(changed.transport.requests.filter(({ path }) => path === '/things/byids')).toHaveLength(
      1,
    );
    expect(
      DecodeError.isInstance(await failure(listing([{ id: 1, lastUpdatedTime: 1 }]).all)),
    ).toBe(true);
  });

  it('keeps items without an identity apart', async () => {
    let page = 0;
    const source = {
      fetchPage: async () =>
        ++page === 1 ? { items: [{}, {}], nextCursor: 'c' } : { items: [{}] },
      toList: (items: object[]) => items,
      keyOf: (item: { id?: number }) => item.id,
    };
    expect(await new Listing<object>(source)).toHaveLength(3);
  });
});

describe('the inspection of a token', () => {
  it.each([[undefined], [null], [[]], ['x'], [{}], [{ projects: 'all' }]])(
    'that is %j is a DecodeError',
    async (answer) => {
      const transport = memoryTransport(() => answer);
      expect(DecodeError.isInstance(await failure(new TokenApi(transport).inspect()))).toBe(true);
      expect(DecodeError.isInstance(await failure(new LoginApi(transport).status()))).toBe(true);
    },
  );
});

describe('an answer to a write that gives nothing back', () => {
  it.each([
    ['an error with status 200', { error: { code: 500, message: 'no' } }],
    ['an array', []],
    ['a string', 'ok'],
    ['a number', 7],
  ])('is not a success when it is %s', async (_, answer) => {
    const error = await failure(connect(() => answer).things.delete([{ id: 1 }]));
    expect(DecodeError.isInstance(error)).toBe(true);
    expect((error as CdfError).unknown).toEqual([{ id: 1 }]);
  });

  it.each([undefined, null, {}, { items: [] }, { error: null }])(
    'is a success when it is %j',
    async (answer) => {
      await connect(() => answer).things.delete([{ id: 1 }]);
    },
  );
});

describe('what the lying server found', () => {
  it('items beside one that is not an object are successful', async () => {
    const { things } = connect(() => ({ items: [null, { id: 2 }] }));
    const error = (await failure(
      things.update([
        { id: 1, update: {} },
        { id: 2, update: {} },
      ]),
    )) as CdfError;
    expect(error.successful).toEqual([{ id: 2, update: {} }]);
    expect(error.unknown).toEqual([{ id: 1, update: {} }]);
  });

  it('a redirect does not say that a write was refused', () => {
    const delivery = (status: number): string => new ApiError('no', { status }).delivery;
    expect([302, 304, 400, 409, 499, 500, 503].map(delivery)).toEqual([
      ...['unknown', 'unknown', 'refused', 'refused', 'refused', 'unknown', 'unknown'],
    ]);
  });

  it('a row of an aggregate without a count or value is an error', async () => {
    for (const row of [
      {},
      { count: 1 },
      { values: ['a'] },
      { count: 'many', values: ['a'] },
      { count: 1, values: [] },
    ]) {
      const { things } = connect(() => ({ items: [row] }));
      for (const work of [
        things.aggregate.uniqueValues('name'),
        things.aggregate.uniqueProperties(),
      ])
        expect(DecodeError.isInstance(await failure(work))).toBe(true);
    }
  });

  it('a project of a token without a name is an error', async () => {
    for (const project of [null, 'a', 7, [], {}, { projectUrlName: 7 }]) {
      const { transport } = connect(() => ({
        subject: 's',
        projects: [project],
        capabilities: [],
      }));
      for (const work of [new TokenApi(transport).inspect(), new LoginApi(transport).status()])
        expect(DecodeError.isInstance(await failure(work))).toBe(true);
    }
  });

  it('a match that a search gives twice is there once', async () => {
    const { things } = connect(() => ({ items: [{ id: 1 }, { id: 2 }, { id: 1 }] }));
    expect((await things.search({})).map(({ id }) => id)).toEqual([1, 2]);
  });

  it('items without an id do not make partitions look incomplete, and are not lost', async () => {
    const { things } = connect(({ body }) => {
      const { partition, items } = body as { partition?: string; items?: object[] };
      if (items !== undefined) return { items: [] };
      if (partition === undefined) return { items: [{ id: 1 }, {}, { id: 3 }], nextCursor: 'more' };
      return { items: partition === '1/10' ? [{ id: 1 }, {}, { id: 3 }] : [] };
    });
    expect((await things.list({ limit: Infinity })).map(({ id }) => id)).toEqual([1, 3, undefined]);
  });
});
