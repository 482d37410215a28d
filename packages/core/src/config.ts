import type { CredentialProvider } from './auth/credentials.js';
import { ConfigError } from './errors.js';
import type { RequestHooks } from './http/hooks.js';
import type { RetrySettings } from './http/retry-policy.js';
import { isLoopback } from './http/url.js';
import type { CallOptions } from './transport.js';

/** Where a debug trace goes. `console` fits. No header, body, query or token is ever passed to it. */
export interface Logger {
  debug?(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** What every client needs, wherever its cluster is. */
export interface ClientSettings {
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
  /**
   * Longest time of one attempt at a storage URL.
   * @unit milliseconds
   * @default 600 000
   */
  readonly fileTransferTimeoutMs?: number | undefined;
  readonly retry?: Partial<RetrySettings> | undefined;
  /**
   * Most requests at the same time. They halve when the server is overloaded, and grow back.
   * @default { read: 10, write: 5 }
   */
  readonly concurrency?: { readonly read?: number | undefined; readonly write?: number | undefined } | undefined;
  readonly hooks?: RequestHooks | undefined;
  readonly logger?: Logger | undefined;
  /**
   * Whether request bodies are gzipped: `auto` compresses those that are worth it, and none to this machine.
   * @default 'auto'
   */
  readonly compression?: 'auto' | 'always' | 'never' | undefined;
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

/** How a client is set up. Exactly one of `baseUrl` and `cluster` says where CDF is. */
export type ClientConfig = ClientSettings &
  (
    | { readonly baseUrl: string; readonly cluster?: undefined }
    | {
        /** `'westeurope-1'` means `https://westeurope-1.cognitedata.com`. */
        readonly cluster: string;
        readonly baseUrl?: undefined;
      }
  );

/** What clients without a config of their own use. */
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
  readonly timeoutMs: number;
  readonly deadlineMs: number | undefined;
  readonly fileTransferTimeoutMs: number;
  readonly retry: RetrySettings;
  readonly concurrency: { readonly read: number; readonly write: number };
  readonly hooks: RequestHooks;
  readonly logger: Logger;
  readonly compression: 'auto' | 'always' | 'never';
  readonly apiVersion: string;
  readonly allowInsecureHttp: boolean;
}

/**
 * Checks a config and fills in the defaults.
 *
 * @throws {ConfigError} naming every setting that is missing or cannot work, and what to set.
 */
export function resolveConfig(config: ClientConfig | undefined = globalConfig.defaultClientConfig): ResolvedConfig {
  if (config === undefined || config === null)
    throw new ConfigError(
      'no client config: pass { clientName, project, credentials, and baseUrl or cluster }, or set globalConfig.defaultClientConfig',
    );
  const problems: string[] = [];
  for (const key of ['clientName', 'project'] as const)
    if (typeof config[key] !== 'string' || config[key].trim() === '')
      problems.push(`${key} is ${config[key] === undefined ? 'missing' : 'not a text with something in it'}`);
  if (typeof config.credentials?.getToken !== 'function')
    problems.push('credentials is missing: pass new Token(…), new OAuthClientCredentials({ … }) or another provider');
  const baseUrl = resolveBaseUrl(config, problems);
  const { timeoutMs = 60_000, deadlineMs, fileTransferTimeoutMs = 600_000, compression = 'auto' } = config;
  const retry = { limit: 10, connectLimit: 3, backoffLimitMs: 60_000, statusCodes: [429, 502, 503, 504] };
  const concurrency = { read: config.concurrency?.read ?? 10, write: config.concurrency?.write ?? 5 };
  for (const [key, value] of Object.entries(config.retry ?? {}))
    if (value !== undefined) Object.assign(retry, { [key]: value });
  const { statusCodes, ...retryNumbers } = retry;
  checkNumbers({ timeoutMs, deadlineMs, fileTransferTimeoutMs }, 1, problems);
  checkNumbers({ 'concurrency.read': concurrency.read, 'concurrency.write': concurrency.write }, 1, problems);
  checkNumbers(
    Object.fromEntries(Object.entries(retryNumbers).map(([key, value]) => [`retry.${key}`, value])),
    0,
    problems,
  );
  if (!['auto', 'always', 'never'].includes(compression))
    problems.push("compression must be 'auto', 'always' or 'never'");
  const fetch = config.fetch ?? globalThis.fetch;
  if (typeof fetch !== 'function') problems.push('fetch is missing: this runtime has none, so pass one');
  if (problems.length > 0) throw new ConfigError(`client config: ${problems.join('; ')}`);
  return {
    clientName: config.clientName,
    project: config.project,
    credentials: config.credentials,
    baseUrl,
    headers: config.headers ?? {},
    // The browser's own fetch refuses to run as a method of anything but the window.
    fetch: (input, init) => fetch(input, init),
    timeoutMs,
    deadlineMs,
    fileTransferTimeoutMs,
    retry: { ...retryNumbers, statusCodes },
    concurrency,
    hooks: config.hooks ?? {},
    logger: config.logger ?? {},
    compression,
    apiVersion: config.apiVersion ?? '20230101',
    allowInsecureHttp: config.allowInsecureHttp ?? false,
  };
}

function resolveBaseUrl({ baseUrl, cluster, allowInsecureHttp }: ClientConfig, problems: string[]): string {
  if ((baseUrl === undefined) === (cluster === undefined)) {
    problems.push(
      baseUrl === undefined
        ? "baseUrl or cluster is missing: set one of them, such as cluster: 'westeurope-1'"
        : 'baseUrl and cluster are both set: keep one',
    );
    return '';
  }
  if (cluster !== undefined) {
    if (/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(cluster)) return `https://${cluster}.cognitedata.com`;
    problems.push(`cluster must be a name such as 'westeurope-1'; for a whole address set baseUrl`);
    return '';
  }
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    problems.push(`baseUrl must be an address such as 'https://westeurope-1.cognitedata.com'`);
  else if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    problems.push('baseUrl must not contain a user, a password, a query or a fragment');
  else if (url.protocol === 'http:' && !isLoopback(url) && allowInsecureHttp !== true)
    problems.push(`baseUrl sends tokens in the clear: use https, or set allowInsecureHttp for ${url.host}`);
  else return (url.origin + url.pathname).replace(/\/+$/, '');
  return '';
}

/** Timers cannot wait longer. */
const LONGEST = 2 ** 31 - 1;

/** @throws {ConfigError} when a call could not be timed so: a timer of 0, or of more than 24 days, ends at once. */
export function checkTimeout({ timeoutMs }: CallOptions): void {
  const problems: string[] = [];
  checkNumbers({ timeoutMs }, 1, problems);
  if (problems.length > 0) throw new ConfigError(problems.join());
}

function checkNumbers(values: Readonly<Record<string, unknown>>, least: number, problems: string[]): void {
  for (const [key, value] of Object.entries(values))
    if (value !== undefined && !(Number.isInteger(value) && (value as number) >= least && (value as number) <= LONGEST))
      problems.push(`${key} must be a whole number of at least ${least}, got ${String(value)}`);
}
