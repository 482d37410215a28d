import { describe, expect, it } from 'vitest';
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
