import { ConfigError } from '../errors.js';
import type { Identified } from '../values/identifiers.js';
import { isOther } from '../values/is-other.js';
import { refuseUnknown } from '../values/known-names.js';
import { shown } from '../values/text.js';
import type { ResourceDefinition, ResourceMethod } from './definition.js';

/** The methods that take options of their own. */
export type CheckedMethod = Exclude<ResourceMethod, 'listByAssets' | 'create'> | 'aggregate';

/** The options that every resource takes, by method. */
const OPTIONS: Readonly<Record<CheckedMethod, readonly string[]>> = {
  list: ['filter', 'limit'],
  search: ['search', 'filter', 'limit'],
  retrieve: [],
  retrieveMultiple: ['ignoreUnknownIds'],
  aggregate: ['filter', 'advancedFilter', 'aggregateFilter'],
  update: ['mode'],
  upsert: ['mode'],
  delete: ['ignoreUnknownIds'],
};

const CALL_OPTIONS: readonly string[] = ['signal', 'timeoutMs', 'onProgress'];

/**
 * Rejects options that a method does not have, and those that stand in the wrong place. TypeScript
 * does so where it is used.
 *
 * @throws {ConfigError} with the name or the place that was probably meant.
 */
export function checkQuery<T extends Identified>(
  { noun, fields, options = {} }: ResourceDefinition<T>,
  method: CheckedMethod,
  query: object,
): void {
  const what = `${method} ${noun}`;
  if (typeof query !== 'object' || query === null || Array.isArray(query))
    throw new ConfigError(
      `${what}: options must be an object, got ${Array.isArray(query) ? 'an array' : JSON.stringify(query)}`,
    );
  if (isOther(query))
    throw new ConfigError(`${what}: options must be an object, got ${shown(query)}`);
  const extended = method === 'retrieveMultiple' ? 'retrieve' : method;
  const more = (options as Readonly<Record<string, readonly string[]>>)[extended] ?? [];
  const known = Object.fromEntries([...OPTIONS[method], ...more].map((name) => [name, true]));
  for (const name of Object.keys(query)) {
    if (name in known) continue;
    if (CALL_OPTIONS.includes(name))
      throw new ConfigError(`${what}: ${name} is a call option; pass it in the last argument`);
    if ('filter' in known && name in fields)
      throw new ConfigError(`${what}: ${name} belongs in filter: { filter: { ${name} } }`);
    refuseUnknown([name], known, what);
  }
}
