import { checkOptions } from '../values/known-names.js';
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

const RETRY: Readonly<Record<keyof RetrySettings, true>> = {
  limit: true,
  connectLimit: true,
  backoffLimitMs: true,
  statusCodes: true,
};

/** @throws {ConfigError} for a setting that is unknown, with the one that was meant. */
export function refuseUnknownSettings(
  config: ClientConfig | null | undefined = globalConfig.defaultClientConfig,
): void {
  // Anything else has its own error.
  if (typeof config !== 'object' || config === null) return;
  checkOptions(config, NAMES, 'client config');
  if (config.retry !== undefined) checkOptions(config.retry, RETRY, 'client config: retry');
}
