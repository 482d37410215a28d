import {
  type AssetScope,
  type CallOptions,
  type Identifier,
  Listing,
  type None,
  type Relations,
  ResourceList,
  type RetrieveMultipleOptions,
  type Transport,
  type UpdateOptions,
  type UpsertResult,
} from '@cdf/core';
import {
  bindPrototype,
  type ListBody,
  type ListEndpoint,
  listInScope,
  oneOrMany,
  ResourceAggregates,
  ResourceEndpoint,
  toWireSort,
  withEpochWindows,
  withPrototype,
} from '@cdf/core/resource';
import { withoutMetadata } from './lean-endpoint.js';
import { SubscriptionsApi } from './subscriptions/subscriptions-api.js';
import type {
  AssetTimeSeriesQuery,
  TimeSeries,
  TimeSeriesCreate,
  TimeSeriesData,
  TimeSeriesFilter,
  TimeSeriesList,
  TimeSeriesProperty,
  TimeSeriesQuery,
  TimeSeriesSearchQuery,
  TimeSeriesUpdate,
} from './time-series-types.js';

/** Assets that one filter of time series may name. */
const MAX_ASSETS = 100;

/**
 * Time series: what they are called, measure and belong to. Their points are read and written through `@cdf/datapoints`.
 *
 * @typeParam R methods of one series
 * @typeParam L methods of a list of series
 */
export class TimeSeriesApi<
  R extends Relations<R, TimeSeriesData> = None,
  L extends Relations<L, readonly TimeSeriesData[]> = None,
> {
  /** Counts and distinct values. One request each. */
  readonly aggregate: ResourceAggregates<TimeSeriesFilter, TimeSeriesProperty>;
  /** Hear of data points as they are written. */
  readonly subscriptions: SubscriptionsApi;
  readonly #endpoint: ResourceEndpoint<TimeSeries<R>, TimeSeriesList<R, L>>;
  readonly #lean: ListEndpoint<TimeSeries<R>, TimeSeriesList<R, L>>;

  /**
   * @param relations become methods of every series
   * @param listRelations become methods of every list of series
   * @throws {ConfigError} when a relation is named like a member that is already there
   */
  constructor(transport: Transport, relations: R = {} as R, listRelations: L = {} as L) {
    const one = bindPrototype(SeriesBase.prototype, relations, (series: TimeSeriesData) => series);
    const list = bindPrototype(ResourceList.prototype, listRelations, (series: readonly TimeSeriesData[]) => series);
    const adopt = (item: TimeSeries<R>): TimeSeries<R> => withPrototype(item, one);
    this.#endpoint = new ResourceEndpoint<TimeSeries<R>, TimeSeriesList<R, L>>(transport, {
      path: '/timeseries',
      noun: 'time series',
      updatable: {
        externalId: 'required',
        name: 'nullable',
        description: 'nullable',
        unit: 'nullable',
        unitExternalId: 'nullable',
        isStep: 'required',
        metadata: 'metadata',
        assetId: 'nullable',
        dataSetId: 'nullable',
        securityCategories: 'list',
      },
      readOnly: ['id', 'type', 'instanceId', 'accessCategories', 'createdTime', 'lastUpdatedTime'],
      adopt,
      toList: (items) => withPrototype(items, list),
      compare: (left, right) => left.createdTime - right.createdTime || left.id - right.id,
    });
    this.#lean = withoutMetadata(this.#endpoint, adopt);
    this.subscriptions = new SubscriptionsApi(transport);
    this.aggregate = new ResourceAggregates<TimeSeriesFilter, TimeSeriesProperty>({
      aggregate: (body, options) => this.#endpoint.aggregate(toWireQuery(body), options),
    });
  }

  /**
   * Time series in the order they were created, unless sorted. Awaited: the first 25, or `limit`. In `for await`: all of them.
   * A request per 1,000; with `limit: Infinity` ten at the same time.
   * @see https://api-docs.cognite.com/20230101/tag/Time-series/operation/listTimeSeries
   */
  list(query: TimeSeriesQuery = {}, options?: CallOptions): Listing<TimeSeries<R>, TimeSeriesList<R, L>> {
    const { limit, ...body } = toWireQuery(query);
    return new Listing<TimeSeries<R>, TimeSeriesList<R, L>>(this.#lister(query).source(body), { limit }, options);
  }

  /**
   * The series of a selection of assets. Awaited: all of them, unless `limit` is given. For up to 100 assets, or 100 roots of
   * subtrees, it costs what `list` costs; beyond that everything is read before the first one comes.
   * @throws {ConfigError} when the filter names assets too
   */
  listByAssets(
    scope: AssetScope,
    query: AssetTimeSeriesQuery = {},
    options?: CallOptions,
  ): Listing<TimeSeries<R>, TimeSeriesList<R, L>> {
    return listInScope(this.#lister(query), scope, toWireQuery(query), MAX_ASSETS, options);
  }

  #lister({ includeMetadata = true }: TimeSeriesQuery): ListEndpoint<TimeSeries<R>, TimeSeriesList<R, L>> {
    return includeMetadata ? this.#endpoint : this.#lean;
  }

  /** The series of that identifier, or `undefined`. One request. */
  retrieve(identifier: Identifier, options?: CallOptions): Promise<TimeSeries<R> | undefined> {
    return this.#endpoint.retrieve(identifier, {}, options);
  }

  /**
   * Series in the order of the identifiers. A request per 1,000.
   * @throws {NotFoundError} whose `missing` has every unknown identifier, unless `ignoreUnknownIds`
   * @see https://api-docs.cognite.com/20230101/tag/Time-series/operation/getTimeSeriesByIds
   */
  retrieveMultiple(
    identifiers: readonly Identifier[],
    query?: RetrieveMultipleOptions,
    options?: CallOptions,
  ): Promise<TimeSeriesList<R, L>> {
    return this.#endpoint.retrieveMultiple(identifiers, query, options);
  }

  /**
   * The best matches, best first: 100 unless said, at most 1,000. One request.
   * @see https://api-docs.cognite.com/20230101/tag/Time-series/operation/searchTimeSeries
   */
  search(query: TimeSeriesSearchQuery, options?: CallOptions): Promise<TimeSeriesList<R, L>> {
    return this.#endpoint.search(toWireQuery(query), options);
  }

  /**
   * Creates series, in requests of 1,000. One for one, a list in input order for several.
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   * @see https://api-docs.cognite.com/20230101/tag/Time-series/operation/postTimeSeries
   */
  create(series: TimeSeriesCreate, options?: CallOptions): Promise<TimeSeries<R>>;
  create(series: readonly TimeSeriesCreate[], options?: CallOptions): Promise<TimeSeriesList<R, L>>;
  async create(
    input: TimeSeriesCreate | readonly TimeSeriesCreate[],
    options?: CallOptions,
  ): Promise<TimeSeries<R> | TimeSeriesList<R, L>> {
    const { items, single } = oneOrMany(input);
    const created = await this.#endpoint.create(items, options);
    return single ? (created[0] as TimeSeries<R>) : created;
  }

  /**
   * Changes series, by patches or by whole objects, in requests of 1,000. The answer is in input order.
   * @param query `mode` says what whole objects do to fields that they do not carry
   * @throws {ConfigError} when `mode` is `replace` and a series was read without its metadata
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   * @see https://api-docs.cognite.com/20230101/tag/Time-series/operation/alterTimeSeries
   */
  update(series: TimeSeriesUpdate, query?: UpdateOptions, options?: CallOptions): Promise<TimeSeries<R>>;
  update(
    series: readonly TimeSeriesUpdate[],
    query?: UpdateOptions,
    options?: CallOptions,
  ): Promise<TimeSeriesList<R, L>>;
  async update(
    input: TimeSeriesUpdate | readonly TimeSeriesUpdate[],
    { mode }: UpdateOptions = {},
    options?: CallOptions,
  ): Promise<TimeSeries<R> | TimeSeriesList<R, L>> {
    const { items, single } = oneOrMany(input);
    const updated = await this.#endpoint.update(items, mode, options);
    return single ? (updated[0] as TimeSeries<R>) : updated;
  }

  /**
   * Updates the series that exist and creates the others, found by id or external id. Not atomic.
   * @throws {ConfigError} before anything is sent, when one has neither id nor external id or two have the same
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   */
  upsert(
    series: readonly (TimeSeriesCreate & { readonly id?: number | undefined })[],
    { mode }: UpdateOptions = {},
    options?: CallOptions,
  ): Promise<UpsertResult<TimeSeriesList<R, L>>> {
    return this.#endpoint.upsert(series, mode, options);
  }

  /**
   * Deletes series and their data points, in requests of 1,000.
   * @throws {NotFoundError} when one is unknown: of its request nothing is deleted then, unless `ignoreUnknownIds`
   * @see https://api-docs.cognite.com/20230101/tag/Time-series/operation/deleteTimeSeries
   */
  delete(
    identifiers: readonly Identifier[],
    query: RetrieveMultipleOptions = {},
    options?: CallOptions,
  ): Promise<void> {
    return this.#endpoint.delete(identifiers, query, options);
  }
}

/** What a series is called where objects are printed. */
const SeriesBase = class TimeSeries {};

/** Relative times become milliseconds once per call, so that all of its requests agree. */
function toWireQuery({ includeMetadata: _, sort, filter, ...rest }: TimeSeriesQuery): ListBody & { filter?: object } {
  return {
    ...rest,
    ...(filter === undefined
      ? {}
      : { filter: withEpochWindows(filter, ['createdTime', 'lastUpdatedTime'], Date.now()) }),
    ...(sort === undefined ? {} : { sort: toWireSort(sort) }),
  };
}
