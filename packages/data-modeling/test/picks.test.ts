import { ConfigError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { nodes, type Read } from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { Area, type Project, Pump, startProject, WorkOrder } from './project.js';

let project: Project;
const at = (externalId: string) => ({ space: 'plant', externalId });
beforeAll(async () => {
  project = await startProject();
  const { transport } = project;
  const settings = { space: 'plant' } as const;
  await nodes(transport, Area, settings).upsert([
    { externalId: 'hall', name: 'Hall' },
    { externalId: 'room', name: 'Room', parent: at('hall') },
  ]);
  await nodes(transport, Pump, settings).upsert([
    { externalId: 'p1', name: 'P 1', status: 'on', power: 5, serial: 2n ** 60n, area: at('room') },
    { externalId: 'p2', name: 'P 2', status: 'off', area: at('room'), friends: [at('p1')] },
  ]);
  await nodes(transport, WorkOrder, settings).upsert([
    { externalId: 'w1', title: 'Oil', due: '2026-01-01', pumps: [at('p1'), at('p2')] },
  ]);
});
afterAll(() => project[Symbol.asyncDispose]());

const pumps = () => nodes(project.transport, Pump, { space: 'plant' });
/** Names of the members that are not those of every node. */
function members(node: object | undefined): string[] {
  const { space, externalId, version, createdTime, lastUpdatedTime, ...rest } = node as Read<
    typeof Pump
  >;
  expect([space, externalId].every((name) => typeof name === 'string')).toBe(true);
  expect([version, createdTime, lastUpdatedTime].every(Number.isFinite)).toBe(true);
  return Object.keys(rest).sort();
}

describe('picked properties', () => {
  it('are those that nodes have, and that are asked for', async () => {
    const found = await pumps().find({ pick: ['name', 'serial'], orderBy: { name: 'asc' } });
    expect(found.map(members)).toEqual([['name', 'serial'], ['name']]);
    expect(found.find(({ name }) => name === 'P 1')?.serial).toBe(2n ** 60n);
    expectTypeOf(found[0]).toEqualTypeOf<
      | {
          readonly space: string;
          readonly externalId: string;
          readonly version: number;
          readonly createdTime: number;
          readonly lastUpdatedTime: number;
          readonly name: string;
          readonly serial: bigint | undefined;
        }
      | undefined
    >();
    // @ts-expect-error: not picked
    expect(found[0]?.status).toBeUndefined();
    const bodies: { readonly select: object }[] = [];
    const transport = memoryTransport(({ body }) => {
      bodies.push(body as (typeof bodies)[0]);
      return { items: { s0: [], s1: [] } };
    });
    await nodes(transport, Pump).find({ pick: ['name'], with: { area: { pick: [] } } });
    expect(bodies[0]?.select).toMatchObject({
      s0: { sources: [{ properties: ['name', 'area'] }] },
      s1: {},
    });
  });

  it('are picked of relations too, which need not be picked themselves', async () => {
    const found = await pumps().find({
      where: { name: 'P 2' },
      pick: ['status'],
      with: {
        area: { pick: [], with: { parent: { pick: ['name'] } } },
        friends: { pick: ['name'], with: { orders: { pick: ['due'] } } },
        orders: { pick: ['title'] },
      },
    });
    const [pump] = found;
    expect(members(pump)).toEqual(['area', 'friends', 'orders', 'status']);
    expect(members(pump?.area)).toEqual(['parent']);
    expect(members(pump?.area?.parent)).toEqual(['name']);
    expect(pump?.area?.parent?.name).toBe('Hall');
    expect(pump?.friends.map(members)).toEqual([['name', 'orders']]);
    expect(pump?.friends[0]?.orders.map(({ due }) => due)).toEqual(['2026-01-01']);
    expect(pump?.orders.map(members)).toEqual([['title']]);
    expectTypeOf(pump?.orders[0]?.title).toEqualTypeOf<string | undefined>();
    // @ts-expect-error: not picked
    expect(pump?.orders[0]?.due).toBeUndefined();
    const rooms = await nodes(project.transport, Area, { space: 'plant' }).find({
      pick: ['name'],
      with: { pumps: { pick: ['name'], orderBy: { name: 'desc' } } },
    });
    // The relation that they are found by was not picked.
    expect(rooms.find(({ name }) => name === 'Room')?.pumps.map(members)).toEqual([
      ['name'],
      ['name'],
    ]);
  });

  it('are no methods, unless all are picked', async () => {
    const relations = {
      label:
        ({ name, status }: Read<typeof Pump>) =>
        () =>
          name + status,
    };
    const named = nodes(project.transport, Pump, { space: 'plant', relations });
    const [some] = await named.find({ where: { name: 'P 1' }, pick: ['name'] });
    // @ts-expect-error: it may look at what was not picked
    expect(some?.label).toBeUndefined();
    const [whole] = await named.find({ where: { name: 'P 1' } });
    expect(whole?.label()).toBe('P 1on');
    const all = ['name', 'power', 'count', 'serial', 'status', 'tags', 'commissioned'] as const;
    const [again] = await named.find({
      where: { name: 'P 1' },
      pick: [...all, 'details', 'area', 'friends'],
    });
    expect(again?.label()).toBe('P 1on');
  });

  it('that are known at run time only may be there or not', async () => {
    const column = (['name', 'status'] as const)[Date.now() < 0 ? 0 : 1] as 'name' | 'status';
    const [pump] = await pumps().find({
      where: { name: 'P 1' },
      pick: [column, 'power'],
      with: { area: { pick: ['name'] } },
    });
    expectTypeOf(pump?.name).toEqualTypeOf<string | undefined>();
    expectTypeOf(pump?.status).toEqualTypeOf<'on' | 'off' | undefined>();
    expectTypeOf<NonNullable<typeof pump>['power']>().toEqualTypeOf<number | undefined>();
    expectTypeOf(pump?.area?.name).toEqualTypeOf<string | undefined>();
    expect(members(pump)).toEqual(['area', 'power', 'status']);
  });

  it('are of the view', async () => {
    const never = memoryTransport(() => {
      throw new Error('a request was sent');
    });
    const all = nodes(never, Pump);
    // @ts-expect-error: no property
    await expect(all.find({ pick: ['nam'] })).rejects.toThrow(/pick: unknown name "nam".*name/);
    // @ts-expect-error: others hold it
    await expect(all.find({ pick: ['orders'] })).rejects.toThrow(ConfigError);
    // @ts-expect-error: not an array
    await expect(all.find({ pick: 'name' })).rejects.toThrow(/pick: expected an array/);
    await expect(
      // @ts-expect-error: no property of the other side
      all.find({ with: { area: { pick: ['power'] } } }),
    ).rejects.toThrow(/with\.area: pick: unknown name "power"/);
    // @ts-expect-error: the name of other libraries
    await expect(all.find({ select: { name: true } })).rejects.toThrow(/"select"; use pick/);
  });
});
