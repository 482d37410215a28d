import { Listing, type Page } from '@cdf/core';
import type { PageRequest } from '@cdf/core/resource';
import { afterEach, describe, expect, it, vi } from 'vitest';

interface Item {
  readonly id: number;
}

/** Pages of two items, whose requests are written as Node does it: when the script has paused. */
function slowSource(pages: number) {
  const log: string[] = [];
  async function fetchPage({ cursor = '0' }: PageRequest): Promise<Page<Item>> {
    const page = Number(cursor);
    await new Promise<void>((resolve) => process.nextTick(resolve));
    log.push(`request ${page}`);
    const items = [{ id: page * 2 }, { id: page * 2 + 1 }];
    return page + 1 < pages ? { items, nextCursor: String(page + 1) } : { items };
  }
  return { log, fetchPage, toList: (items: Item[]) => items, keyOf: ({ id }: Item) => id };
}

describe('the next page of a listing in Node', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ['without a limit', {}],
    ['with one', { limit: 5 }],
  ])('is requested before the caller works with one: %s', async (_, settings) => {
    const { log, ...source } = slowSource(3);
    // A loop that awaits nothing else does not pause between items.
    for await (const { id } of new Listing<Item>(source, settings)) log.push(`item ${id}`);
    expect(log.slice(0, 7)).toEqual([
      ...['request 0', 'request 1', 'item 0', 'item 1'],
      ...['request 2', 'item 2', 'item 3'],
    ]);
  });

  it('is requested before items are read', async () => {
    const { log, ...source } = slowSource(2);
    const read = (items: Item[]): Item[] => {
      log.push('read');
      return items.map(({ id }) => ({ id: id + 10 }));
    };
    const list = await new Listing<Item>({ ...source, read }, { limit: Infinity });
    expect(log).toEqual(['request 0', 'request 1', 'read', 'read']);
    expect(list.map(({ id }) => id)).toEqual([10, 11, 12, 13]);
  });

  it('comes while a test has taken the timers over', async () => {
    vi.useFakeTimers({ toFake: ['setImmediate', 'setTimeout'] });
    expect(await new Listing<Item>(slowSource(3), { limit: Infinity })).toHaveLength(6);
  });

  it('comes where a test had taken the timers over before the package was loaded', async () => {
    vi.doMock('node:timers', () => ({ setImmediate: () => {} }));
    vi.resetModules();
    try {
      const { Listing: Loaded } = await import('@cdf/core');
      const { concurrently, nextTurn } = await import('@cdf/core/resource');
      const turned = nextTurn(new Promise(() => {})).then(() => 'turned');
      const later = new Promise((resolve) => setTimeout(resolve, 20, 'waits'));
      expect(await Promise.race([turned, later])).toBe('waits');
      expect(await new Loaded<Item>(slowSource(3), { limit: Infinity })).toHaveLength(6);
      const double = async (item: number): Promise<number> => item * 2;
      expect(await concurrently([1, 2, 3], double, { limit: 2 })).toEqual([2, 4, 6]);
      const failing = concurrently([1, 2], () => Promise.reject(new Error('no')), { limit: 2 });
      await expect(failing).rejects.toThrow('no');
    } finally {
      vi.doUnmock('node:timers');
      vi.resetModules();
    }
  });

  it('is given up when reading a page fails', async () => {
    const { fetchPage, ...source } = slowSource(3);
    const signals: (AbortSignal | undefined)[] = [];
    const list = new Listing<Item>(
      {
        ...source,
        fetchPage(request, { signal }) {
          signals.push(signal);
          return fetchPage(request);
        },
        read() {
          throw new Error('not one of these');
        },
      },
      { limit: Infinity },
    );
    await expect(list).rejects.toThrow('not one of these');
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true]);
  });
});
