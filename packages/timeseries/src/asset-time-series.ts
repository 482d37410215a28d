import type { AssetScope, CallOptions, Listing, None, Relations } from '@cdf/core';
import type { TimeSeriesApi } from './time-series-api.js';
import type {
  AssetTimeSeriesQuery,
  TimeSeries,
  TimeSeriesData,
  TimeSeriesList,
} from './time-series-types.js';

/**
 * The relation from assets to their time series, for `AssetsApi`. The series have the methods that
 * the given API composes.
 *
 * @example
 * const timeSeries = assetTimeSeries(new TimeSeriesApi(transport));
 * const assets = new AssetsApi(transport, { timeSeries });
 * const series = await assets.select({ externalId: 'pump' }).subtree().timeSeries();
 */
export const assetTimeSeries =
  <
    R extends Relations<R, TimeSeriesData> = None,
    L extends Relations<L, readonly TimeSeriesData[]> = None,
  >(
    timeSeries: TimeSeriesApi<R, L>,
  ): ((
    scope: AssetScope,
  ) => (
    query?: AssetTimeSeriesQuery,
    options?: CallOptions,
  ) => Listing<TimeSeries<R>, TimeSeriesList<R, L>>) =>
  (scope) =>
  (query, options) =>
    timeSeries.listByAssets(scope, query, options);
