import { ApiError, ConfigError } from '../errors.js';
import type { CallOptions } from '../transport/transport.js';
import { type Identified, type Identifier, identifierKey } from '../values/identifiers.js';
import { toIdentifier } from '../values/to-identifier.js';
import type { ListEndpoint, Page, PageRequest } from './listing-source.js';
import type { AssetScope } from './relations.js';
import type { listMerged } from './several-filters.js';
import type { QueryBody } from './wire.js';

/** Roots that one `assetSubtreeIds` filter may carry, in every service. */
const MAX_SUBTREE_ROOTS = 100;

/** The part of a resource's filter that says which assets its items refer to. */
export interface AssetScopeFilter {
  readonly assetIds?: readonly number[] | undefined;
  readonly assetExternalIds?: readonly string[] | undefined;
  readonly assetSubtreeIds?: readonly Identifier[] | undefined;
}

/**
 * A scope in wire form: filters whose combined results are the items that refer to its assets. Ids
 * and external ids never share a filter, since the members of one are and-ed. An empty scope needs
 * no request.
 *
 * @param maxAssets how many assets one filter of the service may carry
 * @throws {ConfigError} when an asset is named by `instanceId`, which no filter takes.
 */
export function assetFilters(
  scope: Pick<AssetScope, 'reach' | 'assets'>,
  maxAssets: number,
): AssetScopeFilter[] {
  const named = scope.assets.map((asset) => toIdentifier(asset, 'asset'));
  const assets = [...new Map(named.map((asset) => [identifierKey(asset), asset])).values()];
  if (assets.some((asset) => asset.instanceId !== undefined))
    throw new ConfigError(
      'filters do not take assets by instanceId; retrieve the assets and use their ids',
    );
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

/** A listing of the resources that refer to a scope. */
export interface ScopedListing<T extends Identified, L extends T[]> {
  readonly endpoint: ListEndpoint<T, L>;
  readonly scope: AssetScope;
  /** As the API takes it. */
  readonly query: QueryBody;
  readonly limit: number | undefined;
  /** How many assets one filter of the service may carry. */
  readonly maxAssets: number;
  /** Reads scopes that need several filters. */
  readonly merge: typeof listMerged;
}

/** A page of the resources that refer to a scope: of one filter, else everything. */
export async function fetchInScope<T extends Identified, L extends T[]>(
  listing: ScopedListing<T, L>,
  page: PageRequest,
  call: CallOptions,
): Promise<Page<T>> {
  const { endpoint, scope, query, maxAssets } = listing;
  refuseOwnAssets(query.filter);
  if (scope.depth !== undefined && scope.walk === undefined)
    throw new ConfigError('a selection of limited depth needs an AssetsApi; use assets.select()');
  if (scope.depth !== undefined && scope.assets.length > 0) return walked(listing, call);
  const filters = assetFilters(scope, maxAssets);
  const [first] = filters;
  if (first === undefined) return { items: [] };
  const single = endpoint.source({ ...query, filter: { ...query.filter, ...first } });
  // Later pages exist only where one filter is enough.
  if (page.cursor !== undefined || page.partition !== undefined)
    return single.fetchPage(page, call);
  try {
    return await (filters.length === 1
      ? single.fetchPage(page, call)
      : everything(listing, filters, call));
  } catch (error) {
    if (scope.reach === 'self' || scope.walk === undefined || !isRefusal(error)) throw error;
    if (!(await refusesSubtree(endpoint, filters, page.now, call))) throw error;
    return walked(listing, call);
  }
}

async function everything<T extends Identified, L extends T[]>(
  { endpoint, query, limit, merge }: ScopedListing<T, L>,
  filters: readonly AssetScopeFilter[],
  call: CallOptions,
): Promise<Page<T>> {
  const merged = filters.map((filter) => ({ ...query.filter, ...filter }));
  return { items: await merge(endpoint, { ...query, limit, filter: undefined }, merged, call) };
}

async function walked<T extends Identified, L extends T[]>(
  listing: ScopedListing<T, L>,
  call: CallOptions,
): Promise<Page<T>> {
  const assets = (await listing.scope.walk?.({ signal: call.signal })) ?? [];
  return everything(listing, assetFilters({ reach: 'self', assets }, listing.maxAssets), call);
}

/** Two asset filters would be and-ed, or one would replace the other: a scope means neither. */
function refuseOwnAssets(filter: object = {}): void {
  const own = ['assetIds', 'assetExternalIds', 'assetSubtreeIds'].find(
    (name) => (filter as Readonly<Record<string, unknown>>)[name] !== undefined,
  );
  if (own !== undefined)
    throw new ConfigError(
      `${own} in the filter and a selection of assets are both given; use one of them`,
    );
}

function isRefusal(error: unknown): boolean {
  return ApiError.isInstance(error) && error.status === 400 && error.missing.length === 0;
}

/**
 * The API's cap has no error code of its own. It applies if the subtree alone is refused as well.
 */
async function refusesSubtree<T extends Identified, L extends T[]>(
  endpoint: ListEndpoint<T, L>,
  filters: readonly AssetScopeFilter[],
  now: number,
  call: CallOptions,
): Promise<boolean> {
  for (const filter of filters) {
    try {
      await endpoint.source({ filter }).fetchPage({ now, limit: 1 }, call);
    } catch (error) {
      if (isRefusal(error)) return true;
      throw error;
    }
  }
  return false;
}
