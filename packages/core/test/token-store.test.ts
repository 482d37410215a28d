import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryTokenStore, type TokenStore, webTokenStore } from '@cdf/core';
import { fileTokenStore } from '@cdf/core/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cdf-store-'));
});
afterAll(() => rm(folder, { recursive: true }));

const kept = new Map<string, string>();
const stores: [string, () => TokenStore][] = [
  ['in memory', memoryTokenStore],
  ['in files', () => fileTokenStore(folder)],
  [
    'of a browser',
    () =>
      webTokenStore({
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => void kept.set(key, value),
        removeItem: (key) => void kept.delete(key),
      }),
  ],
];

describe.each(stores)('a token store %s', (_, make) => {
  it('ends the wait for others with the signal, runs nothing then, and keeps the order', async () => {
    const store = make();
    let finish = (): void => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const ran: string[] = [];
    const first = store.update('k', async () => {
      ran.push('first');
      await held;
      ran.push('first ends');
      return { accessToken: 'of the first' };
    });
    const controller = new AbortController();
    const given = store.update(
      'k',
      async () => {
        ran.push('given up');
        return undefined;
      },
      controller.signal,
    );
    const third = store.update('k', async (stored) => {
      ran.push('third');
      return stored;
    });
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 50);
    await expect(given).rejects.toBe(reason);
    await expect(store.update('k', async () => undefined, AbortSignal.abort(reason))).rejects.toBe(
      reason,
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(ran).toEqual(['first']);
    finish();
    await first;
    expect(await third).toEqual({ accessToken: 'of the first' });
    expect(ran).toEqual(['first', 'first ends', 'third']);
  });

  it('stores the result of work that had begun when the signal aborted', async () => {
    const store = make();
    const controller = new AbortController();
    await store
      .update(
        'begun',
        async () => {
          controller.abort();
          return { accessToken: 'rotated' };
        },
        controller.signal,
      )
      .catch(() => {});
    expect(await store.update('begun', async (stored) => stored)).toEqual({
      accessToken: 'rotated',
    });
  });
});
