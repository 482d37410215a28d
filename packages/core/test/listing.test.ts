import {
  type CallOptions,
  ConfigError,
  type Identified,
  Listing,
  type Page,
  type ResourceList,
} from '@cdf/core';
import {
  type ListingSettings,
  type ListingSource,
  type PageRequest,
  partitionedReader,
} from '@cdf/core/resource';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

interface Item {
  readonly id: number;
}

/** A list endpoint over ids 1 to `total`, with cursors, partitions and short pages. */
function server(total: number, { shortPages = false }: { shortPages?: boolean } = {}) {
  const requests: PageRequest[] = [];
  const signals: AbortSignal[] = [];
  async function fetchPage(request: PageRequest, options: CallOptions): Promise<Page<Item>> {
    requests.push(request);
    if (options.signal !== undefined) signals.push(options.signal);
    options.signal?.throwIfAborted();
    const [part, parts] = (request.partition ?? '1/1').split('/').map(Number) as [number, number];
    const mine = Array.from({ length: total }, (_, index) => ({ id: index + 1 })).filter(
      ({ id }) => id % parts === part - 1 || parts === 1,
    );
    const start = Number(request.cursor ?? 0);
    const size = shortPages ? Math.max(1, Math.floor(request.limit / 2)) : request.limit;
    const items = mine.slice(start, start + size);
    return start + size < mine.length ? { items, nextCursor: String(start + size) } : { items };
  }
  return { requests, signals, fetchPage };
}

function listing(
  source: ReturnType<typeof server>,
  settings: ListingSettings = {},
  parallel = true,
  options?: CallOptions,
): Listing<Item> {
  return new Listing<Item>(
    {
      fetchPage: source.fetchPage,
      toList: (items) => items,
      keyOf: (item) => item.id,
      ...(parallel && {
        readAll: partitionedReader((left: Item, right: Item) => left.id - right.id),
      }),
    },
    settings,
    options,
  );
}

const ids = (items: readonly Item[]): number[] => items.map(({ id }) => id);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('a listing', () => {
  it('sends nothing until it is used', () => {
    const source = server(10);
    listing(source);
    expect(source.requests).toEqual([]);
  });

  it('gives the first 25 items when awaited', async () => {
    const source = server(100);
    expect(ids(await listing(source))).toEqual(upTo(25));
    expect(source.requests).toEqual([
      { cursor: undefined, limit: 25, partition: undefined, now: expect.any(Number) },
    ]);
  });

  it('walks every item in a loop', async () => {
    const source = server(2500);
    const seen: number[] = [];
    for await (const item of listing(source)) seen.push(item.id);
    expect(seen).toEqual(upTo(2500));
    expect(source.requests).toHaveLength(3);
  });

  it('stops at the limit, and asks for no more than it needs', async () => {
    const source = server(5000);
    const seen: number[] = [];
    for await (const item of listing(source, { limit: 1200 })) seen.push(item.id);
    expect(seen).toEqual(upTo(1200));
    expect(source.requests.map(({ limit }) => limit)).toEqual([1000, 200]);
  });

  it('asks for the next page while the caller has the last one, and stops when the loop is left', async () => {
    const source = server(5000);
    for await (const item of listing(source)) if (item.id === 3) break;
    expect(source.requests).toHaveLength(2);
    expect(source.signals.every((signal) => signal.aborted)).toBe(true);
  });

  it.each([
    ['where nobody has a say', {}, undefined, 2],
    ['not where a limit counts what is new', { limit: 4000 }, undefined, 1],
    ['not where a callback is told first', {}, () => {}, 1],
  ])(
    'asks for the next page before it looks through one: %s',
    async (_, settings, onProgress, asked) => {
      const source = server(5000);
      let requests = 0;
      const keyOf = ({ id }: Item): number => {
        if (id === 1) requests = source.requests.length;
        return id;
      };
      const { fetchPage } = source;
      const toList = (items: Item[]): Item[] => items;
      const options = onProgress && { onProgress };
      const list = new Listing<Item>({ fetchPage, toList, keyOf }, settings, options);
      for await (const _item of list) break;
      expect(requests).toBe(asked);
    },
  );

  it('goes on after a short or empty page as long as there is a cursor', async () => {
    const source = server(700, { shortPages: true });
    expect(ids(await listing(source, { limit: 700 }, false))).toEqual(upTo(700));
  });

  it('gives everything in documented order through partitions, and drops what it saw twice', async () => {
    const source = server(4321);
    expect(ids(await listing(source, { limit: Infinity }))).toEqual(upTo(4321));
    expect(source.requests[0]?.partition).toBeUndefined();
    expect(new Set(source.requests.slice(1).map(({ partition }) => partition)).size).toBe(10);
  });

  it('needs no partition when one page is all there is', async () => {
    const source = server(999);
    expect(ids(await listing(source, { limit: Infinity }))).toEqual(upTo(999));
    expect(source.requests).toHaveLength(1);
  });

  it('keeps one cursor where no order is documented', async () => {
    const source = server(2100);
    expect(ids(await listing(source, { limit: Infinity }, false))).toEqual(upTo(2100));
    expect(source.requests.every(({ partition }) => partition === undefined)).toBe(true);
  });

  it('gives pages', async () => {
    const sizes: number[] = [];
    for await (const page of listing(server(2500)).byPage()) sizes.push(page.length);
    expect(sizes).toEqual([1000, 1000, 500]);
  });

  it('is the same whatever the way it is read (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 3000 }),
        fc.integer({ min: 1, max: 3500 }),
        fc.boolean(),
        async (total, limit, shortPages) => {
          const source = server(total, { shortPages });
          const looped: number[] = [];
          for await (const item of listing(source, { limit })) looped.push(item.id);
          expect(looped).toEqual(upTo(Math.min(total, limit)));
          expect(ids(await listing(source, { limit }))).toEqual(looped);
          expect(ids(await listing(source, { limit: Infinity }))).toEqual(upTo(total));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('drops items that a write in between showed twice', async () => {
    const pages: Page<Item>[] = [
      { items: [{ id: 1 }, { id: 2 }], nextCursor: 'a' },
      { items: [{ id: 2 }, { id: 3 }] },
    ];
    const twice = new Listing<Item>({
      fetchPage: async () => pages.shift() as Page<Item>,
      toList: (items) => items,
      keyOf: (item) => item.id,
    });
    expect(ids(await twice)).toEqual([1, 2, 3]);
  });

  it('fails with the error of the page that failed, in a loop and awaited in parallel', async () => {
    const failure = new Error('page 2');
    const source = server(3000);
    const fetchPage: ListingSource<Item, Item[]>['fetchPage'] = async (request, options) =>
      request.cursor === undefined ? source.fetchPage(request, options) : Promise.reject(failure);
    const failing = new Listing<Item>(
      { fetchPage, toList: (items) => items, readAll: partitionedReader(() => 0) },
      { limit: Infinity, pageSize: 100 },
    );
    await expect(failing).rejects.toBe(failure);
    await expect(
      (async () => {
        for await (const _ of failing) void _;
      })(),
    ).rejects.toBe(failure);
  });

  it("rejects with the caller's own reason when the signal ends it", async () => {
    const reason = new Error('enough');
    const stop = new AbortController();
    stop.abort(reason);
    await expect(listing(server(10), {}, true, { signal: stop.signal })).rejects.toBe(reason);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses %s as a limit', (limit) => {
    expect(() => listing(server(1), { limit })).toThrow(ConfigError);
  });
});

describe('a list that was not awaited', () => {
  it('says so where it is used as an array', async () => {
    const unread = listing(server(0));
    const untyped = unread as unknown as number[];
    const uses = [
      () => untyped.length,
      () => untyped.map(String),
      () => [...untyped],
      () => Array.from(untyped),
      () => new Set(untyped),
    ];
    for (const use of uses) expect(use).toThrow(new ConfigError('await the list first'));
    await expect(Promise.all(untyped)).rejects.toThrow('await the list first');
    // @ts-expect-error "did you forget to use await?"
    expect(() => unread.length).toThrow('await the list first');
    // @ts-expect-error the same
    expect(() => unread.map(String)).toThrow('await the list first');
    const list = unread as unknown as ResourceList<Identified>;
    expect(() => list.toTable()).toThrow('await the list first');
    for await (const item of unread) expect(item).toBeUndefined();
    expect(await unread).toEqual([]);
  });
});
