import { inspect } from 'node:util';
import { ConfigError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { graph, type InstanceList, nodes, p, runGraph, view } from '@cdf/data-modeling';
import { describe, expect, expectTypeOf, it } from 'vitest';

const Pump = view('acme', 'Pump', 'v1', {
  name: p.text(),
  installed: p.timestamp().optional(),
  checks: p.timestamp().many().optional(),
});
const pumps = nodes(memoryTransport({}), Pump, {
  space: 'plant',
  relations: { shout: (pump: { readonly name: string }) => (): string => pump.name.toUpperCase() },
});
const TIME = Date.UTC(2024, 6, 1);
const saved = JSON.parse(
  JSON.stringify([
    {
      space: 'plant',
      externalId: 'P-1',
      version: 1,
      createdTime: TIME,
      lastUpdatedTime: TIME,
      name: 'a',
      installed: new Date(TIME),
    },
    {
      space: 'plant',
      externalId: 'P-2',
      version: 1,
      createdTime: TIME,
      lastUpdatedTime: TIME,
      name: 'b',
      checks: [new Date(TIME)],
    },
  ]),
) as Parameters<typeof pumps.asList>[0];

describe('a list of nodes', () => {
  const list = pumps.asList(saved);

  it('is made of what came from elsewhere, with times as they are read', () => {
    expect(list[0]?.installed).toEqual(new Date(TIME));
    expect(list[1]?.checks).toEqual([new Date(TIME)]);
    expect(list[0]?.shout()).toBe('A');
    expect(JSON.parse(JSON.stringify(list))).toEqual(saved);
    const epoch = nodes(memoryTransport({}), Pump, { times: 'epoch' }).asList([
      { ...saved[0], installed: TIME },
    ] as never);
    expect(epoch[0]?.installed).toBe(TIME);
  });

  it('reads times as answers are read, wherever the machine is', () => {
    const timed = (installed: unknown, times: 'date' | 'epoch' = 'epoch') =>
      nodes(memoryTransport({}), Pump, { times }).asList([{ ...saved[0], installed }] as never)[0]
        ?.installed;
    expect(timed('2024-07-01T00:00:00')).toBe(TIME);
    expect(timed('2024-07-01T00:00:00+00')).toBe(TIME);
    expect(timed(new Date(TIME))).toBe(TIME);
    expect(timed(TIME, 'date')).toEqual(new Date(TIME));
    for (const wrong of ['5', 'July 1 2024', '', Number.NaN, {}])
      expect(() => timed(wrong)).toThrow(/asList: item 0: "installed" is no timestamp/);
  });

  it('has 64-bit integers, which JSON holds as strings, as they are read', () => {
    const Serial = view('acme', 'Serial', 'v1', {
      serial: p.bigint(),
      others: p.bigint().many().optional(),
    });
    const node = {
      space: 'plant',
      externalId: 'S',
      version: 1,
      createdTime: 1,
      lastUpdatedTime: 1,
    };
    const own = { ...node, serial: 9007199254740993n, others: [1n, -2n] };
    const saved = JSON.stringify([own], (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    const serials = nodes(memoryTransport({}), Serial).asList(JSON.parse(saved));
    expect([...serials]).toEqual([own]);
  });

  it('has times as they are read, whatever they are', () => {
    const epochs = nodes(memoryTransport({}), Pump, { times: 'epoch' });
    for (const time of [TIME, new Date(TIME), new Date(TIME).toISOString()]) {
      const items = [{ ...saved[0], installed: time, checks: [time] }] as never;
      expect(pumps.asList(items)[0]).toMatchObject({
        installed: new Date(TIME),
        checks: [new Date(TIME)],
      });
      expect(epochs.asList(items)[0]).toMatchObject({ installed: TIME, checks: [TIME] });
    }
    for (const missing of [null, undefined])
      expect(pumps.asList([{ ...saved[0], installed: missing }] as never)[0]?.installed).toBe(
        missing,
      );
  });

  it('rejects what is no time or 64-bit integer, naming it', () => {
    const wrong = [saved[0], { ...saved[0], installed: 'today, maybe' }] as never;
    expect(() => pumps.asList(wrong)).toThrow(
      new ConfigError('asList: item 1: "installed" is no timestamp'),
    );
    const Serial = view('acme', 'Serial', 'v1', { serial: p.bigint() });
    for (const serial of ['12x', 1.5])
      expect(() =>
        nodes(memoryTransport({}), Serial).asList([{ ...saved[0], serial }] as never),
      ).toThrow(new ConfigError('asList: item 0: "serial" is no bigint'));
  });

  it('rejects an item that is not a node', () => {
    for (const value of [null, { items: [] }, [null], [{ space: 'plant' }], [{ id: 1 }]])
      expect(() => pumps.asList(value as never)).toThrow(
        'asList: expected an array of nodes, each with its externalId',
      );
  });

  it('keeps its methods in what gives items of it', () => {
    const taken = list.filter(({ name }) => name === 'b').concat(list);
    expectTypeOf(taken).toEqualTypeOf<typeof list>();
    expectTypeOf(list.toReversed()).toExtend<InstanceList<(typeof list)[number]>>();
    expect(taken.toTable().rows).toHaveLength(3);
    expect(Object.getPrototypeOf(taken)).toBe(Object.getPrototypeOf(list));
    expect(Object.getPrototypeOf(taken.map(({ name }) => name))).toBe(Array.prototype);
  });

  it('prints itself', () => {
    expect(inspect(list)).toBe(`\
space  externalId  name  installed             checks                      version
plant  P-1         a     2024-07-01T00:00:00Z  –                                 1
plant  P-2         b     –                     [2024-07-01T00:00:00.000Z]        1
2 nodes, 2 columns not shown: createdTime, lastUpdatedTime`);
  });
});

describe('a query that was not awaited', () => {
  it('says so in a console', () => {
    const text = '{ await it, or loop over it with for await }';
    expect(inspect(pumps.list())).toBe(`Listing ${text}`);
    expect(inspect(pumps.find())).toBe(`Listing ${text}`);
    const question = graph((g) => ({ pumps: g.pick(g.nodes(Pump), ['name']) }));
    expect(inspect(runGraph(memoryTransport({}), question))).toBe(`GraphRun ${text}`);
  });
});

describe('the nodes of a graph', () => {
  const question = graph((g) => ({ pumps: g.pick(g.nodes(Pump), ['name']) }));
  const transport = memoryTransport(() => ({
    items: {
      s0: saved.map(({ name, ...node }) => ({
        ...{ ...node, instanceType: 'node', installed: undefined, checks: undefined },
        properties: { acme: { 'Pump/v1': { name } } },
      })),
    },
    nextCursor: {},
  }));

  it('have no page that is empty, except where there is nothing at all', async () => {
    const pagesOf = async (answers: readonly object[]): Promise<number[]> => {
      const left = [...answers];
      const paged = memoryTransport(() => left.shift() as object);
      const lengths: number[] = [];
      for await (const { pumps: page } of runGraph(paged, question)) lengths.push(page.length);
      return lengths;
    };
    const { items } = await transport.request<{ readonly items: object }>({
      method: 'POST',
      path: '/models/instances/query',
      idempotent: true,
    });
    const first = { items, nextCursor: { s0: 'more' } };
    const last = { items: { s0: [] }, nextCursor: {} };
    expect(await pagesOf([first, last])).toEqual([2]);
    expect(await pagesOf([last])).toEqual([0]);
  });

  it('are lists too: of everything, and of a page', async () => {
    const { pumps: everything } = await runGraph(transport, question);
    expectTypeOf(everything[0]?.name).toEqualTypeOf<string | undefined>();
    expect(everything.toTable().rows).toHaveLength(2);
    expect(inspect(everything)).toMatch(/^space +externalId +name.*\nplant +P-1 +a /);
    for await (const { pumps: page } of runGraph(transport, question))
      expect(page.filter(({ name }) => name === 'b').toTable().rows).toHaveLength(1);
  });
});
