import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeOrdered } from '../src/resources/partitions.js';

interface Item {
  readonly id: number;
  readonly list: number;
}

const compare = (left: Item, right: Item): number => left.id - right.id;
const lists = fc
  .array(fc.array(fc.integer({ min: 0, max: 50 })))
  .map((ids) => ids.map((each, list) => each.map((id) => ({ id, list }))));

describe('lists merged in order', () => {
  it('have every item once, in order, whatever the lists share (property)', () => {
    fc.assert(
      fc.property(lists, (given) => {
        const sorted = given.map((list) => list.sort(compare));
        const expected = [...new Set(given.flat().map(({ id }) => id))].sort(
          (left, right) => left - right,
        );
        expect(mergeOrdered(sorted, compare).map(({ id }) => id)).toEqual(expected);
      }),
    );
  });

  it('are still whole and in order when one of them is not in order (property)', () => {
    fc.assert(
      fc.property(lists, (given) => {
        const expected = [...new Set(given.flat().map(({ id }) => id))].sort(
          (left, right) => left - right,
        );
        expect(mergeOrdered(given, compare).map(({ id }) => id)).toEqual(expected);
      }),
    );
  });

  it('keep the item of the first list where two have it', () => {
    const both = [[{ id: 1, list: 0 }], [{ id: 1, list: 1 }]];
    expect(mergeOrdered(both, compare)).toEqual([{ id: 1, list: 0 }]);
  });
});
