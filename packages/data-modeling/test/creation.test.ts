import { ApiError, type CdfError, type Transport } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { edges, nodes, p, view } from '@cdf/data-modeling';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Project, startProject } from './project.js';

const Station = view('acme', 'Station', 'v1', {
  name: p.text(),
  tags: p.text().many().optional(),
  get next() {
    return p.ref(() => Station);
  },
});
const Link = view('acme', 'Link', 'v1', { flow: p.float().optional() }, { usedFor: 'edge' });

let project: Project;
beforeAll(async () => {
  project = await startProject({}, [Station, Link]);
});
afterAll(() => project[Symbol.asyncDispose]());

const at = (externalId: string) => ({ space: 'plant', externalId });
const station = (externalId: string, next?: string) => ({
  externalId,
  name: 'n',
  ...(next !== undefined && { next: at(next) }),
});
type Item = ReturnType<typeof station>;
const stations = () => nodes(project.transport, Station, { space: 'plant' });
const writes = (): number =>
  project.emulator.requests.all().filter(({ path }) => path.endsWith('/models/instances')).length;
const stream = async function* <T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
};
const failure = (work: Promise<unknown>): Promise<CdfError<Item>> =>
  work.then(
    () => expect.fail('it did not fail'),
    (error) => error,
  );
const CREATED = (created: number) => ({ created, updated: 0, unchanged: 0 });
/** Refused by the server only. */
const refused = { externalId: 'bad', name: 'x', tags: Array<string>(1_001).fill('t') };

describe('a creation of nodes that refer to each other', () => {
  it('writes those first that others refer to: a tree, whose first transaction is slow', async () => {
    const tree = Array.from({ length: 2_000 }, (_, i) =>
      station(`tree-${i}`, i > 0 ? `tree-${Math.floor((i - 1) / 2)}` : undefined),
    );
    await stations().upsert(station('warm'));
    project.emulator.faults.add({ path: '/models/instances', latencyMs: 300, count: 1 });
    const before = writes();
    expect(await stations().create(tree)).toEqual(CREATED(2_000));
    expect(writes() - before).toBe(2);
  });

  it('writes chains across transactions, each transaction once', async () => {
    const chains = Array.from({ length: 3_500 }, (_, i) =>
      station(`chain-${i}`, i + 1_000 < 3_500 ? `chain-${i + 1_000}` : undefined),
    );
    const before = writes();
    expect(await stations().create(chains)).toEqual(CREATED(3_500));
    expect(writes() - before).toBe(4);
  });

  it('writes a circle that does not fit into a transaction', async () => {
    const circle = Array.from({ length: 2_500 }, (_, i) =>
      station(`circle-${i}`, `circle-${(i + 1) % 2_500}`),
    );
    expect(await stations().create(circle)).toEqual(CREATED(2_500));
    const { version } = (await stations().retrieve({ externalId: 'circle-1000' })) as never;
    expect(version).toBe(2);
  });

  it('writes a stream, whatever comes first', async () => {
    const items = Array.from({ length: 2_500 }, (_, i) =>
      station(`stream-${i}`, i + 1 < 2_500 ? `stream-${i + 1}` : undefined),
    );
    expect(await stations().create(stream(items))).toEqual(CREATED(2_500));
    const reversed = items.map(({ externalId, ...item }) => ({
      ...item,
      externalId: `r-${externalId}`,
      ...(item.next && { next: at(`r-${item.next.externalId}`) }),
    }));
    expect(await stations().create(stream(reversed.reverse()))).toEqual(CREATED(2_500));
  });

  it('writes what it can where one is refused', async () => {
    const good = [station('s-a', 's-d'), station('s-b'), station('s-d', 's-e'), station('s-e')];
    const given = [good[0], good[1], refused, good[2], good[3]] as Item[];
    const error = await failure(stations().create(given));
    expect(error.failed).toEqual([refused]);
    expect(error.successful).toEqual(good);
    const circle = [station('c-a', 'c-b'), refused, station('c-b', 'c-a')] as Item[];
    expect((await failure(stations().create(circle))).failed).toEqual([refused]);
  });

  it('refuses those that have data, also where a relation of the call names them', async () => {
    await stations().upsert([station('old-1'), station('old-2')]);
    await stations().upsert({ externalId: 'old-2', name: 'changed' });
    for (const source of [(items: Item[]) => items, stream]) {
      const what = source === stream ? 'x' : 'y';
      const items = [
        station(`${what}-1`, 'old-1'),
        station('old-1'),
        station(`${what}-2`, 'old-2'),
        station('old-2'),
      ];
      const error = await failure(stations().create(source(items)));
      expect(error.code).toBe('duplicated');
      expect(error.failed).toEqual([items[1], items[3]]);
    }
    expect(await stations().retrieve({ externalId: 'old-2' })).toMatchObject({ name: 'changed' });
  });

  it('refuses one whose bare node someone else has written meanwhile', async () => {
    const { transport, emulator } = project;
    const items = Array.from({ length: 1_001 }, (_, i) =>
      station(`m-${i}`, `m-${(i + 1) % 1_001}`),
    );
    let isWritten = false;
    const own = nodes(
      {
        ...transport,
        request: async (spec: never, options: never) => {
          const answer = await transport.request(spec, options);
          const { path } = spec as { path: string };
          if (path === '/models/instances/inspect' && !isWritten) {
            isWritten = true;
            await stations().upsert({ externalId: 'm-1000', name: 'mine' });
          }
          return answer;
        },
      } as never,
      Station,
      { space: 'plant' },
    );
    const error = await failure(own.create(items));
    expect(error.failed.map(({ externalId }) => externalId)).toContain('m-1000');
    expect(await stations().retrieve({ externalId: 'm-1000' })).toMatchObject({ name: 'mine' });
    expect(emulator).toBeDefined();
  });

  it('fails for those only that are refused, whatever refers to what', async () => {
    const links = fc.array(fc.record({ next: fc.option(fc.nat(15)), isBad: fc.nat(5) }), {
      minLength: 2,
      maxLength: 16,
    });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(links, fc.boolean(), async (drawn, isStream) => {
        const name = `g${round++}`;
        const items = drawn.map(({ next, isBad }, i) => ({
          ...station(`${name}-${i}`, next === null ? undefined : `${name}-${next}`),
          ...(isBad === 0 && { tags: refused.tags }),
        }));
        const bad = items.filter(({ tags }) => tags !== undefined);
        const work = stations().create(isStream ? stream(items) : items);
        if (bad.length === 0) {
          expect(await work).toEqual(CREATED(items.length));
          return;
        }
        const error = await failure(work);
        expect(error.failed).toEqual(isStream ? expect.arrayContaining(bad) : bad);
        expect(error.failed).toHaveLength(bad.length);
        const good = items.filter(({ tags }) => tags === undefined);
        const names = good.map(({ externalId }) => ({ externalId }));
        expect(await stations().retrieveMultiple(names)).toHaveLength(good.length);
      }),
      { numRuns: process.env.CDF_TEST_LONG === '1' ? 1_000 : 60 },
    );
  });

  it('is one of edges too', async () => {
    const items = Array.from({ length: 1_500 }, (_, i) => ({
      externalId: `e-${i}`,
      type: at('link'),
      startNode: at(`n-${i}`),
      endNode: at(`n-${(i + 1_000) % 1_500}`),
    }));
    const links = edges(project.transport, Link, { space: 'plant' });
    expect(await links.create(items)).toEqual(CREATED(1_500));
  });
});

describe('a creation of nodes that exist already, in a circle', () => {
  /** A project in which all nodes are of others, and its looks at them. */
  function ofOthers(isDown: boolean) {
    const asked: string[] = [];
    const transport = memoryTransport(({ path, body }) => {
      const { items } = (body ?? {}) as { items: { externalId: string }[] };
      asked.push(path);
      if (path.endsWith('views/byids')) return { items: [] };
      if (path === '/models/instances')
        throw new ApiError('A version conflict caused the ingest to fail.', { status: 409 });
      if (isDown) throw new ApiError('unavailable', { status: 503 });
      const inspectionResults = { involvedContainers: [{ space: 's', externalId: 'c' }] };
      return { items: items.map((item) => ({ ...item, version: 1, inspectionResults })) };
    });
    const count = (ending: string): number => asked.filter((path) => path.endsWith(ending)).length;
    return { transport, count };
  }
  const circle = Array.from({ length: 100 }, (_, i) => station(`o${i}`, `o${(i + 1) % 100}`));

  it('does not wait for ever for a project that does not answer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { transport, count } = ofOthers(false);
      const silent: Transport = {
        ...transport,
        project: 'p',
        limits: transport.limits,
        request: (spec, options) =>
          spec.path.endsWith('instances/byids')
            ? new Promise((_, reject) => {
                options?.signal?.addEventListener('abort', () => reject(options.signal?.reason));
              })
            : transport.request(spec, options),
      };
      const all = nodes(silent, Station, { space: 'plant' });
      const error = failure(all.create(circle));
      await vi.advanceTimersByTimeAsync(11_000);
      expect((await error).failed).toHaveLength(100);
      expect(count('/models/instances')).toBe(199);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    [false, 1],
    [true, 0],
  ])('looks at each of them once; the project is down: %s', async (isDown, inspections) => {
    const { transport, count } = ofOthers(isDown);
    const all = nodes(transport, Station, { space: 'plant' });
    const error = await failure(all.create(circle));
    expect(error.failed).toHaveLength(100);
    expect(count('/models/instances')).toBe(199);
    expect([count('instances/byids'), count('/inspect')]).toEqual([1, inspections]);
  });
});

it('an iterator whose done is not a boolean ends where loops end', async () => {
  let given = 0;
  const iterator = { next: () => ({ done: given++ > 0 ? 1 : 0, value: station(`done-${given}`) }) };
  const items = { [Symbol.iterator]: () => iterator } as never;
  expect(await stations().upsert(items)).toEqual(CREATED(1));
});
