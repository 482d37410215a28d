import type { Fault, LatencyRange } from './control/fault.js';

/** Options of an emulator. All have defaults. */
export interface EmulatorOptions {
  /** The project's name in the URL. @default 'emulator' */
  readonly project?: string | undefined;
  /**
   * Folder for the database and the files. One that is not there is created for its owner only; one
   * that is keeps its mode. In memory when absent.
   */
  readonly dataFolder?: string | undefined;
  /** The data at the start, if the emulator is empty. @default 'none' */
  readonly seed?: SeedName | Seed | undefined;
  /** The time source. @default Date.now @unit milliseconds since 1970 */
  readonly now?: (() => number) | undefined;
  /** The client that may fetch tokens. @default 'emulator-client' */
  readonly clientId?: string | undefined;
  /** @default 'emulator-secret' */
  readonly clientSecret?: string | undefined;
  /** API keys that are accepted in the `api-key` header. @default ['emulator-key'] */
  readonly apiKeys?: readonly string[] | undefined;
  /** How long access tokens are valid. @default 3600 */
  readonly tokenLifetimeSeconds?: number | undefined;
  /** Faults that are active from the start. */
  readonly faults?: readonly Fault[] | undefined;
  /**
   * Browser origins that may call the API, such as `http://localhost:5173`, or `*` for all. A slash
   * at the end and upper case make no difference; anything else is refused. @default []
   */
  readonly allowOrigins?: readonly string[] | undefined;
  /** Names besides the loopback ones that the `Host` header may carry, no ports. @default [] */
  readonly allowHosts?: readonly string[] | undefined;
  /**
   * Lets `reset()` and the restoring of snapshots wipe a data folder. In memory they always may.
   *
   * @default false
   */
  readonly allowReset?: boolean | undefined;
  /** The token that control requests over HTTP need. @default a random one */
  readonly controlToken?: string | undefined;
  /**
   * How long each answer waits, in real time; a range is drawn from for each request.
   *
   * @default 0
   * @unit milliseconds
   */
  readonly latencyMs?: number | LatencyRange | undefined;
  /**
   * Bodies of answers come in pieces of this many bytes, each in a write of its own.
   *
   * @default whole
   */
  readonly chunkBytes?: number | undefined;
  /**
   * True if browsers may read `ETag`, `Content-Range` and `Accept-Ranges` of contents; object
   * stores often hide them.
   *
   * @default true
   */
  readonly exposeHeaders?: boolean | undefined;
  /**
   * True if more requests for instances at a time than a project may have are answered with 429,
   * and a request has its place for at least 20 ms. `true` stands for 8 reads, 4 writes and 2
   * deletes; the statistics of the project tell other numbers too. @default false
   */
  readonly limits?: boolean | InstanceLimits | undefined;
  /** How many requests the logs remember. @default 10000 */
  readonly logCapacity?: number | undefined;
}

/** How many requests for instances a project may have at a time. */
export interface InstanceLimits {
  /** @default 8 */
  readonly read?: number | undefined;
  /** @default 4 */
  readonly write?: number | undefined;
  /** @default 2 */
  readonly delete?: number | undefined;
}

/** Where {@link startEmulator} listens, besides {@link EmulatorOptions}. */
export interface ServerOptions extends EmulatorOptions {
  /** 0 takes a free one. @default 0 */
  readonly port?: number | undefined;
  /** Anything but a loopback address lets other machines in. @default '127.0.0.1' */
  readonly host?: string | undefined;
}

/**
 * A ready-made content: nothing, two weeks of a small water works, or of the plant that the guides
 * read from.
 */
export type SeedName = 'none' | 'small' | 'plant';

/**
 * Resources in the shape of the API's create requests, created in this order. Since ids are not
 * known beforehand, `dataSetExternalId`, `assetExternalId` and `assetExternalIds` may stand for
 * `dataSetId`, `assetId` and `assetIds`.
 */
export interface Seed {
  readonly dataSets?: readonly object[] | undefined;
  readonly labels?: readonly object[] | undefined;
  readonly assets?: readonly object[] | undefined;
  readonly timeseries?: readonly object[] | undefined;
  readonly events?: readonly object[] | undefined;
  /** Files with their content. */
  readonly files?:
    | readonly { readonly file: object; readonly content?: string | Uint8Array | undefined }[]
    | undefined;
  /**
   * Schema and instances of data modeling, each in the shape of its create request below `/models`.
   */
  readonly spaces?: readonly object[] | undefined;
  readonly containers?: readonly object[] | undefined;
  readonly views?: readonly object[] | undefined;
  readonly dataModels?: readonly object[] | undefined;
  /**
   * Items of `set-pending-instance-ids`: the time series and files that nodes of this seed take
   * over.
   */
  readonly pendingInstanceIds?:
    | {
        readonly timeseries?: readonly object[] | undefined;
        readonly files?: readonly object[] | undefined;
      }
    | undefined;
  readonly instances?: readonly object[] | undefined;
  /** Items of the insert request: `{ externalId, datapoints: [{ timestamp, value }] }`. */
  readonly datapoints?: readonly object[] | undefined;
}
