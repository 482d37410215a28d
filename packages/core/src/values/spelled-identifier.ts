import type { Identifier } from './identifiers.js';
import { refuseUnknown } from './known-names.js';
import { IDENTIFIER_NAMES, toIdentifier } from './to-identifier.js';

const INSTANCE_NAMES = { space: true, externalId: true };

/**
 * `toIdentifier` for parts that are loaded on use: it says which name was meant where one is
 * misspelt, such as `externalID`. The likeness of names is in no first load.
 *
 * @throws {ConfigError} as `toIdentifier` does.
 */
export function spelledIdentifier(value: Identifier, what: string): Identifier {
  if (Object(value) !== value) return toIdentifier(value, what);
  const { id, externalId, instanceId } = value as { readonly [K in keyof Identifier]?: unknown };
  if (id === undefined && externalId === undefined && instanceId === undefined)
    refuseUnknown(Object.keys(value), IDENTIFIER_NAMES, what, true);
  const { space, externalId: name } = Object(instanceId);
  if (instanceId !== undefined && (space === undefined || name === undefined))
    refuseUnknown(Object.keys(Object(instanceId)), INSTANCE_NAMES, `${what}: instanceId`, true);
  // Null has no properties to read.
  return toIdentifier(instanceId === null ? { instanceId: {} as never } : value, what);
}
