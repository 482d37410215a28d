import { AssetsApi } from '@cdf/assets';
import {
  type CallOptions,
  type ClientConfig,
  configFromEnv,
  createTransport,
  globalConfig,
  LoginApi,
  type RequestSpec,
  TokenApi,
  type Transport,
} from '@cdf/core';
import { DatapointsApi, seriesCount, seriesDatapoints, seriesFirst, seriesLatest } from '@cdf/datapoints';
import { assetEvents, assetFiles, EventsApi, FilesApi } from '@cdf/events-files';
import { assetTimeSeries, TimeSeriesApi } from '@cdf/timeseries';
import type { AssetRelations, SeriesRelations } from './relations.js';

/** Anything besides the path that a raw call may say. */
export type RawRequest = Partial<Omit<RequestSpec, 'method' | 'path'>>;

/**
 * CDF in one object: a transport, the resources on it, and what relates them. It adds no endpoint of its own: whoever builds the
 * parts by hand loses nothing.
 *
 * @example
 * const client = new CdfClient({ clientName: 'my-app', project: 'my-project', cluster: 'westeurope-1', credentials });
 * for await (const asset of client.assets.list({ filter: { root: true } })) console.log(asset.name);
 */
export class CdfClient implements AsyncDisposable {
  readonly transport: Transport;
  readonly assets: AssetsApi<AssetRelations>;
  readonly timeSeries: TimeSeriesApi<SeriesRelations>;
  readonly datapoints: DatapointsApi;
  readonly events: EventsApi;
  readonly files: FilesApi;
  readonly login: LoginApi;
  readonly token: TokenApi;

  /**
   * @param config a configuration, or a transport that exists already; without one `globalConfig.defaultClientConfig`
   * @throws {ConfigError} that names what is missing
   */
  constructor(config: ClientConfig | Transport | undefined = globalConfig.defaultClientConfig) {
    const transport = config !== undefined && 'request' in config ? config : createTransport(config);
    this.transport = transport;
    this.login = new LoginApi(transport);
    this.token = new TokenApi(transport);
    this.events = new EventsApi(transport);
    this.files = new FilesApi(transport);
    this.datapoints = new DatapointsApi(transport);
    this.timeSeries = new TimeSeriesApi<SeriesRelations>(transport, seriesRelations(this.datapoints));
    this.assets = new AssetsApi<AssetRelations>(transport, {
      events: assetEvents(this.events),
      files: assetFiles(this.files),
      timeSeries: assetTimeSeries(this.timeSeries),
    });
  }

  /**
   * A client set up by environment variables: `CDF_PROJECT`, `CDF_CLUSTER` or `CDF_URL`, and `CDF_TOKEN` or `CDF_CLIENT_ID` with
   * `CDF_CLIENT_SECRET` and `CDF_TOKEN_URL`.
   *
   * @param prefix other first part of the names
   * @throws {ConfigError} that names the variables which are missing
   */
  static fromEnv(prefix: string = 'CDF'): CdfClient {
    // biome-ignore lint/complexity/noThisInStatic: the full client inherits this and makes its own kind.
    return new this(configFromEnv(undefined, prefix));
  }

  /** A raw call. The path is relative to the project, or starts with `/api/`. The token never leaves the configured host. */
  get<T>(path: string, request: RawRequest = {}, options?: CallOptions): Promise<T> {
    return this.transport.request<T>({ idempotent: true, ...request, method: 'GET', path }, options);
  }

  /** A raw call. Not repeated after a lost answer unless `idempotent` is set. */
  post<T>(path: string, body?: unknown, request: RawRequest = {}, options?: CallOptions): Promise<T> {
    return this.transport.request<T>({ idempotent: false, ...request, method: 'POST', path, body }, options);
  }

  /** A raw call. */
  put<T>(path: string, body?: unknown, request: RawRequest = {}, options?: CallOptions): Promise<T> {
    return this.transport.request<T>({ idempotent: true, ...request, method: 'PUT', path, body }, options);
  }

  /** A raw call. */
  delete<T>(path: string, request: RawRequest = {}, options?: CallOptions): Promise<T> {
    return this.transport.request<T>({ idempotent: false, ...request, method: 'DELETE', path }, options);
  }

  /** Ends what is in flight, and every later call. */
  close(): Promise<void> {
    return this.transport.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
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
