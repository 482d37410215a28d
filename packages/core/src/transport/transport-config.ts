import type { CredentialProvider } from '../auth/shared/credentials.js';
import { ConfigError } from '../errors.js';
import type { RetrySettings } from './retry.js';
import type { CallOptions } from './transport.js';
import { isLoopback } from './url.js';

/** What every transport needs, wherever its cluster is. */
export interface TransportSettings {
  /** Names your program to the server (`x-cdp-app`). Any Unicode text. */
  readonly clientName: string;
  readonly project: string;
  readonly credentials: CredentialProvider;
  /** Added to every request to the API, never to a storage URL. Credentials cannot be set this way. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Sends every request: API, sign-in and storage. `nodeFetch` of `@cdf/core/node` makes one for proxies and private CAs.
   * @default globalThis.fetch
   */
  readonly fetch?: typeof globalThis.fetch | undefined;
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
  readonly retry?: Partial<RetrySettings> | undefined;
  /**
   * Most requests at the same time. They halve when the server is overloaded, and grow back.
   * @default { read: 10, write: 5 }
   */
  readonly concurrency?: { readonly read?: number | undefined; readonly write?: number | undefined } | undefined;
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
}

/** Where CDF is: exactly one of the two. */
export type ClusterAddress =
  | { readonly baseUrl: string; readonly cluster?: undefined }
  | {
      /** `'westeurope-1'` means `https://westeurope-1.cognitedata.com`. */
      readonly cluster: string;
      readonly baseUrl?: undefined;
    };

/** How a transport is set up. Exactly one of `baseUrl` and `cluster` says where CDF is. What its parts do is set at them. */
export type TransportConfig = TransportSettings &
  ClusterAddress & {
    readonly compression?: undefined;
    readonly fileTransferTimeoutMs?: undefined;
    readonly hooks?: undefined;
    readonly logger?: undefined;
  };

/** A checked config with every default filled in. */
export interface ResolvedTransportConfig {
  readonly clientName: string;
  readonly project: string;
  readonly credentials: CredentialProvider;
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
  readonly deadlineMs: number | undefined;
  readonly retry: RetrySettings;
  readonly concurrency: { readonly read: number; readonly write: number };
  readonly apiVersion: string;
  readonly allowInsecureHttp: boolean;
}

/**
 * Checks a config and fills in the defaults.
 *
 * @param problems what is known to be wrong with it already
 * @throws {ConfigError} naming every setting that is missing or cannot work, and what to set.
 */
export function resolveTransportConfig(
  config: TransportSettings & ClusterAddress,
  problems: string[] = [],
): ResolvedTransportConfig {
  const { clientName, project, credentials, headers = {}, timeoutMs = 60_000, deadlineMs } = config;
  for (const [key, value] of Object.entries({ clientName, project }))
    if (typeof value !== 'string' || value.trim() === '')
      problems.push(`${key} is ${value === undefined ? 'missing' : 'not a text with something in it'}`);
  if (typeof credentials?.getToken !== 'function')
    problems.push('credentials is missing: pass new Token(…) or another provider');
  const address = config.baseUrl ?? `https://${config.cluster}.cognitedata.com`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const wrong = addressProblem(config, url);
  if (wrong !== undefined) problems.push(wrong);
  const { read = 10, write = 5 } = config.concurrency ?? {};
  const {
    limit = 10,
    connectLimit = 3,
    backoffLimitMs = 60_000,
    statusCodes = [429, 502, 503, 504],
  } = config.retry ?? {};
  checkNumbers({ timeoutMs, deadlineMs }, 1, problems);
  checkNumbers({ read, write }, 1, problems, 'concurrency.');
  checkNumbers({ limit, connectLimit, backoffLimitMs }, 0, problems, 'retry.');
  const fetch = config.fetch ?? globalThis.fetch;
  if (typeof fetch !== 'function') problems.push('fetch is missing: this runtime has none, so pass one');
  if (problems.length > 0) throw new ConfigError(`client config: ${problems.join('; ')}`);
  return {
    clientName,
    project,
    credentials,
    baseUrl: `${url?.origin}${url?.pathname}`.replace(/\/+$/, ''),
    headers,
    // The browser's own fetch refuses to run as a method of anything but the window.
    fetch: (input, init) => fetch(input, init),
    timeoutMs,
    deadlineMs,
    retry: { limit, connectLimit, backoffLimitMs, statusCodes },
    concurrency: { read, write },
    apiVersion: config.apiVersion ?? '20230101',
    allowInsecureHttp: config.allowInsecureHttp ?? false,
  };
}

function addressProblem(
  { baseUrl, cluster, allowInsecureHttp }: TransportSettings & ClusterAddress,
  url?: URL,
): string | undefined {
  if (baseUrl === undefined && cluster === undefined)
    return "baseUrl or cluster is missing: set one of them, such as cluster: 'westeurope-1'";
  if (baseUrl !== undefined && cluster !== undefined) return 'baseUrl and cluster are both set: keep one';
  if (cluster !== undefined && !/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(cluster))
    return "cluster must be a name such as 'westeurope-1'; for a whole address set baseUrl";
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return "baseUrl must be an address such as 'https://westeurope-1.cognitedata.com'";
  if (url.username + url.password + url.search + url.hash !== '')
    return 'baseUrl must not contain a user, a password, a query or a fragment';
  if (url.protocol === 'http:' && !isLoopback(url) && allowInsecureHttp !== true)
    return `baseUrl sends tokens in the clear: use https, or set allowInsecureHttp for ${url.host}`;
  return undefined;
}

/** Timers cannot wait longer. */
const LONGEST = 2 ** 31 - 1;

/**
 * @throws {ConfigError} for an option that there is not, which would do nothing; and when a call could not be timed so: a timer of 0, or of more
 * than 24 days, ends at once.
 */
export function checkCall({ timeoutMs, signal: _, onProgress: __, ...others }: CallOptions): void {
  const problems = Object.keys(others).map((name) => `a call has no ${name}, but signal, timeoutMs, onProgress`);
  checkNumbers({ timeoutMs }, 1, problems);
  if (problems.length > 0) throw new ConfigError(problems.join());
}

/** Notes every number that no timer or counter can be. @param prefix of their names */
export function checkNumbers(values: object, least: number, problems: string[], prefix = ''): void {
  for (const [key, value] of Object.entries(values) as [string, unknown][])
    if (value !== undefined && !(Number.isInteger(value) && (value as number) >= least && (value as number) <= LONGEST))
      problems.push(`${prefix}${key} must be a whole number of at least ${least}, got ${String(value)}`);
}
