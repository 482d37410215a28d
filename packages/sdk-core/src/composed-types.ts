import type {
  AssetList as AssetListOf,
  Asset as AssetOf,
  AssetSelection as AssetSelectionOf,
} from '@cdf/assets';
import type {
  TimeSeriesList as TimeSeriesListOf,
  TimeSeries as TimeSeriesOf,
} from '@cdf/timeseries';
import type { AssetRelations, SeriesListRelations, SeriesRelations } from './relations.js';

/** An asset with everything that this client's assets can do. */
export type Asset = AssetOf<AssetRelations>;

/** A list of assets with everything that this client's lists can do. */
export type AssetList = AssetListOf<AssetRelations>;

/** Assets by reference, with everything that this client's selections can do. */
export type AssetSelection = AssetSelectionOf<AssetRelations>;

/** A time series with everything that this client's series can do. */
export type TimeSeries = TimeSeriesOf<SeriesRelations>;

/** A list of time series of this client. */
export type TimeSeriesList = TimeSeriesListOf<SeriesRelations, SeriesListRelations>;
