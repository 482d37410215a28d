import { refuseUnknown } from '../values/known-names.js';
import type { ClientConfig } from './config.js';

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

/** @throws {ConfigError} for a setting that is unknown, with the one that was meant. */
export function refuseUnknownSettings(config: object | null | undefined): void {
  refuseUnknown(Object.keys(Object(config)), NAMES, 'client config');
}
