import { ConfigError } from '@cdf/core';
import { refuseUnknown } from '@cdf/core/resource';
import { checkData } from '../wire/data.js';
import { describe } from '../wire/describe.js';

/**
 * @throws {ConfigError} when a query is not an object, or has an unknown option or a member that
 * is not data
 */
export function checkOptions(query: unknown, known: readonly string[], what: string): void {
  checkData(query, `${what}: `);
  checkNames(query, known, what);
}

/** @throws {ConfigError} for a switch that is neither on nor off: `'true'` would be ignored */
export function checkSwitches(query: object, names: readonly string[], what: string): void {
  for (const name of names) {
    const value = (query as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined && typeof value !== 'boolean')
      throw new ConfigError(`${what}: ${name} must be true or false, got ${describe(value)}`);
  }
}

/** The same where a member may be anything, such as a signal. */
export function checkNames(
  query: unknown,
  known: readonly string[],
  what: string,
): asserts query is object {
  if (typeof query !== 'object' || query === null || Array.isArray(query) || query instanceof Date)
    throw new ConfigError(`${what}: expected an object of options, got ${describe(query)}`);
  refuseUnknown(Object.keys(query), Object.fromEntries(known.map((name) => [name, true])), what);
}
