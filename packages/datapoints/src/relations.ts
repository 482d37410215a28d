import {
  type CallOptions,
  ConfigError,
  type Identified,
  type Identifier,
  type InstanceId,
  type Relations,
} from '@cdf/core';
import { describeIdentifier, identifierKey, MAX_TIME, MIN_TIME } from '@cdf/core/resource';
import type { Aggregate } from './aggregates.js';
import type { DatapointsApi, DatapointsList } from './datapoints-api.js';
import type { AnyDatapoints, Datapoint, Datapoints } from './datapoints-types.js';
import type {
  DatapointsItemsQuery,
  DatapointsRange,
  LatestRange,
  SeveralSeries,
  ValueOf,
} from './query-types.js';

/** An item with data points: a time series, or a node of one. */
export type SeriesSubject = (Identified | InstanceId) & { readonly name?: unknown };

function nameOf(series: SeriesSubject): Identifier {
  return 'space' in series ? { instanceId: series } : { id: series.id };
}

/**
 * `series.datapoints({ aggregates: ['max'], granularity: '1h' })`: the points of a series, with its
 * name. The result has `max` and no `average`.
 */
export const seriesDatapoints =
  <R extends Relations<R, readonly AnyDatapoints[]>>(api: DatapointsApi<R>) =>
  (series: SeriesSubject) =>
  async <A extends Aggregate = never, S extends boolean = boolean, B extends boolean = true>(
    range: DatapointsRange<A, S, B> = {},
    options?: CallOptions,
  ): Promise<Datapoints<NoInfer<A>, R, ValueOf<NoInfer<S>, NoInfer<B>>>> => {
    const points = await api.retrieve<A, S, B>({ ...range, ...nameOf(series) }, options);
    return typeof series.name === 'string' ? Object.assign(points, { name: series.name }) : points;
  };

/** `series.latest()`: the newest point, or undefined when there is none. One request. */
export const seriesLatest =
  (api: DatapointsApi) =>
  (series: SeriesSubject) =>
  async <S extends boolean = boolean, B extends boolean = true>(
    range: LatestRange<S, B> = {},
    options?: CallOptions,
  ): Promise<Datapoint<never, ValueOf<NoInfer<S>, NoInfer<B>>> | undefined> =>
    (await api.retrieveLatest<S, B>({ ...range, ...nameOf(series) }, options)).at(0);

type PointsIdentity = Pick<AnyDatapoints, 'id' | 'instanceId'>;

/**
 * `list.datapoints({ aggregates: ['max'], granularity: '1h' })`: the points of every series of a
 * list, in its order and with its names. About one request per 100,000 raw points or 10,000
 * aggregates, at least one per 100 series.
 */
export const seriesListDatapoints =
  <R extends Relations<R, readonly AnyDatapoints[]>>(api: DatapointsApi<R>) =>
  (list: readonly SeriesSubject[]) =>
  async <A extends Aggregate = never, S extends boolean = boolean, B extends boolean = true>(
    range: DatapointsRange<A, S, B> & Pick<SeveralSeries, 'ignoreUnknownIds'> = {},
    options?: CallOptions,
  ): Promise<DatapointsList<Datapoints<NoInfer<A>, R, ValueOf<NoInfer<S>, NoInfer<B>>>, R>> => {
    const query = { ...range, items: list.map(nameOf) } as DatapointsItemsQuery<A, never, S, B>;
    return named(await api.retrieve<A, never, S, B>(query, options), list);
  };

/**
 * `list.latest()`: the newest point of every series of a list, each as data points of length 1, or
 * 0 where there is none. One request per 100 series.
 */
export const seriesListLatest =
  <R extends Relations<R, readonly AnyDatapoints[]>>(api: DatapointsApi<R>) =>
  (list: readonly SeriesSubject[]) =>
  async <S extends boolean = boolean, B extends boolean = true>(
    range: LatestRange<S, B> & Pick<SeveralSeries, 'ignoreUnknownIds'> = {},
    options?: CallOptions,
  ): Promise<DatapointsList<Datapoints<never, R, ValueOf<NoInfer<S>, NoInfer<B>>>, R>> =>
    named(await api.retrieveLatest<S, B>({ ...range, items: list.map(nameOf) }, options), list);

/** Gives points the names of their series. Series that do not exist may be left out. */
function named<L extends readonly PointsIdentity[]>(
  points: L,
  series: readonly SeriesSubject[],
): L {
  const names = new Map(series.map((each) => [identifierKey(nameOf(each)), each.name]));
  for (const each of points) {
    const { id, instanceId } = each;
    const name =
      names.get(identifierKey({ id })) ?? (instanceId && names.get(identifierKey({ instanceId })));
    if (typeof name === 'string') Object.assign(each, { name });
  }
  return points;
}

/** `series.first()`: the oldest point, or undefined when there is none. One request. */
export const seriesFirst =
  (api: DatapointsApi) =>
  (series: SeriesSubject) =>
  async (options?: CallOptions): Promise<Datapoint | undefined> =>
    (
      await api.retrieve(
        { ...nameOf(series), start: MIN_TIME, end: MAX_TIME + 1, limit: 1 },
        options,
      )
    ).at(0);

/**
 * `series.count()`: how many good points there are in all of time, as CDF counts them: one request,
 * numeric series only.
 *
 * @throws {ConfigError} for a series of strings, which CDF does not count.
 */
export const seriesCount =
  (api: DatapointsApi) =>
  (series: SeriesSubject & { readonly isString?: boolean | undefined; readonly type?: unknown }) =>
  async (options?: CallOptions): Promise<number> => {
    // The `isString` of a node is a property of its view.
    if (series.type === 'string' || (series.isString === true && !('space' in series)))
      throw new ConfigError(
        `count of ${describeIdentifier(nameOf(series))}: CDF counts points of numeric time series only`,
      );
    const { count } = await api.retrieve(
      {
        ...nameOf(series),
        start: MIN_TIME,
        end: MAX_TIME + 1,
        aggregates: ['count'],
        granularity: '100d',
      },
      options,
    );
    return count.reduce((sum, each) => sum + (Number.isNaN(each) ? 0 : each), 0);
  };
