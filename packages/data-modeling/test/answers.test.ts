import { ApiError, CdfError } from '@cdf/core';
import { type MemoryTransport, memoryTransport } from '@cdf/core/testing';
import {
  DataModelingApi,
  ExpiredCursorError,
  graph,
  nodes,
  p,
  runGraph,
  view,
} from '@cdf/data-modeling';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const Pump = view('acme', 'Pump', 'v1', {
  name: p.text(),
  power: p.float().optional(),
  count: p.int().optional(),
  status: p.oneOf('on', 'off').optional(),
  tags: p.text().many().optional(),
  seen: p.timestamp().optional(),
  details: p.json().optional(),
  get next() {
    return p.ref(() => Pump);
  },
});
const Exact = view('acme', 'Exact', 'v1', { serial: p.bigint(), details: p.json().optional() });

function item(
  externalId: string,
  properties: object = { name: 'n' },
  changes: object = {},
): object {
  return {
    ...{
      instanceType: 'node',
      space: 's',
      externalId,
      version: 1,
      createdTime: 1,
      lastUpdatedTime: 2,
    },
    properties: { acme: { 'Pump/v1': properties } },
    ...changes,
  };
}

const answering = (answer: unknown) =>
  nodes(
    memoryTransport(() => answer),
    Pump,
    { space: 's' },
  );
const told = { code: 'decode' };

describe('a list of anything but nodes of the view is a DecodeError', () => {
  it.each([
    ['an error as success', { error: { code: 500 } }],
    ['no object', [item('a')]],
    ['an element that is null', { items: [null] }],
    ['an item without a name', { items: [{ ...item('a'), externalId: undefined }] }],
    ['an edge', { items: [item('a', undefined, { instanceType: 'edge' })] }],
    ['no version', { items: [item('a', undefined, { version: undefined })] }],
    ['no times', { items: [item('a', undefined, { lastUpdatedTime: 'now' })] }],
    ['no required property', { items: [item('a', {})] }],
    ['null where a value is required', { items: [item('a', { name: null })] }],
    ['a number for a text', { items: [item('a', { name: 1 })] }],
    ['a text for a number', { items: [item('a', { name: 'n', power: '1' })] }],
    ['a fraction for a whole number', { items: [item('a', { name: 'n', count: 1.5 })] }],
    ['a whole number that no number holds', { items: [item('a', { name: 'n', count: 2 ** 60 })] }],
    ['a value for a list', { items: [item('a', { name: 'n', tags: 'x' })] }],
    ['a list with another type in it', { items: [item('a', { name: 'n', tags: ['x', 1] })] }],
    [
      'a day that does not exist',
      { items: [item('a', { name: 'n', seen: '2024-13-01T00:00:00Z' })] },
    ],
    ['a time as a number', { items: [item('a', { name: 'n', seen: 5 })] }],
    ['a text for an object', { items: [item('a', { name: 'n', details: 'x' })] }],
    [
      'a relation without a space',
      { items: [item('a', { name: 'n', next: { externalId: 'b' } })] },
    ],
    ['a cursor that is not a string', { items: [item('a')], nextCursor: 5 }],
  ])('%s', async (_, answer) => {
    await expect(answering(answer).list()).rejects.toMatchObject(told);
  });

  it('and what the API may do is accepted', async () => {
    const read = await answering({
      items: [
        item(
          'a',
          { name: 'n', power: null, unknown: { any: 'thing' }, seen: '2024-07-01T02:00:00.5+0200' },
          { type: null },
        ),
        item('b', { name: 'n', status: 'a value of later' }),
      ],
      nextCursor: '',
      more: true,
    }).list();
    expect(read.map(({ externalId, power }) => [externalId, power])).toEqual([
      ['a', undefined],
      ['b', undefined],
    ]);
    expect(read[0]?.seen).toEqual(new Date('2024-07-01T00:00:00.500Z'));
  });

  it('a cursor that repeats ends the list', async () => {
    await expect(
      answering({ items: [item('a')], nextCursor: 'x' }).list({ limit: 5000 }),
    ).rejects.toMatchObject(told);
  });
});

describe('an answer that does not describe its view', () => {
  const READS: readonly [string, (transport: MemoryTransport) => unknown][] = [
    ['list', (transport) => nodes(transport, Pump, { space: 's' }).list()],
    [
      'retrieve',
      (transport) => nodes(transport, Pump, { space: 's' }).retrieve({ externalId: 'a' }),
    ],
    ['search', (transport) => nodes(transport, Pump, { space: 's' }).search('x')],
    ['find', (transport) => nodes(transport, Pump, { space: 's' }).find({ with: { next: true } })],
    ['changes', (transport) => nodes(transport, Pump, { space: 's' }).changes().next()],
    [
      'graph',
      (transport) =>
        runGraph(
          transport,
          graph((g) => ({ pumps: g.pick(g.nodes(Pump)) })),
        ),
    ],
  ];

  it.each(READS)(
    'is read all the same, and the description is requested with the next: %s',
    async (_, read) => {
      for (const typing of [
        undefined,
        null,
        5,
        'typing',
        [],
        {},
        { acme: null },
        { acme: { 'Pump/v1': 5 } },
        { s0: 5 },
      ]) {
        const asked: unknown[] = [];
        const transport = memoryTransport(({ body }) => {
          const { with: steps, includeTyping } = body as { with?: object; includeTyping?: boolean };
          asked.push(includeTyping);
          if (steps === undefined) return { items: [item('a')], typing };
          const of = (value: unknown): object =>
            Object.fromEntries(Object.keys(steps).map((step) => [step, value]));
          return { items: of([item('a')]), nextCursor: 'changes' in steps ? of('c') : {}, typing };
        });
        await read(transport);
        await read(transport);
        expect(asked).toEqual(asked.map(() => true));
      }
    },
  );
});

describe('64-bit integers', () => {
  const exact = (json: string) =>
    nodes(
      memoryTransport(() => new TextEncoder().encode(json)),
      Exact,
      { space: 's' },
    );
  const body = (serial: string, details = '{}') =>
    `{"items":[{"instanceType":"node","space":"s","externalId":"a","version":1,"createdTime":1,"lastUpdatedTime":2,"properties":{"acme":{"Exact/v1":{"serial":${serial},"details":${details}}}}}]}`;

  it.each([
    ['884324181205335268', 884324181205335268n],
    ['-9223372036854775808', -9223372036854775808n],
    ['0', 0n],
    ['9007199254740993', 9007199254740993n],
  ])('%s is exact', async (text, value) => {
    expect((await exact(body(text)).list())[0]?.serial).toBe(value);
  });

  it.each(['1.5', '"1"', 'true', '1e400', '01', '+1', '0x10', ''])(
    '%s is refused',
    async (text) => {
      await expect(exact(body(text)).list()).rejects.toMatchObject(told);
    },
  );

  // The engine's own parser reads answers without long numbers.
  it('change nothing else of an answer, however long they are', async () => {
    const details = fc.dictionary(fc.string(), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(details, async (value) => {
        const json = JSON.stringify(value);
        fc.pre(!/(?<![.\d])\d{16}/.test(json));
        const [short] = await exact(body('7', json)).list();
        const [long] = await exact(body('9007199254740993', json)).list();
        expect(long).toStrictEqual({ ...short, serial: 9007199254740993n });
        expect(JSON.stringify(short?.details)).toBe(json);
      }),
    );
  });

  it('in JSON are numbers where those hold them exactly', async () => {
    const [node] = await exact(
      body('1', `{"deep":[1152921504606846976],"large":1${'0'.repeat(20)}}`),
    ).list();
    expect(node?.details).toEqual({ deep: [2 ** 60], large: 1e20 });
  });

  it('elsewhere are an error: a number would round them', async () => {
    await expect(exact(body('1', '{"deep":[9007199254740993]}')).list()).rejects.toMatchObject(
      told,
    );
  });

  it.each([
    '{"items":[',
    '{"items":[]}x',
    '',
    '{"a":1,}',
    '[1,]',
    '{"__proto__":[}',
    `${'['.repeat(3000)}`,
  ])('invalid JSON is a DecodeError: %s', async (text) => {
    await expect(exact(text).list()).rejects.toMatchObject(told);
  });
});

describe('unrequested items', () => {
  it.each([
    ['a foreign node', { items: [item('x')] }],
    ['a node twice', { items: [item('a'), item('a')] }],
  ])('%s is a DecodeError of a retrieval', async (_, answer) => {
    await expect(answering(answer).retrieveMultiple([{ externalId: 'a' }])).rejects.toMatchObject(
      told,
    );
  });

  it('a match that comes twice is there once', async () => {
    const found = await answering({ items: [item('a'), item('b'), item('a')] }).search('x');
    expect(found.map(({ externalId }) => externalId)).toEqual(['a', 'b']);
  });

  it('a group without its values is a DecodeError: it would be that of the nodes without any', async () => {
    const wrong = { items: [{ aggregates: [{ aggregate: 'count', value: 1 }] }] };
    await expect(
      answering(wrong).aggregate({ groupBy: ['name'], count: true }),
    ).rejects.toMatchObject(told);
  });

  it('more matches than requested, and invalid groups, are DecodeErrors', async () => {
    await expect(
      answering({ items: [item('a'), item('b')] }).search('x', { limit: 1 }),
    ).rejects.toMatchObject(told);
    await expect(answering({ items: [] }).aggregate({ count: true })).rejects.toMatchObject(told);
    const wrong = { items: [{ aggregates: [{ aggregate: 'count', value: 'many' }] }] };
    await expect(answering(wrong).aggregate({ count: true })).rejects.toMatchObject(told);
  });
});

describe('the answer to a write', () => {
  const done = (externalId: string, changes: object = {}): object => ({
    ...{
      instanceType: 'node',
      space: 's',
      externalId,
      version: 1,
      wasModified: true,
      createdTime: 1,
      lastUpdatedTime: 1,
    },
    ...changes,
  });
  const input = ['a', 'b', 'c'].map((externalId) => ({ externalId, name: 'n' }));

  it.each([
    ['an item that is left out', [done('a'), done('c')], ['a', 'c'], ['b']],
    ['a foreign item', [done('a'), done('x'), done('c')], ['a', 'c'], ['b']],
    [
      'an item without wasModified',
      [done('a'), done('b', { wasModified: undefined }), done('c')],
      ['a', 'c'],
      ['b'],
    ],
    ['no items', [], [], ['a', 'b', 'c']],
    ['null among them', [done('a'), null, done('c')], ['a', 'c'], ['b']],
    ['a text among them', ['b', done('a'), done('c')], ['a', 'c'], ['b']],
    ['an item without a name', [done('a'), {}, done('c')], ['a', 'c'], ['b']],
  ])(
    '%s: what is confirmed is successful, the others unknown',
    async (_, items, successful, unknown) => {
      const error = await answering({ items, deleted: [] })
        .upsert(input)
        .catch((each: unknown) => each);
      expect(CdfError.isInstance(error)).toBe(true);
      const { successful: written, unknown: open } = error as CdfError<{ externalId: string }>;
      expect(written.map(({ externalId }) => externalId)).toEqual(successful);
      expect(open.map(({ externalId }) => externalId)).toEqual(unknown);
    },
  );

  it('a deletion that names others is a DecodeError', async () => {
    await expect(
      answering({ items: [{ space: 's', externalId: 'x' }] }).delete({ externalId: 'a' }),
    ).rejects.toMatchObject(told);
  });
});

describe('the answer to a deletion', () => {
  const names = ['a', 'b', 'c'].map((externalId) => ({ space: 's', externalId }));

  it.each([
    ['another name', [names[0], { space: 's', externalId: 'x' }]],
    ['null', [names[0], null]],
    ['an item without a name', [{ space: 's' }, names[0]]],
  ])('%s beside a requested one: that one is successful, the others unknown', async (_, items) => {
    const error = await answering({ items })
      .delete(names)
      .catch((each: unknown) => each);
    expect(error).toMatchObject({
      ...told,
      successful: [names[0]],
      unknown: [names[1], names[2]],
      failed: [],
    });
  });

  it('may leave out names, which did not exist', async () => {
    expect(await answering({ items: [names[1]] }).delete(names)).toEqual([names[1]]);
  });
});

describe('answers about the schema', () => {
  const api = (answer: unknown) => new DataModelingApi(memoryTransport(() => answer));
  const named = (externalId: string, version = 'v1') => ({ space: 'acme', externalId, version });
  const names = ['A', 'B'].map((externalId) => named(externalId));

  it.each([
    ['a view twice', { items: [named('A'), named('B'), named('A')] }],
    ['another view', { items: [named('A'), named('X')] }],
    ['a view without a name', { items: [named('A'), { space: 'acme', version: 'v1' }] }],
  ])('%s is a DecodeError of a retrieval', async (_, answer) => {
    await expect(api(answer).views.retrieveMultiple(names)).rejects.toMatchObject(told);
    await expect(api(answer).views.retrieve(named('A'))).rejects.toMatchObject(told);
  });

  it('every version of a view that was named without one is accepted', async () => {
    const items = [named('A', 'v1'), named('A', 'v2')];
    expect(
      await api({ items }).views.retrieveMultiple([{ space: 'acme', externalId: 'A' }]),
    ).toEqual(items);
  });

  it('an item without a name is a DecodeError of a list: items without one would pass for the same', async () => {
    await expect(
      api({ items: [{ name: 'a' }, { name: 'b' }] }).spaces.list(),
    ).rejects.toMatchObject(told);
  });

  it.each([
    ['an item that is left out', [named('B')]],
    ['another name in its place', [named('X'), named('B')]],
    ['null in its place', [null, named('B')]],
    ['the other one twice', [named('B'), named('B')]],
  ])(
    '%s in the answer to a write: what is confirmed is successful, the rest unknown',
    async (_, items) => {
      const views = names.map((name) => ({ ...name, properties: {} }));
      const error = await api({ items })
        .views.upsert(views)
        .catch((each: unknown) => each);
      expect(error).toMatchObject({
        ...told,
        successful: [views[1]],
        unknown: [views[0]],
        failed: [],
      });
    },
  );

  it.each([
    ['another name', [named('B'), named('X')]],
    ['null', [named('B'), null]],
  ])(
    'a deletion that has %s beside a requested one: that one is successful, the rest unknown',
    async (_, items) => {
      const error = await api({ items })
        .views.delete(names)
        .catch((each: unknown) => each);
      expect(error).toMatchObject({
        ...told,
        successful: [names[1]],
        unknown: [names[0]],
        failed: [],
      });
    },
  );

  it('statistics without the numbers of instances are a DecodeError', async () => {
    await expect(api({ error: { code: 500 } }).statistics()).rejects.toMatchObject(told);
  });
});

describe('an answer in the form of the API is given as it is', () => {
  const { instances } = new DataModelingApi(
    memoryTransport(() => ({ items: [item('a')], nextCursor: '', more: 1 })),
  );
  const wrong = (answer: unknown) => new DataModelingApi(memoryTransport(() => answer)).instances;

  it('with what is unknown here', async () => {
    expect(await instances.list({})).toEqual({ items: [item('a')], nextCursor: '', more: 1 });
  });

  it.each([
    undefined,
    null,
    'ok',
    7,
    [item('a')],
    { error: { code: 500 } },
    { items: null },
    { items: {} },
    { items: [null] },
  ])('but %j is not a list: a DecodeError', async (answer) => {
    for (const method of [
      'list',
      'retrieve',
      'search',
      'aggregate',
      'inspect',
      'apply',
      'delete',
    ] as const)
      await expect(wrong(answer)[method]({ items: [] })).rejects.toMatchObject(told);
  });

  it.each([
    undefined,
    null,
    'ok',
    { error: { code: 500 } },
    { items: null },
    { items: [] },
    { items: { s: {} } },
    { items: { s: [null] } },
  ])('and %j has no items of steps: a DecodeError', async (answer) => {
    for (const method of ['query', 'sync'] as const)
      await expect(wrong(answer)[method]({})).rejects.toMatchObject(told);
  });
});

describe('graphs and changes', () => {
  const question = graph((g) => {
    const start = g.nodes(Pump, { limit: 1 });
    return { start: g.pick(start), next: g.pick(g.follow(start, 'next')) };
  });
  const run = (answer: unknown) =>
    runGraph(
      memoryTransport(() => answer),
      question,
    );

  it.each([
    ['no items', { nextCursor: {} }],
    ['a step without items', { items: { s0: [item('a')] }, nextCursor: {} }],
    [
      'more items than requested',
      { items: { s0: [item('a'), item('b')], s1: [] }, nextCursor: {} },
    ],
    ['a cursor that repeats', { items: { s0: [item('a')], s1: [] }, nextCursor: { s0: 'x' } }],
    [
      'a cursor of a child that repeats',
      { items: { s0: [item('a')], s1: [item('b')] }, nextCursor: { s1: 'x' } },
    ],
  ])('%s is a DecodeError of a graph', async (_, answer) => {
    await expect(run(answer)).rejects.toMatchObject(told);
  });

  it.each([
    ['no cursor', { items: { changes: [] }, nextCursor: {} }],
    ['no items', { items: {}, nextCursor: { changes: 'x' } }],
    [
      'items under a cursor that does not move',
      { items: { changes: [item('a')] }, nextCursor: { changes: 'x' } },
    ],
  ])('%s is a DecodeError of changes', async (_, answer) => {
    const walk = async (): Promise<void> => {
      for await (const _page of answering(answer).changes()) if (_page.cursor === '') return;
    };
    await expect(walk()).rejects.toMatchObject(told);
  });

  it('an expired cursor is an error of its own, that says how to start again', async () => {
    const expired = Response.json(
      { error: { code: 400, message: 'Cursor has expired.' } },
      { status: 400 },
    );
    const error = await answering(expired)
      .changes()
      .next()
      .catch((each: unknown) => each);
    expect(ExpiredCursorError.isInstance(error)).toBe(true);
    expect(String(error)).toMatch(/read everything again without a cursor/);
  });

  it.each([
    { cursor: 'x' },
    { cursor: '{}' },
    { cursor: '{"position":"p","question":"other"}' },
    { pauseMs: -1 },
    { wher: {} },
  ])('%j is rejected before anything is sent', async (query) => {
    await expect(
      answering({})
        .changes(query as never)
        .next(),
    ).rejects.toMatchObject({ code: 'config' });
  });
});

describe('a transaction that is refused after an attempt without an answer', () => {
  // The lost attempt may have stored every item; the refusals of its halves cannot tell.
  const refused = (delivery: 'unknown' | 'refused'): ApiError =>
    new ApiError('400 refused', { status: 400, delivery });

  it.each([
    ['unknown', { unknown: 3, failed: 0 }],
    ['refused', { unknown: 0, failed: 3 }],
  ] as const)('%s: the account says so', async (delivery, account) => {
    const transport = memoryTransport(({ body, path }) => {
      if (!path.endsWith('/instances')) return {};
      const { items } = body as { items: readonly object[] };
      throw refused(items.length === 3 ? delivery : 'refused');
    });
    const error = await nodes(transport, Pump, { space: 's' })
      .upsert(['a', 'b', 'c'].map((externalId) => ({ externalId, name: 'n' })))
      .catch((each: unknown) => each);
    const { unknown, failed } = error as CdfError;
    expect({ unknown: unknown.length, failed: failed.length }).toEqual(account);
  });
});

describe('an error of the transport', () => {
  it('is thrown as it is, however often it comes', async () => {
    const given = new ApiError('400 One or more views do not exist', { status: 400 });
    const transport = memoryTransport(() => {
      throw given;
    });
    const read = (): Promise<unknown> =>
      nodes(transport, Pump)
        .list()
        .catch((each: unknown) => each);
    expect([await read(), await read()]).toEqual([given, given]);
    expect(given.message).toBe('400 One or more views do not exist');
  });
});
