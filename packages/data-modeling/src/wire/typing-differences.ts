import { ConfigError } from '@cdf/core';
import { quoted } from '@cdf/core/resource';
import type { AnyView, PropertyDefinition } from '../view/definition.js';
import { propertiesOf, viewKey } from '../view/properties.js';
import type { WireProperty } from './typing.js';

/** The error of a view that is not like the project's: each property that differs, and how. */
export function differencesOf(view: AnyView, properties: object): ConfigError {
  const found = properties as Readonly<Record<string, WireProperty>>;
  const problems = [...propertiesOf(view)]
    .filter(([, { reading }]) => reading)
    .flatMap(([name, definition]) => problemOf(name, definition, found[name]) ?? []);
  return new ConfigError(
    `view ${quoted(viewKey(view))} differs from the one in the project: ${problems.join('; ')}; change it here, or the project's by push()`,
  );
}

function problemOf(
  name: string,
  { kind, reading, list, nullable, resource }: PropertyDefinition,
  found: WireProperty | undefined,
): string | undefined {
  const property = quoted(name);
  const type = found?.type;
  if (found === undefined || typeof type?.type !== 'string') return `${property} is unknown there`;
  if (!reading?.types.includes(type.type))
    return `${property} is ${quoted(type.type)} there, not ${resource ?? kind}`;
  if ((type.list === true) !== list)
    return `${property} is ${type.list ? 'a list' : 'no list'} there`;
  return found.nullable === true && !nullable
    ? `${property} may have no value there; declare it optional()`
    : undefined;
}
