import { ApiError, AuthError, ConfigError } from '@cdf/core';
import { type MemoryTransport, memoryTransport } from '@cdf/core/testing';
import { type AnyView, diff, edges, nodes, p, push, view } from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Project, startProject } from './project.js';

const Pump = view('acme', 'Pump', 'v1', { name: p.text(), power: p.float().optional() });
const Feed = view('acme', 'Feed', 'v1', { name: p.text() }, { usedFor: 'edge' });
const item = { externalId: 'a', name: 'n' };

interface Body {
  readonly items: readonly {
    readonly instanceType: string;
    readonly space: string;
    readonly externalId: string;
  }[];
}
/** A project that describes its view, and stores everything. */
function project(describeView: () => unknown): MemoryTransport {
  return memoryTransport({
    'POST /models/views/byids': describeView,
    'POST /models/instances': ({ body }) => ({
      items: (body as Body).items.map((each) => ({
        ...{ version: 1, wasModified: true, createdTime: 1, lastUpdatedTime: 1 },
        ...{ instanceType: each.instanceType, space: each.space, externalId: each.externalId },
      })),
    }),
    'POST /models/instances/byids': ({ body }) => ({ items: (body as Body).items }),
    'POST /models/instances/delete': () => ({ items: [] }),
    'POST /models/instances/aggregate': () => ({
      items: [{ aggregates: [{ aggregate: 'count', value: 1 }] }],
    }),
    'POST /models/instances/list': () => ({
      items: [],
      typing: { acme: { 'Pump/v1': properties() } },
    }),
  });
}
const of = (type: string, rest: object = {}): object => ({
  type: { type, list: false },
  nullable: true,
  ...rest,
});
function properties(changes: object = {}): object {
  return { name: of('text', { nullable: false }), power: of('float64'), ...changes };
}
function described(view: AnyView = Pump, changes: object = {}): object {
  const { space, externalId, version } = view;
  return { items: [{ space, externalId, version, properties: properties(changes) }] };
}
function asked({ requests }: MemoryTransport): number {
  return requests.filter(({ path }) => path === '/models/views/byids').length;
}
function pathsOf({ requests }: MemoryTransport): string[] {
  return requests.map(({ path }) => path.replace('/models', ''));
}

describe('the first write through a view', () => {
  it.each([
    [
      'upsert',
      (transport: MemoryTransport) => nodes(transport, Pump, { space: 's' }).upsert([item]),
    ],
    ['create', (transport: MemoryTransport) => nodes(transport, Pump, { space: 's' }).create(item)],
    ['update', (transport: MemoryTransport) => nodes(transport, Pump, { space: 's' }).update(item)],
    [
      'dryRun',
      (transport: MemoryTransport) =>
        nodes(transport, Pump, { space: 's' }).upsert([item], { dryRun: true }),
    ],
    [
      'a stream',
      (transport: MemoryTransport) =>
        nodes(transport, Pump, { space: 's' }).upsert(
          (async function* () {
            yield item;
          })(),
        ),
    ],
    [
      'edges',
      (transport: MemoryTransport) =>
        edges(transport, Feed, { space: 's' }).upsert([
          { ...item, type: { space: 's', externalId: 't' }, startNode: named, endNode: named },
        ]),
    ],
  ] as const)(
    'is rejected where the project has another one, by property, before any write: %s',
    async (what, write) => {
      const transport = project(() =>
        described(what === 'edges' ? Feed : Pump, {
          name: of('int32'),
          power: of('float64', { type: { type: 'float64', list: true } }),
        }),
      );
      const error = await write(transport).catch((each: unknown) => each);
      expect(error).toBeInstanceOf(ConfigError);
      expect(String(error)).toMatch(
        /view "acme:\w+\/v1" differs .* "name" is "int32" there, not text/,
      );
      if (what !== 'edges') expect(String(error)).toContain('"power" is a list there');
      expect(pathsOf(transport)).not.toContain('/instances');
    },
  );

  it('asks for the view once, and calls at the same time share the answer', async () => {
    const transport = project(() => described());
    const pumps = nodes(transport, Pump, { space: 's' });
    await Promise.all([
      pumps.upsert([item]),
      pumps.update(item),
      nodes(transport, Pump, { space: 't' }).upsert([item]),
    ]);
    await pumps.upsert([item]);
    expect(asked(transport)).toBe(1);
  });

  it('asks for nothing after a read that has compared the view, for deletions, or for no items', async () => {
    const transport = project(() => described());
    const pumps = nodes(transport, Pump, { space: 's' });
    await pumps.delete({ externalId: 'a' });
    await pumps.upsert([]);
    await pumps.list();
    await pumps.upsert([item]);
    expect(asked(transport)).toBe(0);
  });

  it('is compared for each project', async () => {
    const [own, other] = [
      project(() => described()),
      project(() => described(Pump, { name: of('int32') })),
    ];
    await nodes(own, Pump, { space: 's' }).upsert([item]);
    await expect(nodes(other, Pump, { space: 's' }).upsert([item])).rejects.toThrow(
      /"name" is "int32" there/,
    );
  });

  it('is compared again after a difference, so that a schema which was pushed since is taken', async () => {
    let changes: object = { name: of('int32') };
    const transport = project(() => described(Pump, changes));
    const pumps = nodes(transport, Pump, { space: 's' });
    await expect(pumps.upsert([item])).rejects.toThrow(ConfigError);
    changes = {};
    await pumps.upsert([item]);
    await pumps.upsert([item]);
    expect(asked(transport)).toBe(2);
  });

  const fail = (error: Error) => (): never => {
    throw error;
  };
  const unchecked: readonly (readonly [string, () => unknown, number])[] = [
    ['the API fails', fail(new ApiError('down', { status: 500 })), 1],
    ['the view is unknown', () => ({ items: [] }), 2],
    [
      'the answer is nonsense',
      () => ({ items: [{ space: 'acme', externalId: 'Pump', version: 'v1', properties: 5 }] }),
      2,
    ],
    ['the answer is not a list', () => 5, 1],
    ['schemas may not be read', fail(new AuthError('no', { status: 403 })), 1],
  ];
  it.each(unchecked)(
    'is done unchecked where %s, and the view requested again with the next if it was an answer',
    async (_, answer, times) => {
      const transport = project(answer);
      const pumps = nodes(transport, Pump, { space: 's' });
      expect(await pumps.upsert([item])).toEqual({ created: 1, updated: 0, unchanged: 0 });
      await pumps.upsert([item]);
      expect(asked(transport)).toBe(times);
    },
  );

  it('does not wait longer than its timeout for a project that does not describe the view', async () => {
    const transport = project(() => new Promise(() => {}));
    const pumps = nodes(transport, Pump, { space: 's' });
    const start = Date.now();
    const all = [
      pumps.upsert([item], {}, { timeoutMs: 50 }),
      pumps.upsert([item], {}, { timeoutMs: 60 }),
    ];
    await Promise.all(all);
    expect(Date.now() - start).toBeLessThan(2_000);
    // The next ones do not wait again.
    await pumps.upsert([item]);
    expect(Date.now() - start).toBeLessThan(4_000);
    expect(asked(transport)).toBe(1);
  });

  it('waits ten seconds at most, and asks again after a minute', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    try {
      const transport = project(() => new Promise(() => {}));
      const silent = memoryTransport((spec, { signal }) =>
        spec.path === '/models/views/byids'
          ? new Promise((_, reject) =>
              signal?.addEventListener('abort', () => reject(signal.reason)),
            )
          : transport.request(spec),
      );
      const pumps = nodes(silent, Pump, { space: 's' });
      const first = pumps.upsert([item]);
      await vi.advanceTimersByTimeAsync(10_001);
      expect(await first).toMatchObject({ created: 1 });
      await pumps.upsert([item]);
      expect(asked(silent)).toBe(1);
      await vi.advanceTimersByTimeAsync(60_000);
      const last = pumps.upsert([item]);
      await vi.advanceTimersByTimeAsync(10_001);
      await last;
      expect(asked(silent)).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('goes on for others where one of those that wait is aborted, whose account is whole', async () => {
    let answer: (value: object) => void = () => {};
    const transport = project(
      (): unknown =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const pumps = nodes(transport, Pump, { space: 's' });
    const caller = new AbortController();
    const aborted = pumps
      .upsert([item], {}, { signal: caller.signal })
      .catch((error: unknown) => error);
    const other = pumps.upsert([item]);
    while (asked(transport) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    caller.abort(new Error('enough'));
    expect(await aborted).toMatchObject({ notAttempted: [item] });
    answer(described());
    expect(await other).toEqual({ created: 1, updated: 0, unchanged: 0 });
    expect(asked(transport)).toBe(1);
  });
});
const named = { space: 's', externalId: 'n' };

describe('the first aggregate', () => {
  it('compares the view beside it', async () => {
    const transport = project(() => described(Pump, { power: of('text') }));
    const pumps = nodes(transport, Pump, { space: 's' });
    await expect(pumps.aggregate({ count: true })).rejects.toThrow(
      /"power" is "text" there, not float/,
    );
    const same = project(() => described());
    expect(await nodes(same, Pump, { space: 's' }).aggregate({ count: true })).toEqual([
      { count: 1 },
    ]);
    await nodes(same, Pump, { space: 's' }).aggregate({ count: true });
    expect(asked(same)).toBe(1);
  });
});

describe('a view whose relations lead to other views than in the project', () => {
  let emulated: Project;
  const called = (externalId: string) => ({ space: 'acme', externalId });
  const Area = view('acme', 'Area', 'v1', () => ({
    name: p.text(),
    up: p.ref((): AnyView => Area),
  }));
  const Room: AnyView = view(
    'acme',
    'Room',
    'v1',
    () => ({ up: p.ref((): AnyView => Room).storedIn({ container: called('Area') }) }),
    () => ({ implements: [Area] }),
  );
  const Newer = view('acme', 'Area', 'v2', { name: p.text() });
  const Same = view('acme', 'Place', 'v1', {
    name: p.text().storedIn({ container: called('Area') }),
  });
  const There = view('acme', 'There', 'v1', {
    to: p.ref(() => Area),
    any: p.node(),
    file: p.classic('file').optional(),
  });
  const at = (externalId: string) => ({ space: 'plant', externalId });
  beforeAll(async () => {
    emulated = await startProject({}, [Area, Room, Newer, Same, There]);
    const { transport } = emulated;
    await nodes(transport, Newer).upsert([{ ...at('a'), name: 'x' }]);
    await nodes(transport, There).upsert([{ ...at('t'), to: at('a'), any: at('a'), file: 'f' }]);
  });
  afterAll(() => emulated[Symbol.asyncDispose]());

  it.each([
    ['a child', Room],
    ['another version', Newer],
    ['a view of the same container', Same],
    ['a view of which nothing is known', view('acme', 'Area', 'v3', {})],
  ] as const)('writes, as it reads: %s', async (_, target) => {
    const Mine = view('acme', 'There', 'v1', { to: p.ref((): AnyView => target), any: p.node() });
    const work = nodes(emulated.transport, Mine).upsert([{ ...at('t'), to: at('a') }]);
    expect(await work).toMatchObject({ unchanged: 1 });
  });

  it('writes where an older application does not know that a child has narrowed it', async () => {
    const Older = view('acme', 'Room', 'v1', {}, { implements: [Area] });
    const work = nodes<AnyView>(emulated.transport, Older).upsert([
      { ...at('a'), name: 'x' } as never,
    ]);
    expect(await work).toMatchObject({ unchanged: 1 });
  });

  it('writes where the project names no view', async () => {
    const Named = view('acme', 'There', 'v1', { any: p.ref(() => Area) });
    const named = nodes(emulated.transport, Named);
    expect(await named.upsert([{ ...at('t'), any: at('a') }])).toMatchObject({ unchanged: 1 });
  });

  it('has the difference in diff', async () => {
    const Other = view('acme', 'There', 'v1', { to: p.ref(() => Newer) });
    const changes = await diff(emulated.transport, [Other]);
    expect(changes.filter(({ change }) => change !== 'kept')).toMatchObject([
      {
        ...{ kind: 'view', property: 'to', change: 'refused' },
        reason: expect.stringMatching(
          /its view is acme:Area\/v1 in the project, acme:Area\/v2 here/,
        ),
      },
    ]);
  });

  it('is refused where its ids are of another resource', async () => {
    const OtherFile = view('acme', 'There', 'v1', { file: p.classic('timeseries').optional() });
    const other = nodes(emulated.transport, OtherFile);
    await expect(other.upsert([{ ...at('t'), file: 's' }])).rejects.toThrow(
      /"file" is "file" there, not timeseries; change/,
    );
    await expect(other.list()).rejects.toThrow(/"file" is "file" there/);
  });
});

describe('in a project', () => {
  let emulated: Project;
  beforeAll(async () => {
    emulated = await startProject({}, []);
  });
  afterAll(() => emulated[Symbol.asyncDispose]());

  it('a write through a view that differs says how, a pushed view is not requested', async () => {
    const { transport, emulator } = emulated;
    const count = (): number =>
      emulator.requests.all().filter(({ path }) => path === '/models/views/byids').length;
    const Valve = view('acme', 'Valve', 'v1', {
      name: p.text(),
      status: p.oneOf('on', 'off'),
      tags: p.text().many().optional(),
    });
    await push(transport, [Valve]);
    const before = count();
    await nodes(transport, Valve, { space: 'plant' }).upsert([
      { externalId: 'V', name: 'v', status: 'on' },
    ]);
    expect(count()).toBe(before);
    const Other = view('acme', 'Valve', 'v1', {
      ...{
        name: p.int(),
        status: p.oneOf('on'),
        tags: p.text().optional(),
        colour: p.text().optional(),
      },
    });
    const work = nodes(transport, Other, { space: 'plant' }).upsert([
      { externalId: 'V', name: 5, status: 'on' },
    ]);
    await expect(work).rejects.toThrow(
      /"name" is "text" there, not int; "tags" is a list there; "colour" is unknown there/,
    );
    const fresh = view('acme', 'Valve', 'v1', { name: p.text(), status: p.oneOf('on', 'off') });
    await nodes(transport, fresh, { space: 'plant' }).upsert([
      { externalId: 'V', name: 'v', status: 'off' },
    ]);
    expect(count()).toBe(before + 2);
  });
});
