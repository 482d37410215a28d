import { type ClientConfig, configFromEnv } from '@cdf/core';

/** The config that the environment variables of this program say. */
export function environmentConfig(prefix: string): ClientConfig {
  return configFromEnv(undefined, prefix);
}
