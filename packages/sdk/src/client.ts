import { AssetsApi } from '@cdf/assets';
import { type ClientConfig, globalConfig, type Transport } from '@cdf/core';
import { DatapointsApi, seriesCount, seriesDatapoints, seriesFirst, seriesLatest } from '@cdf/datapoints';
import { assetEvents, assetFiles } from '@cdf/events-files';
import { plotDatapoints, plotTimeSeries } from '@cdf/plot';
import { CdfClient as LeanCdfClient } from '@cdf/sdk-core';
import { assetTimeSeries, TimeSeriesApi } from '@cdf/timeseries';
import { chartOutputs } from '#outputs';
import type { ChartOutputs } from './chart-outputs.js';
import type { AssetRelations, DatapointsRelations, SeriesListRelations, SeriesRelations } from './relations.js';

/**
 * CDF in one object, with charts: what `@cdf/sdk-core` has, and `.plot()` on time series, lists of them and data points.
 *
 * @example
 * const client = new CdfClient({ clientName: 'my-app', project: 'my-project', cluster: 'westeurope-1', credentials });
 * const series = await client.timeSeries.retrieve({ externalId: 'pressure' });
 * await (await series!.plot()).save('pressure.svg');
 */
export class CdfClient extends LeanCdfClient {
  override readonly datapoints: DatapointsApi<DatapointsRelations>;
  override readonly timeSeries: TimeSeriesApi<SeriesRelations, SeriesListRelations>;
  override readonly assets: AssetsApi<AssetRelations>;

  /**
   * A client for one project. Creating it sends nothing; keep one for the life of your program, and `close()` it at the end.
   *
   * @param config a configuration, or a transport that exists already; without one `globalConfig.defaultClientConfig`
   * @throws {ConfigError} that names what is missing
   */
  constructor(config: ClientConfig | Transport | undefined = globalConfig.defaultClientConfig) {
    super(config);
    const { transport } = this;
    const datapoints = new DatapointsApi<DatapointsRelations>(transport, { plot: plotDatapoints(chartOutputs) });
    const plot = plotTimeSeries<ChartOutputs>(datapoints, chartOutputs);
    this.datapoints = datapoints;
    this.timeSeries = new TimeSeriesApi<SeriesRelations, SeriesListRelations>(
      transport,
      {
        datapoints: seriesDatapoints(datapoints),
        latest: seriesLatest(datapoints),
        first: seriesFirst(datapoints),
        count: seriesCount(datapoints),
        plot,
      },
      { plot },
    );
    this.assets = new AssetsApi<AssetRelations>(transport, {
      events: assetEvents(this.events),
      files: assetFiles(this.files),
      timeSeries: assetTimeSeries(this.timeSeries),
    });
  }

  /** Like the constructor, from environment variables: see `configFromEnv`. */
  static override fromEnv(prefix: string = 'CDF'): CdfClient {
    // biome-ignore lint/complexity/noThisInStatic: it makes one of this class.
    return super.fromEnv(prefix) as CdfClient;
  }
}
