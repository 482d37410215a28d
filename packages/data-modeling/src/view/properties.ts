import { ConfigError } from '@cdf/core';
import { quoted } from '@cdf/core/resource';
import type { AnyView, PropertyDefinition, ViewReference } from './definition.js';

const definitions = /* @__PURE__ */ new WeakMap<AnyView, ReadonlyMap<string, PropertyDefinition>>();

/** The properties of a view, inherited ones too, by name. */
export function propertiesOf(view: AnyView): ReadonlyMap<string, PropertyDefinition> {
  let known = definitions.get(view);
  if (known === undefined) {
    // Read one by one: getters may refer to views that are made later.
    const properties = view.properties as Readonly<
      Record<string, { readonly definition?: PropertyDefinition } | undefined>
    >;
    known = new Map(
      Object.keys(properties).map((name) => {
        const definition = properties[name]?.definition;
        // A definition that went through JSON has lost its functions.
        if (
          definition === undefined ||
          (definition.reading !== null && !definition.reading?.decoder)
        )
          throw new ConfigError(
            `view ${viewKey(view)}: property ${quoted(name)} is not a property; use p.text() and the like`,
          );
        return [name, definition] as const;
      }),
    );
    definitions.set(view, known);
  }
  return known;
}

/** Tells whether a value is a view: others have properties too. */
export function isView(value: unknown): value is AnyView {
  const { version, properties, options } = Object(value) as Partial<AnyView>;
  return !!(version && properties && options);
}

/** `space:externalId/version`, for messages. */
export function viewKey({ space, externalId, version }: ViewReference): string {
  return `${space}:${externalId}/${version}`;
}

/** The view as a source of the API. */
export function toSource({
  space,
  externalId,
  version,
}: ViewReference): ViewReference & { readonly type: 'view' } {
  return { type: 'view', space, externalId, version };
}
