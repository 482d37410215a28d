import { ConfigError } from '@cdf/core';
import { quoted } from '@cdf/core/resource';
import type { PropertyDefinition } from '../view/definition.js';
import { propertiesOf } from '../view/properties.js';
import { describe } from '../wire/describe.js';
import type { WireFilter } from '../wire/filters.js';
import type { InstanceScope } from './instance-scope.js';
import { scopedFilter } from './query.js';

/** Nodes or groups that one answer has. */
export const MOST_ANSWERED = 1_000;
const EXTERNAL_ID = { kind: 'text', list: false } as const;

/** @throws {ConfigError} for a limit that one answer cannot have */
export function checkLimit(limit: unknown, what: string): void {
  if (!Number.isInteger(limit) || (limit as number) < 1 || (limit as number) > MOST_ANSWERED)
    throw new ConfigError(
      `${what}: limit must be a whole number from 1 to ${MOST_ANSWERED}, got ${describe(limit)}`,
    );
}

/** @throws {ConfigError} for the name of an unknown property, or of one that does not fit */
export function checkProperties(
  { view }: InstanceScope,
  names: readonly string[] | undefined,
  fits: (definition: Pick<PropertyDefinition, 'kind' | 'list'>) => boolean,
  rule: string,
  what: string,
): void {
  if (names === undefined) return;
  if (!Array.isArray(names))
    throw new ConfigError(`${what}: expected an array of properties, got ${describe(names)}`);
  const properties = propertiesOf(view);
  for (const name of names) {
    const definition = properties.get(name) ?? (name === 'externalId' ? EXTERNAL_ID : undefined);
    if (definition === undefined)
      throw new ConfigError(`${what}: unknown property ${quoted(String(name))}`);
    if (!fits(definition))
      throw new ConfigError(
        `${what}: ${rule}; ${quoted(name)} is ${definition.list ? 'a list of' : 'of kind'} ${definition.kind}`,
      );
  }
}

/**
 * The conditions of a search or aggregate. These look at the elements of lists one by one.
 *
 * @throws {ConfigError} for the beginning of a list
 */
export function indexedFilter(
  scope: InstanceScope,
  where: unknown,
  what: string,
): WireFilter | undefined {
  const filter = scopedFilter(scope, where, what);
  const property = prefixOfList(filter);
  if (property !== undefined)
    throw new ConfigError(
      `${what}: ${quoted(property)}: prefix of a list is for list() and find(); use containsAny or containsAll`,
    );
  return filter;
}

/** The property whose first elements some conditions ask for. */
function prefixOfList(filter: unknown): string | undefined {
  if (typeof filter !== 'object' || filter === null) return undefined;
  const { prefix } = filter as {
    readonly prefix?: { readonly value: unknown; readonly property: readonly string[] };
  };
  if (Array.isArray(prefix?.value)) return prefix.property.at(-1);
  for (const each of Object.values(filter)) {
    const found = prefixOfList(each);
    if (found !== undefined) return found;
  }
  return undefined;
}
