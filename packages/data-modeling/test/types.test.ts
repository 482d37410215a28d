import { describe, expectTypeOf, it } from 'vitest';
import { type Found, type NodeReference, p, type Read, view, type Where, type With, type Write } from '../src/index.js';

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
    const write: Write<typeof Pump> = { space: 's', externalId: 'e', name: 'n', power: 1, status: 'on', tags: null };
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
    takes(Pump, { power: { gte: 10 }, status: 'on', asset: { name: { prefix: '21-' }, parent: { name: 'x' } } });
    takes(WorkOrder, { pump: { asset: { parent: { name: 'q' } } }, due: { lt: new Date() } });
    takes(Pump, { tags: { containsAny: ['a'] }, or: [{ name: null }, { not: { status: { in: ['on'] } } }] });
    // @ts-expect-error: no such property
    takes(Pump, { pwr: 1 });
    // @ts-expect-error: not one of its values
    takes(Pump, { status: 'broken' });
    // @ts-expect-error: text has no number
    takes(Pump, { name: { gte: 3 } });
  });
  it('join', () => {
    const found = finds(Pump, { asset: { with: { parent: true } }, orders: { limit: 10, with: { next: true } } });
    expectTypeOf<(typeof found)[number]['asset']>().not.toBeAny();
    const name = found[0]?.asset?.parent?.name;
    expectTypeOf(name).toEqualTypeOf<string | undefined>();
    const title = found[0]?.orders[0]?.next?.title;
    expectTypeOf(title).toEqualTypeOf<string | undefined>();
    // @ts-expect-error: not a relation
    finds(Pump, { name: true });
  });
});
