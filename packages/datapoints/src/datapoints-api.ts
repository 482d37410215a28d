import {
  type Bound,
  bindPrototype,
  type CallOptions,
  type None,
  type Relations,
  type Transport,
  withPrototype,
} from '@cdf/core';
import type { Aggregate } from './aggregates.js';
import { DatapointsList as DatapointsArray, DatapointsView, makeDatapoints } from './datapoints.js';
import { retrieveLatest } from './read/latest.js';
import { type RetrieveQuery, retrieveAll } from './read/retrieve.js';
import type {
  AnyDatapoints,
  Datapoints,
  DatapointsItemsQuery,
  DatapointsQuery,
  ItemResult,
  LatestItemsQuery,
  LatestQuery,
} from './types.js';

/** Points of several series, in the order that was asked for. A real array; `get` and `getAll` find by identifier. */
export type DatapointsList<D extends AnyDatapoints = Datapoints, R = None> = DatapointsArray<D> & Bound<R>;

/**
 * Reads and writes data points. Any number of points in one call: requests are split, packed and run in parallel as far as the
 * client's concurrency goes. `R`: relations of what is read, such as `plot()`.
 */
export class DatapointsApi<R extends Relations<R, readonly AnyDatapoints[]> = None> {
  readonly #transport: Transport;
  readonly #prototypes: { readonly one: object; readonly list: object };

  constructor(transport: Transport, relations: R = {} as R) {
    this.#transport = transport;
    this.#prototypes = {
      one: bindPrototype(DatapointsView.prototype, relations, (self: AnyDatapoints) => [self]),
      list: bindPrototype(DatapointsArray.prototype, relations, (self: readonly AnyDatapoints[]) => self),
    };
  }

  /**
   * Every point of several series. What an item says goes before what the query says; the result has the order of the items. Costs
   * about one request per 100,000 raw points or 10,000 aggregates, at least one per 100 series.
   *
   * Progress is in points; its total is an estimate until the end.
   *
   * @throws {ConfigError} when the query cannot be what is meant. Nothing was sent.
   * @throws {NotFoundError} with the series that do not exist, unless `ignoreUnknownIds`.
   * @see https://api-docs.cognite.com/20230101/tag/Time-series/operation/getMultiTimeSeriesDatapoints
   */
  retrieve<A extends Aggregate = never, O extends Aggregate = never>(
    query: DatapointsItemsQuery<A, O>,
    options?: CallOptions,
  ): Promise<DatapointsList<ItemResult<A, O, R>, R>>;
  /** Every point of one series. @throws {NotFoundError} when it does not exist. */
  retrieve<A extends Aggregate = never>(query: DatapointsQuery<A>, options?: CallOptions): Promise<Datapoints<A, R>>;
  async retrieve(
    query: DatapointsQuery<Aggregate> | DatapointsItemsQuery<Aggregate, Aggregate>,
    options?: CallOptions,
  ): Promise<unknown> {
    const many = 'items' in query;
    const retrieved = await retrieveAll(this.#transport, many ? query : asItems(query), options);
    const found = retrieved
      .filter((each) => each !== undefined)
      .map(({ info, request, columns }) =>
        makeDatapoints(info, request.granularity?.text, columns, this.#prototypes.one),
      );
    return many ? this.#list(found) : found[0];
  }

  /**
   * The latest point of several series, each a `Datapoints` of length 1, or 0 where there is none. One request per 100 series.
   *
   * @throws {NotFoundError} with the series that do not exist, unless `ignoreUnknownIds`.
   * @see https://api-docs.cognite.com/20230101/tag/Time-series/operation/getLatest
   */
  retrieveLatest(query: LatestItemsQuery, options?: CallOptions): Promise<DatapointsList<Datapoints<never, R>, R>>;
  /** The latest point of one series. @throws {NotFoundError} when it does not exist. */
  retrieveLatest(query: LatestQuery, options?: CallOptions): Promise<Datapoints<never, R>>;
  async retrieveLatest(query: LatestQuery | LatestItemsQuery, options?: CallOptions): Promise<unknown> {
    const many = 'items' in query;
    const latest = await retrieveLatest(this.#transport, many ? query : { items: [query] }, options);
    const found = latest.map(({ info, columns }) => makeDatapoints(info, undefined, columns, this.#prototypes.one));
    return many ? this.#list(found) : found[0];
  }

  #list(found: object[]): object {
    return withPrototype(DatapointsArray.from(found as AnyDatapoints[]), this.#prototypes.list);
  }
}

function asItems(query: DatapointsQuery<Aggregate>): RetrieveQuery {
  return { items: [query] };
}
