import { memoryTransport } from '@cdf/core/testing';
import { nodes, p, view } from '@cdf/data-modeling';
import { describe, expectTypeOf, it } from 'vitest';

const Machine = view('acme', 'Machine', 'v1', {
  kind: p.text(),
  power: p.float().optional(),
  get unit() {
    return p.ref(() => Unit);
  },
});
const Unit = view('acme', 'Unit', 'v1', {
  name: p.text(),
  get machines() {
    return p.reverse(() => Machine, 'unit');
  },
  get parents() {
    return p.ref(() => Unit).many();
  },
});
const units = nodes(
  memoryTransport(() => undefined),
  Unit,
);

/** Never runs: each line is for the compiler. */
export async function checked(): Promise<void> {
  const relation = { unit: { limit: 5, with: { machines: true } } } as const;
  const found = await units.find({
    with: {
      parents: true,
      machines: {
        where: { kind: 'x', power: { gte: 5 }, or: [{ power: null }], unit: { name: 'U' } },
        orderBy: { kind: 'asc' },
        limit: 5,
        with: relation,
      },
    },
  });
  expectTypeOf(found[0]?.machines[0]?.unit?.machines[0]?.kind).toEqualTypeOf<string | undefined>();
  expectTypeOf(found[0]?.parents[0]?.name).toEqualTypeOf<string | undefined>();

  // @ts-expect-error an unknown relation
  units.find({ with: { nope: true } });
  // @ts-expect-error a property that is no relation
  units.find({ with: { name: true } });
  // @ts-expect-error neither true nor options
  units.find({ with: { machines: 'true' } });
  // @ts-expect-error neither true nor options
  units.find({ with: { machines: false } });
  // @ts-expect-error an unknown property in where
  units.find({ with: { machines: { where: { kidn: 'x' } } } });
  // @ts-expect-error a value of another type
  units.find({ with: { machines: { where: { kind: 5 } } } });
  // @ts-expect-error an operator that numbers do not have
  units.find({ with: { machines: { where: { power: { prefix: 'x' } } } } });
  // @ts-expect-error an unknown property in or
  units.find({ with: { machines: { where: { or: [{ kidn: 'x' }] } } } });
  // @ts-expect-error an unknown property in orderBy
  units.find({ with: { machines: { orderBy: { nope: 'asc' } } } });
  // @ts-expect-error an unknown direction
  units.find({ with: { machines: { orderBy: { kind: 'up' } } } });
  // @ts-expect-error a misspelled option
  units.find({ with: { machines: { limit: 5, lmit: 5 } } });
  // @ts-expect-error a limit that is no number
  units.find({ with: { machines: { limit: '5' } } });
  // @ts-expect-error a property that the nodes on the other side lack, one level down
  units.find({ with: { machines: { with: { unit: { where: { nope: 'x' } } } } } });
  // @ts-expect-error an unknown relation two levels down
  units.find({ with: { machines: { with: { unit: { with: { machnies: true } } } } } });

  units.list({ where: { parents: { containsAny: [{ space: 's', externalId: 'x' }] } } });
  // @ts-expect-error a list of relations takes no conditions of the other side
  units.list({ where: { parents: { name: 'U' } } });
  // @ts-expect-error one wrong member of an item
  await units.upsert([{ space: 's', externalId: 'x', name: 5 }]);
}

describe('relations that are read along', () => {
  it('are checked by the compiler at every depth', () => {
    expectTypeOf(checked).returns.resolves.toBeVoid();
  });
});
