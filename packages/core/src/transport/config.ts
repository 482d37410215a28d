import type { CredentialProvider } from '../auth/shared/credentials.js';
import { ConfigError } from '../errors.js';
import { numberProblems } from './check-call.js';
import type { Interceptor } from './interceptor.js';
import type { RetrySettings } from './retry.js';
import { isLoopback } from './url.js';

/**
 * Where a debug trace goes. The global `console` gets the message, which is one line with all of
 * the fields that people read; any other logger gets the fields too. No header, body, query or
 * token is ever passed to it.
 */
export interface Logger {
  debug?(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Where CDF is: exactly one of the two. */
export type ClusterAddress =
  | { readonly baseUrl: string; readonly cluster?: undefined }
  | {
      /** `'westeurope-1'` means `https://westeurope-1.cognitedata.com`. */
      readonly cluster: string;
      readonly baseUrl?: undefined;
    };

/** How a client is set up. Exactly one of `baseUrl` and `cluster` says where CDF is. */
export type ClientConfig = ClusterAddress & {
  /** Names your program to the server (`x-cdp-app`). Any Unicode text. */
  readonly clientName: string;
  readonly project: string;
  readonly credentials: CredentialProvider;
  /**
   * Added to every request to the API, never to a storage URL. Credentials cannot be set this way.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Sends every request: API, sign-in and storage. `nodeFetch` of `@cdf/core/node` makes one for
   * proxies and private CAs.
   * @default globalThis.fetch, or in Node its own HTTP: see `nodeHttp`
   */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /**
   * In Node, requests to the API and to storage go over `node:http` and `node:https`, which takes
   * less time than `fetch`. They go over `fetch` where `fetch` is set, `globalThis.fetch` has been
   * replaced, a tool traces its requests, or Node has a proxy or a global dispatcher; and with
   * `false`. Sign-ins, and every request outside Node, go over `fetch`.
   * @default true
   */
  readonly nodeHttp?: boolean | undefined;
  /**
   * Wrap each attempt, the first outermost: `compression()`, `tracing()`, `hooks({ … })`, or your
   * own.
   * @default [] for `createTransport`, `[compression(), tracing()]` for `CdfClient`
   */
  readonly interceptors?: readonly Interceptor[] | undefined;
  /** Gets a line for each retry, and with `tracing()` for each attempt. */
  readonly logger?: Logger | undefined;
  /**
   * Longest time of one attempt, from its first byte sent to its last byte read.
   * @unit milliseconds
   * @default 60 000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Longest time of a request to the API with everything: queueing, signing in, retries, sleeps.
   * @unit milliseconds
   * @default none: `retry` bounds it
   */
  readonly deadlineMs?: number | undefined;
  /**
   * Longest time of one attempt at a storage URL.
   * @unit milliseconds
   * @default 600 000
   */
  readonly fileTransferTimeoutMs?: number | undefined;
  /**
   * Most bytes of an answer of the API, after inflation, counted while they arrive. Streams and
   * transfers are not bounded by it.
   * @default 268 435 456 (256 MiB)
   */
  readonly maxResponseBytes?: number | undefined;
  readonly retry?: Partial<RetrySettings> | undefined;
  /**
   * Most requests at the same time, for each lane: `read`, `write`, or one that a resource has for
   * itself. They halve when the server is overloaded, and grow back. Those of data modeling are
   * `query`, `apply`, `delete` and `schema`. Lanes that are not set follow the project.
   * @default { read: 10, write: 5 }
   */
  readonly concurrency?: ConcurrencySettings | undefined;
  /**
   * The API's sub-version (`cdf-version`).
   * @default '20230101'
   */
  readonly apiVersion?: string | undefined;
  /**
   * Allows `http:` to other machines than this one. Tokens then travel in the clear.
   * @default false
   */
  readonly allowInsecureHttp?: boolean | undefined;
};

/** Most requests at the same time, by lane. */
export interface ConcurrencySettings {
  readonly read?: number | undefined;
  readonly write?: number | undefined;
  readonly [lane: string]: number | undefined;
}

/** Shared defaults, for clients without a config of their own. */
export interface GlobalConfig {
  defaultClientConfig?: ClientConfig | undefined;
}

/** The only shared state of the SDK, and only if you set it. */
export const globalConfig: GlobalConfig = {};

/** A checked config with every default filled in. */
export interface ResolvedConfig {
  readonly clientName: string;
  readonly project: string;
  readonly credentials: CredentialProvider;
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof globalThis.fetch;
  readonly nodeHttp: boolean;
  readonly interceptors: readonly Interceptor[];
  readonly logger: Logger | undefined;
  readonly timeoutMs: number;
  readonly deadlineMs: number | undefined;
  readonly fileTransferTimeoutMs: number;
  readonly maxResponseBytes: number;
  readonly retry: RetrySettings;
  readonly concurrency: ConcurrencySettings & { readonly read: number; readonly write: number };
  readonly apiVersion: string;
  readonly allowInsecureHttp: boolean;
}

const LANES = { read: 10, write: 5 };

/**
 * Checks a config and fills in the defaults.
 *
 * @throws {ConfigError} naming every setting that is missing or cannot work, and the remedy.
 */
export function resolveConfig(
  config: ClientConfig | undefined = globalConfig.defaultClientConfig,
): ResolvedConfig {
  if (config === undefined || config === null)
    throw new ConfigError('no client config: pass { clientName, project, credentials, cluster }');
  const { clientName, project, credentials, headers = {}, interceptors = [], logger } = config;
  const {
    timeoutMs = 60_000,
    deadlineMs,
    fileTransferTimeoutMs = 600_000,
    maxResponseBytes = 2 ** 28,
  } = config;
  const problems: string[] = [];
  for (const [key, value] of Object.entries({ clientName, project }))
    if (typeof value !== 'string' || value.trim() === '')
      problems.push(`${key} must be a non-empty string`);
  // The project becomes a segment of the path. Servers and proxies may decode it once too often.
  if (/^\.+$|[^\w.-]/.test(project)) problems.push("project must be a name such as 'my-project'");
  if (typeof credentials?.getToken !== 'function')
    problems.push('credentials must be a provider such as new Token(…)');
  const address = config.baseUrl ?? `https://${config.cluster}.cognitedata.com`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const wrong = addressProblem(config, url);
  if (wrong !== undefined) problems.push(wrong);
  if (!Array.isArray(interceptors) || interceptors.some((each) => typeof each !== 'function'))
    problems.push('interceptors must be an array of functions');
  const concurrency = {
    ...LANES,
    ...Object.fromEntries(
      Object.entries(config.concurrency ?? {}).filter(([, most]) => most !== undefined),
    ),
  };
  const {
    limit = 10,
    connectLimit = 3,
    backoffLimitMs = 60_000,
    statusCodes = [429, 502, 503, 504],
  } = config.retry ?? {};
  problems.push(
    ...numberProblems({ timeoutMs, deadlineMs, fileTransferTimeoutMs, maxResponseBytes }, 1),
    ...numberProblems(concurrency, 1, 'concurrency.'),
    ...numberProblems({ limit, connectLimit, backoffLimitMs }, 0, 'retry.'),
  );
  const given = config.fetch;
  if (typeof (given ?? globalThis.fetch) !== 'function')
    problems.push('this runtime has no fetch; pass fetch');
  if (problems.length > 0) throw new ConfigError(`client config: ${problems.join('; ')}`);
  return {
    clientName,
    project,
    credentials,
    baseUrl: `${url?.origin}${url?.pathname}`.replace(/\/+$/, ''),
    headers,
    // The browser's own fetch refuses to run as a method of anything but the window. A stub may
    // come later than the client.
    fetch: (input, init) => {
      const fetch = given ?? globalThis.fetch;
      return fetch(input, init);
    },
    nodeHttp: given === undefined && config.nodeHttp !== false,
    interceptors,
    logger,
    timeoutMs,
    deadlineMs,
    fileTransferTimeoutMs,
    maxResponseBytes,
    retry: { limit, connectLimit, backoffLimitMs, statusCodes },
    concurrency,
    apiVersion: config.apiVersion ?? '20230101',
    allowInsecureHttp: config.allowInsecureHttp ?? false,
  };
}

function addressProblem(
  { baseUrl, cluster, allowInsecureHttp }: ClientConfig,
  url?: URL,
): string | undefined {
  if ((baseUrl === undefined) === (cluster === undefined))
    return "set either baseUrl or cluster, such as 'westeurope-1'";
  if (cluster !== undefined && !/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(cluster))
    return "cluster must be a name such as 'westeurope-1'; for a URL set baseUrl";
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return "baseUrl must be a URL such as 'https://westeurope-1.cognitedata.com'";
  if (url.username + url.password + url.search + url.hash !== '')
    return 'baseUrl must not have a user, password, query or fragment';
  if (url.protocol === 'http:' && !isLoopback(url) && allowInsecureHttp !== true)
    return `baseUrl would send tokens unencrypted; use https, or allowInsecureHttp for ${url.host}`;
  return undefined;
}
