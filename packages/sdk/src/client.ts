import type { AssetsApi } from '@cdf/assets';
import type { Transport } from '@cdf/core';
import {
  DatapointsApi,
  seriesCount,
  seriesDatapoints,
  seriesFirst,
  seriesLatest,
  seriesListDatapoints,
  seriesListLatest,
} from '@cdf/datapoints';
import { plotDatapoints, plotTimeSeries } from '@cdf/plot';
import { CdfClient as LeanCdfClient } from '@cdf/sdk-core';
import { TimeSeriesApi } from '@cdf/timeseries';
import { chartOutputs } from '#outputs';
import type { ChartOutputs } from './chart-outputs.js';
import type {
  AssetRelations,
  DatapointsRelations,
  SeriesListRelations,
  SeriesRelations,
} from './relations.js';

/**
 * CDF in one object, with charts: the client of `@cdf/sdk-core`, and `.plot()` on time series,
 * lists of them and data points.
 *
 * @example
 * const connection = { clientName: 'my-app', project: 'my-project', cluster: 'westeurope-1' };
 * const client = new CdfClient({ ...connection, credentials });
 * const series = await client.timeSeries.retrieve({ externalId: 'pressure' });
 * await (await series!.plot()).save('pressure.svg');
 */
export class CdfClient extends LeanCdfClient {
  // The constructor of the lean client fills these, with the result of `composeSeries`.
  declare readonly datapoints: DatapointsApi<DatapointsRelations>;
  declare readonly timeSeries: TimeSeriesApi<SeriesRelations, SeriesListRelations>;
  declare readonly assets: AssetsApi<AssetRelations>;

  /** Like the constructor, from environment variables: see `configFromEnv`. */
  static override fromEnv(prefix: string = 'CDF'): CdfClient {
    // biome-ignore lint/complexity/noThisInStatic: it makes one of this class.
    return super.fromEnv(prefix) as CdfClient;
  }

  /** Data points, series and lists of series, all with `plot`. The constructor calls it once. */
  protected override composeSeries(
    transport: Transport,
  ): Pick<CdfClient, 'datapoints' | 'timeSeries'> {
    const datapoints = new DatapointsApi<DatapointsRelations>(transport, {
      plot: plotDatapoints(chartOutputs),
    });
    const plot = plotTimeSeries<ChartOutputs>(datapoints, chartOutputs);
    const timeSeries = new TimeSeriesApi<SeriesRelations, SeriesListRelations>(
      transport,
      {
        datapoints: seriesDatapoints(datapoints),
        latest: seriesLatest(datapoints),
        first: seriesFirst(datapoints),
        count: seriesCount(datapoints),
        plot,
      },
      {
        plot,
        datapoints: seriesListDatapoints(datapoints),
        latest: seriesListLatest(datapoints),
      },
    );
    return { datapoints, timeSeries };
  }
}
