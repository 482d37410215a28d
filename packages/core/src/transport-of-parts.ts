import { HttpTransport } from './http-transport.js';
import type { TransportPart } from './parts/part.js';
import type { Transport } from './transport.js';
import { resolveTransportConfig, type TransportConfig } from './transport-config.js';

export { compression } from './parts/compression.js';
export type { TransportPart } from './parts/part.js';
export { type TracingOptions, tracing } from './parts/tracing.js';
export { type TransferOptions, transfers } from './parts/transfers.js';
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
