import type { Json } from '../../helpers.js';
import {
  checkPropertyIds,
  checkSchemaId,
  checkSpaceId,
  checkTexts,
  checkVersion,
  itemsOf,
} from './body.js';
import { checkFilter } from './filter-check.js';
import {
  type Answer,
  containerReference,
  isObject,
  keyOf,
  named,
  needSpaces,
  needWritable,
  refuse,
  type State,
  same,
  stamped,
  viewKey,
  viewReference,
} from './state.js';

export function applyViews(state: State, body: Json): Answer {
  const written = writeViews(state, itemsOf(body, 100));
  return { status: 200, body: { items: written.map((view) => shownView(state, view)) } };
}

/**
 * Stores views as they were sent, with their earlier properties; inherited properties are computed
 * when read.
 */
export function writeViews(state: State, items: readonly Json[]): Json[] {
  for (const item of items) {
    checkSpaceId(item.space);
    checkSchemaId(item.externalId);
    checkVersion(item.version);
    checkTexts(item);
    checkPropertyIds(Object.keys(item.properties ?? {}));
  }
  const spaces = items.map(({ space }) => space);
  needSpaces(state, spaces);
  needWritable(state, spaces);
  const written = items.map((item) => {
    const before = state.views.get(viewKey(item));
    const properties: Json = { ...before?.properties };
    for (const [id, property] of Object.entries<Json>(item.properties ?? {}))
      properties[id] = filledProperty(property);
    const parents = (item.implements ?? before?.implements ?? []).map((parent: Json) =>
      withVersion(state, parent),
    );
    if (before !== undefined) checkViewChange(state, before, { implements: parents, properties });
    const view = {
      ...{ space: item.space, externalId: item.externalId, version: item.version },
      ...named(item),
      ...(item.filter === undefined || item.filter === null ? {} : { filter: item.filter }),
      implements: parents,
      properties,
      isGlobal: false,
    };
    const after = stamped(state, before, view);
    state.views.set(viewKey(item), after);
    return after;
  });
  for (const view of written) checkView(state, view);
  return written;
}

/** A parent without a version is the newest one at this time. */
function withVersion(state: State, parent: Json): Json {
  if (parent.version !== undefined && parent.version !== null) return viewReference(parent);
  const newest = [...state.views.values()].filter((view) => keyOf(view) === keyOf(parent)).at(-1);
  return viewReference({ ...parent, version: newest?.version });
}

function filledProperty(property: Json): Json {
  if (property.container !== undefined) {
    const { container, containerPropertyIdentifier, source } = property;
    return {
      ...named(property),
      container: containerReference(container),
      containerPropertyIdentifier,
      ...(source ? { source: viewReference(source) } : {}),
    };
  }
  if (/reverse/.test(property.connectionType)) return property;
  return { connectionType: 'multi_edge_connection', direction: 'outwards', ...property };
}

function checkViewChange(state: State, before: Json, after: Json): void {
  const set = (references: Json[]): string[] => references.map(viewKey).sort();
  if (!same(set(before.implements), set(after.implements)))
    refuse('implements of a view cannot be changed');
  for (const [id, old] of Object.entries<Json>(before.properties)) {
    const next = after.properties[id];
    const type = (property: Json): Json =>
      property.container === undefined
        ? { ...property, name: null, description: null }
        : {
            source: property.source ?? null,
            type: containerProperty(state, property)?.type ?? null,
          };
    if (!same(type(old), type(next)))
      refuse(`The type of property '${id}' of a view cannot be changed`);
  }
}

function checkView(state: State, view: Json): void {
  for (const [id, property] of Object.entries<Json>(view.properties)) {
    if (property.container === undefined) continue;
    if (!state.containers.has(keyOf(property.container)))
      refuse(`One or more containers do not exist: '${keyOf(property.container)}'`);
    if (containerProperty(state, property) === undefined)
      refuse(
        `The property '${id}' of the view is mapped to an absent '${property.containerPropertyIdentifier}'`,
      );
  }
  ancestors(state, view, []);
  if (view.filter !== undefined) checkFilter({ state }, view.filter);
}

export function containerProperty(state: State, property: Json): Json | undefined {
  return state.containers.get(keyOf(property.container))?.properties[
    property.containerPropertyIdentifier
  ];
}

/** The view and all that it implements, each once, parents before children. */
function ancestors(state: State, view: Json, path: readonly string[], isLoose = false): Json[] {
  const key = viewKey(view);
  if (path.includes(key)) refuse(`The views ${[...path, key].join(', ')} implement each other`);
  const result: Json[] = [];
  for (const parent of view.implements) {
    const found = state.views.get(viewKey(parent));
    if (found === undefined) {
      if (isLoose) continue;
      refuse(`One or more views do not exist: '${viewKey(parent)}'`);
    }
    for (const one of ancestors(state, found, [...path, key], isLoose))
      if (!result.includes(one)) result.push(one);
  }
  return [...result, view];
}

/**
 * Own and inherited properties; of several the last in order of ancestors wins. Lost container
 * properties are left out.
 */
export function effectiveProperties(
  state: State,
  view: Json,
  withInherited = true,
): Record<string, Json> {
  const result: Json = {};
  for (const one of withInherited ? ancestors(state, view, [], true) : [view])
    for (const [id, property] of Object.entries<Json>(one.properties))
      if (property.container === undefined || containerProperty(state, property) !== undefined)
        result[id] = property;
  return result;
}

/** The containers that a view maps, by key, each once. */
export function mappedContainers(state: State, view: Json): string[] {
  const mapped = Object.values(effectiveProperties(state, view)).filter(
    ({ container }) => container !== undefined,
  );
  return [...new Set(mapped.map(({ container }) => keyOf(container)))];
}

export function usedFor(state: State, view: Json): 'node' | 'edge' | 'all' {
  const uses = mappedContainers(state, view).map((key) => state.containers.get(key)?.usedFor);
  if (uses.every((use) => use === 'all')) return 'all';
  return uses.includes('edge') ? 'edge' : 'node';
}

/** A view as an answer shows it. */
export function shownView(state: State, view: Json, withInherited = true): Json {
  const keys = mappedContainers(state, view);
  const mapped = Object.values(effectiveProperties(state, view)).filter(isObject);
  const isMapped = (key: string, id: string): boolean =>
    mapped.some(
      (property) =>
        property.container &&
        keyOf(property.container) === key &&
        property.containerPropertyIdentifier === id,
    );
  const required = keys.flatMap((key) =>
    Object.entries<Json>(state.containers.get(key).properties)
      .filter(([, { nullable }]) => !nullable)
      .map(([id]) => [key, id] as const),
  );
  const properties: Json = {};
  for (const [id, property] of Object.entries(effectiveProperties(state, view, withInherited)))
    properties[id] = shownProperty(state, property);
  return {
    ...view,
    properties,
    writable: keys.length > 0 && required.every(([key, id]) => isMapped(key, id)),
    queryable: view.filter !== undefined || keys.length > 0,
    usedFor: usedFor(state, view),
    mappedContainers: keys.map((key) => containerReference(state.containers.get(key))),
  };
}

function shownProperty(state: State, property: Json): Json {
  if (property.container === undefined)
    return property.through === undefined
      ? property
      : { ...property, targetsList: targetsList(state, property) };
  const { source, ...rest } = property;
  const {
    type,
    name: _,
    description: __,
    ...container
  } = containerProperty(state, property) as Json;
  return { ...container, type: source ? { ...type, source } : type, ...rest };
}

/** True if the property that a reverse relation goes through is a list. */
function targetsList(state: State, { through }: Json): boolean {
  const { source, identifier } = through;
  if (source.type === 'container')
    return state.containers.get(keyOf(source))?.properties[identifier]?.type.list ?? false;
  const view = state.views.get(viewKey(source));
  const property = view === undefined ? undefined : effectiveProperties(state, view)[identifier];
  return property?.container === undefined
    ? false
    : (containerProperty(state, property)?.type.list ?? false);
}
