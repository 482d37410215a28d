import { ConfigError } from '@cdf/core';
import { shown } from '@cdf/core/resource';

/** @throws {ConfigError} for a number of rows that `slice` would take for another one. */
export function checkRows(rows: number, least: number, what: string): void {
  if (rows !== Infinity && !(Number.isInteger(rows) && rows >= least))
    throw new ConfigError(
      `${what} must be a whole number of at least ${least}, got ${shown(rows)}; Infinity is all`,
    );
}
