import {
  ApiError,
  type AssetScope,
  type CallOptions,
  ConfigError,
  type Identifier,
  type Page,
} from '@cdf/core';
import {
  identifierKey,
  type PageRequest,
  type QueryBody,
  type ResourceEndpoint,
} from '@cdf/core/resource';
import type { AssetData } from './asset-types.js';

/** Assets that one filter may name, as roots of subtrees or as parents. */
const MAX_NAMED = 100;

type Endpoint<T extends AssetData, L extends T[]> = ResourceEndpoint<T, L>;

/**
 * A page of the assets of a scope: from the API's subtree filter, else everything, level by level.
 */
export async function selectionPage<T extends AssetData, L extends T[]>(
  endpoint: Endpoint<T, L>,
  scope: AssetScope,
  page: PageRequest,
  options: CallOptions,
): Promise<Page<T>> {
  const roots = distinct(scope.assets);
  if (roots.length === 0) return { items: [] };
  if (scope.reach === 'self')
    return { items: await (await endpoint.operations()).retrieveMultiple(roots, {}, options) };
  if (scope.depth !== undefined) return { items: await walkLevels(endpoint, scope, options) };
  const filters = inChunks(roots).map((assetSubtreeIds) => ({ assetSubtreeIds }));
  const [filter] = filters;
  try {
    // One filter has pages; several are read at once, to be merged.
    if (filters.length === 1) return await endpoint.source({ filter }).fetchPage(page, options);
    return { items: await endpoint.listMerged({}, filters, options) };
  } catch (error) {
    if (page.cursor !== undefined || page.partition !== undefined || !mayBeTooLarge(error))
      throw error;
    return { items: await walkLevels(endpoint, scope, options) };
  }
}

/**
 * A subtree filter alone is refused for its size, or for roots that do not exist: a walk finds out
 * which.
 */
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
  const { operations } = endpoint;
  let level: readonly T[] = await (await operations()).retrieveMultiple(
    distinct(assets),
    {},
    options,
  );
  for (let below = 0; level.length > 0; below += 1) {
    const fresh = level.filter(({ id }) => !found.has(id));
    for (const asset of fresh) found.set(asset.id, asset);
    if (below >= depth || fresh.length === 0) break;
    const filters = parentFilters(fresh.map(({ id }) => ({ id })));
    level = await endpoint.listMerged({}, filters, options);
  }
  return [...found.values()].sort((left, right) => left.id - right.id);
}

/**
 * A page of the assets right below others: of one filter, else everything.
 *
 * @param readParents is called once the query has been checked
 */
export async function childrenPage<T extends AssetData, L extends T[]>(
  endpoint: Endpoint<T, L>,
  readParents: () => PromiseLike<readonly Identifier[]>,
  { filter, limit, ...body }: QueryBody,
  page: PageRequest,
  options: CallOptions,
): Promise<Page<T>> {
  const own = ['parentIds', 'parentExternalIds', 'root'].find((name) => name in (filter ?? {}));
  if (own !== undefined)
    throw new ConfigError(
      `children: the filter sets ${own}, which the parents set already; remove it`,
    );
  const filters = parentFilters(await readParents()).map((named) => ({ ...filter, ...named }));
  const [first] = filters;
  if (first === undefined) return { items: [] };
  if (filters.length === 1)
    return endpoint.source({ ...body, filter: first }).fetchPage(page, options);
  return { items: await endpoint.listMerged({ ...body, limit }, filters, options) };
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
