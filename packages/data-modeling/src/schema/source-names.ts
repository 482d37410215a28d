import type { ViewDefinition, ViewPropertyDefinition, ViewSource } from '../api/schema-types.js';
import { viewKey } from '../view/properties.js';
import { compare } from './literals.js';

export type Named = Pick<ViewSource, 'space' | 'externalId' | 'version'>;

export type Known = ReadonlyMap<string, ViewDefinition>;

/** Names that a file of views has already, or that no variable may have. */
const TAKEN = /* @__PURE__ */ new Set(
  (
    'p view View Property NodeReference arguments await break case catch class const continue debugger default delete do else enum eval ' +
    'export exports extends false finally for function if implements import in instanceof interface let new null package private protected public ' +
    'require return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);

/** A name of its own for each view: its external id, if no other has it. */
export function namesOf(views: readonly ViewDefinition[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set(TAKEN);
  for (const view of views) {
    const parts = [view.externalId, view.space, view.version].map((part) =>
      part.replace(/\W/g, '_'),
    );
    // No name begins with a digit; that of the space or version is never the first part.
    let name = (parts[0] as string).replace(/^(?=\d|$)/, '_');
    parts[0] = name;
    for (let count = 1; taken.has(name); count++)
      name = count < parts.length ? parts.slice(0, count + 1).join('_') : `${name}_`;
    taken.add(name);
    names.set(viewKey(view), name);
  }
  return names;
}

export function parentsFirst(views: readonly ViewDefinition[]): ViewDefinition[] {
  const byKey = new Map(views.map((view) => [viewKey(view), view]));
  const sorted = new Set<ViewDefinition>();
  const open = new Set<ViewDefinition>();
  const add = (view: ViewDefinition): void => {
    if (open.has(view)) return;
    open.add(view);
    for (const parent of view.implements ?? []) {
      const known = byKey.get(viewKey(parent));
      if (known !== undefined) add(known);
    }
    sorted.add(view);
  };
  for (const view of views) add(view);
  return [...sorted];
}

/**
 * Tells whether a view inherits from one whose relations lead back to it: the type of each would be
 * needed for that of the other.
 */
export function inheritsInCircles(known: Known): boolean {
  return [...known].some(([key, { implements: parents = [] }]) => {
    const open = parents.map(viewKey);
    const seen = new Set(open);
    for (const next of open) {
      const view = known.get(next);
      for (const target of view === undefined ? [] : namedBy(view)) {
        if (target === key) return true;
        if (!seen.has(target)) open.push(target);
        seen.add(target);
      }
    }
    return false;
  });
}

/** The views that a view names. */
function namedBy(view: ViewDefinition): string[] {
  const targets = Object.values(view.properties).flatMap(
    (definition): (Named | undefined | null)[] => {
      if (!('container' in definition)) return [definition.source, definition.edgeSource];
      return [
        definition.source ??
          (definition.type as { readonly source?: ViewSource } | undefined)?.source,
      ];
    },
  );
  return [...(view.implements ?? []), ...targets].flatMap((target) =>
    target ? viewKey(target) : [],
  );
}

type Effective = ReadonlyMap<string, ViewPropertyDefinition>;

/** What is known once: a view may be inherited on many ways. */
const effectives = /* @__PURE__ */ new WeakMap<Known, Map<string, Effective>>();

/** The properties that a view has, inherited ones too. */
export function effective(name: Named, known: Known): Effective {
  const made = effectives.get(known) ?? new Map<string, Effective>();
  effectives.set(known, made);
  const key = viewKey(name);
  let properties = made.get(key);
  if (properties === undefined) {
    const view = known.get(key);
    const inherited = (view?.implements ?? []).flatMap((parent) => [...effective(parent, known)]);
    properties = new Map([...inherited, ...Object.entries(view?.properties ?? {})]);
    made.set(key, properties);
  }
  return properties;
}

export function byName(left: Named, right: Named): number {
  return compare(left.externalId, right.externalId) || compare(viewKey(left), viewKey(right));
}
