import { type ClientConfig, ConfigError } from '@cdf/core';

/** Without environment variables, bundles need not carry what reads them. */
export function environmentConfig(prefix: string): ClientConfig {
  throw new ConfigError(
    `there is no ${prefix}_PROJECT, nor any other environment variable, in a web page or worker: give the configuration to new CdfClient(), or your own variables to configFromEnv()`,
  );
}
