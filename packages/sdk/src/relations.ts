import type { seriesDatapoints, seriesListDatapoints, seriesListLatest } from '@cdf/datapoints';
import type { plotDatapoints, plotTimeSeries } from '@cdf/plot';
import type {
  AssetRelations as LeanAssetRelations,
  SeriesRelations as LeanSeriesRelations,
} from '@cdf/sdk-core';
import type { ChartOutputs } from './chart-outputs.js';

/** Methods of data points and lists of them. */
export interface DatapointsRelations {
  /** A chart of these data points. Sends nothing. */
  readonly plot: ReturnType<typeof plotDatapoints<ChartOutputs>>;
}

/** Methods of a list of time series. */
export interface SeriesListRelations {
  /** A chart; by default of the raw data points of the last 24 hours. */
  readonly plot: ReturnType<typeof plotTimeSeries<ChartOutputs>>;
  /** Data points of every series of the list, in its order. */
  readonly datapoints: ReturnType<typeof seriesListDatapoints<DatapointsRelations>>;
  /** The newest data point of every series of the list, in its order. */
  readonly latest: ReturnType<typeof seriesListLatest<DatapointsRelations>>;
}

/** Methods of a time series. */
export interface SeriesRelations
  extends Omit<LeanSeriesRelations, 'datapoints'>,
    Pick<SeriesListRelations, 'plot'> {
  /** Data points of this series. The result has one column per requested aggregate. */
  readonly datapoints: ReturnType<typeof seriesDatapoints<DatapointsRelations>>;
}

/** Methods of an asset, a list of assets and a selection of them. */
export interface AssetRelations extends LeanAssetRelations<SeriesRelations, SeriesListRelations> {}
