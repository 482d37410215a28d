import { createTransport, type RequestSpec, Token, type Transport } from '@cdf/core';
import { type MemoryTransport, memoryTransport } from '@cdf/core/testing';
import { DataModelingApi, nodes, p, view } from '@cdf/data-modeling';
import { describe, expect, it } from 'vitest';
import { type Project, Pump, startProject } from './project.js';

const isLong = process.env.CDF_TEST_LONG === '1';
const MIXED = isLong ? 1_000 : 60;
/** Thousands of nodes in the emulator. */
const long = isLong ? it : () => {};

const Thing = view('acme', 'Thing', 'v1', { name: p.text() });
const item = (index: number) => ({ externalId: `t${index}`, name: 'n' });
const items = (count: number) => Array.from({ length: count }, (_, index) => item(index));

describe('lanes in a project that limits requests', () => {
  /** Another client of the same project, as another process is one. */
  const connect = ({ emulator }: Project, concurrency: Record<string, number> = {}): Transport =>
    createTransport({
      ...{ clientName: 'lanes', project: emulator.project, baseUrl: emulator.url, concurrency },
      credentials: new Token(() => emulator.issueToken()),
    });
  const refused = ({ emulator }: Project): number =>
    emulator.requests.all().filter(({ status }) => status === 429).length;
  const mixed = (transport: Transport): Promise<unknown>[] => {
    const pumps = nodes(transport, Pump, { space: 'mixed' });
    return Array.from({ length: MIXED }, (_, index): Promise<unknown> => {
      const externalId = `p${index % 20}`;
      if (index % 4 === 0) return pumps.upsert([{ externalId, name: 'p', status: 'on' }]);
      if (index % 4 === 1) return pumps.delete({ externalId });
      return index % 4 === 2 ? Promise.resolve(pumps.list()) : pumps.retrieve({ externalId });
    });
  };

  it('keep mixed calls of one process below the limits, and with a second process every call ends', async () => {
    const limited = await startProject({ limits: true });
    try {
      await new DataModelingApi(limited.transport).spaces.upsert([{ space: 'mixed' }]);
      await Promise.all(mixed(limited.transport));
      expect(refused(limited)).toBe(0);
      const other = connect(limited);
      const both = [limited.transport, other].flatMap((transport) =>
        isLong
          ? mixed(transport)
          : Array.from({ length: 20 }, async () =>
              nodes(transport, Pump, { space: 'mixed' }).list(),
            ),
      );
      const results = await Promise.allSettled(both);
      expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
      // Two processes together are above the limits, where there are enough calls for a slow
      // machine.
      if (isLong) expect(refused(limited)).toBeGreaterThan(0);
      await other.close();
    } finally {
      await limited[Symbol.asyncDispose]();
    }
  });

  long(
    'are what keeps them below: one process with wider lanes is refused, and every call ends',
    async () => {
      const limited = await startProject({ limits: true });
      const wide = connect(limited, { query: 12, apply: 8, delete: 4 });
      try {
        await new DataModelingApi(limited.transport).spaces.upsert([{ space: 'mixed' }]);
        await Promise.all(mixed(wide));
        expect(refused(limited)).toBeGreaterThan(0);
      } finally {
        await wide.close();
        await limited[Symbol.asyncDispose]();
      }
    },
  );

  long('follow limits that are lower than the documented ones', async () => {
    const limited = await startProject({ limits: { read: 2, write: 1, delete: 1 } });
    try {
      await new DataModelingApi(limited.transport).spaces.upsert([{ space: 'mixed' }]);
      const pumps = nodes(limited.transport, Pump, { space: 'mixed' });
      const names = items(4_100).map(({ externalId }) => ({ externalId }));
      await pumps.upsert(names.map((name) => ({ ...name, name: 'p', status: 'on' as const })));
      expect(refused(limited)).toBe(0);
      await Promise.all(mixed(limited.transport));
      expect(refused(limited)).toBe(0);
    } finally {
      await limited[Symbol.asyncDispose]();
    }
  });
});

/** A project with statistics, that notes how many requests of a path run at the same time. */
function project(
  statistics: () => unknown,
): MemoryTransport & { readonly most: Record<string, number> } {
  const running: Record<string, number> = {};
  const most: Record<string, number> = {};
  let started = 0;
  const transport = memoryTransport(async ({ path, body }: RequestSpec) => {
    if (path === '/models/statistics') return statistics();
    running[path] = (running[path] ?? 0) + 1;
    most[path] = Math.max(most[path] ?? 0, running[path] ?? 0);
    // Answers once no further request comes: each is sent before the next one is put together.
    started++;
    for (let before = 0; before !== started; ) {
      before = started;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    running[path] = (running[path] ?? 0) - 1;
    const { items = [] } = body as { items?: { externalId: string }[] };
    const made = {
      instanceType: 'node',
      space: 's',
      version: 1,
      wasModified: true,
      createdTime: 1,
      lastUpdatedTime: 1,
    };
    return { items: items.map(({ externalId }) => ({ ...made, externalId })) };
  });
  return Object.assign(transport, { most });
}
const asked = ({ requests }: MemoryTransport): number =>
  requests.filter(({ path }) => path === '/models/statistics').length;
const WRITE = '/models/instances';
const limits = (read: unknown, write: unknown, deletes: unknown): object => ({
  ...{ concurrentReadLimit: read, concurrentWriteLimit: write, concurrentDeleteLimit: deletes },
});

describe('the sizes of lanes', () => {
  it('are those of the statistics of the project, which a call of many requests asks for first', async () => {
    const transport = project(() => limits(16, 7, 3));
    const things = nodes(transport, Thing, { space: 's' });
    await things.upsert(items(8_000));
    expect(transport.most[WRITE]).toBe(7);
    await things.delete(items(4_000).map(({ externalId }) => ({ externalId })));
    expect(transport.most['/models/instances/delete']).toBe(3);
    expect(asked(transport)).toBe(1);
    await things.list();
    expect(transport.requests.at(-1)).toMatchObject({ lane: 'query', laneLimit: 16 });
  });

  it('are known to streams as soon as their lane is full', async () => {
    const transport = project(() => limits(8, 6, 2));
    async function* stream() {
      yield* items(12_000);
    }
    await nodes(transport, Thing, { space: 's' }).upsert(stream());
    expect(transport.most[WRITE]).toBe(6);
    expect(asked(transport)).toBe(1);
  });

  it('are requested when a lane is full for the first time, and not before', async () => {
    const transport = project(() => limits(16, 4, 2));
    const things = nodes(transport, Thing, { space: 's' });
    await Promise.all(Array.from({ length: 7 }, () => things.list()));
    expect(asked(transport)).toBe(0);
    await Promise.all(Array.from({ length: 20 }, () => things.list()));
    await things.list();
    expect(asked(transport)).toBe(1);
    expect(transport.requests.at(-1)).toMatchObject({ laneLimit: 16 });
  });

  const silent: readonly (readonly [string, () => unknown])[] = [
    [
      'the project does not tell',
      () => {
        throw new Error('no');
      },
    ],
    ['it tells nothing', () => ({})],
    ['it tells nonsense', () => limits('9', 0, 1.5)],
    ['it is not an object', () => null],
  ];
  it.each(silent)(
    'stay the documented ones where %s, and it is asked once',
    async (_, statistics) => {
      const transport = project(statistics);
      const things = nodes(transport, Thing, { space: 's' });
      await things.upsert(items(4_400));
      await things.upsert(items(1));
      expect(transport.most[WRITE]).toBe(4);
      expect(asked(transport)).toBe(1);
      expect(transport.requests.at(-1)).toMatchObject({ lane: 'apply', laneLimit: 4 });
    },
  );
});
