import { type ClientConfig, resolveConfig } from './config.js';
import { HttpTransport } from './http-transport.js';
import { compression } from './interceptors/compression.js';
import type { TransportPart } from './interceptors/part.js';
import { tracing } from './interceptors/tracing.js';
import { transfers } from './transfer.js';
import type { Transport } from './transport.js';

/**
 * The transport that speaks HTTP. Resources take it: `new AssetsApi(createTransport(config))`. Sends nothing by itself.
 *
 * @param config without one, `globalConfig.defaultClientConfig`
 * @throws {ConfigError} naming what is missing or cannot work.
 */
export function createTransport(config?: ClientConfig): Transport {
  const resolved = resolveConfig(config);
  const { compression: when, fileTransferTimeoutMs, hooks, logger } = resolved;
  const parts: TransportPart[] = [transfers({ timeoutMs: fileTransferTimeoutMs })];
  if (when !== 'never') parts.push(compression(when));
  // What nobody looks at is not noted down.
  if (hooks !== undefined || logger !== undefined) parts.push(tracing({ hooks, logger }));
  return new HttpTransport(resolved, parts);
}
