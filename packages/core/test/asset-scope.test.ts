import { ApiError, type AssetScope, ConfigError } from '@cdf/core';
import { assetFilters, byCreatedTime, listInScope, ResourceEndpoint } from '@cdf/core/resource';
import { type MemoryTransport, memoryTransport } from '@cdf/core/testing';
import { describe, expect, it } from 'vitest';

interface Item {
  readonly id: number;
  readonly createdTime: number;
  readonly assetIds: readonly number[];
  readonly externalId?: string;
}

interface ListRequest {
  filter: { assetIds?: number[]; assetSubtreeIds?: { id: number }[]; type?: string };
  limit: number;
  cursor?: string;
  partition?: string;
}

const bodies = (transport: MemoryTransport): ListRequest[] =>
  transport.requests.map((request) => request.body as ListRequest);

/** A list service over `items`: asset n has the assets n to n + 9 in its subtree. */
function service(
  items: readonly Item[],
  refuse: (request: ListRequest) => boolean = () => false,
): MemoryTransport {
  return memoryTransport({
    'POST /things/list': (spec) => {
      const request = spec.body as ListRequest;
      if (refuse(request)) throw new ApiError('too many', { status: 400 });
      const { assetIds, assetSubtreeIds } = request.filter;
      const wanted = new Set(
        assetIds ??
          assetSubtreeIds?.flatMap(({ id }) =>
            Array.from({ length: 10 }, (_, offset) => id + offset),
          ),
      );
      const found = items.filter((item) => item.assetIds.some((id) => wanted.has(id)));
      const start = Number(request.cursor ?? 0);
      const [index, of] = (request.partition ?? '1/1').split('/').map(Number) as [number, number];
      const mine = found.filter((item) => item.id % of === index - 1);
      const nextCursor =
        start + request.limit < mine.length ? String(start + request.limit) : undefined;
      return {
        items: mine.slice(start, start + request.limit),
        ...(nextCursor === undefined ? {} : { nextCursor }),
      };
    },
  });
}

const endpointOf = (transport: MemoryTransport): ResourceEndpoint<Item, Item[]> =>
  new ResourceEndpoint<Item, Item[]>(transport, {
    path: '/things',
    noun: 'things',
    fields: {},
    order: byCreatedTime,
    options: { list: ['sort'] },
  });

const self = (...ids: number[]): AssetScope => ({
  reach: 'self',
  assets: ids.map((id) => ({ id })),
});
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const itemsOf = (count: number): Item[] =>
  upTo(count).map((id) => ({ id, createdTime: 10_000 - id, assetIds: [id, id + 1] }));

describe('assetFilters', () => {
  it('keeps ids and external ids in filters of their own, within the maximum of the service, each asset once', () => {
    const assets = [{ id: 1 }, { externalId: 'a' }, { id: 2 }, { id: 1 }, { id: 3 }];
    expect(assetFilters({ reach: 'self', assets }, 2)).toEqual([
      { assetIds: [1, 2] },
      { assetIds: [3] },
      { assetExternalIds: ['a'] },
    ]);
  });

  it('names at most 100 roots of subtrees in a filter', () => {
    const filters = assetFilters(
      { reach: 'subtree', assets: upTo(201).map((id) => ({ id })) },
      5000,
    );
    expect(filters.map((filter) => filter.assetSubtreeIds?.length)).toEqual([100, 100, 1]);
  });

  it('refuses assets that a filter cannot name', () => {
    const scope: AssetScope = {
      reach: 'self',
      assets: [{ instanceId: { space: 's', externalId: 'x' } }],
    };
    expect(() => assetFilters(scope, 100)).toThrow(ConfigError);
  });
});

describe('listInScope', () => {
  it('sends nothing for an empty scope', async () => {
    const transport = service(itemsOf(5));
    expect(await listInScope(endpointOf(transport), self(), {}, 100)).toEqual([]);
    expect(
      await listInScope(
        endpointOf(transport),
        { ...self(), depth: 1, walk: async () => [] },
        {},
        100,
      ),
    ).toEqual([]);
    expect(transport.requests).toEqual([]);
  });

  it('awaits everything, and the first items with a limit', async () => {
    const scope = self(...upTo(40));
    const all = await listInScope(endpointOf(service(itemsOf(30))), scope, {}, 100);
    expect(all).toHaveLength(30);
    const some = await listInScope(endpointOf(service(itemsOf(30))), scope, { limit: 7 }, 100);
    expect(some).toHaveLength(7);
  });

  it('merges several filters in the documented order, each item once', async () => {
    const transport = service(itemsOf(40));
    const all = await listInScope(
      endpointOf(transport),
      self(...upTo(41)),
      { filter: { type: 'rain' } },
      4,
    );
    expect(all.map((item) => item.id)).toEqual(upTo(40).reverse());
    expect(bodies(transport)).toHaveLength(11);
    expect(bodies(transport).every((body) => body.filter.type === 'rain')).toBe(true);
  });

  it('merges several filters in the order of a sort, missing values where the API puts them', async () => {
    const items = itemsOf(6).map((item) =>
      item.id === 3 ? item : { ...item, externalId: `x${item.id}` },
    );
    const sort = [{ property: ['externalId'], order: 'desc' }];
    const all = await listInScope(endpointOf(service(items)), self(...upTo(7)), { sort }, 2);
    expect(all.map((item) => item.id)).toEqual([3, 6, 5, 4, 2, 1]);
  });

  it('takes the first items of all filters together when there is a limit', async () => {
    const transport = service([...itemsOf(40)].reverse());
    const some = await listInScope(endpointOf(transport), self(...upTo(41)), { limit: 3 }, 4);
    expect(some.map((item) => item.id)).toEqual([40, 39, 38]);
  });

  it('fails when one of several filters fails', async () => {
    const transport = service(
      itemsOf(40),
      (request) => request.filter.assetIds?.includes(33) ?? false,
    );
    await expect(listInScope(endpointOf(transport), self(...upTo(41)), {}, 4)).rejects.toThrow(
      'too many',
    );
  });

  it('reads a subtree by its roots alone', async () => {
    const transport = service(itemsOf(40));
    const scope: AssetScope = { reach: 'subtree', assets: [{ id: 11 }] };
    const ids: number[] = [];
    for await (const item of listInScope(endpointOf(transport), scope, {}, 100)) ids.push(item.id);
    expect(ids).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    expect(bodies(transport).map((body) => body.filter)).toEqual([
      { assetSubtreeIds: [{ id: 11 }] },
    ]);
  });

  it('walks a subtree that the API refuses for its size, with the same result', async () => {
    const scope = (walk: AssetScope['walk']): AssetScope => ({
      reach: 'subtree',
      assets: [{ id: 11 }],
      walk,
    });
    const walk = async (): Promise<{ id: number }[]> =>
      upTo(10).map((offset) => ({ id: 10 + offset }));
    const accepted = await listInScope(endpointOf(service(itemsOf(40))), scope(walk), {}, 4);
    const refusing = service(
      itemsOf(40),
      (request) => request.filter.assetSubtreeIds !== undefined,
    );
    const refused = await listInScope(endpointOf(refusing), scope(walk), {}, 4);
    expect(new Set(refused)).toEqual(new Set(accepted));
    const fewer = service(itemsOf(40), (request) => request.filter.assetSubtreeIds !== undefined);
    await expect(listInScope(endpointOf(fewer), scope(undefined), {}, 4)).rejects.toThrow(
      'too many',
    );
  });

  it('does not walk when the API refuses something else', async () => {
    const transport = service(itemsOf(40), (request) => request.filter.type === 'bad');
    const walk = (): never => expect.fail('walked');
    const scope: AssetScope = { reach: 'subtree', assets: [{ id: 11 }], walk };
    const bad = listInScope(endpointOf(transport), scope, { filter: { type: 'bad' } }, 4);
    await expect(bad).rejects.toThrow('too many');
  });

  it('walks when the scope has a depth', async () => {
    const transport = service(itemsOf(40));
    const walk = async (): Promise<{ id: number }[]> => [{ id: 11 }, { id: 12 }];
    const scope: AssetScope = { reach: 'subtree', assets: [{ id: 11 }], walk, depth: 1 };
    const found = await listInScope(endpointOf(transport), scope, {}, 100);
    expect(found.map((item) => item.id)).toEqual([10, 11, 12]);
    expect(bodies(transport).map((body) => body.filter)).toEqual([{ assetIds: [11, 12] }]);
  });

  it('refuses an asset filter of the caller beside the scope', async () => {
    const transport = service([]);
    const query = { filter: { assetIds: [1] } };
    await expect(async () =>
      listInScope(endpointOf(transport), self(1), query, 100),
    ).rejects.toThrow(ConfigError);
    expect(transport.requests).toEqual([]);
  });

  it('ends with the reason of the signal', async () => {
    const controller = new AbortController();
    const transport = service(itemsOf(40), () => {
      controller.abort(new Error('enough'));
      return false;
    });
    const list = listInScope(endpointOf(transport), self(...upTo(41)), {}, 4, {
      signal: controller.signal,
    });
    await expect(list).rejects.toThrow('enough');
    expect(transport.requests.length).toBeLessThan(11);
  });
});
