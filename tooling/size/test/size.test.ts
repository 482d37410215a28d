import { describe, expect, it } from 'vitest';
// @ts-expect-error a plain script without declarations
import { bundle, faults } from '../bundle.mjs';

describe('the size check', () => {
  it('measures a bundle as a browser gets it: used code only', async () => {
    const { text, size } = await bundle('const unused = "secret-word"; export const used = 1;', import.meta.dirname);
    expect(text).not.toContain('secret-word');
    expect(size).toBeGreaterThan(20);
    expect(size).toBeLessThan(100);
  });

  it('says which story is over its limit, and which forbidden name is in it', () => {
    const story = { name: 'a story', limit: 10, absent: ['oauth', '<svg'] };
    expect(faults(story, { text: 'nothing', size: 10 })).toEqual([]);
    expect(faults(story, { text: 'uses oauth', size: 11 })).toEqual([
      'a story: 11 bytes, 10 allowed',
      'a story: "oauth" is in the bundle',
    ]);
  });
});
