import { HttpTransport } from './http-transport.js';
import type { TransportPart } from './interceptors/part.js';
import type { Transport } from './transport.js';
import { resolveTransportConfig, type TransportConfig } from './transport-config.js';

export { compression } from './interceptors/compression.js';
export type { TransportPart } from './interceptors/part.js';
export { type TracingOptions, tracing } from './interceptors/tracing.js';
export { type TransferOptions, transfers } from './transfer.js';
export type { ClusterAddress, TransportConfig, TransportSettings } from './transport-config.js';

/**
 * `createTransport` for pages where each kilobyte counts: requests and answers with whole bodies, with the same checks, tokens, retries,
 * limits and errors. What else it is to do comes as parts. Sends nothing by itself.
 *
 * @param parts those that the program needs of `compression()`, `tracing({ hooks, logger })`, `transfers()`
 * @throws {ConfigError} naming what is missing or cannot work.
 */
export function createTransport(config: TransportConfig, parts: readonly TransportPart[] = []): Transport {
  return new HttpTransport(resolveTransportConfig(config), parts);
}
