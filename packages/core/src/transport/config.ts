import { ConfigError } from '../errors.js';
import type { RequestHooks } from './hooks.js';
import {
  type ClusterAddress,
  checkNumbers,
  type ResolvedTransportConfig,
  resolveTransportConfig,
  type TransportSettings,
} from './transport-config.js';

/** Where a debug trace goes. `console` fits. No header, body, query or token is ever passed to it. */
export interface Logger {
  debug?(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** What every client needs, wherever its cluster is. */
export interface ClientSettings extends TransportSettings {
  /**
   * Longest time of one attempt at a storage URL.
   * @unit milliseconds
   * @default 600 000
   */
  readonly fileTransferTimeoutMs?: number | undefined;
  readonly hooks?: RequestHooks | undefined;
  readonly logger?: Logger | undefined;
  /**
   * Whether request bodies are gzipped: `auto` compresses those that are worth it, and none to this machine.
   * @default 'auto'
   */
  readonly compression?: 'auto' | 'always' | 'never' | undefined;
}

/** How a client is set up. Exactly one of `baseUrl` and `cluster` says where CDF is. */
export type ClientConfig = ClientSettings & ClusterAddress;

/** What clients without a config of their own use. */
export interface GlobalConfig {
  defaultClientConfig?: ClientConfig | undefined;
}

/** The only shared state of the SDK, and only if you set it. */
export const globalConfig: GlobalConfig = {};

/** A checked config with every default filled in. */
export interface ResolvedConfig extends ResolvedTransportConfig {
  readonly fileTransferTimeoutMs: number;
  readonly hooks: RequestHooks | undefined;
  readonly logger: Logger | undefined;
  readonly compression: 'auto' | 'always' | 'never';
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
  const { fileTransferTimeoutMs = 600_000, compression = 'auto', hooks, logger } = config;
  const problems: string[] = [];
  checkNumbers({ fileTransferTimeoutMs }, 1, problems);
  if (!['auto', 'always', 'never'].includes(compression))
    problems.push("compression must be 'auto', 'always' or 'never'");
  return { ...resolveTransportConfig(config, problems), fileTransferTimeoutMs, compression, hooks, logger };
}
