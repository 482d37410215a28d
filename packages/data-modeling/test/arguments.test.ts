import { type CdfError, ConfigError } from '@cdf/core';
import { type MemoryTransport, memoryTransport } from '@cdf/core/testing';
import {
  DataModelingApi,
  graph,
  type Nodes,
  nodes,
  p,
  param,
  runGraph,
  view,
} from '@cdf/data-modeling';
import { describe, expect, it } from 'vitest';

const Area = view('acme', 'Area', 'v1', { name: p.text() });
const Thing = view('acme', 'Thing', 'v1', {
  name: p.text(),
  when: p.timestamp().optional(),
  serial: p.bigint().optional(),
  details: p.json().optional(),
  area: p.ref(() => Area),
});

const wire = {
  ...{
    instanceType: 'node',
    space: 's',
    externalId: 'a',
    version: 1,
    createdTime: 1,
    lastUpdatedTime: 2,
  },
  properties: { acme: { 'Thing/v1': { name: 'n', serial: 1 } } },
};
function answering(): MemoryTransport {
  return memoryTransport(({ path, body }) => {
    const { with: steps } = (
      body instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(body)) : body
    ) as {
      with?: object;
    };
    if (steps === undefined)
      return { items: path.endsWith('aggregate') ? [{ aggregates: [] }] : [wire] };
    const of = (value: unknown): object =>
      Object.fromEntries(Object.keys(steps).map((step) => [step, value]));
    return { items: of([wire]), nextCursor: path.endsWith('sync') ? of('c') : {} };
  });
}

/** Values that a query cannot hold, and how an error calls them. */
const INVALID: readonly [string, () => unknown, RegExp][] = [
  ['a function', () => () => 'n', /got a function/],
  ['a symbol', () => Symbol('n'), /got a symbol/],
  ['a promise', () => Promise.resolve('n'), /got a Promise; await it/],
  ['a Map', () => new Map([['gte', 1]]), /got an instance of Map/],
  ['an object in itself', circle, /is part of itself/],
  ['a getter that throws', throwing, /cannot be read: boom/],
  ['a proxy without its object', revoked, /cannot be read/],
];
function circle(): object {
  const made: Record<string, unknown> = {};
  made.self = made;
  return made;
}
function throwing(): object {
  return {
    get gte(): number {
      throw new Error('boom');
    },
  };
}
function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

type Things = Nodes<typeof Thing, 'date', true>;
function thingsOf(transport: MemoryTransport): Things {
  return nodes(transport, Thing, { space: 's' });
}
const READS: readonly [
  string,
  (things: Things, query: never, transport: MemoryTransport) => unknown,
][] = [
  ['list', (things, query) => things.list(query)],
  ['find', (things, query) => things.find(query)],
  ['search', (things, query) => things.search('x', query)],
  ['aggregate', (things, query) => things.aggregate({ count: true, ...(query as object) })],
  ['changes', (things, query) => things.changes(query).next()],
  [
    'graph',
    (_, query, transport) =>
      runGraph(
        transport,
        graph((g) => ({ things: g.pick(g.nodes(Thing, query)) })),
      ),
  ],
];

async function failure(run: () => unknown): Promise<Error | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

describe('a query that no request can hold is a ConfigError with the path of the member', () => {
  it.each(READS)('%s', async (method, read) => {
    for (const [, make, message] of INVALID)
      for (const [path, query] of [
        ['where.name', { where: { name: make() } }],
        [
          'where.or[1].area.name.in[0]',
          { where: { or: [{ name: 'n' }, { area: { name: { in: [make()] } } }] } },
        ],
        ['orderBy.name', { orderBy: { name: make() } }],
        ['where', { where: make() }],
      ] as const) {
        if (path === 'orderBy.name' && ['aggregate', 'changes'].includes(method)) continue;
        const transport = answering();
        const error = await failure(() => read(thingsOf(transport), query as never, transport));
        expect(error, `${method} ${path}`).toBeInstanceOf(ConfigError);
        expect(error?.message).toMatch(message);
        expect(error?.message).toContain(`${path}`);
        expect(transport.requests).toEqual([]);
      }
  });

  it('also inside `with`', async () => {
    for (const [, make, message] of INVALID) {
      const transport = answering();
      const query = { with: { area: { where: { name: make() } } } } as never;
      const error = await failure(() => thingsOf(transport).find(query));
      expect(error).toMatchObject({ code: 'config', message: expect.stringMatching(message) });
      expect(error?.message).toContain('with.area.where.name');
    }
  });

  it.each([
    5n,
    Number.NaN,
    'all',
    true,
    Symbol('x'),
    () => ({}),
    new Date(),
    Promise.resolve({}),
    new Map(),
    [],
    null,
  ])('a query that is not an object of options: %s', async (query) => {
    for (const method of ['list', 'find'] as const) {
      const transport = answering();
      const error = await failure(() => thingsOf(transport)[method](query as never));
      expect(error).toMatchObject({ code: 'config' });
      expect(transport.requests).toEqual([]);
    }
  });
});

describe('a query that can be read', () => {
  it.each([
    ['an object that is reactive', () => new Proxy({ where: { name: 'n' } }, {})],
    [
      'an object without a prototype',
      () => Object.assign(Object.create(null), { where: { name: 'n' } }),
    ],
    [
      'an instance of a class',
      () =>
        new (class Query {
          where = { name: 'n' };
        })(),
    ],
  ])('is taken: %s', async (_, make) => {
    for (const [, read] of READS.filter(([method]) => method !== 'aggregate')) {
      const transport = answering();
      await read(thingsOf(transport), make() as never, transport);
      expect(JSON.stringify(transport.requests[0]?.body)).toContain('"value":"n"');
    }
  });

  it('keeps times that are not dates', async () => {
    class Instant {
      get epochMilliseconds(): number {
        return Date.UTC(2024, 6, 1);
      }
    }
    const transport = answering();
    await thingsOf(transport).list({ where: { when: { gte: new Instant() as never } } });
    expect(JSON.stringify(transport.requests[0]?.body)).toContain('2024-07-01T00:00:00.000Z');
  });

  it.each(['list', 'find', 'changes'] as const)(
    'is that of the call, dates too: %s',
    async (method) => {
      const transport = answering();
      const when = new Date(Date.UTC(2024, 6, 1));
      const query = { where: { name: 'before', when: { gte: when } } };
      const listing = thingsOf(transport)[method](query);
      query.where.name = 'after';
      when.setUTCFullYear(1999);
      await ('next' in listing ? listing.next() : listing);
      const body = JSON.stringify(transport.requests[0]?.body);
      expect(body).toContain('"before"');
      expect(body).toContain('2024-07-01');
    },
  );
});

describe('a parameter of a graph', () => {
  const question = graph((g) => ({
    things: g.pick(g.nodes(Thing, { where: { name: param('x') } })),
  }));
  const sentWith = async (value: unknown): Promise<string> => {
    const transport = answering();
    await runGraph(transport, question, { parameters: { x: value as string } });
    return JSON.stringify(transport.requests[0]?.body);
  };

  const values: readonly (readonly [string, () => unknown])[] = [
    ...INVALID.map(([name, make]) => [name, make] as const),
    ['an invalid date', () => new Date(Number.NaN)],
    ['NaN', () => Number.NaN],
    ['a list', () => ['n']],
    ['null', () => null],
  ];
  it.each(values)('that is %s is a ConfigError with its name', async (_, make) => {
    const error = await failure(() => sentWith(make()));
    expect(error).toMatchObject({ code: 'config', message: expect.stringContaining('x') });
  });

  it('may be a node that was read', async () => {
    const [node] = await thingsOf(answering()).list({});
    const transport = answering();
    const ofArea = graph((g) => ({
      things: g.pick(g.nodes(Thing, { where: { area: param('x') } })),
    }));
    await runGraph(transport, ofArea, { parameters: { x: node as never } });
    expect(JSON.stringify(transport.requests[0]?.body)).toContain(
      '"parameters":{"x":{"space":"s","externalId":"a"}}',
    );
  });
});

describe('a parameter of a graph that is compared in two places', () => {
  const sentWith = async (first: object, second: object, value: unknown): Promise<string> => {
    const transport = answering();
    const question = graph((g) => ({
      one: g.pick(g.nodes(Compared, { where: first })),
      two: g.pick(g.nodes(Compared, { where: second })),
    }));
    await runGraph(transport, question, { parameters: { x: value as string } });
    const { body } = transport.requests[0] ?? {};
    return body instanceof Uint8Array ? new TextDecoder().decode(body) : JSON.stringify(body);
  };
  const Compared = view('s', 'Compared', 'v1', {
    seen: p.timestamp().optional(),
    least: p.int().optional(),
    most: p.bigint().optional(),
  });
  const since = { gte: param('x') };

  it('has one form', async () => {
    for (const [first, second, forms] of [
      [{ createdTime: since }, { seen: since }, /"createdTime".*"seen"/],
      [{ seen: since }, { lastUpdatedTime: since }, /"seen".*"lastUpdatedTime"/],
    ] as const) {
      const error = await failure(() => sentWith(first, second, new Date(0)));
      expect(error).toMatchObject({ code: 'config' });
      expect(String(error)).toMatch(forms);
      expect(String(error)).toMatch(/"x" is compared with.*use a parameter for each/);
    }
  });

  it('may be compared with properties that take the same form of it', async () => {
    expect(await sentWith({ createdTime: since }, { lastUpdatedTime: since }, 5)).toContain(
      '"parameters":{"x":5}',
    );
    expect(await sentWith({ least: since }, { most: since }, 5)).toContain('"parameters":{"x":5}');
  });
});

describe('a bigint in a condition on the other side of a relation', () => {
  const Numbered = view('acme', 'Numbered', 'v1', { serial: p.bigint() });
  const Plain = view('acme', 'Plain', 'v1', {
    of: p.ref(() => Numbered),
    next: p.ref(() => Thing),
  });
  const where = { of: { serial: 2n ** 60n + 1n } };
  type Ask = (plain: Nodes<typeof Plain>, transport: MemoryTransport) => unknown;
  const asks: Readonly<Record<string, Ask>> = {
    list: (plain) => plain.list({ where }),
    find: (plain) => plain.find({ where }),
    search: (plain) => plain.search('x', { where }),
    aggregate: (plain) => plain.aggregate({ where, count: true }),
    changes: (plain) => plain.changes({ where }).next(),
    graph: (_, transport) =>
      runGraph(
        transport,
        graph((g) => ({ a: g.pick(g.nodes(Plain, { where })) })),
      ),
  };

  it.each(Object.keys(asks))('is sent exactly by %s', async (name) => {
    const bodies: string[] = [];
    const transport = memoryTransport(({ body, path }) => {
      if (body instanceof Uint8Array) bodies.push(new TextDecoder().decode(body));
      const of = { s0: [], changes: [] };
      return path.endsWith('query') || path.endsWith('sync')
        ? { items: of, nextCursor: { changes: 'c' } }
        : {
            items: path.endsWith('aggregate')
              ? [{ aggregates: [{ aggregate: 'count', value: 0 }] }]
              : [],
          };
    });
    await asks[name]?.(nodes(transport, Plain), transport);
    expect(bodies.join()).toContain(':1152921504606846977');
  });
});

describe('properties that a graph picks', () => {
  it.each([['nmae'], [() => 'name'], 'name', null, 5n])('%s are rejected', async (properties) => {
    const make = () => graph((g) => ({ things: g.pick(g.nodes(Thing), properties as never) }));
    expect(await failure(make)).toMatchObject({ code: 'config' });
  });
});

describe('an item that no request can hold', () => {
  it.each(INVALID)(
    'with %s in a json property is a ConfigError with its path',
    async (_, make, message) => {
      const transport = answering();
      const item = { externalId: 'a', name: 'n', details: { deep: [1, make()] } };
      const error = await failure(() =>
        thingsOf(transport).upsert([{ ...item, externalId: 'b', details: {} }, item]),
      );
      expect(error).toMatchObject({ code: 'config', message: expect.stringMatching(message) });
      expect(error?.message).toMatch(/item 1: "details"\.deep\[1\]/);
      expect(transport.requests).toEqual([]);
    },
  );

  it.each([
    ['NaN', Number.NaN],
    ['a bigint', 5n],
    ['an invalid date', new Date(Number.NaN)],
    ['half of a character', '\ud800'],
  ])('with %s in a json property is one as well', async (_, value) => {
    const transport = answering();
    const error = await failure(() =>
      thingsOf(transport).upsert([{ externalId: 'a', name: 'n', details: { deep: value } }]),
    );
    expect(error).toMatchObject({
      code: 'config',
      message: expect.stringContaining('"details".deep'),
    });
    expect(transport.requests).toEqual([]);
  });

  it('is one where a member cannot be read, in an array and in a stream', async () => {
    const item = Object.defineProperty({ externalId: 'a', name: 'n' }, 'when', {
      enumerable: true,
      get: () => {
        throw new Error('boom');
      },
    });
    async function* stream(): AsyncGenerator<typeof item> {
      yield item;
    }
    const things = thingsOf(answering());
    expect(await failure(() => things.upsert([item]))).toMatchObject({
      code: 'config',
      message: expect.stringMatching(/item 0.*boom/),
    });
    const error = (await failure(() => things.upsert(stream()))) as CdfError;
    expect(error.message).toMatch(/item 0.*boom/);
    // Compared as it is: it cannot be read.
    expect(error.notAttempted[0] === item).toBe(true);
  });

  it('sends json as it was at the call: dates as strings, without undefined members', async () => {
    const transport = answering();
    const details: Record<string, unknown> = { at: new Date(0), none: undefined, list: [{ a: 1 }] };
    const write = failure(() =>
      thingsOf(transport).upsert([{ externalId: 'a', name: 'n', details }]),
    );
    await Promise.resolve();
    await write;
    const body = JSON.stringify(transport.requests.at(-1)?.body);
    expect(body).toContain('"details":{"at":"1970-01-01T00:00:00.000Z","list":[{"a":1}]}');
  });
});

describe('bodies in the API’s own form', () => {
  it.each(INVALID.filter(([name]) => name !== 'a promise' && name !== 'a Map'))(
    'with %s are a ConfigError with its path',
    async (_, make) => {
      const transport = answering();
      const error = await failure(() =>
        new DataModelingApi(transport).instances.apply({ items: [{ x: make() }] }),
      );
      expect(error).toMatchObject({
        code: 'config',
        message: expect.stringContaining('items[0].x'),
      });
      expect(transport.requests).toEqual([]);
    },
  );

  it.each([[''], [() => 's'], [Symbol('s')], [5], [null]])(
    'the name %s is rejected before anything is sent',
    async (space) => {
      const transport = answering();
      const { views } = new DataModelingApi(transport);
      const name = { space: space as string, externalId: 'x' };
      for (const run of [
        () => views.retrieve(name),
        () => views.retrieveMultiple([name]),
        () => views.delete([name]),
      ])
        expect(await failure(run)).toMatchObject({
          code: 'config',
          message: expect.stringContaining('space'),
        });
      expect(transport.requests).toEqual([]);
    },
  );
});
