import { ConfigError } from '@cdf/core';
import { edges, nodes, p, push, view } from '@cdf/data-modeling';
import { describe, expect, it } from 'vitest';
import { emulated } from '../../../tooling/emulators/emulated.js';

const type = { space: 'acme', externalId: 'feeds' };
const Order = view('acme', 'Order', 'v1', {
  title: p.text(),
  pumps: p.ref(() => Pump).many(),
  main: p.ref(() => Pump),
});
const Feed = view('acme', 'Feed', 'v1', { flow: p.float() }, { usedFor: 'edge' });
const Pump = view('acme', 'Pump', 'v1', {
  name: p.text(),
  get orders() {
    return p.reverse(() => Order, 'pumps');
  },
  get lead() {
    return p.reverse(() => Order, 'main', { single: true });
  },
  get next() {
    return p.edges(() => Pump, { type, properties: () => Feed });
  },
  get behind() {
    return p.edges(() => Pump, { type, direction: 'inwards', single: true });
  },
});

const at = (externalId: string) => ({ space: 'acme', externalId });

async function plant() {
  const project = await emulated({}, {});
  const { transport } = project;
  await push(transport, [Order, Pump, Feed]);
  const pumps = nodes(transport, Pump, { space: 'acme' });
  const orders = nodes(transport, Order, { space: 'acme' });
  await pumps.upsert([
    { externalId: 'P-1', name: 'P 1' },
    { externalId: 'P-2', name: 'P 2' },
  ]);
  const [P1, P2] = [at('P-1'), at('P-2')];
  await orders.upsert({ externalId: 'W', title: 'old', pumps: [P1, P2], main: P1 });
  await edges(transport, Feed, { space: 'acme' }).create({
    ...{ externalId: 'E', type, startNode: P1, endNode: P2 },
    flow: 5,
  });
  const close = project[Symbol.asyncDispose];
  return { pumps, orders, names: [P1, P2], [Symbol.asyncDispose]: close };
}

const MESSAGE =
  /item 0: "pumps" was read along by find, and may lack some; leave it out, or write the names/;

describe('a node that find gave, when it is written', () => {
  it('is rejected with a list that was read along: it may be cut', async () => {
    await using project = await plant();
    const { orders, names } = project;
    const [order] = await orders.find({
      with: { pumps: { where: { name: 'P 1' } }, main: true },
    });
    const changed = { ...order, title: 'new' } as never;
    for (const write of [
      orders.upsert(changed),
      orders.upsert([changed], { dryRun: true }),
      orders.update(changed),
      orders.upsert(
        (async function* () {
          yield changed;
        })(),
      ),
    ]) {
      const error = await write.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(ConfigError);
      expect((error as Error).message).toMatch(MESSAGE);
    }
    expect((await orders.retrieve(at('W')))?.pumps).toEqual(names);
  });

  it('is written without that list, and with names', async () => {
    await using project = await plant();
    const { orders, names } = project;
    const [order] = await orders.find({ with: { pumps: { limit: 1 }, main: true } });
    const { pumps = [], ...rest } = order ?? {};
    await orders.upsert({ ...rest, title: 'new' } as never);
    expect(await orders.retrieve(at('W'))).toMatchObject({ title: 'new', pumps: names });
    expect((await orders.retrieve(at('W')))?.main).toEqual(at('P-1'));
    const named = pumps.map(({ space, externalId }) => ({ space, externalId }));
    await orders.upsert({ ...rest, pumps: named } as never);
    expect((await orders.retrieve(at('W')))?.pumps).toEqual([at('P-1')]);
  });

  it('is written when its relations were not read along', async () => {
    await using project = await plant();
    const { orders, names } = project;
    const [order] = await orders.find();
    await orders.upsert({ ...order, title: 'new' } as never);
    expect((await orders.retrieve(at('W')))?.pumps).toEqual(names);
  });

  it('is rejected with relations that others hold, which say where they come from', async () => {
    await using project = await plant();
    const { pumps } = project;
    const with_ = { orders: true, lead: true, next: true, behind: true } as const;
    const found = await pumps.find({ with: with_, orderBy: { name: 'asc' } });
    const [first, second] = found;
    for (const [pump, name] of [
      [first, 'orders'],
      [first, 'lead'],
      [first, 'next'],
      [second, 'behind'],
    ] as const)
      await expect(pumps.upsert({ ...pick(pump), [name]: pump?.[name] } as never)).rejects.toThrow(
        `item 0: "${name}" is a relation that others hold, and was read along by find; leave it out`,
      );
    await expect(pumps.upsert({ ...pick(first), orders: [] } as never)).rejects.toThrow(
      '"orders" is a relation that others hold; write it on the other side',
    );
  });

  it('has issues at those relations', async () => {
    await using project = await plant();
    const [order] = await project.orders.find({ with: { pumps: true } });
    expect(await Order['~standard'].validate({ ...order })).toMatchObject({
      issues: [
        {
          path: ['pumps'],
          message: 'was read along by find, and may lack some; leave it out, or write the names',
        },
      ],
    });
  });
});

/** The name of a node, and what it holds itself. */
function pick(pump: { readonly externalId: string; readonly name: string } | undefined) {
  return { externalId: pump?.externalId, name: pump?.name };
}
