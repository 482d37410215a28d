import { ConfigError } from '@cdf/core';
import { quoted, refuseUnknown } from '@cdf/core/resource';
import { checkData } from '../wire/data.js';
import { describe } from '../wire/describe.js';

/** Options of calls, which come after those of the query. */
const CALL_OPTIONS = ['signal', 'timeoutMs', 'onProgress'];

/** Options of other query builders, and those here. */
const NAMES_ELSEWHERE: Readonly<Record<string, string>> = {
  filter: 'where',
  first: 'limit',
  include: 'with',
  order: 'orderBy',
  properties: 'pick',
  select: 'pick',
  sort: 'orderBy',
  take: 'limit',
};

/**
 * @param properties of the view: a condition that is not in `where` is told
 * @throws {ConfigError} when a query is not an object, or has an unknown option or a member that
 * is not data
 */
export function checkOptions(
  query: unknown,
  known: readonly string[],
  what: string,
  properties?: ReadonlyMap<string, unknown>,
): void {
  const misplaced = CALL_OPTIONS.find((name) => Object.hasOwn(Object(query), name));
  if (misplaced !== undefined && !known.includes(misplaced))
    throw new ConfigError(`${what}: ${misplaced} is a call option; pass it in the last argument`);
  for (const name of Object.keys(Object(query))) {
    if (known.includes(name)) continue;
    const meant = Object.hasOwn(NAMES_ELSEWHERE, name) ? NAMES_ELSEWHERE[name] : undefined;
    if (meant !== undefined && known.includes(meant))
      throw new ConfigError(`${what}: unknown name ${quoted(name)}; use ${meant}`);
    if (properties?.has(name) && known.includes('where'))
      throw new ConfigError(`${what}: ${name} belongs in where: { where: { ${name} } }`);
  }
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
