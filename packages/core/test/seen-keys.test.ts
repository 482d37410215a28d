import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { KeyTable } from '../src/platform/keys/key-table.js';
import { SeenKeys } from '../src/resources/seen-keys.js';

describe('keys that were seen', () => {
  it('are new once', () => {
    const seen = new SeenKeys();
    expect(seen.isEmpty).toBe(true);
    expect([1, 'a', 1, 'a', 2].map((key) => seen.add(key))).toEqual([
      true,
      true,
      false,
      false,
      true,
    ]);
    expect(seen.isEmpty).toBe(false);
  });

  it('are remembered as far back as the capacity goes, and not without end', () => {
    const seen = new SeenKeys(100);
    for (let key = 0; key < 1000; key++) {
      expect(seen.add(key)).toBe(true);
      if (key >= 100) expect(seen.add(key - 99)).toBe(false);
    }
    expect(seen.add(0)).toBe(true);
  });
});

describe('a table of keys', () => {
  const key = fc.oneof(
    fc.integer(),
    fc.double(),
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.integer({ min: 0, max: 2 ** 20 }).map((id) => id * 2 ** 32),
    fc.constantFrom(null, undefined, NaN, 0, -0, '0', '', true, 7n),
  );

  const sizes = (keys: KeyTable | Set<unknown>, steps: readonly unknown[]): unknown[] =>
    steps.flatMap((value) => [keys.has(value), keys.add(value).size]);

  it('has what a Set has', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 3000 }), (steps) => {
        expect(sizes(new KeyTable(), steps)).toEqual(sizes(new Set(), steps));
      }),
    );
  });

  it('has those that are crowded too, before it grows and after', () => {
    // What it does with a text when the seed is 0, in the first table.
    const placeOf = (text: string): number => {
      let hash = 0;
      for (const char of text) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
      return (hash ^ (hash >>> 15)) & 2047;
    };
    const texts = Array.from({ length: 300_000 }, (_, index) => index.toString(36));
    const crowd = texts.filter((text) => placeOf(text) === 7);
    expect(crowd.length).toBeGreaterThan(100);
    const random = vi.spyOn(Math, 'random').mockReturnValue(0);
    const table = new KeyTable();
    random.mockRestore();
    const others = texts.slice(0, 20_000).map((text) => `${text}!`);
    const steps = [...crowd, ...crowd, ...others, ...crowd, ...others];
    expect(sizes(table, steps)).toEqual(sizes(new Set(), steps));
  });
});
