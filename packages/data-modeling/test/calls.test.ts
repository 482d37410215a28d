import { ApiError, CdfError } from '@cdf/core';
import { type MemoryTransport, memoryTransport } from '@cdf/core/testing';
import {
  DataModelingApi,
  edges,
  graph,
  type NodeReference,
  nodes,
  p,
  param,
  push,
  runGraph,
  type StreamAccount,
  VersionConflictError,
  view,
  type WriteCounts,
} from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { type Project, startProject } from './project.js';

const untyped = (value: unknown): never => value as never;
const Unit = view('acme', 'Unit', 'v1', {
  name: p.text(),
  kind: p.oneOf('a', 'b').optional(),
  power: p.float().optional(),
  serial: p.bigint().optional(),
  sizes: p.int().many({ maxListSize: 2 }).optional(),
  details: p.json().optional(),
});
const Feed = view('acme', 'Feed', 'v1', { flow: p.float() }, { usedFor: 'edge' });
const feeds: NodeReference = { space: 'acme', externalId: 'feeds' };
const other: NodeReference = { space: 'acme', externalId: 'other' };

let project: Project;
beforeAll(async () => {
  project = await startProject({}, [Unit, Feed]);
});
afterAll(() => project[Symbol.asyncDispose]());

function silent(): MemoryTransport {
  return memoryTransport(() => {
    throw new Error('a request was sent');
  });
}
async function messageOf(run: () => unknown): Promise<string> {
  try {
    await run();
    return 'nothing was refused';
  } catch (error) {
    return String(error);
  }
}

describe('a call that cannot be', () => {
  const all = () => nodes(silent(), Unit, { space: 'acme' });
  const item = { externalId: 'a', name: 'n', version: 1 };
  const calls: readonly (readonly [string, () => unknown, RegExp])[] = [
    [
      'checkVersions in words',
      () => all().upsert([item], { checkVersions: untyped('true') }),
      /upsert nodes: checkVersions must be true or false, got the string "true"/,
    ],
    [
      'checkVersions as a number',
      () => all().upsert([item], { checkVersions: untyped(1) }),
      /checkVersions must be true or false, got number 1/,
    ],
    [
      'an update of an item twice',
      () => all().update([item, { ...item }]),
      /update nodes: "acme\/a" appears twice, at items 0 and 1/,
    ],
    ['replace in words', () => all().upsert([item], { replace: untyped('no') }), /replace must be/],
    [
      'options that are a promise',
      () => all().create([item], untyped(Promise.resolve({}))),
      /create nodes: expected a value, got a Promise; await it/,
    ],
    [
      'dryRun as null',
      () => all().create([item], { dryRun: untyped(null) }),
      /dryRun must be true or false, got null/,
    ],
    [
      'dryRun of an update',
      () => all().update(item, { dryRun: untyped(0) }),
      /update nodes: dryRun must be/,
    ],
    [
      'ignoreUnknownIds in words',
      () => all().retrieveMultiple([], { ignoreUnknownIds: untyped('yes') }),
      /ignoreUnknownIds must be/,
    ],
    [
      'follow in words',
      () =>
        all()
          .changes({ follow: untyped('yes') })
          .next(),
      /changes of nodes: follow must be/,
    ],
    ['count as a number', () => all().aggregate({ count: untyped(1) }), /count must be/],
    [
      'allowDataLoss in words',
      () => push(silent(), [Unit], { allowDataLoss: untyped('yes') }),
      /push: allowDataLoss must be/,
    ],
    [
      'a limit in words',
      () => all().list({ limit: untyped('5') }),
      /^ConfigError: limit must be a whole number from 1, or Infinity; got the string "5"$/,
    ],
    ['a limit of find', () => all().find({ limit: 0 }), /limit must be .* got 0/],
    [
      'a space as settings',
      () => nodes(silent(), Unit, untyped('plant')),
      /nodes: expected settings such as { space: 'plant' }/,
    ],
    [
      'edges as nodes',
      () => nodes(silent(), Feed),
      /nodes: the view is one of edges; use edges\(\)/,
    ],
    [
      'a promise to write',
      () => all().upsert(untyped(Promise.resolve([item]))),
      /got a Promise; await it/,
    ],
    [
      'a name as a string',
      () => all().retrieve(untyped('M')),
      /retrieve node: expected { externalId }, got the string "M"/,
    ],
    [
      'a name as a string without a space',
      () => nodes(silent(), Unit).retrieve(untyped('M')),
      /expected { space, externalId }, got/,
    ],
    [
      'a group by an enum',
      () => all().aggregate({ groupBy: untyped(['kind']) }),
      /groupBy takes text, relations, lists of them, and single numbers and booleans; "kind" is of kind enum/,
    ],
    [
      'the average of a list',
      () => all().aggregate({ avg: untyped(['sizes']) }),
      /avg takes single numbers; "sizes" is a list/,
    ],
    [
      'an array as JSON',
      () => all().upsert([{ ...item, details: untyped(['x']) }]),
      /"details": expected an object, got an array/,
    ],
    [
      'a list that is too long',
      () => all().upsert([{ ...item, sizes: [1, 2, 3] }]),
      /"sizes": the list has 3 elements, the property takes 2/,
    ],
    [
      'a parameter outside a graph',
      () => all().list({ where: { name: param('x') } }),
      /list nodes: "name": param\(\) is for graph\(\)/,
    ],
  ];
  it.each(calls)(
    'is refused by its own words, and nothing is sent: %s',
    async (_, run, message) => {
      expect(await messageOf(run)).toMatch(message);
    },
  );

  it('is refused where a parameter of a graph is compared', async () => {
    const question = graph((g) => ({
      units: g.pick(
        g.nodes(Unit, { where: { power: { gte: param('least') }, kind: param('kind') } }),
      ),
    }));
    const run = (parameters: object): unknown =>
      runGraph(silent(), question, { parameters: untyped(parameters) });
    expect(await messageOf(() => run({ least: '5', kind: 'a' }))).toMatch(
      /parameter "least".*"power": expected a finite number, got the string "5"/,
    );
    expect(await messageOf(() => run({ least: 5, kind: 'c' }))).toMatch(
      /parameter "kind".*expected one of "a", "b", got the string "c"/,
    );
    expect(
      await runGraph(project.transport, question, { parameters: { least: 5, kind: 'a' } }),
    ).toEqual({ units: [] });
  });

  it('tells to push where the project has no such view', async () => {
    const Absent = view('acme', 'Absent', 'v1', { name: p.text() });
    const absent = nodes(project.transport, Absent, { space: 'plant' });
    for (const run of [() => absent.list(), () => absent.upsert([{ externalId: 'a', name: 'n' }])])
      expect(await messageOf(run)).toMatch(
        /'acme:Absent\/v1'.*; push\(client, \[view\]\) makes it/,
      );
  });

  it('can be caught as that of a promise', async () => {
    const failing = memoryTransport(() => {
      throw new ApiError('no', { status: 400 });
    });
    expect(
      await nodes(failing, Unit)
        .list()
        .catch(() => 'caught'),
    ).toBe('caught');
  });
});

describe('versions', () => {
  it('that are stale are a VersionConflictError with the item and the way on', async () => {
    const units = nodes(project.transport, Unit, { space: 'plant' });
    await units.upsert([
      { externalId: 'v', name: 'one' },
      { externalId: 'w', name: 'one' },
    ]);
    const [read, rest] = await units.retrieveMultiple([{ externalId: 'v' }, { externalId: 'w' }]);
    if (read === undefined || rest === undefined) throw new Error('they were written');
    await units.update({ externalId: 'v', name: 'two' });
    for (const write of [
      () =>
        units.upsert(
          [
            { ...rest, name: 'three' },
            { ...read, name: 'three' },
          ],
          { checkVersions: true },
        ),
      () =>
        units.update(
          { externalId: 'v', name: 'three', version: read.version },
          { checkVersions: true },
        ),
    ]) {
      const error: unknown = await write().catch((each: unknown) => each);
      expect(VersionConflictError.isInstance(error) && error.failed).toEqual([
        expect.objectContaining({ externalId: 'v' }),
      ]);
      expect(String(error)).toMatch(
        /"plant\/v" has changed since version 1 was read; read it again/,
      );
      expect(error).toBeInstanceOf(ApiError);
    }
    expect(await units.retrieve({ externalId: 'v' })).toMatchObject({ name: 'two' });
    expect(await units.retrieve({ externalId: 'w' })).toMatchObject({ name: 'three' });
  });

  it('are looked at by update, which can also be tried', async () => {
    const units = nodes(project.transport, Unit, { space: 'plant' });
    await units.upsert([{ externalId: 'u', name: 'one' }]);
    expect(await units.update({ externalId: 'u', name: 'x' }, { dryRun: true })).toEqual({
      created: 0,
      updated: 1,
      unchanged: 0,
    });
    expect(await units.retrieve({ externalId: 'u' })).toMatchObject({ name: 'one' });
    expect(
      await messageOf(() => units.update({ externalId: 'u', name: 'x' }, { checkVersions: true })),
    ).toMatch(/checkVersions needs the version that was read/);
    expect(
      await units.update({ externalId: 'u', name: 'x', version: 1 }, { checkVersions: true }),
    ).toEqual({ created: 0, updated: 1, unchanged: 0 });
  });
});

describe('a dry run with versions', () => {
  it('is refused as the write would be, and asks once', async () => {
    const units = nodes(project.transport, Unit, { space: 'plant' });
    await units.create([
      { externalId: 'd1', name: 'one' },
      { externalId: 'd2', name: 'one' },
    ]);
    await units.upsert([
      { externalId: 'd1', name: 'two' },
      { externalId: 'd2', name: 'two' },
    ]);
    const stale = (externalId: string) => ({ externalId, name: 'three', version: 1 });
    const options = { checkVersions: true, dryRun: true };
    for (const write of [units.update, units.upsert] as const) {
      expect(await messageOf(() => write([stale('d1')], options))).toMatch(
        /"plant\/d1" has changed since version 1 was read/,
      );
      const error: unknown = await write([stale('d1'), stale('d2')], options).catch(
        (each: unknown) => each,
      );
      expect(ApiError.isInstance(error)).toBe(true);
      expect(VersionConflictError.isInstance(error) && error.conflicts).toEqual([
        { space: 'plant', externalId: 'd1' },
        { space: 'plant', externalId: 'd2' },
      ]);
      expect(await write([{ ...stale('d1'), version: 2 }], options)).toMatchObject({ updated: 1 });
    }
    const paths: string[] = [];
    const counted = memoryTransport(({ path }) => {
      paths.push(path);
      const node = { instanceType: 'node', space: 'plant', externalId: 'd1', version: 1 };
      return { items: path.endsWith('instances/byids') ? [node] : [] };
    });
    await nodes(counted, Unit, { space: 'plant' }).update(stale('d1'), options);
    expect(paths.filter((path) => path.endsWith('instances/byids'))).toHaveLength(1);
  });
});

describe('a conflict beside another refusal', () => {
  it('is a VersionConflictError in either order, with the items that have changed', async () => {
    const units = nodes(project.transport, Unit, { space: 'plant' });
    const names = ['c1', 'c2', 'c3'];
    await units.create(names.map((externalId) => ({ externalId, name: 'one' })));
    await units.upsert(names.map((externalId) => ({ externalId, name: 'two' })));
    const stale = ['c1', 'c2'].map((externalId) => ({ externalId, name: 'x', version: 1 }));
    const elsewhere = { space: 'nowhere', externalId: 'x', name: 'x', version: 1 };
    async function* streamed<T>(items: T[]): AsyncGenerator<T> {
      yield* items;
    }
    for (const items of [
      [elsewhere, ...stale],
      [...stale, elsewhere],
    ])
      for (const given of [items, streamed(items)]) {
        const error: unknown = await units
          .upsert(given, { checkVersions: true })
          .catch((each: unknown) => each);
        if (!VersionConflictError.isInstance(error)) throw error;
        expect(error.conflicts.map(({ externalId }) => externalId)).toEqual(['c1', 'c2']);
        expect(error.message).toMatch(/"plant\/c1", "plant\/c2" have changed .* \[3 failed\]/);
        expect(error.failed).toHaveLength(3);
        expect(error.errors).toHaveLength(3);
      }
  });
});

describe('a stream that fails', () => {
  it('has the counts of what was written', async () => {
    const units = nodes(project.transport, Unit, { space: 'plant' });
    async function* rows(): AsyncGenerator<{ externalId: string; name: string }> {
      for (let index = 0; index < 2400; index++) yield { externalId: `s${index}`, name: 'n' };
      throw new Error('the source ended');
    }
    const error = await units.upsert(rows()).catch((each: unknown) => each);
    if (!CdfError.isInstance(error) || !('written' in error)) throw error;
    const { written } = error as CdfError & StreamAccount;
    expectTypeOf(written).toEqualTypeOf<WriteCounts>();
    expect(written).toEqual({ created: 2000, updated: 0, unchanged: 0 });
    expect(error.failed).toHaveLength(400);
  });
});

describe('edges', () => {
  it('are listed by their ends and type, changed and counted', async () => {
    const all = edges(project.transport, Feed, { space: 'plant' });
    const at = (externalId: string): NodeReference => ({ space: 'plant', externalId });
    await all.create([
      { externalId: '1-2', type: feeds, startNode: at('1'), endNode: at('2'), flow: 1 },
      { externalId: '1-3', type: feeds, startNode: at('1'), endNode: at('3'), flow: 2 },
      { externalId: '2-3', type: other, startNode: at('2'), endNode: at('3'), flow: 3 },
    ]);
    const names = async (where: Parameters<typeof all.list>[0]): Promise<string[]> =>
      (await all.list(where)).map(({ externalId }) => externalId).sort();
    expect(await names({ where: { startNode: at('1') } })).toEqual(['1-2', '1-3']);
    expect(await names({ where: { endNode: at('3'), type: feeds } })).toEqual(['1-3']);
    expect(
      await names({ where: { startNode: { in: [at('1'), at('2')] }, flow: { gt: 1 } } }),
    ).toEqual(['1-3', '2-3']);
    expect(await names({ where: { or: [{ type: other }, { endNode: at('2') }] } })).toEqual([
      '1-2',
      '2-3',
    ]);
    expect(await names({ where: { not: { type: feeds } } })).toEqual(['2-3']);
    expect(await messageOf(() => all.list({ where: { startNode: untyped('1') } }))).toMatch(
      /"startNode": expected { space, externalId }, got the string "1"/,
    );
    expect(await all.update({ externalId: '1-2', flow: 10 })).toEqual({
      created: 0,
      updated: 1,
      unchanged: 0,
    });
    expect(await all.retrieve({ externalId: '1-2' })).toMatchObject({
      flow: 10,
      type: feeds,
      startNode: at('1'),
      endNode: at('2'),
    });
    expect(await messageOf(() => all.update({ externalId: 'absent', flow: 1 }))).toMatch(
      /update edges: 1 not found/,
    );
    expect(await all.aggregate({ count: true, sum: ['flow'], where: { type: feeds } })).toEqual([
      { count: 2, sum: { flow: 12 } },
    ]);
    const units = nodes(project.transport, Unit);
    // @ts-expect-error nodes have no ends
    const ofNodes = (): unknown => units.list({ where: { startNode: at('1') } });
    expect(await messageOf(ofNodes)).toMatch(/unknown name "startNode"/);
  });
});

describe('the ends of an edge', () => {
  const at = (externalId: string): NodeReference => ({ space: 'plant', externalId });
  const ends = { type: feeds, startNode: at('1'), endNode: at('2') };

  it('are no values of properties of the same name', async () => {
    const Typed = view(
      'acme',
      'Typed',
      'v1',
      { type: p.node().optional(), flow: p.float().optional() },
      { usedFor: 'all' },
    );
    await push(project.transport, [Typed]);
    const source = { type: 'view', space: 'acme', externalId: 'Typed', version: 'v1' };
    await new DataModelingApi(project.transport).instances.apply({
      items: [
        {
          instanceType: 'edge',
          ...at('typed'),
          ...ends,
          sources: [{ source, properties: { flow: 1 } }],
        },
      ],
      autoCreateStartNodes: true,
      autoCreateEndNodes: true,
      autoCreateDirectRelations: true,
    });
    const typed = edges(project.transport, Typed, { space: 'plant' });
    expect(await typed.update({ externalId: 'typed', flow: 2 })).toMatchObject({ updated: 1 });
    const [item] = await typed.list();
    expect(item).toMatchObject({ flow: 2, startNode: at('1') });
    expect(item).not.toHaveProperty('type');
    await typed.update({ externalId: 'typed', type: at('other') });
    expect((await typed.list())[0]).toMatchObject({ flow: 2, type: at('other') });
    for (const write of [typed.upsert, typed.create])
      expect(await messageOf(() => write({ externalId: 'new', ...ends }))).toMatch(
        /item 0: type is a member of every edge and a property of the view; name the property otherwise/,
      );
  });

  it('cannot be changed by an update', async () => {
    const all = edges(project.transport, Feed, { space: 'plant' });
    await all.create({ externalId: 'fixed', ...ends, flow: 1 });
    const edge = await all.retrieve({ externalId: 'fixed' });
    if (edge === undefined) throw new Error('it was created');
    expect(await all.update({ ...edge, flow: 2 })).toMatchObject({ updated: 1 });
    for (const changed of [{ endNode: at('3') }, { startNode: at('3') }, { type: other }])
      expect(await messageOf(() => all.update({ ...edge, ...changed }))).toMatch(
        /update edges: item 0: (endNode|startNode|type) of an edge cannot be changed, it is ".*"; delete the edge and create another/,
      );
    expect(await messageOf(() => all.update(untyped({ ...edge, type: 'x' })))).toMatch(
      /type: expected { space, externalId }, got the string "x"/,
    );
  });
});

describe('numbers of int64', () => {
  it('are exact, and bigints, but for the average', async () => {
    const answer = memoryTransport(({ path }) =>
      path.endsWith('aggregate')
        ? new TextEncoder().encode(
            '{"items":[{"aggregates":[{"aggregate":"avg","property":"serial","value":1.5},{"aggregate":"min","property":"serial","value":7},{"aggregate":"max","property":"serial","value":884324181205335269}]}]}',
          )
        : { items: [] },
    );
    const [group] = await nodes(answer, Unit).aggregate({
      avg: ['serial'],
      min: ['serial'],
      max: ['serial'],
    });
    expectTypeOf(group?.max.serial).toEqualTypeOf<bigint | undefined>();
    expectTypeOf(group?.avg.serial).toEqualTypeOf<number | undefined>();
    expect(group).toEqual({
      avg: { serial: 1.5 },
      min: { serial: 7n },
      max: { serial: 884_324_181_205_335_269n },
    });
  });
});

describe('a view as a Standard Schema', () => {
  const check = (value: unknown, of: typeof Unit | typeof Feed = Unit) =>
    of['~standard'].validate(value);

  it('gives every fault with its place', async () => {
    expect(await check({ externalId: '', name: 5, sizes: [1, 'x'], pwr: 5, kind: null })).toEqual({
      issues: [
        { path: ['space'], message: 'expected a string of 1 to 43 characters, got undefined' },
        {
          path: ['externalId'],
          message: 'expected a string of 1 to 256 characters, got the string ""',
        },
        { path: ['name'], message: 'expected a string, got number 5' },
        { path: ['sizes', 1], message: 'expected a whole number of 32 bits, got the string "x"' },
        {
          path: ['pwr'],
          message: expect.stringMatching(/^unknown name "pwr"; did you mean power/),
        },
      ],
    });
    expect(await check({ space: 's', externalId: 'a', name: undefined, power: '' })).toEqual({
      issues: [
        { path: ['power'], message: 'expected a finite number, got the string ""' },
        { path: ['name'], message: 'missing' },
      ],
    });
    expect(await check(5)).toEqual({ issues: [{ message: 'expected an object, got number 5' }] });
    expect(
      await check({ space: 's', externalId: 'e', flow: 1, type: feeds, startNode: feeds }, Feed),
    ).toEqual({
      issues: [{ path: ['endNode'], message: 'expected { space, externalId }, got undefined' }],
    });
  });

  it('takes what can be written', async () => {
    const value = { space: 's', externalId: 'a', name: 'n', version: 3 };
    expect(await check(value)).toEqual({ value });
  });
});

/** Never runs: each line is for the compiler. */
export function arrays(): void {
  p.json<{ a: string[] }>();
  // @ts-expect-error JSON properties are objects
  p.json<string[]>();
}

describe('a dry run in the order of dependencies', () => {
  const at = (externalId: string): NodeReference => ({ space: 'plant', externalId });

  it('looks for what items refer to, as the write would', async () => {
    const Part = view('acme', 'Part', 'v1', {
      get parts() {
        return p.ref(() => Part).many();
      },
    });
    await push(project.transport, [Part]);
    const parts = nodes(project.transport, Part, { space: 'plant' });
    const items = [
      { externalId: 'far', parts: [at('near')] },
      { externalId: 'near', parts: [at('none')] },
    ];
    for (const dryRun of [true, false]) {
      const options = { dependencies: 'order', dryRun } as const;
      const error: unknown = await parts.upsert(items, options).catch((each: unknown) => each);
      expect(String(error)).toMatch(/none.*does not exist|"plant\/none"/);
      if (dryRun)
        expect(error).toMatchObject({ code: 'not-found', missing: [{ instanceId: at('none') }] });
    }
    expect(await parts.retrieve({ externalId: 'far' })).toBeUndefined();
    await parts.upsert({ externalId: 'none' });
    expect(await parts.upsert(items, { dependencies: 'order', dryRun: true })).toEqual({
      created: 2,
      updated: 0,
      unchanged: 0,
    });
  });

  it('tells of a circle that one transaction cannot hold, as the write would', async () => {
    const Ring = view('acme', 'Ring', 'v1', {
      get next() {
        return p.ref(() => Ring).optional();
      },
    });
    await push(project.transport, [Ring]);
    const rings = nodes(project.transport, Ring, { space: 'plant' });
    const ring = (length: number): { externalId: string; next: NodeReference }[] =>
      Array.from({ length }, (_, place) => ({
        externalId: `ring-${length}-${place}`,
        next: at(`ring-${length}-${(place + 1) % length}`),
      }));
    for (const dryRun of [true, false]) {
      const options = { dependencies: 'order', dryRun } as const;
      const error: unknown = await rings.upsert(ring(1_001), options).catch((each) => each);
      expect(String(error)).toMatch(/plant\/ring-1001-1000|does not exist/);
      if (dryRun)
        expect(error).toMatchObject({
          code: 'not-found',
          missing: [{ instanceId: at('ring-1001-1000') }],
        });
      expect(await rings.upsert(ring(1_000), options)).toMatchObject({ created: 1_000 });
    }
    await rings.upsert({ externalId: 'ring-1001-1000' });
    for (const dryRun of [true, false])
      expect(await rings.upsert(ring(1_001), { dependencies: 'order', dryRun })).toMatchObject({
        created: 1_000,
        updated: 1,
      });
  });

  it('looks for the type and the ends of edges', async () => {
    const all = edges(project.transport, Feed, { space: 'plant' });
    const item = {
      ...{ externalId: 'f', flow: 1, type: at('no-type') },
      ...{ startNode: at('no-start'), endNode: at('f') },
    };
    await expect(all.upsert(item, { dependencies: 'order', dryRun: true })).rejects.toThrow(
      /3 that items refer to not found .*no-type.*no-start.*"plant\/f"/,
    );
    expect(await all.upsert(item, { dryRun: true })).toMatchObject({ created: 1 });
  });
});
