import type {
  AssetScope,
  CallOptions,
  Identifier,
  Listing,
  None,
  Relations,
  RetrieveMultipleOptions,
  Transport,
  UpdateOptions,
  UpsertResult,
} from '@cdf/core';
import { loadPart, oneOrMany, ResourceAggregates, ResourceEndpoint, withPrototype } from '@cdf/core/resource';
import { READ_ONLY_FIELDS, UPDATABLE_FIELDS } from './asset-fields.js';
import { type AssetPrototypes, assetPrototypes } from './asset-members.js';
import { childListing, selectionListing, toReference } from './asset-selection.js';
import type {
  Asset,
  AssetCreate,
  AssetData,
  AssetFilter,
  AssetList,
  AssetProperty,
  AssetQuery,
  AssetSearchQuery,
  AssetSelection,
  AssetUpdate,
} from './asset-types.js';
import type { AssetDeleteOptions, AssetRetrieveOptions, HierarchyOptions } from './call-options.js';
import type { AssetHierarchy } from './hierarchy/asset-hierarchy.js';
import type { HierarchyPlan } from './hierarchy/plan.js';
import { LISTED_ASSETS } from './list-assets.js';
import { toWireQuery } from './wire-query.js';

/**
 * Assets: the trees of things that everything else refers to.
 *
 * @typeParam R methods of assets, lists and selections of them, made from relations such as `assetEvents(eventsApi)`
 */
export class AssetsApi<R extends Relations<R, AssetScope> = None> {
  /** Counts and distinct values. One request each. */
  readonly aggregate: ResourceAggregates<AssetFilter, AssetProperty>;
  readonly #endpoint: ResourceEndpoint<Asset<R>, AssetList<R>>;
  readonly #prototypes: AssetPrototypes;

  /**
   * @param relations become methods of every asset, list and selection
   * @throws {ConfigError} when a relation is named like a member or a field that is already there
   */
  constructor(transport: Transport, relations: R = {} as R) {
    const prototypes = assetPrototypes(
      {
        retrieve: (identifier, options) => this.retrieve(identifier, {}, options),
        parents: (assets, options) => this.#parents(assets, options),
        children: (scope, query, options) => childListing(this.#endpoint, scope, query, options),
        select: (scope, options) => this.#select(scope, options),
      },
      relations,
    );
    this.#prototypes = prototypes;
    this.#endpoint = new ResourceEndpoint<Asset<R>, AssetList<R>>(transport, {
      ...LISTED_ASSETS,
      noun: 'assets',
      updatable: UPDATABLE_FIELDS,
      readOnly: READ_ONLY_FIELDS,
      adopt: (item) => withPrototype(item, prototypes.one),
      toList: (items) => withPrototype(items, prototypes.list),
    });
    this.aggregate = new ResourceAggregates<AssetFilter, AssetProperty>({
      aggregate: (body, options) => this.#endpoint.aggregate(toWireQuery(body), options),
    });
  }

  /**
   * Assets by id, unless sorted. Awaited: the first 25, or `limit`. In `for await`: all of them. A request per 1,000; with
   * `limit: Infinity` ten at the same time.
   * @see https://api-docs.cognite.com/20230101/tag/Assets/operation/listAssets
   */
  list(query: AssetQuery = {}, options?: CallOptions): Listing<Asset<R>, AssetList<R>> {
    return this.#endpoint.list(toWireQuery(query), options);
  }

  /** The asset of that identifier, or `undefined`. One request. */
  retrieve(
    identifier: Identifier,
    query: AssetRetrieveOptions = {},
    options?: CallOptions,
  ): Promise<Asset<R> | undefined> {
    return this.#endpoint.retrieve(identifier, query, options);
  }

  /**
   * Assets in the order of the identifiers. A request per 1,000.
   * @throws {NotFoundError} whose `missing` has every unknown identifier, unless `ignoreUnknownIds`
   * @see https://api-docs.cognite.com/20230101/tag/Assets/operation/byIdsAssets
   */
  retrieveMultiple(
    identifiers: readonly Identifier[],
    query?: RetrieveMultipleOptions & AssetRetrieveOptions,
    options?: CallOptions,
  ): Promise<AssetList<R>> {
    return this.#endpoint.retrieveMultiple(identifiers, query, options);
  }

  /**
   * Assets by reference: sends nothing. What it gives is extended by `subtree()`, asked for what belongs to it, or awaited.
   *
   * @example
   * const events = await client.assets.select({ externalId: 'pump' }).subtree().events();
   */
  select(...assets: readonly (Identifier | AssetData)[]): AssetSelection<R> {
    return this.#select({ reach: 'self', assets: assets.map((asset) => toReference(asset)) });
  }

  /**
   * The best matches, best first: 100 unless said, at most 1,000. One request.
   * @see https://api-docs.cognite.com/20230101/tag/Assets/operation/searchAssets
   */
  search(query: AssetSearchQuery, options?: CallOptions): Promise<AssetList<R>> {
    return this.#endpoint.search(toWireQuery(query), options);
  }

  /**
   * Creates assets as they come, in requests of 1,000. One for one, a list in input order for several. A parent by external id
   * must exist or be in the same request: `createHierarchy` orders trees.
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   * @see https://api-docs.cognite.com/20230101/tag/Assets/operation/createAssets
   */
  create(asset: AssetCreate, options?: CallOptions): Promise<Asset<R>>;
  create(assets: readonly AssetCreate[], options?: CallOptions): Promise<AssetList<R>>;
  async create(input: AssetCreate | readonly AssetCreate[], options?: CallOptions): Promise<Asset<R> | AssetList<R>> {
    const { items, single } = oneOrMany(input);
    const created = await this.#endpoint.create(withOneParent(items), options);
    return single ? (created[0] as Asset<R>) : created;
  }

  /**
   * Creates trees of any size and shape, parents before children, in the fewest requests there can be: one per 1,000. Assets refer to
   * their parents by `parentExternalId`; one that is not among them must exist in CDF. The answer is in input order.
   *
   * A request stores all of its assets or none. What others stop from being stored is taken out of a request, which is then sent again.
   * What lies below an asset that is not stored is not sent.
   * @throws {AssetHierarchyError} before anything is sent, with every issue of the input
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input: stored by this call, no answer came, and
   * not stored by this call
   *
   * @example
   * await client.assets.createHierarchy([
   *   { externalId: 'plant', name: 'Plant' },
   *   { externalId: 'pump', name: 'Pump', parentExternalId: 'plant' },
   * ]);
   */
  createHierarchy(
    assets: readonly AssetCreate[] | AssetHierarchy,
    query: HierarchyOptions & { readonly dryRun: true },
    options?: CallOptions,
  ): Promise<HierarchyPlan>;
  createHierarchy(
    assets: readonly AssetCreate[] | AssetHierarchy,
    query?: HierarchyOptions & { readonly dryRun?: false | undefined },
    options?: CallOptions,
  ): Promise<AssetList<R>>;
  async createHierarchy(
    input: readonly AssetCreate[] | AssetHierarchy,
    query: HierarchyOptions = {},
    options?: CallOptions,
  ): Promise<AssetList<R> | HierarchyPlan> {
    const { prepareHierarchy } = await loadPart(import('./hierarchy/create-hierarchy.js'));
    const { plan, run } = prepareHierarchy<Asset<R>>(this.#endpoint.transport, input, query);
    if (query.dryRun === true) return plan;
    const stored = await run(options);
    for (const asset of stored) withPrototype(asset, this.#prototypes.one);
    return withPrototype(stored, this.#prototypes.list);
  }

  /**
   * Changes assets, by patches or by whole objects, in requests of 1,000. The answer is in input order. Of a whole object that has
   * both, `parentId` counts and not `parentExternalId`.
   * @param query `mode` says what whole objects do to fields that they do not carry
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   * @see https://api-docs.cognite.com/20230101/tag/Assets/operation/updateAssets
   */
  update(asset: AssetUpdate, query?: UpdateOptions, options?: CallOptions): Promise<Asset<R>>;
  update(assets: readonly AssetUpdate[], query?: UpdateOptions, options?: CallOptions): Promise<AssetList<R>>;
  async update(
    input: AssetUpdate | readonly AssetUpdate[],
    { mode }: UpdateOptions = {},
    options?: CallOptions,
  ): Promise<Asset<R> | AssetList<R>> {
    const { items, single } = oneOrMany(input);
    const updated = await this.#endpoint.update(withOneParent(items), mode, options);
    return single ? (updated[0] as Asset<R>) : updated;
  }

  /**
   * Updates the assets that exist and creates the others, found by id or external id. Not atomic. Trees of more than 1,000 need
   * `createHierarchy` with `upsert`.
   * @throws {ConfigError} before anything is sent, when one has neither id nor external id or two have the same
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   */
  upsert(
    assets: readonly (AssetCreate & { readonly id?: number | undefined })[],
    { mode }: UpdateOptions = {},
    options?: CallOptions,
  ): Promise<UpsertResult<AssetList<R>>> {
    return this.#endpoint.upsert(withOneParent(assets), mode, options);
  }

  /**
   * Deletes assets, in requests of 1,000.
   * @throws {NotFoundError} when one is unknown: of its request nothing is deleted then, unless `ignoreUnknownIds`
   * @see https://api-docs.cognite.com/20230101/tag/Assets/operation/deleteAssets
   */
  delete(identifiers: readonly Identifier[], query: AssetDeleteOptions = {}, options?: CallOptions): Promise<void> {
    return this.#endpoint.delete(identifiers, query, options);
  }

  async #parents(assets: readonly AssetData[], options?: CallOptions): Promise<AssetList<R>> {
    const ids = new Set(assets.flatMap(({ parentId }) => parentId ?? []));
    return this.#endpoint.retrieveMultiple(
      [...ids].map((id) => ({ id })),
      { ignoreUnknownIds: true },
      options,
    );
  }

  #select({ reach, assets, depth }: AssetScope, options?: CallOptions): AssetSelection<R> {
    const scope: AssetScope = {
      reach,
      assets,
      ...(depth === undefined ? {} : { depth }),
      walk: async (call) => {
        const { walkLevels } = await loadPart(import('./asset-walk.js'));
        return (await walkLevels(this.#endpoint, scope, call)).map(({ id }) => ({ id }));
      },
    };
    const listing = selectionListing(this.#endpoint, scope, options);
    return withPrototype(Object.assign(listing, scope), this.#prototypes.selection);
  }
}

/** Read assets have both names of their parent, of which a request takes one. */
function withOneParent<T extends object>(items: readonly T[]): T[] {
  return items.map((item) => {
    const { parentId, parentExternalId, ...rest } = item as AssetData;
    if (parentId === undefined || parentExternalId === undefined || rest.rootId === undefined) return item;
    return { ...rest, parentId } as unknown as T;
  });
}
