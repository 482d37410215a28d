import {
  ApiError,
  type AssetScope,
  type CallOptions,
  ConfigError,
  type Identifier,
  identifierKey,
  type ListBody,
  Listing,
  type ListingSource,
  listMerged,
  type ResourceEndpoint,
  toIdentifier,
} from '@cdf/core';
import type { AssetData, ChildQuery } from './asset-types.js';
import { toWireQuery } from './wire-query.js';

/** Assets that one filter may name, as roots of subtrees or as parents. */
const MAX_NAMED = 100;

type Endpoint<T extends AssetData, L extends T[]> = ResourceEndpoint<T, L>;

/** Where a selection gets its assets from: the API's subtree filter, else level by level. */
export function selectionSource<T extends AssetData, L extends T[]>(
  endpoint: Endpoint<T, L>,
  scope: AssetScope,
): ListingSource<T, L> {
  const whole = endpoint.source({});
  const roots = distinct(scope.assets);
  const filters = inChunks(roots).map((assetSubtreeIds) => ({ assetSubtreeIds }));
  const [first] = filters;
  return {
    ...whole,
    async fetchPage(page, options) {
      if (first === undefined) return { items: [] };
      if (scope.reach === 'self') return { items: await endpoint.retrieveMultiple(roots, {}, options) };
      if (scope.depth !== undefined) return { items: await walkLevels(endpoint, scope, options) };
      try {
        // One filter has pages; several are read at once, to be merged.
        if (filters.length === 1) return await endpoint.source({ filter: first }).fetchPage(page, options);
        return { items: await listMerged(endpoint, {}, filters, options) };
      } catch (error) {
        if (page.cursor !== undefined || page.partition !== undefined || !mayBeTooLarge(error)) throw error;
        return { items: await walkLevels(endpoint, scope, options) };
      }
    },
  };
}

/** A subtree filter alone is refused for its size, or for roots that do not exist: a walk finds out which. */
function mayBeTooLarge(error: unknown): boolean {
  return ApiError.isInstance(error) && error.status === 400 && error.missing.length === 0;
}

/**
 * The assets of a scope, read level by level, by id. A request per 100 parents.
 * @throws {NotFoundError} when an asset of the scope does not exist
 */
export async function walkLevels<T extends AssetData, L extends T[]>(
  endpoint: Endpoint<T, L>,
  { reach, assets, depth = reach === 'self' ? 0 : Infinity }: AssetScope,
  options: CallOptions = {},
): Promise<T[]> {
  const found = new Map<number, T>();
  let level: readonly T[] = await endpoint.retrieveMultiple(distinct(assets), {}, options);
  for (let below = 0; level.length > 0; below += 1) {
    const fresh = level.filter(({ id }) => !found.has(id));
    for (const asset of fresh) found.set(asset.id, asset);
    if (below >= depth || fresh.length === 0) break;
    const filters = parentFilters(fresh.map(({ id }) => ({ id })));
    level = await listMerged(endpoint, {}, filters, options);
  }
  return [...found.values()].sort((left, right) => left.id - right.id);
}

/** The assets right below those of a scope. Awaited: all of them, unless `limit` is given. */
export function childListing<T extends AssetData, L extends T[]>(
  endpoint: Endpoint<T, L>,
  scope: AssetScope,
  query: ChildQuery = {},
  options: CallOptions = {},
): Listing<T, L> {
  const { limit, filter, ...body }: ListBody & { filter?: object } = toWireQuery(query);
  const own = ['parentIds', 'parentExternalIds', 'root'].find((name) => name in (filter ?? {}));
  if (own !== undefined) throw new ConfigError(`children: the filter has ${own}, which the parents say already`);
  const whole = endpoint.source(body);
  const parents = async (call: CallOptions): Promise<readonly Identifier[]> => {
    if (scope.reach === 'self') return scope.assets;
    const all = await new Listing(selectionSource(endpoint, scope), { limit: Infinity }, call);
    return all.map(({ id }) => ({ id }));
  };
  const source: ListingSource<T, L> = {
    ...whole,
    async fetchPage(page, call) {
      const filters = parentFilters(await parents(call)).map((named) => ({ ...filter, ...named }));
      const [first] = filters;
      if (first === undefined) return { items: [] };
      if (filters.length === 1) return endpoint.source({ ...body, filter: first }).fetchPage(page, call);
      return { items: await listMerged(endpoint, { ...body, limit }, filters, call) };
    },
  };
  return new Listing<T, L>(source, { limit, awaitLimit: Infinity }, options);
}

/** Ids and external ids never share a filter, since the members of one are and-ed. */
function parentFilters(parents: readonly Identifier[]): object[] {
  const named = distinct(parents);
  return [
    ...inChunks(named.flatMap(({ id }) => id ?? [])).map((parentIds) => ({ parentIds })),
    ...inChunks(named.flatMap(({ externalId }) => externalId ?? [])).map((parentExternalIds) => ({
      parentExternalIds,
    })),
  ];
}

function distinct(assets: readonly Identifier[]): Identifier[] {
  return [...new Map(assets.map((asset) => [identifierKey(asset), asset])).values()];
}

function inChunks<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / MAX_NAMED) }, (_, index) =>
    items.slice(index * MAX_NAMED, (index + 1) * MAX_NAMED),
  );
}

/**
 * How a selection names an asset: by id where it has one.
 * @throws {ConfigError} when it has no usable name, or only an `instanceId`, which assets are not filtered by
 */
export function toReference(asset: Identifier | AssetData): Identifier {
  const named = asset?.id === undefined ? toIdentifier(asset as Identifier, 'select assets') : { id: asset.id };
  if (named.instanceId !== undefined)
    throw new ConfigError('select assets: assets cannot be selected by instanceId; give an id or an external id');
  return toIdentifier(named, 'select assets');
}
