import type { AnyView, PropertyDefinition } from '../view/definition.js';
import { propertiesOf, viewKey } from '../view/properties.js';

/**
 * A relation as views describe it: its type names the view on the other side, if it has one. What
 * answers to reads describe does not.
 */
interface WireRelation {
  readonly type?: { readonly source?: unknown } | null;
}

/** The view that a relation leads to in the project, where that is another one than is declared. */
export function otherTarget(
  { kind, target }: PropertyDefinition,
  found: object | undefined,
): string | undefined {
  if (kind !== 'ref') return undefined;
  const there = nameOf((found as WireRelation | undefined)?.type?.source);
  const here = nameOf(typeof target === 'function' && target());
  return there === undefined || here === undefined || there === here ? undefined : there;
}

/** Tells whether relations of the view lead to the views that they lead to in the project. */
export function hasSameTargets(view: AnyView, properties: object): boolean {
  const found = properties as Readonly<Record<string, object | undefined>>;
  return [...propertiesOf(view)].every(
    ([name, definition]) => otherTarget(definition, found[name]) === undefined,
  );
}

function nameOf(view: unknown): string | undefined {
  const { space, externalId, version } = Object(view) as Partial<AnyView>;
  return typeof space === 'string' && typeof externalId === 'string' && typeof version === 'string'
    ? viewKey({ space, externalId, version })
    : undefined;
}
