import { loadPart } from '@cdf/core/resource';
import { describe, expect, it } from 'vitest';
import { once } from '../src/async/lazy.js';
import { rejection } from './helpers/server.js';

describe('a part that is loaded late', () => {
  it('is what was imported', async () => {
    expect(await loadPart(Promise.resolve({ answer: 42 }))).toEqual({ answer: 42 });
  });

  it('that cannot be loaded says so, and that nothing was sent', async () => {
    const cause = new TypeError('Failed to fetch dynamically imported module');
    const reason = await rejection(loadPart(Promise.reject(cause)));
    expect(reason).toMatchObject({ code: 'network', delivery: 'none', cause });
    expect((reason as Error).message).toContain('reload the page');
  });

  it('is made once for all who ask, and again after a failure', async () => {
    let made = 0;
    const make = once(async () => {
      if (++made === 1) throw new Error('not this time');
      return made;
    });
    expect(await Promise.all([make(), make()].map(rejection))).toHaveLength(2);
    expect(await Promise.all([make(), make()])).toEqual([2, 2]);
    expect(await make()).toBe(2);
  });
});
