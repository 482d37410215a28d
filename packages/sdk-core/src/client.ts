/// <reference lib="esnext.disposable" preserve="true" />

import { AssetsApi } from '@cdf/assets';
import {
  type ClientConfig,
  compression,
  createTransport,
  globalConfig,
  LoginApi,
  TokenApi,
  type Transport,
  tracing,
} from '@cdf/core';
import { bindMethods } from '@cdf/core/resource';
import { DataModelingApi } from '@cdf/data-modeling';
import {
  DatapointsApi,
  seriesCount,
  seriesDatapoints,
  seriesFirst,
  seriesLatest,
  seriesListDatapoints,
  seriesListLatest,
} from '@cdf/datapoints';
import { assetEvents, assetFiles, EventsApi, FilesApi } from '@cdf/events-files';
import { assetTimeSeries, TimeSeriesApi } from '@cdf/timeseries';
import { environmentConfig } from '#environment';
import type { AssetRelations, SeriesListRelations, SeriesRelations } from './relations.js';

/**
 * CDF in one object: a transport, the resources on it, and their relations. It adds no endpoint of
 * its own: a program that composes the parts itself loses nothing.
 *
 * @example
 * const connection = { clientName: 'my-app', project: 'my-project', cluster: 'westeurope-1' };
 * const client = new CdfClient({ ...connection, credentials });
 * const roots = client.assets.list({ filter: { root: true } });
 * for await (const asset of roots) console.log(asset.name);
 */
export class CdfClient implements AsyncDisposable {
  readonly transport: Transport;
  readonly assets: AssetsApi<AssetRelations>;
  readonly timeSeries: TimeSeriesApi<SeriesRelations, SeriesListRelations>;
  readonly datapoints: DatapointsApi;
  readonly events: EventsApi;
  readonly files: FilesApi;
  /**
   * Spaces, containers, views, data models and instances, as the API has them.
   * `nodes(client, view)` reads and writes the data that views describe.
   */
  readonly dataModeling: DataModelingApi;
  readonly login: LoginApi;
  readonly token: TokenApi;

  /**
   * A client for one project. Creating it sends nothing; keep one for the life of your program, and
   * `close()` it at the end.
   *
   * @param config a configuration, or a transport that exists already; without one
   * `globalConfig.defaultClientConfig`
   * @throws {ConfigError} that names the missing settings
   */
  constructor(config: ClientConfig | Transport | undefined = globalConfig.defaultClientConfig) {
    const transport =
      config !== undefined && 'request' in config ? config : createTransport(intercepted(config));
    this.transport = transport;
    this.login = new LoginApi(transport);
    this.token = new TokenApi(transport);
    this.events = new EventsApi(transport);
    this.files = new FilesApi(transport);
    this.dataModeling = new DataModelingApi(transport);
    const { datapoints, timeSeries } = this.composeSeries(transport);
    this.datapoints = datapoints;
    this.timeSeries = timeSeries;
    this.assets = new AssetsApi<AssetRelations>(transport, {
      events: assetEvents(this.events),
      files: assetFiles(this.files),
      timeSeries: assetTimeSeries(timeSeries),
    });
    bindMethods(this);
  }

  /**
   * Data points, and the time series that read them. A client whose series can do more overrides
   * it; the constructor calls it once.
   */
  protected composeSeries(transport: Transport): Pick<CdfClient, 'datapoints' | 'timeSeries'> {
    const datapoints = new DatapointsApi(transport);
    return {
      datapoints,
      timeSeries: new TimeSeriesApi<SeriesRelations, SeriesListRelations>(
        transport,
        seriesRelations(datapoints),
        {
          datapoints: seriesListDatapoints(datapoints),
          latest: seriesListLatest(datapoints),
        },
      ),
    };
  }

  /**
   * A client set up by environment variables: `CDF_PROJECT`, `CDF_CLUSTER` or `CDF_URL`, and
   * `CDF_TOKEN` or `CDF_CLIENT_ID` with `CDF_CLIENT_SECRET` and `CDF_TOKEN_URL`.
   *
   * @param prefix other first part of the names
   * @throws {ConfigError} that names the missing variables; always in browsers and workers, which
   *   have no variables
   */
  static fromEnv(prefix: string = 'CDF'): CdfClient {
    // Not CdfClient: a client with more in it inherits this.
    return new this(environmentConfig(prefix));
  }

  /** Ends calls in flight, and every later call. */
  close(): Promise<void> {
    return this.transport.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A client compresses and traces, unless its config lists other interceptors. */
function intercepted(config: ClientConfig | undefined): ClientConfig | undefined {
  return config && { ...config, interceptors: config.interceptors ?? [compression(), tracing()] };
}

/** The methods of a series that need data points, over the API that reads them. */
function seriesRelations(datapoints: DatapointsApi): SeriesRelations {
  return {
    datapoints: seriesDatapoints(datapoints),
    latest: seriesLatest(datapoints),
    first: seriesFirst(datapoints),
    count: seriesCount(datapoints),
  };
}
