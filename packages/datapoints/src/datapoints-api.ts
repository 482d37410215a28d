import {
  type Bound,
  type CallOptions,
  ConfigError,
  type Identifier,
  type None,
  type Relations,
  type Transport,
} from '@cdf/core';
import { bindMethods, loadPart, ownCopy, shown, toIdentifier } from '@cdf/core/resource';
import type { Aggregate } from './aggregates.js';
import type { AnyDatapoints, Datapoints, MixedDatapoints } from './datapoints-types.js';
import type { DatapointsArray } from './points/datapoints-view.js';
import type { Results } from './points/results.js';
import type {
  DatapointsBatch,
  DatapointsItemsQuery,
  DatapointsQuery,
  ItemResult,
  LatestItemsQuery,
  LatestQuery,
  StreamCursor,
  ValueOf,
} from './query-types.js';
import type * as Reading from './read/reading.js';
import type { RetrieveQuery } from './read/retrieve.js';
import type { OwnItems } from './read/series/query-items.js';
import { SyntheticApi } from './synthetic/synthetic-api.js';
import type { DeleteRange } from './write/delete.js';
import type { InsertFromOptions, InsertSource } from './write/insert-from.js';
import type { DatapointsInput, SeriesInput } from './write/points.js';
import type { InsertOptions } from './write/writer.js';

/**
 * Points of several series, in the order of the query. A real array; `get` and `getAll` find
 * by identifier.
 */
export type DatapointsList<D extends AnyDatapoints = Datapoints, R = None> = DatapointsArray<D, R> &
  Bound<R>;

/**
 * Reads and writes data points. Any number of points in one call: requests are split, packed and
 * run in parallel as far as the client's concurrency goes. `R`: relations of what is read, such as
 * `plot()`.
 */
export class DatapointsApi<R extends Relations<R, readonly AnyDatapoints[]> = None> {
  /** Formulas over time series. */
  readonly synthetic: SyntheticApi;
  readonly #transport: Transport;
  readonly #relations: R;
  #made: Results | undefined;

  constructor(transport: Transport, relations: R = {} as R) {
    this.synthetic = new SyntheticApi(transport);
    this.#transport = transport;
    this.#relations = relations;
    bindMethods(this);
  }

  // First, so that an editor completes what goes into `aggregates`, whichever of the two is being
  // written.
  /** Every point of one series, as of several. @throws {NotFoundError} when it does not exist. */
  retrieve<A extends Aggregate = never, S extends boolean = boolean, B extends boolean = true>(
    query: DatapointsQuery<A, S, B>,
    options?: CallOptions,
  ): Promise<Datapoints<NoInfer<A>, R, ValueOf<NoInfer<S>, NoInfer<B>>>>;
  /**
   * Every point of several series. Settings of an item go before those of the query; the result
   * has the order of the items. Costs about one request per 100,000 raw points or 10,000
   * aggregates, at least one per 100 series. Nodes are taken as they were read, with
   * `{ instanceId: node, start }` where one has settings.
   *
   * Progress is in points; its total is an estimate until the end.
   *
   * @throws {ConfigError} when the query cannot be what is meant. Nothing was sent.
   * @throws {NotFoundError} with the series that do not exist, unless `ignoreUnknownIds`.
   * @see
   * https://api-docs.cognite.com/20230101/tag/Time-series/operation/getMultiTimeSeriesDatapoints
   */
  retrieve<
    A extends Aggregate = never,
    O extends Aggregate = never,
    S extends boolean = boolean,
    B extends boolean = true,
  >(
    query: DatapointsItemsQuery<A, O, S, B>,
    options?: CallOptions,
  ): Promise<
    DatapointsList<ItemResult<NoInfer<A>, NoInfer<O>, R, ValueOf<NoInfer<S>, NoInfer<B>>>, R>
  >;
  // Last, since a compiler may tell only of the last what is wrong with a call: it has to fit both.
  /** Every point of one series, or of several: which of the two is known at run time only. */
  retrieve(
    query: DatapointsQuery<Aggregate> | DatapointsItemsQuery<Aggregate, Aggregate>,
    options?: CallOptions,
  ): Promise<Datapoints<Aggregate, R> | DatapointsList<MixedDatapoints<Aggregate, R>, R>>;
  async retrieve(
    query: DatapointsQuery<Aggregate> | DatapointsItemsQuery<Aggregate, Aggregate>,
    options?: CallOptions,
  ): Promise<unknown> {
    const call = ownCopy(options);
    const { retrieveAll, results, isList, items } = await this.#reading(query);
    const retrieved = await retrieveAll(this.#transport, items, call);
    const found = retrieved.filter((each) => each !== undefined).map((each) => results.one(each));
    return isList ? results.list(found) : found[0];
  }

  /**
   * Walks through the points of any number of series and any length of time, in batches of about
   * 500,000 points (50,000 aggregates) in the order of time. The next batch is fetched while you
   * work on the last; memory holds no more than those two, each at most twice its size. Up to 1,000
   * series are read side by side, further ones after them. A batch has every series that is read
   * beside it, in the order of the items; those without points in it are empty. A batch without
   * any points is left out.
   *
   * @param query also a `cursor` of an earlier stream of the same query, to go on after that batch.
   * Takes no limit.
   * @throws {NotFoundError} with the series that do not exist, unless `ignoreUnknownIds`.
   */
  stream<
    A extends Aggregate = never,
    O extends Aggregate = never,
    S extends boolean = boolean,
    B extends boolean = true,
  >(
    query: (DatapointsItemsQuery<A, O, S, B> | DatapointsQuery<A, S, B>) & {
      readonly cursor?: StreamCursor | undefined;
    },
    options?: CallOptions,
  ): AsyncIterable<
    DatapointsBatch<
      DatapointsList<ItemResult<NoInfer<A>, NoInfer<O>, R, ValueOf<NoInfer<S>, NoInfer<B>>>, R>
    >
  > {
    type List = DatapointsList<ItemResult<A, O, R, ValueOf<S, B>>, R>;
    return this.#batches(...ownCopy([query, options] as const)) as AsyncIterable<
      DatapointsBatch<List>
    >;
  }

  /**
   * The latest point of several series, each a `Datapoints` of length 1, or 0 where there is none.
   * One request per 100 series.
   *
   * @throws {NotFoundError} with the series that do not exist, unless `ignoreUnknownIds`.
   * @see https://api-docs.cognite.com/20230101/tag/Time-series/operation/getLatest
   */
  retrieveLatest<S extends boolean = boolean, B extends boolean = true>(
    query: LatestItemsQuery<S, B>,
    options?: CallOptions,
  ): Promise<DatapointsList<Datapoints<never, R, ValueOf<NoInfer<S>, NoInfer<B>>>, R>>;
  /** The latest point of one series. @throws {NotFoundError} when it does not exist. */
  retrieveLatest<S extends boolean = boolean, B extends boolean = true>(
    query: LatestQuery<S, B>,
    options?: CallOptions,
  ): Promise<Datapoints<never, R, ValueOf<NoInfer<S>, NoInfer<B>>>>;
  async retrieveLatest(
    query: LatestQuery | LatestItemsQuery,
    options?: CallOptions,
  ): Promise<unknown> {
    const call = ownCopy(options);
    const reading = await this.#reading<LatestItemsQuery>(query, true);
    const { loadLatest, latestReading, results, isList, items } = reading;
    const { retrieveLatest } = await loadLatest();
    const latest = await retrieveLatest(latestReading, this.#transport, items, call);
    const found = latest.map((each) => results.one(each));
    return isList ? results.list(found) : found[0];
  }

  /**
   * Writes points of one series: rows `{ timestamp, value, status? }`, columns, or what `retrieve`
   * gave. Points that exist are replaced; of points with the same time the last one wins. 100,000
   * points per request. An array is taken as it is at the call; the points in it and typed arrays
   * are not copied: change none before it is done.
   *
   * @returns the number of points written: of those with the same time, one.
   * @throws {ConfigError} naming the points that cannot be written. Nothing was sent.
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are ranges of time: `PointRange`.
   * A range never spans points of another outcome. An exception of `onProgress` ends the call like
   * that too, and is the `cause`.
   * @see
   * https://api-docs.cognite.com/20230101/tag/Time-series/operation/postMultiTimeSeriesDatapoints
   */
  async insert(
    series: Identifier,
    points: DatapointsInput,
    options?: InsertOptions,
  ): Promise<{ readonly points: number }> {
    const [named, ownOptions] = ownCopy([series, options]);
    const own = ownCopy(points, Array.isArray(points) ? 1 : 2);
    const { insertOne } = await loadPart(import('./write/insert.js'));
    // Passed in: bundlers would put what only parts import into a script of its own.
    return insertOne(this.#transport, toIdentifier, named, own, ownOptions);
  }

  /**
   * Writes points of several series: 100,000 points and 10,000 series per request. A series may
   * come more than once. Points of a node are `{ instanceId: node, datapoints }`. All requests are
   * sent, also after one has failed; CDF refuses a request as a whole, with every series in it,
   * unless `continueOnError` is set.
   *
   * With `continueOnError`, a request that is refused costs one more for the series that do not
   * exist, and about 2 log2(points) for each refused value, at most 2,000.
   *
   * @returns the number of points written: of those of one series with the same time, one.
   * @throws as `insert` does.
   */
  async insertMany(
    series: readonly SeriesInput[],
    options?: InsertOptions,
  ): Promise<{ readonly points: number }> {
    const own = ownCopy(series, DEPTH_OF_SERIES);
    const ownOptions = ownCopy(options);
    const { insertMany } = await loadPart(import('./write/insert.js'));
    return insertMany(this.#transport, own, ownOptions);
  }

  /**
   * Writes what a source gives, as it comes: an async iterable, an iterable or a `ReadableStream`
   * of rows `{ id, timestamp, value }`, other points of one series, or arrays of these. Requests
   * are full, or as full as they are after `flushAfterMs` (1,000) and when the source ends. Values
   * are copied. Points may come in any order: of those with the same time the last one wins.
   *
   * Whatever the source's length, memory holds the requests on their way, one more, what the source
   * gave last, and ranges for each series. The source is not read faster than requests go out. It
   * is let go (`return` or `cancel`) when the call ends before it: at its `signal`, when the client
   * is closed, at the first failure or value that cannot be written. With `continueOnError` the
   * call goes on past series that do not exist and values that CDF refuses; a series that does not
   * exist is not tried again.
   *
   * @returns the number of points written: of those with the same time in one request, one.
   * @throws {CdfError} as `insert` does, about all that the source gave; points that were held are
   * in `failed` and `notAttempted`. An error of the source is the `cause`. The times of the last
   * 500,000 points are known exactly; points that come later than that among older ones may lie
   * inside of a range of these.
   * @throws {ConfigError} for a value that cannot be written, with the same account; or for an
   * invalid source or option. `continueOnError` does not go past those.
   */
  async insertFrom(
    source: InsertSource,
    options: InsertFromOptions = {},
  ): Promise<{ readonly points: number }> {
    const own = ownCopy(source, 1);
    const ownOptions = ownCopy(options);
    const { insertFrom } = await loadPart(import('./write/insert-from.js'));
    return insertFrom(this.#transport, own, ownOptions);
  }

  /**
   * Deletes the points at or after `start` and before `end`. Those of a node by
   * `{ instanceId: node, start, end }`.
   *
   * @throws {ConfigError} when start or end is missing. Nothing was sent.
   * @see https://api-docs.cognite.com/20230101/tag/Time-series/operation/deleteDatapoints
   */
  deleteRange(range: DeleteRange, options?: CallOptions): Promise<void> {
    return this.deleteRanges([range], options);
  }

  /** Deletes several ranges, 10,000 per request. */
  async deleteRanges(ranges: readonly DeleteRange[], options?: CallOptions): Promise<void> {
    const own = ownCopy([ranges, options] as const);
    const { deleteRanges } = await loadPart(import('./write/delete.js'));
    return deleteRanges(this.#transport, ...own);
  }

  async *#batches(
    query: object,
    options?: CallOptions,
  ): AsyncGenerator<DatapointsBatch<unknown>, void, undefined> {
    const { loadStream, commonReading, results, isList, items } = await this.#reading(query);
    const { streamSlices, withoutCursor } = await loadStream();
    const own = withoutCursor(items, isList);
    const slices = streamSlices(commonReading, this.#transport, own.query, own.cursor, options);
    for await (const { series, cursor: after } of slices)
      yield { datapoints: results.list(series.map((each) => results.one(each))), cursor: after };
  }

  /**
   * A query, and how it is read. Programs that read no points do not load how that is done, nor what
   * points can do.
   */
  async #reading<Query = RetrieveQuery>(
    query: object,
    isLatest?: boolean,
  ): Promise<typeof Reading & OwnItems<Query> & { readonly results: Results }> {
    const own = ownCopy(checked(query));
    const reading = await loadPart(import('./read/reading.js'));
    this.#made ??= new reading.Results(this.#relations);
    return { ...reading, results: this.#made, ...(await reading.toItems<Query>(own, isLatest)) };
  }
}

/** Series with arrays of points, which stay as they are. */
const DEPTH_OF_SERIES = 3;

/** @throws {ConfigError} for an invalid query, which would end in a TypeError otherwise. */
function checked<Q>(query: Q): Q {
  if (typeof query !== 'object' || query === null || Array.isArray(query))
    throw new ConfigError(
      `expected { id }, { externalId }, { instanceId } or { items: [...] }, got ${shown(query)}`,
    );
  return query;
}
