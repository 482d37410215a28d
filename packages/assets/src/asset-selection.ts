import {
  type AssetScope,
  type CallOptions,
  ConfigError,
  type Identifier,
  Listing,
} from '@cdf/core';
import {
  type ListingSource,
  loadPart,
  ownIdentifier,
  ownQuery,
  type ResourceEndpoint,
  toIdentifier,
} from '@cdf/core/resource';
import type { AssetData, ChildQuery } from './asset-types.js';

/**
 * The code that reads selections is loaded with the first page: a program that only lists assets
 * does not load it.
 */
export function loadWalk(): Promise<typeof import('./asset-walk.js')> {
  return loadPart(import('./asset-walk.js'));
}

/** The assets of a scope. Awaited: all of them. */
export function selectionListing<T extends AssetData, L extends T[]>(
  endpoint: ResourceEndpoint<T, L>,
  scope: AssetScope,
  options?: CallOptions,
): Listing<T, L> {
  const source: ListingSource<T, L> = {
    ...endpoint.source({}),
    fetchPage: async (page, call) => (await loadWalk()).selectionPage(endpoint, scope, page, call),
  };
  return new Listing(source, { awaitLimit: Infinity }, options);
}

/** The assets right below those of a scope. Awaited: all of them, unless `limit` is given. */
export function childListing<T extends AssetData, L extends T[]>(
  endpoint: ResourceEndpoint<T, L>,
  scope: AssetScope,
  query: ChildQuery = {},
  options?: CallOptions,
): Listing<T, L> {
  const [body, limit] = ownQuery(query);
  const source: ListingSource<T, L> = {
    ...endpoint.source(body),
    async fetchPage(page, call) {
      const { childrenPage } = await loadWalk();
      const prepared = { ...(await endpoint.prepare(body, page.now)), limit };
      // Listed from here: a part that imported `Listing` would have bundlers load shared modules
      // one by one.
      const parents = async (): Promise<readonly Identifier[]> =>
        scope.reach === 'self'
          ? scope.assets
          : (await selectionListing(endpoint, scope, call)).map(({ id }) => ({ id }));
      return childrenPage(endpoint, parents, prepared, page, call);
    },
  };
  return new Listing<T, L>(source, { limit, awaitLimit: Infinity }, options);
}

/**
 * How a selection names an asset: by id where it has one.
 * @throws {ConfigError} when it has no usable name, or only an `instanceId`, which assets are not
 * filtered by
 */
export function toReference(asset: Identifier | AssetData): Identifier {
  const named = toIdentifier(ownIdentifier(asset), 'select assets');
  if (named.instanceId !== undefined)
    throw new ConfigError('select assets: expected { id } or { externalId }, got an instanceId');
  return named;
}
