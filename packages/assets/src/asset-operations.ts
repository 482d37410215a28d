import type {
  CallOptions,
  Identified,
  Identifier,
  Listing,
  None,
  ResourceAggregates,
  RetrieveMultipleOptions,
  UpdateOptions,
  UpsertResult,
} from '@cdf/core';
import type {
  Asset,
  AssetCreate,
  AssetData,
  AssetFilter,
  AssetList,
  AssetProperty,
  AssetQuery,
  AssetSearchQuery,
  AssetUpdate,
} from './asset-types.js';
import type { AssetDeleteOptions, AssetRetrieveOptions } from './call-options.js';

/** The types of assets with relations `R`, for `ResourceApi`. */
export interface AssetTypes<R> {
  item: Asset<R>;
  list: AssetList<R>;
  create: AssetCreate;
  update: AssetUpdate;
  filter: AssetFilter;
  property: AssetProperty;
  query: AssetQuery;
  scopedQuery: never;
  search: AssetSearchQuery;
}

/**
 * The methods of `AssetsApi` that every resource has. They work detached:
 * `const { list } = client.assets`.
 *
 * @typeParam R methods of assets, lists and selections of them
 */
export interface AssetOperations<R = None> {
  /** Counts and distinct values. One request each. */
  readonly aggregate: ResourceAggregates<AssetFilter, AssetProperty>;

  /**
   * Assets by id, unless sorted. Awaited: the first 25, or `limit`. In `for await`: all of them. A
   * request per 1,000; with `limit: Infinity` ten at the same time.
   * @see https://api-docs.cognite.com/20230101/tag/Assets/operation/listAssets
   */
  list(query?: AssetQuery, options?: CallOptions): Listing<Asset<R>, AssetList<R>>;

  /**
   * Assets from elsewhere, such as JSON from disk, as a list with its methods. Sends nothing. The
   * list has copies.
   * @throws {ConfigError} when an item is not an object with an id
   */
  asList(items: readonly AssetData[]): AssetList<R>;

  /** The asset of that identifier, or `undefined`. One request. */
  retrieve(
    identifier: Identifier,
    query?: AssetRetrieveOptions,
    options?: CallOptions,
  ): Promise<Asset<R> | undefined>;

  /**
   * Assets in the order of the identifiers. A request per 1,000.
   * @throws {NotFoundError} whose `missing` has every unknown identifier, unless `ignoreUnknownIds`
   * @see https://api-docs.cognite.com/20230101/tag/Assets/operation/byIdsAssets
   */
  retrieveMultiple(
    identifiers: readonly Identifier[],
    query?: RetrieveMultipleOptions & AssetRetrieveOptions,
    options?: CallOptions,
  ): Promise<AssetList<R>>;

  /**
   * The best matches, best first; 100 by default, at most 1,000. One request.
   * @see https://api-docs.cognite.com/20230101/tag/Assets/operation/searchAssets
   */
  search(query: AssetSearchQuery, options?: CallOptions): Promise<AssetList<R>>;

  /**
   * Creates assets as they come, in requests of 1,000. One for one, a list in input order for
   * several. A parent by external id must exist or be in the same request: `createHierarchy` orders
   * trees. Where assets have both names of their parent, as those that were read, a request per
   * 1,000 parents checks that both are of one asset.
   * @throws {ConfigError} before anything is written, when `parentId` and `parentExternalId` are
   * those of two assets
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   * @see https://api-docs.cognite.com/20230101/tag/Assets/operation/createAssets
   */
  create(assets: readonly AssetCreate[], options?: CallOptions): Promise<AssetList<R>>;
  create(asset: AssetCreate, options?: CallOptions): Promise<Asset<R>>;

  /**
   * Changes assets, by patches or by whole objects, in requests of 1,000. The answer is in input
   * order. Where whole objects have both names of their parent, a request per 1,000 parents checks
   * that both are of one asset.
   * @param query `mode` decides on fields that whole objects do not carry
   * @throws {ConfigError} before anything is written, when `parentId` and `parentExternalId` are
   * those of two assets
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   * @see https://api-docs.cognite.com/20230101/tag/Assets/operation/updateAssets
   */
  update(
    assets: readonly AssetUpdate[],
    query?: UpdateOptions,
    options?: CallOptions,
  ): Promise<AssetList<R>>;
  update(asset: AssetUpdate, query?: UpdateOptions, options?: CallOptions): Promise<Asset<R>>;

  /**
   * Updates the assets that exist and creates the others, found by id or external id. Not atomic.
   * Trees of more than 1,000 need `createHierarchy` with `upsert`.
   * @throws {ConfigError} before anything is sent, when one has neither id nor external id, two
   * have the same, or one names two parents
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   */
  upsert(
    assets: readonly (AssetCreate & { readonly id?: number | undefined })[],
    query?: UpdateOptions,
    options?: CallOptions,
  ): Promise<UpsertResult<AssetList<R>>>;

  /**
   * Deletes assets, by identifier or as they were read, in requests of 1,000.
   * @throws {NotFoundError} when one is unknown: then its request deletes nothing, unless
   * `ignoreUnknownIds`
   * @see https://api-docs.cognite.com/20230101/tag/Assets/operation/deleteAssets
   */
  delete(
    assets: readonly (Identifier | Identified)[],
    query?: AssetDeleteOptions,
    options?: CallOptions,
  ): Promise<void>;
}
