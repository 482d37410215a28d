import { ConfigError } from '@cdf/core';
import { edges, graph, nodes, param, runGraph } from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Area, Feed, type Project, Pump, startProject, WorkOrder } from './project.js';

let project: Project;
beforeAll(async () => {
  project = await startProject();
});
afterAll(() => project[Symbol.asyncDispose]());

const settings = { space: 'plant' } as const;
const BIG = 884324181205335268n;

describe('nodes of a view', () => {
  it('are written, counted, and read as they were', async () => {
    const areas = nodes(project.transport, Area, settings);
    expect(
      await areas.upsert([
        { externalId: 'A', name: 'Area A' },
        { externalId: 'B', name: 'Area B', parent: { space: 'plant', externalId: 'A' } },
      ]),
    ).toEqual({ created: 2, updated: 0, unchanged: 0 });
    const pumps = nodes(project.transport, Pump, settings);
    const when = new Date('2024-07-01T00:00:00.500Z');
    const items = [
      {
        externalId: 'P1',
        name: 'P 1',
        power: 12,
        status: 'on' as const,
        tags: ['critical', 'x'],
        serial: BIG,
        commissioned: when,
        details: { maker: 'x' },
        area: { space: 'plant', externalId: 'A' },
      },
      {
        externalId: 'P2',
        name: 'P 2',
        power: 5,
        status: 'off' as const,
        area: { space: 'plant', externalId: 'B' },
        friends: [{ space: 'plant', externalId: 'P1' }],
      },
      { externalId: 'P3', name: 'P 3', status: 'on' as const, count: 7 },
    ];
    expect(await pumps.upsert(items)).toEqual({ created: 3, updated: 0, unchanged: 0 });
    expect(await pumps.upsert(items)).toEqual({ created: 0, updated: 0, unchanged: 3 });
    const read = await pumps.retrieve({ externalId: 'P1' });
    expect(read).toMatchObject({
      name: 'P 1',
      power: 12,
      count: 1,
      serial: BIG,
      commissioned: when,
      tags: ['critical', 'x'],
      area: { space: 'plant', externalId: 'A' },
    });
    expect(await pumps.retrieve({ externalId: 'absent' })).toBeUndefined();
    expect(await pumps.upsert([{ ...(read as NonNullable<typeof read>), power: 13 }])).toEqual({
      created: 0,
      updated: 1,
      unchanged: 0,
    });
    await pumps.update({ externalId: 'P1', power: 12 });
    await expect(pumps.update({ externalId: 'absent', power: 12 })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(
      pumps.create({ externalId: 'P1', name: 'again', status: 'on' }),
    ).rejects.toMatchObject({
      code: 'duplicated',
    });
  });

  it('are written by upsert where a relation has made them without data', async () => {
    const pumps = nodes(project.transport, Pump, settings);
    const areas = nodes(project.transport, Area, settings);
    const named = { space: 'plant', externalId: 'made' };
    await pumps.upsert({ externalId: 'P-made', name: 'P', status: 'on', area: named });
    expect(await areas.retrieve(named)).toBeUndefined();
    const message = `create nodes: 1 exists already ("plant/made"); a relation may have made it, without data; upsert writes it`;
    for (const query of [{}, { dryRun: true }])
      await expect(areas.create({ ...named, name: 'made' }, query)).rejects.toMatchObject({
        code: 'duplicated',
        message: expect.stringContaining(message),
      });
    await areas.upsert({ ...named, name: 'made' });
    expect((await areas.retrieve(named))?.name).toBe('made');
    await pumps.delete({ externalId: 'P-made' });
    await areas.delete(named);
  });

  it('are listed by conditions', async () => {
    const pumps = nodes(project.transport, Pump, settings);
    const names = async (where: Parameters<typeof pumps.list>[0]): Promise<string[]> =>
      (await pumps.list(where)).map(({ name }) => name);
    expect(await names({ where: { power: { gte: 10 } } })).toEqual(['P 1']);
    expect(await names({ where: { status: 'on' }, orderBy: { name: 'desc' } })).toEqual([
      'P 3',
      'P 1',
    ]);
    expect(await names({ where: { power: null } })).toEqual(['P 3']);
    expect(await names({ where: { serial: BIG } })).toEqual(['P 1']);
    expect(await names({ where: { serial: BIG + 1n } })).toEqual([]);
    expect(await names({ where: { tags: { containsAny: ['critical'] } } })).toEqual(['P 1']);
    expect(await names({ where: { area: { name: { prefix: 'Area A' } } } })).toEqual(['P 1']);
    expect(await names({ where: { area: { parent: { name: 'Area A' } } } })).toEqual(['P 2']);
    expect(await names({ where: { area: { space: 'plant', externalId: 'A' } } })).toEqual(['P 1']);
    expect(
      await names({ where: { or: [{ externalId: 'P3' }, { commissioned: { lt: new Date() } }] } }),
    ).toEqual(['P 1', 'P 3']);
    expect(await names({ where: { status: { in: ['on'] }, not: { name: 'P 1' } } })).toEqual([
      'P 3',
    ]);
    await expect(pumps.list({ where: { pwr: 1 } as never })).rejects.toThrow(ConfigError);
  });

  it('are found with what they are related to', async () => {
    const orders = nodes(project.transport, WorkOrder, settings);
    const at = (externalId: string) => ({ space: 'plant', externalId });
    await orders.upsert([
      { externalId: 'W1', title: 'W 1', pumps: [at('P1'), at('P2')] },
      { externalId: 'W2', title: 'W 2', pumps: [at('P1')] },
    ]);
    const feeds = edges(project.transport, Feed, settings);
    await feeds.create([
      {
        externalId: 'F1',
        type: { space: 'acme', externalId: 'feeds' },
        startNode: at('P1'),
        endNode: at('P2'),
        flow: 3,
      },
    ]);
    const pumps = nodes(project.transport, Pump, settings);
    const found = await pumps.find({
      orderBy: { name: 'asc' },
      with: {
        area: { with: { parent: true, pumps: true } },
        orders: { with: { pumps: true } },
        feeds: true,
        fedBy: true,
        friends: true,
      },
    });
    expect(
      found.map(({ name, area }) => [
        name,
        area?.name,
        area?.parent?.name,
        area?.pumps.map((pump) => pump.name),
      ]),
    ).toEqual([
      ['P 1', 'Area A', undefined, ['P 1']],
      ['P 2', 'Area B', 'Area A', ['P 2']],
      ['P 3', undefined, undefined, undefined],
    ]);
    expect(
      found.map(({ orders }) =>
        orders.map(({ title, pumps }) => [title, pumps.map(({ name }) => name)]),
      ),
    ).toEqual([
      [
        ['W 1', ['P 1', 'P 2']],
        ['W 2', ['P 1']],
      ],
      [['W 1', ['P 1', 'P 2']]],
      [],
    ]);
    expect(found.map(({ feeds }) => feeds.map(({ name, edge }) => [name, edge.flow]))).toEqual([
      [['P 2', 3]],
      [],
      [],
    ]);
    expect(found.map(({ fedBy }) => fedBy.map(({ name }) => name))).toEqual([[], ['P 1'], []]);
    expect(found.map(({ friends }) => friends.map(({ name }) => name))).toEqual([[], ['P 1'], []]);
    const limited = await pumps.find({
      where: { externalId: 'P1' },
      with: { orders: { limit: 1, orderBy: { title: 'desc' } } },
    });
    expect(limited[0]?.orders.map(({ title }) => title)).toEqual(['W 2']);
  });

  it('are searched and aggregated', async () => {
    const pumps = nodes(project.transport, Pump, settings);
    expect((await pumps.search('P 2')).map(({ name }) => name)).toEqual(['P 2']);
    const [all] = await pumps.aggregate({ count: true, avg: ['power'], sum: ['count'] });
    expect(all).toEqual({ count: 3, avg: { power: 8.5 }, sum: { count: 9 } });
    const groups = await pumps.aggregate({ groupBy: ['area'], count: true });
    expect(groups).toContainEqual({ area: { space: 'plant', externalId: 'A' }, count: 1 });
  });

  it('walk a graph', async () => {
    const question = graph((g) => {
      const areas = g.nodes(Area, { where: { name: { prefix: param('start') } }, limit: 1 });
      const pumps = g.follow(areas, 'pumps', { where: { status: 'on' } });
      return { areas: g.pick(areas, ['name']), pumps: g.pick(pumps, ['name', 'power']) };
    });
    const { areas, pumps } = await runGraph(project.transport, question, {
      parameters: { start: 'Area' },
    });
    expect(areas.map(({ name }) => name)).toEqual(['Area A', 'Area B']);
    expect(pumps.map(({ name, power }) => [name, power])).toEqual([['P 1', 12]]);
    expect(() => graph((g) => ({ orders: g.pick(g.follow(g.nodes(Pump), 'orders')) }))).toThrow(
      /cannot walk/,
    );
  });

  it('tell what changed', async () => {
    const pumps = nodes(project.transport, Pump, settings);
    let cursor: string | undefined;
    const names: string[] = [];
    for await (const page of pumps.changes()) {
      names.push(...page.upserted.map(({ name }) => name));
      cursor = page.cursor;
    }
    expect(names.sort()).toEqual(['P 1', 'P 2', 'P 3']);
    await pumps.delete({ externalId: 'P3' });
    await pumps.update({ externalId: 'P2', power: 6 });
    const pages = [];
    for await (const page of pumps.changes({ cursor })) pages.push(page);
    expect(pages.flatMap(({ deleted }) => deleted)).toEqual([{ space: 'plant', externalId: 'P3' }]);
    expect(pages.flatMap(({ upserted }) => upserted.map(({ power }) => power))).toEqual([6]);
    const other = pumps.changes({ cursor, where: { status: 'on' } });
    await expect(other.next()).rejects.toThrow(/belongs to another/);
  });

  it('names the culprits of a refused transaction and writes the others', async () => {
    const pumps = nodes(project.transport, Pump, settings);
    const items = Array.from({ length: 50 }, (_, index) => ({
      externalId: `N${index}`,
      name: `N ${index}`,
      status: 'on' as const,
      details: {},
    }));
    const wrong = {
      ...(items[17] as (typeof items)[0]),
      tags: Array.from({ length: 1001 }, () => 'x'),
    };
    const error = await pumps.upsert(items.with(17, wrong)).catch((each: unknown) => each);
    expect(error).toMatchObject({ failed: [wrong], unknown: [] });
    expect((error as { successful: unknown[] }).successful).toHaveLength(49);
  });
});
