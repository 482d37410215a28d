import { loadPart } from '../async/lazy.js';
import { ConfigError } from '../errors.js';
import type { CallOptions } from '../transport/transport.js';
import type { Identified } from '../values/identifiers.js';
import type { ListEndpoint } from './endpoint.js';
import { Listing } from './listing.js';
import type { AssetScope } from './relations.js';
import type { QueryBody } from './wire.js';

/** Assets that one filter may name, in most services. */
const MAX_ASSETS = 100;

/**
 * What refers to the assets of a scope: awaited it is everything, unless `limit` is given. One filter reads like any listing.
 * Where the API needs several, all of them are read first, then merged in the resource's order, each item once; one that
 * fails fails the call. Where it refuses a subtree for its size, or the scope has a depth, the scope is walked.
 *
 * @param maxAssets how many assets one filter of the service may carry
 */
export function listInScope<T extends Identified, L extends T[]>(
  endpoint: ListEndpoint<T, L>,
  scope: AssetScope,
  query: QueryBody,
  maxAssets: number = MAX_ASSETS,
  options?: CallOptions,
): Listing<T, L> {
  const { limit, ...body } = query;
  refuseOwnAssets(body.filter);
  if (scope.depth !== undefined && scope.walk === undefined)
    throw new ConfigError('a scope of limited depth needs a way to walk it; select it through an AssetsApi');
  return new Listing<T, L>(
    {
      ...endpoint.source(body),
      // A program that lists without a selection does not load it.
      fetchPage: async (page, call) => {
        const { fetchInScope } = await loadPart(import('./scope-pages.js'));
        return fetchInScope({ endpoint, scope, query, maxAssets }, page, call);
      },
    },
    { limit, awaitLimit: Infinity },
    options,
  );
}

/** Two asset filters would be and-ed, or one would replace the other: neither is what a scope means. */
function refuseOwnAssets(filter: object = {}): void {
  const own = ['assetIds', 'assetExternalIds', 'assetSubtreeIds'].find(
    (name) => (filter as Readonly<Record<string, unknown>>)[name] !== undefined,
  );
  if (own !== undefined)
    throw new ConfigError(`${own} in the filter and a selection of assets are both given; use one of them`);
}
