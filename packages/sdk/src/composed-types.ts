import type {
  AssetList as AssetListOf,
  Asset as AssetOf,
  AssetSelection as AssetSelectionOf,
} from '@cdf/assets';
import type {
  Aggregate,
  AnyDatapoints,
  DatapointsList as DatapointsListOf,
  Datapoints as DatapointsOf,
  RawValue,
} from '@cdf/datapoints';
import type { Chart as ChartOf } from '@cdf/plot';
import type {
  TimeSeriesList as TimeSeriesListOf,
  TimeSeries as TimeSeriesOf,
} from '@cdf/timeseries';
import type { ChartOutputs } from './chart-outputs.js';
import type {
  AssetRelations,
  DatapointsRelations,
  SeriesListRelations,
  SeriesRelations,
} from './relations.js';

/** An asset with everything that this client's assets can do. */
export type Asset = AssetOf<AssetRelations>;

/** A list of assets with everything that this client's lists can do. */
export type AssetList = AssetListOf<AssetRelations>;

/** Assets by reference, with everything that this client's selections can do. */
export type AssetSelection = AssetSelectionOf<AssetRelations>;

/** A time series with everything that this client's series can do. */
export type TimeSeries = TimeSeriesOf<SeriesRelations>;

/** A list of time series with everything that this client's lists can do. */
export type TimeSeriesList = TimeSeriesListOf<SeriesRelations, SeriesListRelations>;

/** Data points of one series: raw, with values `V`, or with a column per aggregate `A`. */
export type Datapoints<A extends Aggregate = never, V extends RawValue = RawValue> = DatapointsOf<
  A,
  DatapointsRelations,
  V
>;

/** Data points of several series. */
export type DatapointsList<D extends AnyDatapoints = Datapoints> = DatapointsListOf<
  D,
  DatapointsRelations
>;

/** A chart that can be saved, shown and mounted. */
export type Chart = ChartOf<ChartOutputs>;
