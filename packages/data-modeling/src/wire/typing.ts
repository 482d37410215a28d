import type { AnyView, PropertyDefinition } from '../view/definition.js';
import { propertiesOf } from '../view/properties.js';

/** The properties of views as an answer describes them beside its items. */
interface WireTyping {
  readonly [space: string]: { readonly [view: string]: object };
}

/** A property as an answer describes it. */
export interface WireProperty {
  readonly type?: {
    readonly type?: string;
    readonly list?: boolean;
  };
  readonly nullable?: boolean;
}

/** The properties of a view as an answer describes them, if it does. */
export function describedProperties(
  { space, externalId, version }: AnyView,
  typing: unknown,
): object | undefined {
  const properties = (Object(typing) as WireTyping)[space]?.[`${externalId}/${version}`];
  return typeof properties === 'object' && properties !== null ? properties : undefined;
}

/**
 * Tells whether what nodes of the view hold can be read from such properties. Another value of an
 * enum is no difference: schemas grow while applications run.
 */
export function isLike(view: AnyView, properties: object): boolean {
  return [...propertiesOf(view)].every(
    ([name, definition]) =>
      !definition.reading ||
      fits(definition, (properties as Readonly<Record<string, WireProperty>>)[name]),
  );
}

function fits({ reading, list, nullable }: PropertyDefinition, found?: WireProperty): boolean {
  const { type, list: isList = false } = found?.type ?? {};
  return (
    reading?.types.includes(type as string) === true &&
    isList === list &&
    (nullable || found?.nullable !== true)
  );
}
