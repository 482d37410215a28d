import { loadPart } from '../async/lazy.js';
import type { CallOptions } from '../transport/transport.js';
import type { Identified } from '../values/identifiers.js';
import { ownCopy } from '../values/own-copy.js';
import { Listing } from './listing.js';
import type { ListEndpoint } from './listing-source.js';
import { ownQuery } from './own-query.js';
import type { AssetScope } from './relations.js';
import type { listMerged } from './several-filters.js';
import type { QueryBody } from './wire.js';

/** `{ assets: [{ instanceId: { space, externalId } }] }` */
const DEPTH_OF_SCOPE = 4;

/**
 * Items that refer to the assets of a scope: awaited, all of them, unless `limit` is given. One
 * filter reads like any listing. Where the API needs several, all of them are read first, then
 * merged in the resource's order, each item once; one that fails fails the call. Where it refuses a
 * subtree for its size, or the scope has a depth, the scope is walked.
 *
 * @param maxAssets how many assets one filter of the service may carry
 */
export function listInScope<T extends Identified, L extends T[]>(
  endpoint: ListEndpoint<T, L>,
  scope: AssetScope,
  query: QueryBody,
  maxAssets: number = 100,
  options?: CallOptions,
): Listing<T, L> {
  const [own, limit] = ownQuery(query);
  const assets = ownCopy(scope, DEPTH_OF_SCOPE);
  return new Listing<T, L>(
    {
      ...endpoint.source(own),
      // A program that lists without a selection does not load it.
      fetchPage: async (page, call) => {
        const { fetchInScope } = await loadPart(import('./scope-pages.js'));
        const prepared = await endpoint.prepare(own, page.now);
        return fetchInScope(
          { endpoint, scope: assets, query: prepared, limit, maxAssets, merge },
          page,
          call,
        );
      },
    },
    { limit, awaitLimit: Infinity },
    options,
  );
}

// From here, not from the pages: bundlers keep code that a page already has out of the parts that
// it loads itself.
const merge: typeof listMerged = async (...values) => {
  const parts = await loadPart(import('./merging.js'));
  return parts.listMerged(...values);
};
