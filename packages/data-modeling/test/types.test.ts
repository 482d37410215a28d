import { memoryTransport } from '@cdf/core/testing';
import {
  type Found,
  graph,
  type NodeReference,
  nodes,
  p,
  type Read,
  view,
  type Where,
  type With,
  type Write,
} from '@cdf/data-modeling';
import { describe, expectTypeOf, it } from 'vitest';

const Asset = view('cdf_cdm', 'CogniteAsset', 'v1', {
  name: p.text().optional(),
  get parent() {
    return p.ref(() => Asset);
  },
  get children() {
    return p.reverse(() => Asset, 'parent');
  },
});
const Pump = view('acme', 'Pump', 'v3', {
  name: p.text(),
  power: p.float({ unit: 'power:kilow' }),
  status: p.oneOf('on', 'off'),
  tags: p.text().many().optional(),
  serial: p.bigint().optional(),
  count: p.int().default(1),
  commissioned: p.timestamp().optional(),
  asset: p.ref(() => Asset),
  flow: p.timeSeries(),
  get orders() {
    return p.reverse(() => WorkOrder, 'pump');
  },
});
const WorkOrder = view('acme', 'WorkOrder', 'v1', {
  title: p.text(),
  due: p.timestamp().optional(),
  pump: p.ref(() => Pump),
  get next() {
    return p.ref(() => WorkOrder);
  },
});
const Big = view('acme', 'Big', 'v1', { size: p.int() }, { implements: [Asset, Pump] });

function takes<V>(_view: V, _where: Where<V>): void {}
function finds<V, const W extends With<V>>(_view: V, _with: W): Found<V, W>[] {
  return [];
}

describe('types of views', () => {
  it('give what is read and written', () => {
    type PumpRead = Read<typeof Pump>;
    expectTypeOf<PumpRead['name']>().toEqualTypeOf<string>();
    expectTypeOf<PumpRead['status']>().toEqualTypeOf<'on' | 'off'>();
    expectTypeOf<PumpRead['commissioned']>().toEqualTypeOf<Date | undefined>();
    expectTypeOf<Read<typeof Pump, 'epoch'>['commissioned']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<PumpRead['tags']>().toEqualTypeOf<readonly string[] | undefined>();
    expectTypeOf<PumpRead['asset']>().toEqualTypeOf<NodeReference | undefined>();
    expectTypeOf<PumpRead['serial']>().toEqualTypeOf<bigint | undefined>();
    expectTypeOf<PumpRead>().not.toHaveProperty('orders');
    const write: Write<typeof Pump> = {
      space: 's',
      externalId: 'e',
      name: 'n',
      power: 1,
      status: 'on',
      tags: null,
    };
    expectTypeOf(write).toExtend<NodeReference>();
    // @ts-expect-error: power is missing
    const missing: Write<typeof Pump> = { space: 's', externalId: 'e', name: 'n', status: 'on' };
    void missing;
  });
  it('inherit', () => {
    expectTypeOf<Read<typeof Big>['size']>().toEqualTypeOf<number>();
    expectTypeOf<Read<typeof Big>['name']>().toEqualTypeOf<string>();
    expectTypeOf<Read<typeof Big>['parent']>().toEqualTypeOf<NodeReference | undefined>();
  });
  it('check filters', () => {
    takes(Pump, {
      power: { gte: 10 },
      status: 'on',
      asset: { name: { prefix: '21-' }, parent: { name: 'x' } },
    });
    takes(WorkOrder, { pump: { asset: { parent: { name: 'q' } } }, due: { lt: new Date() } });
    takes(Pump, {
      tags: { containsAny: ['a'] },
      or: [{ name: null }, { not: { status: { in: ['on'] } } }],
    });
    // @ts-expect-error: no such property
    takes(Pump, { pwr: 1 });
    // @ts-expect-error: not one of its values
    takes(Pump, { status: 'broken' });
    // @ts-expect-error: text has no number
    takes(Pump, { name: { gte: 3 } });
  });
  it('join', () => {
    const found = finds(Pump, {
      asset: { with: { parent: true } },
      orders: { limit: 10, with: { next: true } },
    });
    expectTypeOf<(typeof found)[number]['asset']>().not.toBeAny();
    const name = found[0]?.asset?.parent?.name;
    expectTypeOf(name).toEqualTypeOf<string | undefined>();
    const title = found[0]?.orders[0]?.next?.title;
    expectTypeOf(title).toEqualTypeOf<string | undefined>();
    // @ts-expect-error: not a relation
    finds(Pump, { name: true });
  });
});

it('a number that the service counts may be left out, and is always there', () => {
  const Order = view('s', 'Order', 'v1', {
    order: p.int({ autoIncrement: true }),
    serial: p.bigint({ autoIncrement: true, unit: 'u' }),
    other: p.int({ unit: 'u' }),
  });
  expectTypeOf<Read<typeof Order>['order']>().toEqualTypeOf<number>();
  expectTypeOf<Read<typeof Order>['serial']>().toEqualTypeOf<bigint>();
  expectTypeOf<Write<typeof Order>['order']>().toEqualTypeOf<number | undefined>();
  expectTypeOf<Write<typeof Order>['other']>().toEqualTypeOf<number>();
  // @ts-expect-error: it is counted, or not mentioned
  p.int({ autoIncrement: false });
  // @ts-expect-error: no whole number
  p.float({ autoIncrement: true });
});

const transport = memoryTransport({});
const at = { space: 's', externalId: 'e' } as const;
/** Takes what is only to be compiled. */
function compiles(_use: () => unknown): void {}

describe('types of methods', () => {
  const pumps = nodes(transport, Pump);
  const plant = nodes(transport, Pump, { space: 'plant' });

  it('read, find, write and aggregate as the design shows', () => {
    compiles(async () => {
      const where = {
        power: { gte: 10 },
        status: 'on',
        asset: { name: { prefix: '21-' } },
      } as const;
      for await (const pump of pumps.list({ where, orderBy: { name: 'asc' } })) {
        expectTypeOf(pump.status).toEqualTypeOf<'on' | 'off'>();
        expectTypeOf(pump.power).toEqualTypeOf<number>();
        expectTypeOf(pump.commissioned).toEqualTypeOf<Date | undefined>();
      }
      const found = await pumps.find({
        where: { tags: { containsAny: ['critical'] } },
        with: { asset: true, orders: { limit: 10 } },
      });
      expectTypeOf(found[0]?.asset?.name).toEqualTypeOf<string | undefined>();
      expectTypeOf(found[0]?.orders[0]?.title).toEqualTypeOf<string | undefined>();
      await pumps.upsert([{ ...at, name: 'P 1', power: 12, status: 'on', asset: at }]);
      const [group] = await pumps.aggregate({
        groupBy: ['name', 'asset'],
        count: true,
        avg: ['power'],
      });
      expectTypeOf(group?.count).toEqualTypeOf<number | undefined>();
      expectTypeOf(group?.name).toEqualTypeOf<string | undefined>();
      expectTypeOf(group?.asset).toEqualTypeOf<NodeReference | undefined>();
      expectTypeOf(group?.avg.power).toEqualTypeOf<number | undefined>();
    });
  });

  it('give times in the chosen form', () => {
    const epoch = nodes(transport, Pump, { times: 'epoch' });
    compiles(async () => {
      expectTypeOf((await epoch.list())[0]?.commissioned).toEqualTypeOf<number | undefined>();
      const [found] = await epoch.find({ with: { orders: true } });
      expectTypeOf(found?.orders[0]?.due).toEqualTypeOf<number | undefined>();
    });
    // @ts-expect-error: neither dates nor epoch milliseconds
    compiles(() => nodes(transport, Pump, { times: 'text' }));
  });

  it('need a space in every name, unless there is a default', () => {
    compiles(() => plant.retrieve({ externalId: 'P' }));
    compiles(() => plant.upsert([{ externalId: 'P', name: 'P', power: 1, status: 'on' }]));
    // @ts-expect-error: space is missing
    compiles(() => pumps.retrieve({ externalId: 'P' }));
    // @ts-expect-error: space is missing
    compiles(() => pumps.delete({ externalId: 'P' }));
    // @ts-expect-error: space is missing
    compiles(() => pumps.upsert([{ externalId: 'P', name: 'P', power: 1, status: 'on' }]));
  });

  it('refuse writes that the view does not hold', () => {
    // @ts-expect-error: power is missing
    compiles(() => plant.upsert([{ externalId: 'e', name: 'n', status: 'on' }]));
    // @ts-expect-error: a required property cannot be cleared
    compiles(() => plant.update({ externalId: 'e', name: null }));
    // @ts-expect-error: others hold the relation
    compiles(() => plant.update({ externalId: 'e', orders: [at] }));
    // @ts-expect-error: not one of its values
    compiles(() => plant.update({ externalId: 'e', status: 'broken' }));
    // @ts-expect-error: a number is not exact
    compiles(() => plant.update({ externalId: 'e', serial: 12 }));
    // @ts-expect-error: no such property
    compiles(() => plant.update({ externalId: 'e', pwr: 12 }));
    compiles(() =>
      plant.update({ externalId: 'e', serial: 12n, tags: null, asset: null, power: 2 }),
    );
  });

  it('refuse conditions that a kind does not have', () => {
    // @ts-expect-error: no such property
    compiles(() => pumps.list({ where: { pwr: 1 } }));
    // @ts-expect-error: not one of its values
    compiles(() => pumps.list({ where: { status: 'broken' } }));
    // @ts-expect-error: text is compared with text
    compiles(() => pumps.list({ where: { name: { gte: 3 } } }));
    // @ts-expect-error: an enum has no order
    compiles(() => pumps.list({ where: { status: { gt: 'on' } } }));
    // @ts-expect-error: a number has no beginning
    compiles(() => pumps.list({ where: { power: { prefix: '1' } } }));
    // @ts-expect-error: a list is not in anything
    compiles(() => pumps.list({ where: { tags: { in: ['a'] } } }));
    // @ts-expect-error: a single value contains nothing
    compiles(() => pumps.list({ where: { name: { containsAny: ['a'] } } }));
    // @ts-expect-error: others hold the relation
    compiles(() => pumps.list({ where: { orders: { title: 'x' } } }));
    // @ts-expect-error: a list has no order
    compiles(() => pumps.list({ orderBy: { tags: 'asc' } }));
  });

  it('reject unknown joins and groups', () => {
    // @ts-expect-error: a text is not a relation
    compiles(() => pumps.find({ with: { name: true } }));
    // @ts-expect-error: nor one level down
    compiles(() => pumps.find({ with: { orders: { with: { title: true } } } }));
    // @ts-expect-error: nor beside a relation
    compiles(() => pumps.find({ with: { orders: { limit: 1, with: { next: true, nxt: true } } } }));
    // @ts-expect-error: the view of a time series is not known
    compiles(() => pumps.find({ with: { flow: true } }));
    // @ts-expect-error: the API does not group by enums
    compiles(() => pumps.aggregate({ groupBy: ['status'], count: true }));
    // @ts-expect-error: nor by times
    compiles(() => pumps.aggregate({ groupBy: ['commissioned'], count: true }));
    // @ts-expect-error: a text has no average
    compiles(() => pumps.aggregate({ avg: ['name'] }));
    // @ts-expect-error: a number is not searched for words
    compiles(() => pumps.search('x', { properties: ['power'] }));
  });

  it('follow relations of a graph', () => {
    graph((g) => {
      const from = g.nodes(Pump);
      const orders = g.follow(from, 'orders');
      // @ts-expect-error: no such relation
      compiles(() => g.follow(from, 'order'));
      // @ts-expect-error: a text is not a relation
      compiles(() => g.follow(from, 'name'));
      // @ts-expect-error: no such property
      compiles(() => g.pick(orders, ['name']));
      // @ts-expect-error: others hold it
      compiles(() => g.pick(from, ['orders']));
      const picked = g.pick(orders, ['title', 'pump']);
      type Item = typeof picked extends {
        readonly '~types'?: { readonly item: infer T } | undefined;
      }
        ? T
        : never;
      expectTypeOf<Item['title']>().toEqualTypeOf<string>();
      expectTypeOf<Item['pump']>().toEqualTypeOf<NodeReference | undefined>();
      expectTypeOf<Item>().not.toHaveProperty('due');
      return { picked };
    });
  });

  it('know views that refer to each other, at any depth', () => {
    compiles(async () => {
      const [found] = await pumps.find({
        with: { orders: { with: { pump: { with: { orders: { with: { next: true } } } } } } },
      });
      expectTypeOf(found?.orders[0]?.pump?.orders[0]?.next?.title).toEqualTypeOf<
        string | undefined
      >();
      expectTypeOf(found?.orders[0]?.pump?.orders[0]?.next).not.toBeAny();
    });
  });
});
