import type { Json } from '../../helpers.js';
import { checkSchemaId, checkSpaceId, checkTexts, checkVersion, itemsOf, limitOf } from './body.js';
import { applyContainers } from './containers.js';
import {
  type Answer,
  keyOf,
  named,
  needSpaces,
  needView,
  needWritable,
  refuse,
  type State,
  stamped,
  viewKey,
  viewReference,
} from './state.js';
import { shownView, usedFor, writeViews } from './views.js';

export function applyModels(state: State, body: Json): Answer {
  const items = itemsOf(body, 100);
  for (const item of items) {
    checkSpaceId(item.space);
    checkSchemaId(item.externalId);
    checkVersion(item.version);
    checkTexts(item);
  }
  const spaces = items.map(({ space }) => space);
  needSpaces(state, spaces);
  needWritable(state, spaces);
  const written = items.map((item) => {
    const before = state.models.get(viewKey(item));
    const whole = (item.views ?? []).filter((view: Json) => view.type !== 'view');
    writeViews(state, whole);
    const views: Json[] = [...(before?.views ?? [])];
    for (const view of (item.views ?? []).map(viewReference)) {
      needView(state, view);
      const same = views.find((other) => keyOf(other) === keyOf(view));
      if (same === undefined) views.push(view);
      else if (same.version !== view.version)
        refuse(`The model holds another version of the view '${keyOf(view)}'`);
    }
    if (views.length > 100) violationOfViews();
    const { space, externalId, version } = item;
    const after = stamped(state, before, {
      ...{ space, externalId, version, ...named(item), views, isGlobal: false },
    });
    state.models.set(viewKey(item), after);
    return after;
  });
  return { status: 200, body: { items: written } };
}

const violationOfViews = (): never => refuse('A data model has at most 100 views');

/** Views or models by reference; without a version, every version. Unknown ones are left out. */
export function versionsById(
  state: State,
  kind: 'views' | 'models',
  body: Json,
  show: (item: Json) => Json,
): Answer {
  const found = itemsOf(body, 100).flatMap((item) =>
    [...state[kind].values()].filter(
      (one) => keyOf(one) === keyOf(item) && (item.version ?? one.version) === one.version,
    ),
  );
  return { status: 200, body: { items: found.map(show) } };
}

export function deleteVersions(state: State, kind: 'views' | 'models', body: Json): Answer {
  const found = itemsOf(body, 100).filter((item) => state[kind].has(viewKey(item)));
  needWritable(
    state,
    found.map(({ space }) => space),
  );
  for (const item of found) state[kind].delete(viewKey(item));
  const items = found.map(({ space, externalId, version }) => ({ space, externalId, version }));
  return { status: 200, body: { items } };
}

/** A data model with its views written out. */
export function inlined(state: State, model: Json): Json {
  const views = model.views.flatMap((reference: Json) => {
    const view = state.views.get(viewKey(reference));
    return view === undefined ? [] : [shownView(state, view)];
  });
  return { ...model, views };
}

/** `GET` of spaces, containers, views and data models. */
export function listSchema(
  state: State,
  kind: 'spaces' | 'containers' | 'views' | 'models',
  query: Json,
): Answer {
  const limit = limitOf(query.limit === undefined ? undefined : Number(query.limit), 10, 1000);
  const is = (name: string, standard: boolean): boolean =>
    (query[name] ?? String(standard)) === 'true';
  let items = [...state[kind].values()]
    .filter((item) => is('includeGlobal', false) || !item.isGlobal)
    .filter((item) => query.space === undefined || item.space === query.space);
  if ((kind === 'views' || kind === 'models') && !is('allVersions', false))
    items = items.filter(
      (item) => items.filter((other) => keyOf(other) === keyOf(item)).at(-1) === item,
    );
  if (query.usedFor !== undefined && (kind === 'containers' || kind === 'views'))
    items = items.filter((item) =>
      [query.usedFor].flat().includes(kind === 'views' ? usedFor(state, item) : item.usedFor),
    );
  const from = query.cursor === undefined ? 0 : Number(query.cursor);
  const page = items.slice(from, from + limit).map((item) => {
    if (kind === 'views') return shownView(state, item, is('includeInheritedProperties', true));
    return kind === 'models' && is('inlineViews', false) ? inlined(state, item) : item;
  });
  const more = items.length > from + limit ? { nextCursor: String(from + limit) } : {};
  return { status: 200, body: { items: page, ...more } };
}

/**
 * Loads schema in the form of create requests as it is in every project: read-only, in system
 * spaces.
 */
export function loadGlobal(state: State, core: Json): void {
  for (const { space } of core.spaces)
    state.spaces.set(space, {
      space,
      isGlobal: false,
      createdTime: state.time,
      lastUpdatedTime: state.time,
    });
  applyContainers(state, { items: core.containers });
  writeViews(state, core.views);
  applyModels(state, { items: [core.dataModel] });
  for (const kind of ['spaces', 'containers', 'views', 'models'] as const)
    for (const [key, item] of state[kind]) state[kind].set(key, { ...item, isGlobal: true });
}
