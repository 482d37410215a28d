import { ownCopy } from '@cdf/core/resource';
import { describe, expect, it } from 'vitest';

describe('a copy of an argument', () => {
  it('is of arrays, literals and dates; other objects are the same', () => {
    class Instant {
      epochMilliseconds = 5;
    }
    const given = { a: [1, { b: new Date(7) }], c: new Instant(), d: Object.create(null), e: null };
    const copy = ownCopy(given);
    expect(copy).toEqual(given);
    expect(copy.a[1]).not.toBe(given.a[1]);
    expect(copy.c).toBe(given.c);
    given.a.push(2);
    expect(copy.a).toHaveLength(2);
  });

  it('keeps members that are named like those of every object', () => {
    const given = JSON.parse('{ "__proto__": { "a": 1 }, "constructor": 2 }');
    expect(Object.entries(ownCopy(given))).toEqual(Object.entries(given));
    expect(Object.getPrototypeOf(ownCopy(given))).toBe(Object.prototype);
  });

  it('is made once of what is there in many places: nodes that were read share others', () => {
    // Without that, 2 to the power of 40 objects.
    let shared: object = { end: 1 };
    for (let level = 0; level < 40; level++) shared = { left: shared, right: shared };
    const copy = ownCopy(shared) as { left: object; right: object };
    // Compared by hand: a failed comparison would print them all.
    expect([copy === shared, copy.left === copy.right]).toEqual([false, true]);
  });

  it('is made of literals of another realm, such as those of a frame', () => {
    // They have a prototype of their own, which has none.
    const foreign = Object.assign(Object.create(Object.create(null)), { names: ['a'] });
    const copy = ownCopy(foreign);
    foreign.names.length = 0;
    expect(copy).toEqual({ names: ['a'] });
  });

  it('is the argument itself where it can be iterated', () => {
    const source = { *[Symbol.iterator]() {} };
    expect(ownCopy(source)).toBe(source);
  });

  it('is as deep as asked', () => {
    const deep = { space: 's', area: { name: 'a' } };
    const [copy] = ownCopy([deep], 2);
    expect(copy).not.toBe(deep);
    expect(copy?.area).toBe(deep.area);
  });

  it('is the argument itself where it cannot be read, or is a part of itself', () => {
    const broken = {
      get name(): string {
        throw new Error('no');
      },
    };
    expect(ownCopy(broken)).toBe(broken);
    const circle: { self?: object } = {};
    circle.self = circle;
    expect(ownCopy(circle)).toBe(circle);
  });
});
