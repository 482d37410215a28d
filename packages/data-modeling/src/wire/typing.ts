import { ConfigError } from '@cdf/core';
import { quoted } from '@cdf/core/resource';
import type { AnyView, PropertyDefinition } from '../view/definition.js';
import { propertiesOf, viewKey } from '../view/properties.js';

/** The properties of views as an answer describes them beside its items. */
interface WireTyping {
  readonly [space: string]: { readonly [view: string]: WireProperties };
}

type WireProperties = Readonly<Record<string, WireProperty>>;

interface WireProperty {
  readonly type?: {
    readonly type?: string;
    readonly list?: boolean;
  };
  readonly nullable?: boolean;
}

/**
 * Compares a view with the project's, which an answer describes.
 *
 * @returns whether the answer describes the view
 * @throws {ConfigError} that names each property which differs, and how
 */
export function checkTyping(view: AnyView, typing: unknown): boolean {
  const properties = (Object(typing) as WireTyping)[view.space]?.[
    `${view.externalId}/${view.version}`
  ];
  if (typeof properties !== 'object' || properties === null) return false;
  checkProperties(view, properties);
  return true;
}

/** @throws {ConfigError} that names each property which differs from the project's, and how */
export function checkProperties(view: AnyView, properties: object): void {
  const problems = [...propertiesOf(view)]
    .filter(([, { reading }]) => reading)
    .flatMap(
      ([name, definition]) =>
        problemOf(name, definition, (properties as WireProperties)[name]) ?? [],
    );
  if (problems.length > 0)
    throw new ConfigError(
      `view ${quoted(viewKey(view))} differs from the one in the project: ${problems.join('; ')}`,
    );
}

function problemOf(
  name: string,
  definition: PropertyDefinition,
  found: WireProperty | undefined,
): string | undefined {
  const property = quoted(name);
  const type = found?.type;
  if (found === undefined || typeof type?.type !== 'string') return `${property} is unknown there`;
  const { kind, reading, list, nullable } = definition;
  if (!reading?.types.includes(type.type))
    return `${property} is ${quoted(type.type)} there, not ${kind}`;
  if ((type.list === true) !== list)
    return `${property} is ${type.list ? 'a list' : 'no list'} there`;
  // Another value of an enum is no difference: schemas grow while applications run.
  return found.nullable === true && !nullable
    ? `${property} may have no value there; declare it optional()`
    : undefined;
}
