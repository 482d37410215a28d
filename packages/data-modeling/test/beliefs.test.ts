import { ApiError, type CdfError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { edges, graph, nodes, p, runGraph, view } from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Feed, type Project, Pump, startProject, WorkOrder } from './project.js';

let project: Project;
beforeAll(async () => {
  project = await startProject();
});
afterAll(() => project[Symbol.asyncDispose]());

const at = (externalId: string) => ({ space: 'plant', externalId });
/** A body as it was sent: exact ones are bytes. */
const bodyOf = (body: unknown): unknown =>
  body instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(body)) : body;
const failure = (work: Promise<unknown>): Promise<CdfError> =>
  work.then(
    () => undefined as never,
    (error) => error,
  );
const Thing = view('acme', 'Thing', 'v1', {
  name: p.text(),
  power: p.float().optional(),
  serial: p.bigint().optional(),
  count: p.int().optional(),
  get next() {
    return p.ref(() => Thing);
  },
});
const wire = (externalId: string, properties: object = { name: 'n' }): object => ({
  ...{
    instanceType: 'node',
    space: 's',
    externalId,
    version: 1,
    createdTime: 1,
    lastUpdatedTime: 2,
  },
  properties: { acme: { 'Thing/v1': properties } },
});

describe('relations with an order and a limit', () => {
  it('have the first of that order: of a list of relations, of edges, and of nodes that point back', async () => {
    const pumps = nodes(project.transport, Pump, { space: 'plant' });
    const names = ['c', 'a', 'd', 'b'];
    await pumps.upsert(names.map((name) => ({ externalId: name, name, status: 'on' as const })));
    await pumps.upsert([
      { externalId: 'main', name: 'main', status: 'off', friends: names.map(at) },
    ]);
    await nodes(project.transport, WorkOrder, { space: 'plant' }).upsert(
      names.map((name) => ({ externalId: `o-${name}`, title: name, pumps: [at('main')] })),
    );
    await edges(project.transport, Feed, { space: 'plant' }).upsert(
      names.map((name, index) => ({
        externalId: `e-${name}`,
        type: { space: 'acme', externalId: 'feeds' },
        startNode: at('main'),
        endNode: at(name),
        flow: index,
      })),
    );
    const options = { orderBy: { name: 'desc' }, limit: 2 } as const;
    const [main] = await pumps.find({
      where: { externalId: 'main' },
      with: { friends: options, feeds: options, orders: { orderBy: { title: 'asc' }, limit: 3 } },
    });
    expect(main?.friends.map(({ name }) => name)).toEqual(['d', 'c']);
    expect(main?.feeds.map(({ name }) => name)).toEqual(['d', 'c']);
    expect(main?.orders.map(({ title }) => title)).toEqual(['a', 'b', 'c']);
  });

  it('are whole where more than 1,000 nodes are pointed at by lists', async () => {
    const count = 1_100;
    const settings = { space: 'many' };
    await project.transport.request({
      method: 'POST',
      path: '/models/spaces',
      body: { items: [settings] },
      lane: 'schema',
      idempotent: true,
    } as never);
    const indexes = Array.from({ length: count }, (_, index) => index);
    const pumps = nodes(project.transport, Pump, settings);
    await pumps.upsert(
      indexes.map((index) => ({
        externalId: `p${index}`,
        name: `${index}`,
        status: 'on' as const,
      })),
    );
    await nodes(project.transport, WorkOrder, settings).upsert(
      [0, 1_050, count - 1].map((index) => ({
        externalId: `o${index}`,
        title: `${index}`,
        pumps: [{ space: 'many', externalId: `p${index}` }],
      })),
    );
    const found = await pumps.find({ with: { orders: true }, limit: Infinity });
    expect(found).toHaveLength(count);
    const ordered = found
      .filter(({ orders }) => orders.length > 0)
      .map(({ name, orders }) => [name, orders[0]?.title]);
    expect(ordered.sort()).toEqual(
      [0, 1_050, count - 1].map((index) => [`${index}`, `${index}`]).sort(),
    );
  });
});

describe('a condition', () => {
  it('tells 64-bit integers apart that no number does', async () => {
    const pumps = nodes(project.transport, Pump, { space: 'plant' });
    const serials = [2n ** 53n, 2n ** 53n + 1n, 2n ** 53n + 2n];
    await pumps.upsert(
      serials.map((serial) => ({
        externalId: `s${serial}`,
        name: 'n',
        status: 'on' as const,
        serial,
      })),
    );
    const found = await pumps.list({ where: { serial: 2n ** 53n + 1n } });
    expect(found.map(({ serial }) => serial)).toEqual([2n ** 53n + 1n]);
    const searched = await pumps.find({
      where: { serial: { gt: 2n ** 53n } },
      orderBy: { externalId: 'asc' },
    });
    expect(searched.map(({ serial }) => serial)).toEqual(serials.slice(1));
  });

  it('is that of the call, whatever happens to the query afterwards', async () => {
    const bodies: unknown[] = [];
    const transport = memoryTransport(({ body }) => {
      bodies.push(bodyOf(body));
      return { items: [], nextCursor: undefined, typing: {} };
    });
    const query = { where: { name: 'a' as string } };
    const listing = nodes(transport, Thing, { space: 's' }).list(query);
    query.where.name = 'b';
    await listing;
    expect(JSON.stringify(bodies)).toContain('"a"');
    expect(JSON.stringify(bodies)).not.toContain('"b"');
  });
});

describe('a query that cannot be copied', () => {
  it.each(['list', 'find'] as const)(
    'is taken as it is, and refused by name where it is wrong: %s',
    async (method) => {
      const transport = memoryTransport(({ path }) =>
        path.endsWith('/list')
          ? { items: [wire('a')] }
          : { items: { s0: [wire('a')] }, nextCursor: {} },
      );
      const things = nodes(transport, Thing, { space: 's' });
      // As reactive objects of user interfaces are.
      const proxy = new Proxy({ where: { name: 'n' } }, {});
      expect(await things[method](proxy)).toHaveLength(1);
      const wrong = { where: { name: () => 'n' } } as never;
      expect(
        await failure(Promise.resolve(things[method](wrong)).then((each) => each)),
      ).toMatchObject({
        code: 'config',
      });
    },
  );
});

describe('an answer that does not describe the view', () => {
  it('leaves the view unchecked: the next request asks for the description again', async () => {
    const asked: unknown[] = [];
    let typing: object | undefined;
    const transport = memoryTransport(({ body }) => {
      asked.push((bodyOf(body) as { includeTyping?: boolean }).includeTyping);
      return { items: [wire('a')], typing };
    });
    const things = nodes(transport, Thing, { space: 's' });
    await things.list();
    typing = {};
    await things.list();
    const text = { type: { type: 'text', list: false }, nullable: true };
    typing = { acme: { 'Thing/v1': { name: text } } };
    // By then the description tells that the other properties are missing.
    expect(await failure(Promise.resolve(things.list()).then((each) => each))).toMatchObject({
      code: 'config',
    });
    expect(asked).toEqual([true, true, true]);
  });
});

describe('a page that the API gives up on (408)', () => {
  it('is requested with half as many, in a list as in find', async () => {
    const limits: number[] = [];
    const transport = memoryTransport(({ path, body }) => {
      const { limit, with: steps } = bodyOf(body) as {
        limit?: number;
        with?: { s0: { limit: number } };
      };
      const size = limit ?? (steps?.s0.limit as number);
      limits.push(size);
      if (size > 300) throw new ApiError('too slow', { status: 408 });
      return path.endsWith('/list')
        ? { items: [wire('a')] }
        : { items: { s0: [wire('a')] }, nextCursor: {} };
    });
    const things = nodes(transport, Thing, { space: 's' });
    expect(await things.list({ limit: 1_000 })).toHaveLength(1);
    expect(limits).toEqual([1_000, 500, 250]);
    limits.length = 0;
    expect(await things.find({ limit: 1_000 })).toHaveLength(1);
    expect(limits).toEqual([1_000, 500, 250]);
  });
});

describe('a find whose first page was requested in halves', () => {
  it('asks the same question with its cursors', async () => {
    const asked: [limit: number, cursor: unknown][] = [];
    const transport = memoryTransport(({ body }) => {
      const { with: steps, cursors } = bodyOf(body) as {
        with: { s0: { limit: number } };
        cursors: { s0?: string };
      };
      const { limit } = steps.s0;
      asked.push([limit, cursors.s0]);
      if (limit > 300) throw new ApiError('too slow', { status: 408 });
      const page = Array.from({ length: limit }, (_, index) => wire(`${asked.length}-${index}`));
      return {
        items: { s0: page },
        nextCursor: asked.length < 6 ? { s0: `c${asked.length}` } : {},
      };
    });
    const found = await nodes(transport, Thing, { space: 's' }).find({ limit: 700 });
    expect(found).toHaveLength(700);
    expect(asked).toEqual([
      [700, undefined],
      [350, undefined],
      [175, undefined],
      [175, 'c3'],
      [175, 'c4'],
      [175, 'c5'],
    ]);
  });

  it('is rejected where a later page takes too long: half of it would be another question', async () => {
    let calls = 0;
    const transport = memoryTransport(() => {
      if (++calls > 1) throw new ApiError('too slow', { status: 408 });
      return { items: { s0: [wire('a')] }, nextCursor: { s0: 'c' } };
    });
    const found = nodes(transport, Thing, { space: 's' }).find({ limit: 700 });
    expect(await failure(found.then((each) => each))).toMatchObject({ status: 408 });
    expect(calls).toBe(2);
  });
});

describe('cursors that lead in a circle', () => {
  it.each([
    ['list', (things: ReturnType<typeof thingsOf>) => things.list({ limit: Infinity })],
    ['find', (things: ReturnType<typeof thingsOf>) => things.find({ limit: Infinity })],
    ['changes', (things: ReturnType<typeof thingsOf>) => read(things.changes())],
    [
      'a graph',
      (_: ReturnType<typeof thingsOf>, transport: ReturnType<typeof circling>) =>
        runGraph(
          transport,
          graph((g) => ({ things: g.pick(g.nodes(Thing)) })),
        ),
    ],
  ] as const)('are a DecodeError: %s', async (_, run) => {
    const transport = circling();
    const error = await failure(
      Promise.resolve(run(thingsOf(transport), transport)).then((each) => each),
    );
    expect(error).toMatchObject({ code: 'decode' });
    expect(transport.requests.length).toBeLessThan(300);
  });
});
async function read(pages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of pages);
}
function circling() {
  let call = 0;
  return memoryTransport(({ path, body }) => {
    const next = `c${call++ % 2}`;
    if (path.endsWith('/list')) return { items: [wire(`a${call}`)], nextCursor: next };
    const steps = Object.keys((bodyOf(body) as { with: object }).with);
    return {
      items: Object.fromEntries(
        steps.map((step) => [
          step,
          Array.from({ length: step === 'changes' ? 1_000 : 1 }, (_, index) =>
            wire(`${call}-${index}`),
          ),
        ]),
      ),
      nextCursor: Object.fromEntries(steps.map((step) => [step, next])),
    };
  });
}
function thingsOf(transport: ReturnType<typeof circling>) {
  return nodes(transport, Thing, { space: 's' });
}

describe('an aggregate', () => {
  const answering = (items: unknown[]) =>
    nodes(
      memoryTransport(() => ({ items })),
      Thing,
      { space: 's' },
    );

  it('is rejected where the name of a group is that of a number', async () => {
    const Named = view('acme', 'Named', 'v1', { count: p.int(), name: p.text() });
    const named = nodes(memoryTransport({}), Named, { space: 's' });
    const error = await failure(named.aggregate({ groupBy: ['count'], count: true } as never));
    expect(error).toMatchObject({ code: 'config', message: expect.stringContaining('"count"') });
  });

  it('has 64-bit integers as groups', async () => {
    const groups = [{ group: { serial: 5 }, aggregates: [{ aggregate: 'count', value: 2 }] }];
    expect(await answering(groups).aggregate({ groupBy: ['serial'], count: true })).toEqual([
      { serial: 5n, count: 2 },
    ]);
  });

  it.each([
    ['numbers are missing', [{ aggregates: [] }]],
    ['a number is a string', [{ aggregates: [{ aggregate: 'count', value: '2' }] }]],
    [
      'it is another number',
      [{ aggregates: [{ aggregate: 'median', property: 'power', value: 2 }] }],
    ],
    ['there are two groups without a groupBy', [{ aggregates: [] }, { aggregates: [] }]],
    ['it is not an object', [null]],
  ])('is a DecodeError where %s', async (_, items) => {
    expect(await failure(answering(items).aggregate({ count: true }))).toMatchObject({
      code: 'decode',
    });
  });
});

describe('a json property with a schema', () => {
  const schema = {
    '~standard': {
      version: 1 as const,
      vendor: 'test',
      validate: (value: unknown) =>
        typeof (value as { maker?: unknown } | null)?.maker === 'string'
          ? { value: value as { maker: string } }
          : { issues: [{ message: 'expected a string', path: ['maker'] }] },
    },
  };
  const Made = view('acme', 'Made', 'v1', { details: p.json(schema) });

  it('is checked before it is written', async () => {
    const transport = memoryTransport({});
    const made = nodes(transport, Made, { space: 's' });
    const error = await failure(made.upsert([{ externalId: 'a', details: { maker: 1 } as never }]));
    expect(error).toMatchObject({
      code: 'config',
      message: expect.stringMatching(/details.*maker.*expected a string/),
    });
    expect(transport.requests).toEqual([]);
  });

  it('is checked when it is read', async () => {
    const answer = (details: object) => ({
      items: [{ ...wire('a'), properties: { acme: { 'Made/v1': { details } } } }],
    });
    const read = (details: object) =>
      nodes(
        memoryTransport(() => answer(details)),
        Made,
        { space: 's' },
      ).list();
    expect((await read({ maker: 'x' }))[0]?.details).toEqual({ maker: 'x' });
    expect(await failure(Promise.resolve(read({ maker: 1 })).then((each) => each))).toMatchObject({
      code: 'decode',
      message: expect.stringContaining('expected a string'),
    });
  });
});
