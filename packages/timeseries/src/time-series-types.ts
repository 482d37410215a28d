import type {
  AdvancedFilter,
  AggregateQuery,
  Bound,
  FieldPatch,
  Identified,
  Identifier,
  InstanceId,
  ListPatch,
  Metadata,
  MetadataPatch,
  None,
  ResourceList,
  Sort,
  TimeWindow,
} from '@cdf/core';

/** A time series as the wire gives it: what JSON, `structuredClone` and spreading see. */
export interface TimeSeriesData extends Identified {
  /** Given by CDF. */
  readonly id: number;
  /** Given by whoever made the series: unique among the project's series. */
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
  /** Whether a value holds until the next one, instead of lying on a line to it. */
  readonly isStep: boolean;
  readonly type?: 'numeric' | 'string' | (string & {}) | undefined;
  readonly metadata?: Metadata | undefined;
  /** The asset that is measured. */
  readonly assetId?: number | undefined;
  /** The data set that says who may change the series. */
  readonly dataSetId?: number | undefined;
  /** Who reads the series needs all of these. */
  readonly securityCategories?: readonly number[] | undefined;
  /** @unit milliseconds since the epoch */
  readonly createdTime: number;
  /** @unit milliseconds since the epoch */
  readonly lastUpdatedTime: number;
}

/** A time series with the methods that its API object composes. */
export type TimeSeries<R = None> = TimeSeriesData & Bound<R>;

/** Time series as an array, with `get()`, `toTable()` and what its API object composes for lists. */
export type TimeSeriesList<R = None, L = None> = ResourceList<TimeSeries<R>> & Bound<L>;

/** A time series to create. Nothing is required. */
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
   * Whether a value holds until the next one.
   * @default false
   */
  readonly isStep?: boolean | undefined;
  /** At most 256 pairs and 10,000 bytes in all. */
  readonly metadata?: Readonly<Metadata> | undefined;
  /** The asset that is measured, which exists. */
  readonly assetId?: number | undefined;
  /** A data set that exists. */
  readonly dataSetId?: number | undefined;
  /** Who reads the series needs all of these. */
  readonly securityCategories?: readonly number[] | undefined;
}

/** Changes of single fields. What is not named stays. By `instanceId` only externalId, metadata, assetId and dataSetId. */
export interface TimeSeriesPatch {
  readonly externalId?: FieldPatch<string> | undefined;
  readonly name?: FieldPatch<string> | undefined;
  readonly description?: FieldPatch<string> | undefined;
  readonly unit?: FieldPatch<string> | undefined;
  readonly unitExternalId?: FieldPatch<string> | undefined;
  readonly isStep?: { readonly set: boolean } | undefined;
  readonly metadata?: MetadataPatch | undefined;
  readonly assetId?: FieldPatch<number> | undefined;
  readonly dataSetId?: FieldPatch<number> | undefined;
  readonly securityCategories?: ListPatch<number> | undefined;
}

/** Patches of the series that the identifier names, or a whole series found by its id, else its external id. */
export type TimeSeriesUpdate =
  | (Identifier & { readonly update: TimeSeriesPatch })
  | (TimeSeriesCreate & { readonly id: number })
  | (TimeSeriesCreate & { readonly externalId: string });

/** Which series: everything that is given must hold. Text is compared with its case. */
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

/** Which series a list has, in which order, and what is left out. */
export interface TimeSeriesQuery {
  /** Everything in it must hold. */
  readonly filter?: TimeSeriesFilter | undefined;
  /** Must hold as well. */
  readonly advancedFilter?: AdvancedFilter<TimeSeriesProperty> | undefined;
  /**
   * One or two properties.
   * @default by createdTime, then id
   */
  readonly sort?: Sort<TimeSeriesSortProperty> | readonly Sort<TimeSeriesSortProperty>[] | undefined;
  /**
   * `false` leaves metadata out: on the wire where the API can, else from what it answered. Such a series is refused by
   * `update` with mode `replace`, which would clear what was never read.
   * @default true
   */
  readonly includeMetadata?: boolean | undefined;
  /** Most series in all; `Infinity` makes `await` give every one. */
  readonly limit?: number | undefined;
}

/** A query beside a selection of assets, which says which assets. */
export interface AssetTimeSeriesQuery extends Omit<TimeSeriesQuery, 'filter'> {
  readonly filter?:
    | Omit<TimeSeriesFilter, 'assetIds' | 'assetExternalIds' | 'rootAssetIds' | 'assetSubtreeIds'>
    | undefined;
}

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

/** Which series an aggregate is about. */
export type TimeSeriesAggregateQuery = AggregateQuery<TimeSeriesFilter, TimeSeriesProperty>;
