import { type ClientConfig, ConfigError } from '@cdf/core';

/** Without environment variables, bundles need not carry the code that reads them. */
export function environmentConfig(prefix: string): ClientConfig {
  throw new ConfigError(
    `${prefix}_PROJECT is not set: web pages and workers have no environment variables; give the configuration to new CdfClient(), or your own variables to configFromEnv()`,
  );
}
