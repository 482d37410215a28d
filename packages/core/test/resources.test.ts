import {
  ConfigError,
  type Identified,
  type Identifier,
  NotFoundError,
  ResourceList,
} from '@cdf/core';
import {
  describeIdentifier,
  type FieldKind,
  identifierKey,
  oneOrMany,
  ResourceApi,
  toIdentifier,
  toTable,
  toWireUpdate,
} from '@cdf/core/resource';
import { memoryTransport } from '@cdf/core/testing';
import { describe, expect, it } from 'vitest';
import { Aggregates } from '../src/resources/aggregates.js';

interface Thing extends Identified {
  readonly name: string;
}

interface ThingTypes {
  item: Thing;
  list: ResourceList<Thing>;
  create: { readonly name: string };
  update: object;
  filter: object;
  property: string;
  query: { readonly filter?: object; readonly limit?: number };
  scopedQuery: object;
  search: object;
}

const updatable: Readonly<Record<string, FieldKind>> = {
  name: 'required',
  description: 'nullable',
  metadata: 'metadata',
  labels: 'labels',
  assetIds: 'list',
};

function endpoint(routes: Parameters<typeof memoryTransport>[0]) {
  const transport = memoryTransport(routes);
  const things = new ResourceApi<ThingTypes>(transport, {
    path: '/things',
    noun: 'things',
    fields: updatable,
    options: { delete: ['recursive'] },
  });
  return { transport, things };
}

describe('an identifier', () => {
  it('must be exactly one', () => {
    expect(toIdentifier({ id: 1, name: 'x' } as Identifier)).toEqual({ id: 1 });
    expect(() => toIdentifier({} as Identifier, 'retrieve')).toThrow(
      'retrieve: expected exactly one of { id }, { externalId }, { instanceId }; got Object {  }',
    );
    const got = (value: unknown, said: string): void =>
      expect(() => toIdentifier(value as Identifier, 'query')).toThrow(said);
    got({ externalID: 'p' }, 'got Object { externalID }');
    got({ external_id: 'p' }, 'got Object { external_id }');
    got({ name: 'p', externalId: undefined }, 'got Object { name,externalId }');
    got({ '\u001b[2J': 1 }, 'got Object { \\u{1b}[2J }');
    got(['p', 'q'], 'got an array');
    got(Promise.resolve({ id: 1 }), 'got Promise {');
    got(undefined, 'got undefined');
    got(5, 'got 5');
    got({ id: {} }, 'whole number from 1 to 2^53 - 1, got Object {  }');
    expect(() => toIdentifier('pump-1' as unknown as Identifier)).toThrow(
      'got the string "pump-1"',
    );
    expect(() => toIdentifier({ id: '42' } as unknown as Identifier)).toThrow(
      'got the string "42"',
    );
    expect(() => toIdentifier({ id: 1, externalId: 'a' } as unknown as Identifier)).toThrow(
      /got id and externalId/,
    );
    expect(() => toIdentifier({ id: undefined } as unknown as Identifier)).toThrow(ConfigError);
  });

  it.each([0, -1, 1.5, 2 ** 53])('is not an id: %s', (id) => {
    expect(() => toIdentifier({ id })).toThrow(/whole number from 1/);
  });

  it('may be an empty external id, and is told apart by kind', () => {
    expect(toIdentifier({ externalId: '' })).toEqual({ externalId: '' });
    expect(identifierKey({ id: 1 })).not.toBe(identifierKey({ externalId: '1' }));
  });
});

describe('an identifier in a message', () => {
  it('has nothing that acts on a terminal or hides text', () => {
    expect(
      describeIdentifier({
        externalId: 'a"\n\u001b[2J\u009b2J\u202egnp.exe\u2066\u200b\u2028\ud800',
      }),
    ).toBe(
      'externalId "a\\"\\n\\u001b[2J\\u{9b}2J\\u{202e}gnp.exe\\u{2066}\\u{200b}\\u{2028}\\ud800"',
    );
    expect(describeIdentifier({ instanceId: { space: '\u0085', externalId: 'Bjørn 泵' } })).toBe(
      'instanceId "\\u{85}"/"Bjørn 泵"',
    );
  });
});

describe('the shared endpoint', () => {
  const byIds = (spec: { body?: unknown }) => {
    const { items } = spec.body as { items: { id: number }[] };
    return {
      items: items
        .filter(({ id }) => id < 5000)
        .map(({ id }) => ({ id, name: `n${id}` }))
        .reverse(),
    };
  };

  it('keeps the order of the identifiers across requests, whatever order the answers have', async () => {
    const { things, transport } = endpoint({ 'POST /things/byids': byIds });
    const asked = Array.from({ length: 2500 }, (_, index) => ({ id: ((index * 7) % 2500) + 1 }));
    const found = await things.retrieveMultiple([...asked, { id: 1 }]);
    expect(found.map(({ id }) => id)).toEqual([...asked.map(({ id }) => id), 1]);
    expect(transport.requests).toHaveLength(3);
  });

  it('names every unknown identifier in one error', async () => {
    const { things } = endpoint({ 'POST /things/byids': byIds });
    const error = await things
      .retrieveMultiple([{ id: 1 }, { id: 5001 }, { id: 6000 }])
      .catch((each: unknown) => each);
    expect(NotFoundError.isInstance(error) && error.missing).toEqual([{ id: 5001 }, { id: 6000 }]);
    expect((error as Error).message).toContain('id 5001, id 6000');
    expect(
      await things.retrieveMultiple([{ id: 1 }, { id: 6000 }], { ignoreUnknownIds: true }),
    ).toHaveLength(1);
  });

  it('gives undefined for one that does not exist', async () => {
    const { things } = endpoint({ 'POST /things/byids': byIds });
    expect(await things.retrieve({ id: 9999 })).toBeUndefined();
    expect(await things.retrieve({ id: 7 })).toEqual({ id: 7, name: 'n7' });
  });

  it('creates any number in input order', async () => {
    let last = 0;
    const { things, transport } = endpoint({
      'POST /things': ({ body }) => ({
        items: (body as { items: { name: string }[] }).items.map((item) => ({
          ...item,
          id: ++last,
        })),
      }),
    });
    const created = await things.create(
      Array.from({ length: 2001 }, (_, index) => ({ name: `t${index}` })),
    );
    expect(created.map(({ name }) => name)).toEqual(
      Array.from({ length: 2001 }, (_, index) => `t${index}`),
    );
    expect(
      transport.requests.map(({ body }) => (body as { items: unknown[] }).items.length),
    ).toEqual([1000, 1000, 1]);
    expect(transport.requests.every(({ idempotent }) => !idempotent)).toBe(true);
  });

  it('sends nothing for an empty list', async () => {
    const { things, transport } = endpoint({});
    expect(await things.create([])).toEqual([]);
    await things.delete([]);
    const one = { id: 1 } as unknown as never[];
    await expect(things.delete(one)).rejects.toThrow(
      'delete things: expected an array of identifiers or of things',
    );
    await expect(things.upsert(one)).rejects.toThrow('upsert things: expected an array');
    expect(transport.requests).toEqual([]);
  });

  it('deletes no nodes: the API takes their names for nothing but reads and updates', async () => {
    const { things, transport } = endpoint({});
    const node = { space: 'plant', externalId: 'p1' };
    for (const named of [node, { instanceId: node }, { id: 5, instanceId: node }])
      await expect(things.delete([{ id: 1 }, named])).rejects.toThrow(
        'delete things: [1] is a node; delete it with `nodes(client, view).delete`, which deletes what belongs to it',
      );
    expect(transport.requests).toEqual([]);
  });

  it('passes options of a delete on, and searches and aggregates in one request', async () => {
    const { things, transport } = endpoint((spec) =>
      spec.path.endsWith('/search') ? { items: [{ id: 1, name: 'a' }] } : { items: [{ count: 4 }] },
    );
    await things.delete([{ id: 1 }], { recursive: true } as object);
    expect(await things.search({ search: { name: 'a' } })).toHaveLength(1);
    expect(await things.aggregate.count()).toBe(4);
    expect(transport.requests.map(({ path, body }) => [path, body])).toEqual([
      ['/things/delete', { ignoreUnknownIds: false, recursive: true, items: [{ id: 1 }] }],
      ['/things/search', { search: { name: 'a' } }],
      ['/things/aggregate', { aggregate: 'count' }],
    ]);
  });

  it('updates by patch as the caller wrote it', async () => {
    const { things, transport } = endpoint({
      'POST /things/update': () => ({ items: [{ id: 3, name: 'b' }] }),
    });
    expect(await things.update([{ id: 3, update: { name: { set: 'b' } } }])).toEqual([
      { id: 3, name: 'b' },
    ]);
    expect(transport.requests[0]?.body).toEqual({
      items: [{ id: 3, update: { name: { set: 'b' } } }],
    });
  });

  it('lists with the body it was given and the paging that the listing asks for', async () => {
    const { things, transport } = endpoint({
      'POST /things/list': () => ({ items: [{ id: 1, name: 'a' }] }),
    });
    expect(await things.list({ filter: { name: 'a' }, limit: 7 })).toHaveLength(1);
    expect(transport.requests[0]).toMatchObject({
      path: '/things/list',
      idempotent: true,
      body: { filter: { name: 'a' }, limit: 7 },
    });
  });
});

describe('an update with whole objects', () => {
  const whole = { id: 1, externalId: 'a', name: 'pump', metadata: { k: 'v' }, createdTime: 5 };

  it('replaces what is there and leaves the rest by default', () => {
    expect(toWireUpdate(whole, { ...updatable, externalId: 'required' })).toEqual({
      id: 1,
      update: { externalId: { set: 'a' }, name: { set: 'pump' }, metadata: { set: { k: 'v' } } },
    });
  });

  it('refuses an unknown mode: fields to be cleared would stay', () => {
    expect(() => toWireUpdate({ id: 1 }, {}, 'replac' as 'replace')).toThrow(
      new ConfigError(
        'update: unknown mode "replac"; known modes: replaceIgnoreNull, patch, replace',
      ),
    );
  });

  it('adds to lists and metadata in patch mode', () => {
    expect(toWireUpdate(whole, updatable, 'patch').update).toEqual({
      name: { set: 'pump' },
      metadata: { add: { k: 'v' } },
    });
  });

  it('clears what is absent in replace mode, but never a required field', () => {
    expect(toWireUpdate({ id: 1 }, updatable, 'replace').update).toEqual({
      description: { setNull: true },
      metadata: { set: {} },
      labels: { set: [] },
      assetIds: { set: [] },
    });
  });

  it('rejects a replacement by an object without a field that a read may leave out', () => {
    const copies = [
      { id: 1, name: 'pump' },
      { id: 1, metadata: undefined },
      { externalId: 'a', name: 'b' },
    ];
    for (const copy of copies) {
      expect(() => toWireUpdate(copy, updatable, 'replace', ['metadata'])).toThrow(
        'the object has no metadata, as one that was read without it; read it again with metadata, or pass metadata: {} to clear it',
      );
      expect(toWireUpdate(copy, updatable, 'patch', ['metadata']).update).not.toHaveProperty(
        'metadata',
      );
    }
    const { update } = toWireUpdate({ id: 1, metadata: {} }, updatable, 'replace', ['metadata']);
    expect(update).toMatchObject({ metadata: { set: {} } });
  });

  it.each([
    [
      { metadata: { set: null } },
      'update: metadata: set must have a value; use { set: {} } to clear the field',
    ],
    [
      { metadata: { add: null } },
      'update: metadata: add must have a value; use { set: {} } to clear the field',
    ],
    [{ metadata: { remove: null } }, 'update: metadata: remove must have a value'],
    [
      { metadata: null },
      'update: metadata: set must have a value; use { set: {} } to clear the field',
    ],
    [
      { labels: { set: null } },
      'update: labels: set must have a value; use { set: [] } to clear the field',
    ],
    [
      { assetIds: { set: undefined } },
      'update: assetIds: set must have a value; use { set: [] } to clear the field',
    ],
    [
      { description: { set: null } },
      'update: description: set must have a value; use { setNull: true }',
    ],
    [{ name: { set: null } }, 'update: name: set must have a value; the field cannot be cleared'],
  ])('rejects the patch %j, which CDF takes for one that changes nothing', (update, message) => {
    expect(() => toWireUpdate({ id: 1, update }, updatable)).toThrow(message);
  });

  it('needs something that identifies it', () => {
    expect(() => toWireUpdate({ name: 'x' }, updatable)).toThrow(ConfigError);
  });
});

describe('a resource list', () => {
  const list = ResourceList.from([
    { id: 1, externalId: 'a' },
    { id: 2, externalId: 'b' },
    { id: 2 },
  ]) as ResourceList<Identified>;

  it('finds by any identifier, the first of equal ones', () => {
    expect(list.get({ externalId: 'b' })).toBe(list[1]);
    expect(list.get({ id: 2 })).toBe(list[1]);
    expect(list.get({ id: 9 })).toBeUndefined();
    list.push({ id: 9 });
    expect(list.get({ id: 9 })).toBe(list[3]);
  });

  it('gives what is in it now, whatever was put in place of what', () => {
    const things = ResourceList.from([
      { id: 1, name: 'a' },
      { id: 2, name: 'b' },
      { id: 3, name: 'c' },
    ] as Thing[]) as ResourceList<Thing>;
    expect(things.get({ id: 2 })?.name).toBe('b');
    things[1] = { id: 2, name: 'new' };
    expect(things.get({ id: 2 })?.name).toBe('new');
    things.splice(0, 1, { id: 4, name: 'd' });
    expect(things.get({ id: 4 })?.name).toBe('d');
    expect(things.get({ id: 1 })).toBeUndefined();
    things.reverse();
    expect(things.map(({ id }) => things.get({ id })?.id)).toEqual([3, 2, 4]);
    Object.assign(things[0] as object, { id: 9 });
    expect(things.get({ id: 3 })).toBeUndefined();
  });

  it.each([['pump-1'], [undefined], [null], [5], [{ external_id: 'a' }], [{ id: undefined }]])(
    'says that %j is no identifier',
    (identifier) => {
      expect(() =>
        (ResourceList.from([] as Thing[]) as ResourceList<Thing>).get(identifier as never),
      ).toThrow(/^get: expected \{ id \} or \{ externalId \}, got /);
    },
  );

  it('gives plain arrays from map and filter', () => {
    expect(list.map(({ id }) => id).constructor).toBe(Array);
    expect(Array.isArray(list)).toBe(true);
  });

  it('makes a table of what the items have', () => {
    const table = toTable([
      { id: 1, metadata: { site: 'x' } },
      { id: 2, name: '=HYPERLINK("a")' },
      { id: 3, name: 'say "hi"\nthere' },
    ]);
    expect(table.columns).toEqual(['id', 'metadata.site', 'name']);
    expect(table.toObjects()[0]).toEqual({ id: 1, 'metadata.site': 'x' });
    expect(table.toCsv()).toBe(
      'id,metadata.site,name\r\n1,x,\r\n2,,"\'=HYPERLINK(""a"")"\r\n3,,"say ""hi""\nthere"\r\n',
    );
    expect(list.toTable().columns).toContain('externalId');
  });

  it('keeps metadata keys like __proto__ as data', () => {
    const table = toTable([JSON.parse('{"id":1,"metadata":{"__proto__":"x"}}') as object]);
    expect(table.columns).toEqual(['id', 'metadata.__proto__']);
    expect(({} as { x?: string }).x).toBeUndefined();
  });
});

describe('resource aggregates', () => {
  it('ask for one property and give plain answers', async () => {
    const bodies: unknown[] = [];
    const answers: Record<string, object[]> = {
      count: [{ count: 3 }],
      uniqueValues: [{ count: 2, values: ['pump'] }],
      uniqueProperties: [{ count: 2, values: [{ property: ['metadata', 'k'] }] }],
      cardinalityValues: [{ count: 5 }],
      cardinalityProperties: [{ count: 6 }],
    };
    const aggregates = new Aggregates(async (kind, query) => {
      bodies.push({ ...query, ...kind });
      return answers[kind.aggregate] as unknown[];
    });
    expect(await aggregates.count({ filter: { name: 'x' } })).toBe(3);
    expect(await aggregates.uniqueValues(['metadata', 'k'])).toEqual([{ count: 2, value: 'pump' }]);
    expect(await aggregates.uniqueProperties()).toEqual([
      { count: 2, property: ['metadata', 'k'] },
    ]);
    expect(await aggregates.cardinalityValues('name')).toBe(5);
    expect(await aggregates.cardinalityProperties()).toBe(6);
    expect(bodies).toEqual([
      { aggregate: 'count', filter: { name: 'x' } },
      { aggregate: 'uniqueValues', properties: [{ property: ['metadata', 'k'] }] },
      { aggregate: 'uniqueProperties', path: ['metadata'] },
      { aggregate: 'cardinalityValues', properties: [{ property: ['name'] }] },
      { aggregate: 'cardinalityProperties', path: ['metadata'] },
    ]);
  });
});

describe('oneOrMany', () => {
  it('tells one from several, and answers in the same form', async () => {
    const written: unknown[] = [];
    const write = async (items: readonly object[]): Promise<object[]> => {
      written.push(items);
      return items.map((item) => ({ ...item, id: 1 }));
    };
    expect(await oneOrMany({ name: 'a' }, write)).toEqual({ name: 'a', id: 1 });
    expect(await oneOrMany([{ name: 'a' }], write)).toEqual([{ name: 'a', id: 1 }]);
    expect(written).toEqual([[{ name: 'a' }], [{ name: 'a' }]]);
    await expect(oneOrMany(undefined as never, write)).rejects.toThrow(ConfigError);
  });
});
