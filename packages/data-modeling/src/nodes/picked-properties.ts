import { ConfigError } from '@cdf/core';
import { refuseUnknown } from '@cdf/core/resource';
import type { AnyView } from '../view/definition.js';
import { propertiesOf } from '../view/properties.js';
import { describe } from '../wire/describe.js';

/** The names of the properties that nodes of a view hold themselves: what can be picked. */
export function storedNames(view: AnyView): string[] {
  return [...propertiesOf(view)].flatMap(([name, { reading }]) => (reading ? [name] : []));
}

/** @throws {ConfigError} for a property that nodes of the view do not hold */
export function pickedProperties(
  view: AnyView,
  properties: unknown,
  what: string,
): readonly string[] {
  if (!Array.isArray(properties))
    throw new ConfigError(`${what}: expected an array of properties, got ${describe(properties)}`);
  const stored = Object.fromEntries(storedNames(view).map((name) => [name, true]));
  refuseUnknown(properties.map(String), stored, what);
  return [...properties];
}
