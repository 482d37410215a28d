import type {
  AggregateQuery,
  AssetScope,
  Bound,
  CallOptions,
  Identified,
  Identifier,
  InstanceId,
  Listing,
  ListQuery,
  Metadata,
  None,
  PatchOf,
  ResourceAggregates,
  ResourceList,
  RetrieveMultipleOptions,
  ScopedQuery,
  TimeWindow,
  UpdateOf,
  UpdateOptions,
  UpsertResult,
} from '@cdf/core';

/** A time series as the wire gives it. JSON, `structuredClone` and spreading see these fields. */
export interface TimeSeriesData extends Identified {
  /** Given by CDF. */
  readonly id: number;
  /** An id of your own: unique among the project's series. */
  readonly externalId?: string | undefined;
  /** Set for a series that lives in data modeling. */
  readonly instanceId?: InstanceId | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** Free text, such as `bar`. */
  readonly unit?: string | undefined;
  /** The unit's name in CDF's catalog, such as `pressure:bar`. */
  readonly unitExternalId?: string | undefined;
  /** Text instead of numbers. Never changes. */
  readonly isString: boolean;
  /** True if a value holds until the next one, instead of lying on a line to it. */
  readonly isStep: boolean;
  readonly type?: 'numeric' | 'string' | (string & {}) | undefined;
  readonly metadata?: Metadata | undefined;
  /** The asset that is measured. */
  readonly assetId?: number | undefined;
  /** The data set that says who may change the series. */
  readonly dataSetId?: number | undefined;
  /** A reader of the series needs all of these. */
  readonly securityCategories?: readonly number[] | undefined;
  /** @unit milliseconds since the epoch */
  readonly createdTime: number;
  /** @unit milliseconds since the epoch */
  readonly lastUpdatedTime: number;
}

/** A time series with the methods that its API object composes. */
export type TimeSeries<R = None> = TimeSeriesData & Bound<R>;

/**
 * Time series as an array, with `get()`, `toTable()` and the methods that its API object composes
 * for lists.
 */
export type TimeSeriesList<R = None, L = None> = ResourceList<TimeSeries<R>> & Bound<L>;

/** A time series to create. All fields are optional. */
export interface TimeSeriesCreate {
  /** Unique among the project's series: 1 to 255 characters. */
  readonly externalId?: string | undefined;
  /** At most 255 characters. */
  readonly name?: string | undefined;
  /** At most 1,000 characters. */
  readonly description?: string | undefined;
  /** At most 32 characters. */
  readonly unit?: string | undefined;
  /** A unit of CDF's catalog. For numeric series only. */
  readonly unitExternalId?: string | undefined;
  /**
   * Text instead of numbers. Cannot be changed later.
   * @default false
   */
  readonly isString?: boolean | undefined;
  /**
   * True if a value holds until the next one.
   * @default false
   */
  readonly isStep?: boolean | undefined;
  /** At most 256 pairs and 10,000 bytes in all. */
  readonly metadata?: Readonly<Metadata> | undefined;
  /** The asset that is measured, which exists. */
  readonly assetId?: number | undefined;
  /** A data set that exists. */
  readonly dataSetId?: number | undefined;
  /** A reader of the series needs all of these. */
  readonly securityCategories?: readonly number[] | undefined;
}

/**
 * Changes of single fields. Other fields stay. By `instanceId` only externalId, metadata, assetId
 * and dataSetId.
 */
export type TimeSeriesPatch = PatchOf<TimeSeriesCreate, 'isStep', 'isString'>;

/**
 * Patches of the series that the identifier names, or a whole series found by its id, else its
 * external id.
 */
export type TimeSeriesUpdate = UpdateOf<TimeSeriesCreate, TimeSeriesPatch>;

/**
 * A filter of time series: every given condition must hold. Strings are compared with their case.
 */
export interface TimeSeriesFilter {
  /** The whole name. */
  readonly name?: string | undefined;
  readonly unit?: string | undefined;
  readonly unitExternalId?: string | undefined;
  /** Such as `Pressure`. */
  readonly unitQuantity?: string | undefined;
  readonly isString?: boolean | undefined;
  readonly isStep?: boolean | undefined;
  /** Series that have all of these pairs. */
  readonly metadata?: Readonly<Metadata> | undefined;
  /** Series of any of these assets: at most 100. */
  readonly assetIds?: readonly number[] | undefined;
  /** Series of any of these assets: at most 100. */
  readonly assetExternalIds?: readonly string[] | undefined;
  /** Series of any asset in the trees of these roots: at most 100. */
  readonly rootAssetIds?: readonly number[] | undefined;
  /** Series of any asset in these subtrees: at most 100 roots with 100,000 assets in all. */
  readonly assetSubtreeIds?: readonly Identifier[] | undefined;
  /** At most 100. */
  readonly dataSetIds?: readonly Identifier[] | undefined;
  readonly externalIdPrefix?: string | undefined;
  readonly createdTime?: TimeWindow | undefined;
  readonly lastUpdatedTime?: TimeWindow | undefined;
}

/** The properties that advanced filters and aggregates of time series know. */
export type TimeSeriesProperty =
  | 'description'
  | 'externalId'
  | 'metadata'
  | 'name'
  | 'unit'
  | 'unitExternalId'
  | 'unitQuantity'
  | 'assetId'
  | 'assetRootId'
  | 'createdTime'
  | 'dataSetId'
  | 'id'
  | 'lastUpdatedTime'
  | 'isStep'
  | 'isString'
  | 'type'
  | 'securityCategories';

/** The properties that time series sort by, besides `['metadata', key]` and `'_score_'`. */
export type TimeSeriesSortProperty =
  | 'assetId'
  | 'createdTime'
  | 'dataSetId'
  | 'description'
  | 'externalId'
  | 'lastUpdatedTime'
  | 'name';

/**
 * The series of a list, their order (by createdTime, then id, unless sorted), and the fields to
 * leave out.
 */
export interface TimeSeriesQuery
  extends ListQuery<TimeSeriesFilter, TimeSeriesProperty, TimeSeriesSortProperty> {
  /**
   * `false` leaves metadata out: on the wire where the API can, else from its answer. `update` with
   * mode `replace` rejects such a series, since it would clear metadata that was never read.
   * @default true
   */
  readonly includeMetadata?: boolean | undefined;
}

/** A query beside a selection of assets, which says which assets. */
export type AssetTimeSeriesQuery = ScopedQuery<TimeSeriesQuery>;

/** Words to look for, among the series that a filter lets through. */
export interface TimeSeriesSearchQuery {
  /** `query` looks in name and description; any of its words may match. */
  readonly search?:
    | {
        readonly name?: string | undefined;
        readonly description?: string | undefined;
        readonly query?: string | undefined;
      }
    | undefined;
  /** Must hold as well. */
  readonly filter?: TimeSeriesFilter | undefined;
  /** @default 100, at most 1,000 */
  readonly limit?: number | undefined;
}

/** The time series of an aggregate. */
export type TimeSeriesAggregateQuery = AggregateQuery<TimeSeriesFilter, TimeSeriesProperty>;

/**
 * The types of time series with relations `R` and lists of them with relations `L`, for
 * `ResourceApi`.
 */
export interface TimeSeriesTypes<R, L> {
  item: TimeSeries<R>;
  list: TimeSeriesList<R, L>;
  create: TimeSeriesCreate;
  update: TimeSeriesUpdate;
  filter: TimeSeriesFilter;
  property: TimeSeriesProperty;
  query: TimeSeriesQuery;
  scopedQuery: AssetTimeSeriesQuery;
  search: TimeSeriesSearchQuery;
}

/**
 * The methods of `TimeSeriesApi`. They work detached: `const { list } = client.timeSeries`.
 *
 * @typeParam R methods of one series
 * @typeParam L methods of a list of series
 */
export interface TimeSeriesOperations<R = None, L = None> {
  /** Counts and distinct values. One request each. */
  readonly aggregate: ResourceAggregates<TimeSeriesFilter, TimeSeriesProperty>;

  /**
   * Time series in the order they were created, unless sorted. Awaited: the first 25, or `limit`.
   * In `for await`: all of them. A request per 1,000; with `limit: Infinity` ten at the same time.
   * @see https://api-docs.cognite.com/20230101/tag/Time-series/operation/listTimeSeries
   */
  list(
    query?: TimeSeriesQuery,
    options?: CallOptions,
  ): Listing<TimeSeries<R>, TimeSeriesList<R, L>>;

  /**
   * The series of a selection of assets. Awaited: all of them, unless `limit` is given. For up to
   * 100 assets, or 100 roots of subtrees, it costs as much as `list`; beyond that everything is
   * read before the first one comes.
   * @throws {ConfigError} when the filter names assets too
   */
  listByAssets(
    scope: AssetScope,
    query?: AssetTimeSeriesQuery,
    options?: CallOptions,
  ): Listing<TimeSeries<R>, TimeSeriesList<R, L>>;

  /**
   * Time series from elsewhere, such as JSON from disk, as a list with its methods. Sends nothing.
   * The list has copies.
   * @throws {ConfigError} when an item is not an object with an id
   */
  asList(items: readonly TimeSeriesData[]): TimeSeriesList<R, L>;

  /** The series of that identifier, or `undefined`. One request. */
  retrieve(identifier: Identifier, options?: CallOptions): Promise<TimeSeries<R> | undefined>;

  /**
   * Series in the order of the identifiers. A request per 1,000.
   * @throws {NotFoundError} whose `missing` has every unknown identifier, unless `ignoreUnknownIds`
   * @see https://api-docs.cognite.com/20230101/tag/Time-series/operation/getTimeSeriesByIds
   */
  retrieveMultiple(
    identifiers: readonly Identifier[],
    query?: RetrieveMultipleOptions,
    options?: CallOptions,
  ): Promise<TimeSeriesList<R, L>>;

  /**
   * The best matches, best first; 100 by default, at most 1,000. One request.
   * @see https://api-docs.cognite.com/20230101/tag/Time-series/operation/searchTimeSeries
   */
  search(query: TimeSeriesSearchQuery, options?: CallOptions): Promise<TimeSeriesList<R, L>>;

  /**
   * Creates series, in requests of 1,000. One for one, a list in input order for several.
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   * @see https://api-docs.cognite.com/20230101/tag/Time-series/operation/postTimeSeries
   */
  create(series: readonly TimeSeriesCreate[], options?: CallOptions): Promise<TimeSeriesList<R, L>>;
  create(series: TimeSeriesCreate, options?: CallOptions): Promise<TimeSeries<R>>;

  /**
   * Changes series, by patches or by whole objects, in requests of 1,000. The answer is in input
   * order.
   * @param query `mode` decides on fields that whole objects do not carry
   * @throws {ConfigError} when `mode` is `replace` and a series was read without its metadata
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   * @see https://api-docs.cognite.com/20230101/tag/Time-series/operation/alterTimeSeries
   */
  update(
    series: readonly TimeSeriesUpdate[],
    query?: UpdateOptions,
    options?: CallOptions,
  ): Promise<TimeSeriesList<R, L>>;
  update(
    series: TimeSeriesUpdate,
    query?: UpdateOptions,
    options?: CallOptions,
  ): Promise<TimeSeries<R>>;

  /**
   * Updates the series that exist and creates the others, found by id or external id. Not atomic.
   * @throws {ConfigError} before anything is sent, when one has neither id nor external id or two
   * have the same
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   */
  upsert(
    series: readonly (TimeSeriesCreate & { readonly id?: number | undefined })[],
    query?: UpdateOptions,
    options?: CallOptions,
  ): Promise<UpsertResult<TimeSeriesList<R, L>>>;

  /**
   * Deletes series and their data points, by identifier or as they were read, in requests of 1,000.
   * @throws {NotFoundError} when one is unknown: then its request deletes nothing, unless
   * `ignoreUnknownIds`
   * @see https://api-docs.cognite.com/20230101/tag/Time-series/operation/deleteTimeSeries
   */
  delete(
    series: readonly (Identifier | Identified)[],
    query?: RetrieveMultipleOptions,
    options?: CallOptions,
  ): Promise<void>;
}
