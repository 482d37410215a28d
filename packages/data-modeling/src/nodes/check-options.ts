import { ConfigError } from '@cdf/core';
import { refuseUnknown } from '@cdf/core/resource';
import { describe } from '../wire/describe.js';

/** @throws {ConfigError} when a query is no object, or has an option that it does not take */
export function checkOptions(query: unknown, known: readonly string[], what: string): void {
  if (typeof query !== 'object' || query === null || Array.isArray(query))
    throw new ConfigError(`${what}: expected an object of options, got ${describe(query)}`);
  refuseUnknown(Object.keys(query), Object.fromEntries(known.map((name) => [name, true])), what);
}
