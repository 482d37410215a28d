import type {
  AggregateQuery,
  AssetScope,
  Bound,
  CallOptions,
  GeoLocation,
  GeoLocationFilter,
  Identified,
  Identifier,
  LabelReference,
  Listing,
  ListQuery,
  Metadata,
  None,
  PatchOf,
  ResourceList,
  ScopedQuery,
  TimeWindow,
  UpdateOf,
} from '@cdf/core';
import type { AssetTree } from './asset-tree.js';

/** An asset as the wire gives it. JSON, `structuredClone` and spreading see these fields. */
export interface AssetData extends Identified {
  /** Given by CDF. */
  readonly id: number;
  /** An id of your own: unique among the project's assets. */
  readonly externalId?: string | undefined;
  /** A name for people. Need not be unique. */
  readonly name: string;
  /** Absent at a root. */
  readonly parentId?: number | undefined;
  /** Only where the parent has an external id. */
  readonly parentExternalId?: string | undefined;
  /** The asset at the top of the tree: its own id at a root. */
  readonly rootId: number;
  readonly description?: string | undefined;
  /** The data set that says who may change the asset. */
  readonly dataSetId?: number | undefined;
  readonly metadata?: Metadata | undefined;
  /** The system that the asset comes from. */
  readonly source?: string | undefined;
  readonly labels?: readonly LabelReference[] | undefined;
  /** Where it is. */
  readonly geoLocation?: GeoLocation | undefined;
  /** The values that `aggregatedProperties` requested. A few seconds behind the newest writes. */
  readonly aggregates?: AssetAggregates | undefined;
  /** @unit milliseconds since the epoch */
  readonly createdTime: number;
  /** @unit milliseconds since the epoch */
  readonly lastUpdatedTime: number;
}

/** Numbers of the tree about one asset: the requested ones. */
export interface AssetAggregates {
  /** Assets right below. */
  readonly childCount?: number | undefined;
  /** 0 at a root. */
  readonly depth?: number | undefined;
  /** From the root to the asset itself. */
  readonly path?: readonly { readonly id: number }[] | undefined;
}

/** A value that `aggregatedProperties` can request. */
export type AggregatedProperty = keyof AssetAggregates;

/** How far below. */
export interface SubtreeOptions {
  /**
   * Levels below the given assets: 0 is they alone. Given, the tree is walked, a request per 100
   * parents and level; without it the API expands it.
   * @default every level
   */
  readonly depth?: number | undefined;
}

/** Methods of one asset. */
export interface AssetMethods<R> {
  /**
   * The asset right above this one, or `undefined` at a root. One request; no request at a root.
   */
  parent(options?: CallOptions): Promise<Asset<R> | undefined>;
  /** The assets right below this one. Awaited: all of them, unless `limit` is given. */
  children(query?: ChildQuery, options?: CallOptions): Listing<Asset<R>, AssetList<R>>;
  /**
   * This asset and everything below it, by reference: sends nothing until it is awaited, walked or
   * read.
   */
  subtree(options?: SubtreeOptions): AssetSelection<R>;
  /**
   * This asset and everything below it, to look at: as text, HTML or nested objects. Reads the
   * subtree.
   */
  tree(query?: SubtreeOptions, options?: CallOptions): Promise<AssetTree<Asset<R>>>;
}

/** Methods of several assets together, whether they were read or are only named. */
export interface AssetGroupMethods<R> {
  /** The assets right above these, each once. */
  parent(options?: CallOptions): Promise<AssetList<R>>;
  /**
   * The assets right below these, each once. Awaited: all of them, unless `limit` is given. A
   * request per 100 parents.
   */
  children(query?: ChildQuery, options?: CallOptions): Listing<Asset<R>, AssetList<R>>;
  /**
   * These assets and everything below them, by reference: sends nothing until it is awaited, walked
   * or read.
   */
  subtree(options?: SubtreeOptions): AssetSelection<R>;
}

/** An asset with its methods and those that its API object composes. */
export type Asset<R = None> = AssetData & AssetMethods<R> & Bound<R>;

/** Assets as an array, with `get()`, `toTable()`, and the methods of a group. */
export type AssetList<R = None> = ResourceList<Asset<R>> &
  AssetGroupMethods<R> &
  AssetListMethods<R> &
  Bound<R>;

/** Methods of a list of assets. */
export interface AssetListMethods<R> {
  /** These assets to look at: as text, HTML or nested objects. Sends nothing. */
  tree(): AssetTree<Asset<R>>;
}

/** Methods of assets by reference. */
export interface AssetSelectionMethods<R> {
  /** These assets to look at: as text, HTML or nested objects. Reads them. */
  tree(options?: CallOptions): Promise<AssetTree<Asset<R>>>;
}

/**
 * Assets by reference. Awaited it becomes all of them; its methods send one query instead of
 * downloading them.
 */
export type AssetSelection<R = None> = Listing<Asset<R>, AssetList<R>> &
  AssetScope &
  AssetGroupMethods<R> &
  AssetSelectionMethods<R> &
  Bound<R>;

/**
 * An asset to create. `parentId` or `parentExternalId`, or both where they name one asset (not in
 * `createHierarchy`); neither makes a root.
 */
export interface AssetCreate {
  /** 1 to 140 characters. */
  readonly name: string;
  /** Unique among the project's assets: 1 to 255 characters. */
  readonly externalId?: string | undefined;
  /** The asset right above, which exists. */
  readonly parentId?: number | undefined;
  /** The asset right above, which exists or is created by the same call. */
  readonly parentExternalId?: string | undefined;
  /** At most 500 characters. */
  readonly description?: string | undefined;
  /** A data set that exists. */
  readonly dataSetId?: number | undefined;
  /** At most 256 pairs and 10,240 bytes in all. */
  readonly metadata?: Readonly<Metadata> | undefined;
  /** At most 128 characters. */
  readonly source?: string | undefined;
  /** At most 10, of labels that exist. */
  readonly labels?: readonly LabelReference[] | undefined;
  readonly geoLocation?: GeoLocation | undefined;
}

/**
 * Changes of single fields. Other fields stay. Another parent is another place in the same tree: a
 * root stays a root.
 */
export type AssetPatch = PatchOf<AssetCreate, 'name' | 'parentId' | 'parentExternalId'>;

/**
 * Patches of the asset that the identifier names, or a whole asset found by its id, else its
 * external id.
 */
export type AssetUpdate = UpdateOf<AssetCreate, AssetPatch>;

/** Labels that an asset must have: at least one of them, or all. At most 10. */
export type LabelFilter =
  | { readonly containsAny: readonly LabelReference[] }
  | { readonly containsAll: readonly LabelReference[] };

/** A filter of assets: every given condition must hold. Strings are compared with their case. */
export interface AssetFilter {
  /** The whole name. */
  readonly name?: string | undefined;
  /** Assets right below any of these: at most 100. */
  readonly parentIds?: readonly number[] | undefined;
  /** Assets right below any of these: at most 100. */
  readonly parentExternalIds?: readonly string[] | undefined;
  /** These assets and everything below: at most 100 roots with 100,000 assets in all. */
  readonly assetSubtreeIds?: readonly Identifier[] | undefined;
  /** At most 1,000. */
  readonly dataSetIds?: readonly Identifier[] | undefined;
  /** Assets that have all of these pairs. */
  readonly metadata?: Readonly<Metadata> | undefined;
  readonly source?: string | undefined;
  readonly createdTime?: TimeWindow | undefined;
  readonly lastUpdatedTime?: TimeWindow | undefined;
  /** `true`: roots only; `false`: everything else. */
  readonly root?: boolean | undefined;
  readonly externalIdPrefix?: string | undefined;
  readonly labels?: LabelFilter | undefined;
  /** Assets whose location lies so to a shape. */
  readonly geoLocation?: GeoLocationFilter | undefined;
}

/** The properties that advanced filters of assets know. */
export type AssetProperty =
  | 'labels'
  | 'createdTime'
  | 'dataSetId'
  | 'id'
  | 'lastUpdatedTime'
  | 'parentId'
  | 'rootId'
  | 'description'
  | 'externalId'
  | 'metadata'
  | 'name'
  | 'source';

/** The properties that assets sort by, besides `['metadata', key]` and `'_score_'`. */
export type AssetSortProperty =
  | 'createdTime'
  | 'dataSetId'
  | 'description'
  | 'externalId'
  | 'lastUpdatedTime'
  | 'name'
  | 'source';

/**
 * The assets of a list, their order (by id, unless sorted), and the properties to read in addition.
 */
export interface AssetQuery extends ListQuery<AssetFilter, AssetProperty, AssetSortProperty> {
  /** Numbers of the tree to read along, found in `aggregates`. */
  readonly aggregatedProperties?: readonly AggregatedProperty[] | undefined;
}

/** A query of children: without the filters that the parents set. */
export type ChildQuery = ScopedQuery<AssetQuery, 'parentIds' | 'parentExternalIds' | 'root'>;

/** Words to look for, among the assets that a filter lets through. */
export interface AssetSearchQuery {
  /** `query` looks in name and description; any of its words may match. */
  readonly search?:
    | {
        readonly name?: string | undefined;
        readonly description?: string | undefined;
        readonly query?: string | undefined;
      }
    | undefined;
  /** Must hold as well. */
  readonly filter?: AssetFilter | undefined;
  /** @default 100, at most 1,000 */
  readonly limit?: number | undefined;
}

/** The assets of an aggregate. */
export type AssetAggregateQuery = AggregateQuery<AssetFilter, AssetProperty>;
