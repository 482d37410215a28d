import { memoryTransport } from '@cdf/core/testing';
import {
  type AnyView,
  DataModelingApi,
  diff,
  nodes,
  type Property,
  p,
  push,
  toDefinitions,
  view,
} from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Project, startProject } from './project.js';

let project: Project;
beforeAll(async () => {
  project = await startProject({}, []);
});
afterAll(() => project[Symbol.asyncDispose]());

const texts = (count: number, prefix = 'p') =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${prefix}${index}`, p.text().optional()]),
  );

describe('views beyond the limits of the API', () => {
  const parts = (count: number): AnyView[] =>
    Array.from({ length: count }, (_, index) =>
      view('acme', `Part${index}`, 'v1', texts(31, `p${index}x`)),
    );
  it.each<[string, () => readonly AnyView[], string]>([
    [
      'more properties than a container takes',
      () => [view('acme', 'Large', 'v1', texts(101))],
      'container acme:Large would have 101 properties',
    ],
    [
      'more properties than a view takes',
      () => [view('acme', 'Larger', 'v1', {}, { implements: parts(10) })],
      'it has 310 properties',
    ],
    [
      'more parents than a view takes',
      () => [
        view(
          'acme',
          'Child',
          'v1',
          {},
          { implements: parts(11).map((each) => view('acme', each.externalId, 'v1', {})) },
        ),
      ],
      'it implements 11 views',
    ],
    [
      'two views of one name',
      () => [view('acme', 'Two', 'v1', texts(1)), view('acme', 'Two', 'v1', texts(2))],
      'view acme:Two/v1 is there twice',
    ],
    [
      'another thing among them',
      () => [view('acme', 'A', 'v1', {}), 5 as never],
      'item 1 is number 5',
    ],
  ])('are rejected before anything is sent: %s', async (_, views, message) => {
    const transport = memoryTransport(() => ({ items: [] }));
    const told = { code: 'config', message: expect.stringContaining(message) };
    await expect(push(transport, views())).rejects.toMatchObject(told);
    expect(transport.requests).toEqual([]);
  });

  it('of 300 properties are pushed in several containers', async () => {
    const stored = Object.entries(texts(300)).map(([name, property], index) => [
      name,
      property.storedIn({ container: { space: 'acme', externalId: `Held${index % 3}` } }),
    ]);
    const Wide = view('acme', 'Wide', 'v1', Object.fromEntries(stored));
    await push(project.transport, [Wide]);
    expect(await diff(project.transport, [Wide])).toEqual([]);
  });
});

describe('limits that what is here exceeds together with the project', () => {
  const losing = { allowDataLoss: true };
  const values = (prefix: string) =>
    Array.from({ length: 20 }, (_, index) => `${prefix}${index}`) as [string, ...string[]];
  const level = p.float().optional();
  const stored = (count: number, prefix: string) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `${prefix}${index}`,
        p
          .text()
          .optional()
          .storedIn({ container: { space: 'acme', externalId: `Of${prefix}${index}` } }),
      ]),
    );

  it.each<[string, object, object, RegExp]>([
    [
      'properties of a container',
      texts(99),
      { fresh: p.text().optional() },
      /container acme:Both: refused: with what only the project has, it would have 101 properties/,
    ],
    [
      'values of an enum',
      { e: p.oneOf(...values('a')).optional() },
      { e: p.oneOf(...values('b')).optional() },
      /property e: refused: with what only the project has, it would have 40 values/,
    ],
    [
      'containers of a view',
      stored(8, 'x'),
      stored(4, 'y'),
      /view acme:Both\/v1: refused: with what only the project has, it would be stored in 13 containers/,
    ],
  ])('are known before anything is deleted: %s', async (_, before, after, message) => {
    await using own = await startProject({}, []);
    const Before = view('acme', 'Both', 'v1', { level, ...before } as { level: typeof level });
    await push(own.transport, [Before]);
    const both = nodes(own.transport, Before, { space: 'plant' });
    await both.upsert([{ externalId: 'n', level: 5 }]);
    const After = view('acme', 'Both', 'v1', { level: p.text().optional(), ...after });
    await expect(push(own.transport, [After], losing)).rejects.toThrow(message);
    const { instances } = new DataModelingApi(own.transport);
    const hasData = [{ type: 'container', space: 'acme', externalId: 'Both' }];
    expect((await instances.list({ filter: { hasData } } as never)).items).toHaveLength(1);
  });

  it.each<[string, Record<string, unknown>, () => Property<never, never, never>, RegExp]>([
    ['json in a btree', btree(), () => p.json().optional() as never, /json cannot be in a btree/],
    ['a list in a btree', btree(), () => p.int().many().optional() as never, /needs a maxListSize/],
    [
      'long text in a btree',
      btree(),
      () => p.text({ maxSize: 3_000 }).optional() as never,
      /at most 2400 bytes/,
    ],
    [
      'a number in an inverted index',
      { indexType: 'inverted', properties: ['a'] },
      () => p.int().optional() as never,
      /neither a list nor json.*; delete the index first/,
    ],
  ])('of an index are known before anything is deleted: %s', async (_, index, after, message) => {
    await using own = await startProject({}, []);
    const { containers, spaces } = new DataModelingApi(own.transport);
    await spaces.upsert([{ space: 'acme' }]);
    const isList = index.indexType === 'inverted';
    const a = { type: { type: isList ? 'text' : 'float64', list: isList } };
    const name = { space: 'acme', externalId: 'Indexed' };
    await containers.upsert([{ ...name, properties: { a }, indexes: { byA: index } }]);
    const After = view('acme', 'Indexed', 'v1', { a: after() });
    await expect(push(own.transport, [After], losing)).rejects.toThrow(message);
  });
});

function btree(): Record<string, unknown> {
  return { indexType: 'btree', properties: ['a'], cursorable: false };
}

describe('one view under two names', () => {
  it('is one', () => {
    const one = view('acme', 'One', 'v1', texts(1));
    const views = [one, one, view('acme', 'One', 'v1', texts(1))];
    expect(toDefinitions(views).views).toHaveLength(1);
  });
});

describe('a size that the project has not set', () => {
  const sized = (text: number | undefined, list: number | undefined, extra = {}) => [
    view('acme', 'Sized', 'v1', {
      text: p.text({ maxSize: text }).optional(),
      list: p.text().many({ maxListSize: list }).optional(),
      ...extra,
    }),
  ];

  it('is that of the API, and stays', async () => {
    await push(project.transport, sized(undefined, undefined));
    const smaller = sized(100, 50);
    expect(await diff(project.transport, smaller)).toMatchObject([
      { property: 'text', change: 'kept', reason: 'maxTextSize is not set in the project' },
      { property: 'list', change: 'kept', reason: 'maxListSize is not set in the project' },
    ]);
    expect(await push(project.transport, smaller)).toEqual([]);
    const more = sized(100, 50, { more: p.text().optional() });
    expect(await push(project.transport, more)).toMatchObject([
      { property: 'more', change: 'added' },
      { property: 'more', change: 'added' },
    ]);
  });

  it('is raised where the view asks for more', async () => {
    expect(await push(project.transport, sized(100, 1_500))).toMatchObject([
      { property: 'list', change: 'changed' },
    ]);
  });
});

describe('arguments of the API underneath', () => {
  it.each<[string, (api: DataModelingApi) => Promise<unknown>]>([
    ['no items', (api) => api.spaces.upsert(null as never)],
    ['an item that is null', (api) => api.spaces.upsert([null as never])],
    ['no names', (api) => api.spaces.delete('acme' as never)],
    ['a name by itself', (api) => api.views.retrieveMultiple({ space: 'acme' } as never)],
    ['no body', (api) => api.instances.apply(null as never)],
    ['no body of a read', (api) => api.instances.list(undefined as never)],
  ])('are rejected where they cannot be: %s', async (_, call) => {
    const transport = memoryTransport(() => ({ items: [] }));
    await expect(call(new DataModelingApi(transport))).rejects.toMatchObject({ code: 'config' });
    expect(transport.requests).toEqual([]);
  });

  it.each([
    ['merges', [{}, { existingVersion: null }], true],
    ['items with a version', [{}, { existingVersion: 3 }], false],
    ['items that are none', { items: {} }, false],
    ['an item that is null', [null], true],
  ])('say whether a write may be repeated: %s', async (_, items, idempotent) => {
    const transport = memoryTransport(() => new TextEncoder().encode('{"items":[]}'));
    await new DataModelingApi(transport).instances.apply({ items });
    expect(transport.requests).toMatchObject([{ idempotent }]);
  });

  it('names what is missing without what was not asked for, and deletes a name once', async () => {
    const api = new DataModelingApi(project.transport);
    await expect(
      api.views.retrieveMultiple([{ space: 'acme', externalId: 'Nothing' }]),
    ).rejects.toMatchObject({ message: 'retrieve views: not found: acme:Nothing' });
    await api.spaces.upsert([{ space: 'once' }]);
    expect(await api.spaces.delete([{ space: 'once' }, { space: 'once' }])).toEqual([
      { space: 'once' },
    ]);
  });

  it('gives one for each name that is given, also where requests share one', async () => {
    const { spaces, views } = new DataModelingApi(project.transport);
    const names = Array.from({ length: 149 }, (_, index) => ({ space: `many${index}` }));
    await spaces.upsert(names);
    const found = await spaces.retrieveMultiple([...names, { space: 'many0' }]);
    expect(found.map(({ space }) => space)).toEqual([...names.map(({ space }) => space), 'many0']);
    const v1 = { space: 'many0', externalId: 'V', version: 'v1' };
    await views.upsert([{ ...v1, properties: {} }]);
    const absent = names.map(({ space }) => ({ space, externalId: 'None', version: 'v1' }));
    const mixed = [v1, ...absent, { space: 'many0', externalId: 'V' }];
    expect(await views.retrieveMultiple(mixed, { ignoreUnknownIds: true })).toHaveLength(2);
  });

  it('looks at each answer a few times, however many names there are', async () => {
    let looks = 0;
    const viewOf = (externalId: string): object => ({
      ...{ space: 'acme', version: 'v1', properties: {} },
      get externalId() {
        looks++;
        return externalId;
      },
    });
    const transport = memoryTransport(({ body }) => ({
      items: (body as { items: { externalId: string }[] }).items.map((each) =>
        viewOf(each.externalId),
      ),
    }));
    const names = Array.from({ length: 1_000 }, (_, index) => ({
      ...{ space: 'acme', externalId: `V${index}` },
      ...(index % 2 === 0 && { version: 'v1' }),
    }));
    const { views } = new DataModelingApi(transport);
    expect(await views.retrieveMultiple(names)).toHaveLength(names.length);
    expect(looks / names.length).toBeLessThan(10);
  });

  it('writes no name twice', async () => {
    const transport = memoryTransport(() => ({ items: [] }));
    const { spaces, views } = new DataModelingApi(transport);
    const twice = spaces.upsert([{ space: 'a' }, { space: 'b' }, { space: 'a', name: 'other' }]);
    await expect(twice).rejects.toMatchObject({
      code: 'config',
      message: 'upsert spaces: a appears twice, at items 0 and 2',
    });
    const v1 = { space: 'a', externalId: 'V', version: 'v1' };
    await expect(views.upsert([v1, { ...v1, name: 'other' }])).rejects.toThrow(/a:V:v1 appears/);
    expect(transport.requests).toEqual([]);
  });
});
