import { ConfigError } from '../errors.js';
import { checkOptions } from '../values/known-names.js';
import { quoted } from '../values/text.js';
import { type ClientConfig, globalConfig } from './config.js';
import type { RetrySettings } from './retry.js';

const NAMES: Readonly<Record<keyof ClientConfig, true>> = {
  clientName: true,
  project: true,
  credentials: true,
  cluster: true,
  baseUrl: true,
  headers: true,
  fetch: true,
  nodeHttp: true,
  interceptors: true,
  logger: true,
  timeoutMs: true,
  deadlineMs: true,
  fileTransferTimeoutMs: true,
  maxResponseBytes: true,
  retry: true,
  concurrency: true,
  apiVersion: true,
  allowInsecureHttp: true,
};

/** Of CDF itself, or with the project: a gateway may have a path of its own. */
const WITH_PATH = /\.cognitedata\.com(:\d+)?\/api\/v1|\/api\/v1\/projects/i;

const RETRY: Readonly<Record<keyof RetrySettings, true>> = {
  limit: true,
  connectLimit: true,
  backoffLimitMs: true,
  statusCodes: true,
};

/**
 * Checks what else a request would fail of, or nothing at all. Not in a browser: a page has no room
 * for it.
 *
 * @throws {ConfigError} for a setting that is unknown, with the one that was meant; for the host in
 *   place of a cluster's name; and for a base URL that has the start of every path
 */
export function checkSettings(
  config: ClientConfig | null | undefined = globalConfig.defaultClientConfig,
): void {
  // Anything else has its own error.
  if (typeof config !== 'object' || config === null) return;
  checkOptions(config, NAMES, 'client config');
  const { cluster, baseUrl } = config;
  if (typeof cluster === 'string' && /\.cognitedata\.com$/i.test(cluster))
    throw new ConfigError(
      `client config: cluster must be the name alone, ${quoted(cluster.replace(/\.cognitedata\.com$/i, ''))}`,
    );
  if (typeof baseUrl === 'string' && WITH_PATH.test(baseUrl))
    throw new ConfigError(
      'client config: baseUrl must end before /api/v1, with which every path begins',
    );
  if (config.retry !== undefined) checkOptions(config.retry, RETRY, 'client config: retry');
}
