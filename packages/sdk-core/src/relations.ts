import type { AssetScope, CallOptions, Listing, None } from '@cdf/core';
import type {
  seriesCount,
  seriesDatapoints,
  seriesFirst,
  seriesLatest,
  seriesListDatapoints,
  seriesListLatest,
} from '@cdf/datapoints';
import type { assetEvents, assetFiles } from '@cdf/events-files';
import type { AssetTimeSeriesQuery, TimeSeries, TimeSeriesList } from '@cdf/timeseries';

/** Methods of a time series of the lean client. */
export interface SeriesRelations {
  /** Data points of this series. The result has one column per requested aggregate. */
  readonly datapoints: ReturnType<typeof seriesDatapoints<None>>;
  /** The newest data point, or `undefined` if the series is empty. */
  readonly latest: ReturnType<typeof seriesLatest>;
  /** The oldest data point, or `undefined` if the series is empty. */
  readonly first: ReturnType<typeof seriesFirst>;
  /** How many data points the series has. */
  readonly count: ReturnType<typeof seriesCount>;
}

/** Methods of a list of time series of the lean client. */
export interface SeriesListRelations {
  /** Data points of every series of the list, in its order. */
  readonly datapoints: ReturnType<typeof seriesListDatapoints<None>>;
  /** The newest data point of every series of the list, in its order. */
  readonly latest: ReturnType<typeof seriesListLatest<None>>;
}

/**
 * Methods of an asset, a list of assets and a selection of them. `S` and `L` are the methods of the
 * time series and lists of them that `timeSeries()` gives.
 */
export interface AssetRelations<S = SeriesRelations, L = SeriesListRelations> {
  /** Events that refer to these assets: all of them, unless a limit is given. */
  readonly events: ReturnType<typeof assetEvents>;
  /** Files that refer to these assets: all of them, unless a limit is given. */
  readonly files: ReturnType<typeof assetFiles>;
  /** Time series of these assets: all of them, unless a limit is given. */
  readonly timeSeries: (
    scope: AssetScope,
  ) => (
    query?: AssetTimeSeriesQuery,
    options?: CallOptions,
  ) => Listing<TimeSeries<S>, TimeSeriesList<S, L>>;
}
