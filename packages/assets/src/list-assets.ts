import type { CallOptions, Listing, TimeRange, Transport } from '@cdf/core';
import { type ListedResource, listResources, toWireSort } from '@cdf/core/resource';
import type { AssetData, AssetFilter, AssetQuery } from './asset-types.js';

/** What a listing of assets needs to know of them. */
export const LISTED_ASSETS: ListedResource<AssetData, AssetData[]> = {
  path: '/assets',
  compare: (left, right) => left.id - right.id,
};

/** Which assets, with times in epoch milliseconds. */
export interface EpochAssetFilter extends Omit<AssetFilter, 'createdTime' | 'lastUpdatedTime'> {
  readonly createdTime?: TimeRange | undefined;
  readonly lastUpdatedTime?: TimeRange | undefined;
}

/** An `AssetQuery` whose times are epoch milliseconds: `toEpoch` of `@cdf/core` makes them of dates and of texts such as `'2d-ago'`. */
export interface EpochAssetQuery extends Omit<AssetQuery, 'filter'> {
  readonly filter?: EpochAssetFilter | undefined;
}

/**
 * What `AssetsApi.list` gives, as plain data: for programs that list assets, need none of their methods and have to be small. Assets by
 * id, unless sorted. Awaited: the first 25, or `limit`. In `for await`: all of them. A request per 1,000; with `limit: Infinity` ten at the
 * same time.
 * @see https://api-docs.cognite.com/20230101/tag/Assets/operation/listAssets
 *
 * @example
 * const pumps = await listAssets(transport, { filter: { labels: { containsAny: [{ externalId: 'pump' }] } }, limit: 100 });
 */
export function listAssets(
  transport: Transport,
  { sort, ...query }: EpochAssetQuery = {},
  options?: CallOptions,
): Listing<AssetData> {
  return listResources(transport, LISTED_ASSETS, { ...query, sort: toWireSort(sort) }, options);
}
