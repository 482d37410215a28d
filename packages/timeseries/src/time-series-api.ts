import {
  type AssetScope,
  type CallOptions,
  Listing,
  type None,
  type Relations,
  ResourceList,
  type Transport,
} from '@cdf/core';
import {
  bindPrototype,
  byCreatedTime,
  hasMembers,
  type ListEndpoint,
  listInScope,
  ownQuery,
  printedItem,
  type QueryBody,
  ResourceApi,
  type ResourceDefinition,
  ResourceEndpoint,
  type ResourceObjects,
  withPrototype,
} from '@cdf/core/resource';
import { withoutMetadata } from './lean-endpoint.js';
import { SubscriptionsApi } from './subscriptions/subscriptions-api.js';
import type {
  AssetTimeSeriesQuery,
  TimeSeries,
  TimeSeriesData,
  TimeSeriesList,
  TimeSeriesOperations,
  TimeSeriesQuery,
} from './time-series-types.js';

const TIME_SERIES: ResourceDefinition<TimeSeriesData> = {
  path: '/timeseries',
  noun: 'time series',
  fields: {
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
  // `includeMetadata: false`
  leftOut: ['metadata'],
  readOnly: ['type', 'instanceId', 'accessCategories'],
  order: byCreatedTime,
  assets: 100,
  options: { list: ['advancedFilter', 'sort', 'includeMetadata'] },
};

type Objects<R, L> = ResourceObjects<TimeSeries<R>, TimeSeriesList<R, L>>;

// `never`: inference does not reach into a generic constructor. The types are compared in a test.
const TimeSeriesResource: new <R, L>(
  transport: Transport,
  definition: ResourceDefinition<TimeSeriesData>,
  objects: Objects<R, L>,
) => TimeSeriesOperations<R, L> = ResourceApi as never;

/**
 * Time series: their names, units and assets. Their points are read and written through
 * `@cdf/datapoints`.
 *
 * @typeParam R methods of one series
 * @typeParam L methods of a list of series
 */
export class TimeSeriesApi<
  R extends Relations<R, TimeSeriesData> = None,
  L extends Relations<L, readonly TimeSeriesData[]> = None,
> extends TimeSeriesResource<R, L> {
  /** Hear of data points as they are written. */
  readonly subscriptions: SubscriptionsApi;
  readonly #endpoint: ListEndpoint<TimeSeries<R>, TimeSeriesList<R, L>>;
  readonly #lean: ListEndpoint<TimeSeries<R>, TimeSeriesList<R, L>>;

  /**
   * @param relations become methods of every series
   * @param listRelations become methods of every list of series
   * @throws {ConfigError} when a relation is named like a member that is already there
   */
  constructor(transport: Transport, relations: R = {} as R, listRelations: L = {} as L) {
    const one = bindPrototype(SeriesBase.prototype, relations, (series: TimeSeriesData) => series);
    const list = bindPrototype(
      ResourceList.prototype,
      listRelations,
      (series: readonly TimeSeriesData[]) => series,
    );
    const objects: Objects<R, L> = {
      adopt: (item) => withPrototype(item, one),
      toList: (items) => withPrototype(items, list),
    };
    super(transport, TIME_SERIES, objects);
    this.#endpoint = new ResourceEndpoint<TimeSeries<R>, TimeSeriesList<R, L>>(
      transport,
      TIME_SERIES,
      objects,
    );
    this.#lean = withoutMetadata(this.#endpoint, objects.adopt);
    this.subscriptions = new SubscriptionsApi(transport);
  }

  override list(
    query: TimeSeriesQuery = {},
    options?: CallOptions,
  ): Listing<TimeSeries<R>, TimeSeriesList<R, L>> {
    const [own, limit] = ownQuery(query);
    const [lister, body] = this.#listerOf(own);
    const source = lister.source(body);
    return new Listing<TimeSeries<R>, TimeSeriesList<R, L>>(source, { limit }, options);
  }

  override listByAssets(
    scope: AssetScope,
    query: AssetTimeSeriesQuery = {},
    options?: CallOptions,
  ): Listing<TimeSeries<R>, TimeSeriesList<R, L>> {
    const [lister, body] = this.#listerOf(query);
    return listInScope(lister, scope, body, TIME_SERIES.assets, options);
  }

  /** What reads a query, and the query that it takes. */
  #listerOf(
    query: AssetTimeSeriesQuery,
  ): [ListEndpoint<TimeSeries<R>, TimeSeriesList<R, L>>, QueryBody] {
    // What has no members is refused with the first page.
    if (!hasMembers(query)) return [this.#endpoint, query as QueryBody];
    const { includeMetadata = true, ...body } = query;
    return [includeMetadata ? this.#endpoint : this.#lean, body];
  }
}

/** The name of a series where objects are printed. */
const SeriesBase = class TimeSeries {};
printedItem(SeriesBase.prototype);
