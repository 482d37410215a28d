import { memoryTransport } from '@cdf/core/testing';
import {
  assetsToNodes,
  edges,
  graph,
  nodes,
  p,
  push,
  toDefinitions,
  view,
} from '@cdf/data-modeling';
import { describe, expect, it } from 'vitest';

const Area = view('acme', 'Area', 'v1', { name: p.text() });
const Pump = view('acme', 'Pump', 'v1', {
  name: p.text(),
  power: p.float().optional(),
  tags: p.text().many().optional(),
  seen: p.timestamp().optional(),
  area: p.ref(() => Area),
});
const transport = memoryTransport({});
// As plain JavaScript calls it.
const pumps = nodes(transport, Pump, { space: 's' }) as unknown as Record<
  string,
  (...values: unknown[]) => unknown
>;

async function messageOf(run: () => unknown): Promise<string> {
  try {
    await run();
    return 'no error';
  } catch (error) {
    expect(error).toMatchObject({ code: 'config' });
    return (error as Error).message;
  }
}

describe('a condition of another query builder is answered by the one here', () => {
  it.each([
    [{ name: { equals: 'x' } }, /"equals"; a value by itself means equals/],
    [{ power: { not: 5 } }, /"not"; negate the condition/],
    [{ name: { contains: 'x' } }, /"contains"; use prefix, or search/],
    [{ name: { startsWith: 'x' } }, /"startsWith"; use prefix/],
    [{ tags: { has: 'x' } }, /"has"; use containsAny/],
    [{ power: { min: 3 } }, /"min"; use gte/],
    [{ name: ['a', 'b'] }, /"name" is not a list; for one of several use { in: \[\.\.\.\] }/],
  ])('%j', async (where, message) => {
    expect(await messageOf(() => pumps.list?.({ where }))).toMatch(message);
  });
});

describe('the name of a node of which a part is undefined', () => {
  const half = { space: 's', externalId: undefined };

  it.each([
    { area: half },
    { area: { space: undefined, externalId: 'a' } },
    { area: { space: undefined, externalId: undefined } },
    { or: [{ name: 'x' }, { area: half }] },
    { not: { area: half } },
    { area: { in: [half] } },
  ])('is no condition that others fit too: %o', async (where) => {
    const message = /"area": expected \{ space, externalId \}, got \{ .*: undefined/;
    expect(await messageOf(() => pumps.list?.({ where }))).toMatch(message);
    expect(await messageOf(() => pumps.find?.({ where }))).toMatch(message);
  });

  it('nor is it one of the ends of edges', async () => {
    const Feed = view('acme', 'Feed', 'v1', { flow: p.float() }, { usedFor: 'edge' });
    const feeds = edges(transport, Feed, { space: 's' });
    expect(await messageOf(() => feeds.list({ where: { startNode: half as never } }))).toMatch(
      /"startNode": expected \{ space, externalId \}, got \{ space, externalId: undefined \}/,
    );
  });

  it('is told where it is written', async () => {
    const item = { externalId: 'a', name: 'n', area: half };
    expect(await messageOf(() => pumps.upsert?.(item))).toMatch(/got \{ space, externalId: undef/);
  });

  it('conditions on the node itself may be undefined', async () => {
    const { transport: empty, requests } = recorded();
    const all = nodes(empty, Pump, { space: 's' });
    await all.list({ where: { area: { name: undefined } } });
    expect(JSON.stringify(requests[0]?.body)).not.toContain('area');
    await all.list({ where: { area: { externalId: { prefix: 'N' }, space: undefined } } });
    expect(JSON.stringify(requests[1]?.body)).toContain(
      '"prefix":{"property":["node","externalId"]',
    );
  });
});

function recorded() {
  const empty = memoryTransport(() => ({ items: [] }));
  return { transport: empty, requests: empty.requests };
}

describe('items that cannot be written are told together', () => {
  const item = (changes: object) => ({ externalId: 'a', name: 'n', ...changes });

  it('the first five, and how many there are', async () => {
    const items = [
      item({}),
      item({ power: '5' }),
      item({ nmae: 'x' }),
      item({ seen: new Date('never') }),
      { name: 'n' },
    ];
    expect(await messageOf(() => pumps.upsert?.(items))).toBe(
      'upsert nodes: 4 of 5 items cannot be written: item 1: "power": expected a finite number, got the string "5"; ' +
        'item 2: unknown name "nmae"; did you mean name?; item 3: "seen": expected a time, got an invalid Date; ' +
        'item 4: missing externalId, got { name }',
    );
    const many = Array.from({ length: 9 }, () => item({ power: '5' }));
    expect(await messageOf(() => pumps.upsert?.(many))).toMatch(
      /9 of 9 items .* item 4: [^;]*; …$/,
    );
  });

  it('a name without a space shows what it has', async () => {
    const message = await messageOf(() => pumps.upsert?.(item({ area: { externalId: 'A' } })));
    expect(message).toBe(
      'upsert nodes: item 0: "area": expected { space, externalId }, got { externalId }',
    );
  });
});

it('what takes names says what it got in their place', async () => {
  async function* stream() {
    yield { externalId: 'a' };
  }
  for (const given of [stream(), new Set([{ externalId: 'a' }])])
    expect(await messageOf(() => pumps.delete?.(given))).toBe(
      'delete nodes: expected { externalId }, got a stream; collect it in an array',
    );
  expect(await messageOf(() => pumps.delete?.({ where: {} }))).toBe(
    'delete nodes: missing externalId, got { where }',
  );
});

it('upsert takes a single item, as create, update and delete do', async () => {
  const single = memoryTransport(({ path }) => ({
    items:
      path === '/models/instances'
        ? [{ space: 's', externalId: 'a', version: 1, wasModified: true }]
        : [],
  }));
  expect(await nodes(single, Pump, { space: 's' }).upsert({ externalId: 'a', name: 'n' })).toEqual({
    ...{ created: 1, updated: 0, unchanged: 0 },
  });
});

describe('arguments of the wrong kind are ConfigErrors', () => {
  const relationTo = (like: object) =>
    view('acme', 'Related', 'v1', { area: p.ref(() => like as never) });
  const wrongRef = view('acme', 'Wrong', 'v1', { area: p.ref(Area as never) });
  it.each([
    ['no view', () => nodes(transport, undefined as never), /nodes: expected a view/],
    [
      'a view of nodes',
      () => edges(transport, Area),
      /edges: the view is one of nodes; use nodes\(\), or declare usedFor: 'edge'/,
    ],
    [
      'a view of edges',
      () => nodes(transport, view('acme', 'Feed', 'v1', {}, { usedFor: 'edge' })),
      /nodes: the view is one of edges; use edges\(\), or declare usedFor: 'node'/,
    ],
    ['an object other than a view', () => nodes(transport, {} as never), /nodes: expected a view/],
    [
      'a view in place of an array of them',
      () => push(transport, Pump as never),
      /expected an array of views/,
    ],
    [
      'something else among views',
      () => toDefinitions([Pump, undefined as never]),
      /expected an array of views/,
    ],
    ...[
      { properties: {}, version: 'v1' },
      { properties: null, version: 'v1', options: {} },
      { properties: {}, options: {} },
    ].flatMap((like): [string, () => unknown, RegExp][] => [
      [
        `${JSON.stringify(like)} to read`,
        () => nodes(transport, like as never),
        /nodes: expected a view/,
      ],
      [
        `${JSON.stringify(like)} to push`,
        () => push(transport, [like] as never),
        /push: expected an array of views/,
      ],
      [
        `${JSON.stringify(like)} in a graph`,
        () => graph((g) => ({ a: g.pick(g.nodes(like as never)) })),
        /graph: nodes: expected a view, got \{/,
      ],
      [
        `${JSON.stringify(like)} to inherit from`,
        () => view('acme', 'Child', 'v1', {}, { implements: [like] as never }),
        /implements must be an array of views/,
      ],
      [
        `${JSON.stringify(like)} behind a relation`,
        () => nodes(transport, relationTo(like)).find({ with: { area: true } } as never),
        /the function gives \{.*expected a view/,
      ],
      [
        `${JSON.stringify(like)} in a condition`,
        () => nodes(transport, relationTo(like)).list({ where: { area: { name: 'x' } } } as never),
        /the function gives \{.*expected a view/,
      ],
    ]),
    [
      'a graph that picks nothing',
      () => graph((() => undefined) as never),
      /expected { name: g\.pick\(step\) }/,
    ],
    [
      'one asset',
      () => assetsToNodes({ id: 1 } as never, { space: 's' }),
      /expected an array of assets, got { id: 1 }/,
    ],
    ['no options', () => assetsToNodes([], undefined as never), /space must be a non-empty string/],
    [
      'a relation that is not a function',
      () => nodes(transport, wrongRef).find({ with: { area: true } } as never),
      /takes a function: p\.ref\(\(\) => view\)/,
    ],
  ])('%s', async (_, run, message) => {
    expect(await messageOf(run)).toMatch(message);
  });
});
