import { loadPart } from '../async/lazy.js';
import { ApiError, ConfigError } from '../errors.js';
import type { CallOptions } from '../transport/transport.js';
import { type Identified, type Identifier, identifierKey, toIdentifier } from '../values/identifiers.js';
import type { ListEndpoint } from './endpoint.js';
import { Listing, type ListingSource, type Page } from './listing.js';
import type { AssetScope } from './relations.js';
import type { QueryBody } from './wire.js';

/** Assets that one filter may name, in most services. */
const MAX_ASSETS = 100;

/** Roots that one `assetSubtreeIds` filter may carry, in every service. */
const MAX_SUBTREE_ROOTS = 100;

/** The part of a resource's filter that says which assets its items refer to. */
export interface AssetScopeFilter {
  readonly assetIds?: readonly number[] | undefined;
  readonly assetExternalIds?: readonly string[] | undefined;
  readonly assetSubtreeIds?: readonly Identifier[] | undefined;
}

/**
 * What a scope is on the wire: filters whose results together are what refers to its assets. Ids and external ids never
 * share a filter, since the members of one are and-ed. An empty scope needs none.
 *
 * @param maxAssets how many assets one filter of the service may carry
 * @throws {ConfigError} when an asset is named by `instanceId`, which no filter takes.
 */
export function assetFilters(scope: Pick<AssetScope, 'reach' | 'assets'>, maxAssets: number): AssetScopeFilter[] {
  const named = scope.assets.map((asset) => toIdentifier(asset, 'asset'));
  const assets = [...new Map(named.map((asset) => [identifierKey(asset), asset])).values()];
  if (assets.some((asset) => asset.instanceId !== undefined))
    throw new ConfigError('assets by instanceId cannot be filtered by; retrieve them first and use their ids');
  if (scope.reach === 'subtree')
    return inChunks(assets, MAX_SUBTREE_ROOTS).map((assetSubtreeIds) => ({ assetSubtreeIds }));
  const ids = assets.flatMap(({ id }) => id ?? []);
  const externalIds = assets.flatMap(({ externalId }) => externalId ?? []);
  return [
    ...inChunks(ids, maxAssets).map((assetIds) => ({ assetIds })),
    ...inChunks(externalIds, maxAssets).map((assetExternalIds) => ({ assetExternalIds })),
  ];
}

function inChunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

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
  const { reach, walk, depth } = scope;
  if (depth !== undefined && walk === undefined)
    throw new ConfigError('a scope of limited depth needs a way to walk it; select it through an AssetsApi');
  const direct = depth === undefined ? assetFilters(scope, maxAssets) : [];
  const whole = endpoint.source(body);
  const sourceOf = (filter: AssetScopeFilter): ListingSource<T, L> =>
    endpoint.source({ ...body, filter: { ...body.filter, ...filter } });

  const everything = async (filters: readonly AssetScopeFilter[], call: CallOptions): Promise<Page<T>> => {
    const merged = filters.map((filter) => ({ ...body.filter, ...filter }));
    return { items: await listMerged(endpoint, { ...query, filter: undefined }, merged, call) };
  };
  const walked = async (call: CallOptions): Promise<Page<T>> => {
    const assets = (await walk?.({ signal: call.signal })) ?? [];
    return everything(assetFilters({ reach: 'self', assets }, maxAssets), call);
  };

  const source: ListingSource<T, L> = {
    ...whole,
    fetchPage: async (page, call) => {
      if (depth !== undefined && scope.assets.length > 0) return walked(call);
      const [first] = direct;
      if (first === undefined) return { items: [] };
      // Later pages exist only where one filter is enough.
      if (page.cursor !== undefined || page.partition !== undefined) return sourceOf(first).fetchPage(page, call);
      try {
        return await (direct.length === 1 ? sourceOf(first).fetchPage(page, call) : everything(direct, call));
      } catch (error) {
        if (reach === 'self' || walk === undefined || !isRefusal(error)) throw error;
        if (!(await refusesSubtree(endpoint, direct, call))) throw error;
        return walked(call);
      }
    },
  };
  return new Listing<T, L>(source, { limit, awaitLimit: Infinity }, options);
}

/**
 * Everything, or the first `limit`, that any of several filters lets through: read in parallel, merged in the resource's order or that
 * of the sort, each item once. One that fails fails the call.
 */
export async function listMerged<T extends Identified, L extends T[]>(
  endpoint: ListEndpoint<T, L>,
  query: QueryBody,
  filters: readonly object[],
  options?: CallOptions,
): Promise<T[]> {
  // Most scopes are one filter that the API takes.
  const { listMerged } = await loadPart(import('./several-filters.js'));
  return listMerged(endpoint, query, filters, options);
}

/** Two asset filters would be and-ed, or one would replace the other: neither is what a scope means. */
function refuseOwnAssets(filter: object = {}): void {
  const own = ['assetIds', 'assetExternalIds', 'assetSubtreeIds'].find(
    (name) => (filter as Readonly<Record<string, unknown>>)[name] !== undefined,
  );
  if (own !== undefined)
    throw new ConfigError(`${own} in the filter and a selection of assets are both given; use one of them`);
}

function isRefusal(error: unknown): boolean {
  return ApiError.isInstance(error) && error.status === 400 && error.missing.length === 0;
}

/** The API's cap has no error code of its own: what tells it is that the subtree alone is refused as well. */
async function refusesSubtree<T extends Identified, L extends T[]>(
  endpoint: ListEndpoint<T, L>,
  filters: readonly AssetScopeFilter[],
  call: CallOptions,
): Promise<boolean> {
  for (const filter of filters) {
    try {
      await endpoint.source({ filter }).fetchPage({ limit: 1 }, call);
    } catch (error) {
      if (isRefusal(error)) return true;
      throw error;
    }
  }
  return false;
}
