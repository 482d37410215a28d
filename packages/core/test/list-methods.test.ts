import { type Bound, type Identified, ItemList, ResourceList } from '@cdf/core';
import { bindPrototype, withPrototype } from '@cdf/core/resource';
import { describe, expect, expectTypeOf, it } from 'vitest';

interface Pump extends Identified {
  readonly name: string;
}

interface Relations {
  readonly names: (pumps: readonly Pump[]) => () => string;
}

/** A list with relations, as an API object gives it. */
type PumpList = ResourceList<Pump> & Bound<Relations>;

const prototype = bindPrototype(
  ResourceList.prototype,
  { names: (pumps: readonly Pump[]) => () => pumps.map(({ name }) => name).join('') },
  (pumps: readonly Pump[]) => pumps,
);

function pumpsNamed(names: string): PumpList {
  return withPrototype(
    [...names].map((name, id) => ({ id: id + 1, name })),
    prototype,
  );
}

describe('what gives items of a list gives a list with its relations', () => {
  const list = pumpsNamed('cab');
  const other = { id: 9, name: 'x' };

  it.each<[string, (list: PumpList) => PumpList, string]>([
    ['filter', (pumps) => pumps.filter(({ name }) => name !== 'a'), 'cb'],
    ['slice', (pumps) => pumps.slice(1), 'ab'],
    ['splice', (pumps) => pumps.splice(0, 2, other), 'ca'],
    ['concat', (pumps) => pumps.concat([other], other), 'cabxx'],
    [
      'toSorted',
      (pumps) => pumps.toSorted((left, right) => left.name.localeCompare(right.name)),
      'abc',
    ],
    ['toReversed', (pumps) => pumps.toReversed(), 'bac'],
    ['toSpliced', (pumps) => pumps.toSpliced(1, 1, other), 'cxb'],
    ['with', (pumps) => pumps.with(-1, other), 'cax'],
    ['sort', (pumps) => pumps.sort((left, right) => left.name.localeCompare(right.name)), 'abc'],
    ['reverse', (pumps) => pumps.reverse(), 'bac'],
    ['several in a row', (pumps) => pumps.filter(({ id }) => id > 1).slice(0, 1), 'a'],
  ])('%s', (_, take, names) => {
    const own = pumpsNamed('cab');
    const taken = take(own);
    expect(taken.names()).toBe(names);
    expect(taken.toTable().rows.map(([, name]) => name)).toEqual([...names]);
    expect(taken.toText()).toContain(`${names.length} item`);
    expect(taken.get({ id: taken[0]?.id as number })).toBe(taken[0]);
    expect(Object.getPrototypeOf(taken)).toBe(prototype);
    expect(Array.isArray(taken)).toBe(true);
    expect(JSON.parse(JSON.stringify(taken))).toEqual([...taken]);
  });

  it('and map, flatMap, flat, spreading, from and a clone give plain arrays', () => {
    const arrays = [
      list.map(({ id }) => id),
      list.flatMap((pump) => [pump, pump]),
      list.flat(),
      [...list],
      Array.from(list),
      structuredClone([...list]),
    ];
    for (const array of arrays) expect(Object.getPrototypeOf(array)).toBe(Array.prototype);
    expect(Object.getPrototypeOf(structuredClone(ItemList.from([{ a: 1 }])))).toBe(Array.prototype);
  });

  it('without changing the list, where the method of an array does not', () => {
    expect(list.names()).toBe('cab');
    expect(() => list.with(7, other)).toThrow(RangeError);
  });
});

describe('the types of lists', () => {
  it('keep relations where items are given, and not where others are made of them', () => {
    const list = pumpsNamed('ab');
    expectTypeOf(list.filter(() => true)).toEqualTypeOf<PumpList>();
    expectTypeOf(list.slice(1)).toEqualTypeOf<PumpList>();
    expectTypeOf(list.splice(0, 0)).toEqualTypeOf<PumpList>();
    expectTypeOf(list.concat(list, { id: 1, name: 'x' })).toEqualTypeOf<PumpList>();
    expectTypeOf(list.toSorted()).toEqualTypeOf<PumpList>();
    expectTypeOf(list.toReversed()).toEqualTypeOf<PumpList>();
    expectTypeOf(list.toSpliced(0, 0)).toEqualTypeOf<PumpList>();
    expectTypeOf(list.with(0, { id: 1, name: 'x' })).toEqualTypeOf<PumpList>();
    expectTypeOf(list.map(({ id }) => id)).toEqualTypeOf<number[]>();
    expectTypeOf(list.flatMap(({ id }) => [id])).toEqualTypeOf<number[]>();
    expectTypeOf(list).toExtend<readonly Pump[]>();
    expectTypeOf(list).toExtend<Pump[]>();
  });

  it('narrow items by a type guard, and keep relations', () => {
    const list = pumpsNamed('ab');
    const named = list.filter((pump): pump is Pump & { readonly name: 'a' } => pump.name === 'a');
    expectTypeOf(named[0]?.name).toEqualTypeOf<'a' | undefined>();
    for (const { name } of named) expectTypeOf(name).toEqualTypeOf<'a'>();
    expect(named.names()).toBe('a');
  });
});
