import { get, post, type Route } from '../http/route.js';
import { checkViewFilters } from '../query/view-filters.js';
import type { State } from '../state.js';
import {
  array,
  boolean,
  type Check,
  type Needed,
  needed,
  object,
  parse,
} from '../validation/schema.js';
import { viewAnswer } from './answers.js';
import { containerKey, versionedKey, viewReference } from './keys.js';
import { flagOf, newestVersions, schemaPage, spaceOf, wordsOf } from './listing.js';
import type { Stored, View } from './model.js';
import { schemaExternalId, spaceName, versionName } from './names.js';
import { storeViews } from './store-views.js';
import { viewCheck } from './view-body.js';
import { checkWritableSpaces, keysOf, remove } from './writer.js';

const MAX_ITEMS = 100;
const PATH = '/models/views';

const viewsCheck = object({ items: needed(array(viewCheck, { min: 1, max: MAX_ITEMS })) });
interface OpenKey {
  readonly space: string;
  readonly externalId: string;
  readonly version?: string | undefined;
}
interface VersionedKey extends OpenKey {
  readonly version: string;
}

const key = { space: needed(spaceName), externalId: needed(schemaExternalId) };
export const versionedKeysCheck: Check<{ items: VersionedKey[] }> = object({
  items: needed(
    array(object({ ...key, version: needed(versionName) }), { min: 1, max: MAX_ITEMS }),
  ),
});
/** Without a version every version is meant. */
export const openKeys: Needed<OpenKey[]> = needed(
  array(object({ ...key, version: versionName }), { min: 1, max: MAX_ITEMS }),
);
/** The official JavaScript client sends the option in the body, and not in the query. */
const viewsByIdsCheck = object({ items: openKeys, includeInheritedProperties: boolean });

/** The endpoints under `/models/views`. */
export function viewRoutes(state: State): Route[] {
  const { schema } = state;
  const answer = ({ body }: Stored<View>, includeInherited: boolean): object[] => {
    const view = schema.view(body);
    return view === undefined ? [] : [viewAnswer(schema, view, includeInherited)];
  };
  return [
    post(PATH, (body, call) => {
      const { items } = parse(viewsCheck, body);
      checkWritableSpaces(
        schema,
        items.map(({ space }) => space),
      );
      const write = (): Stored<View>[] => {
        const views = storeViews(schema, items, state.clock.now());
        checkViewFilters(schema, state.instances, views);
        return views;
      };
      const stored = state.write(call.requestId, 'views', 'create', write, keysOf);
      return { items: stored.flatMap((each) => answer(each, true)) };
    }),
    get(PATH, ({ query }) => {
      const space = spaceOf(query);
      const usedFor = wordsOf(query, 'usedFor', ['node', 'edge', 'all', 'record']);
      const includeInherited = flagOf(query, 'includeInheritedProperties', true);
      const newest = flagOf(query, 'allVersions', false)
        ? undefined
        : newestVersions(schema.views.all());
      const all = schema.views
        .sorted(flagOf(query, 'includeGlobal', false))
        .filter(
          (each) =>
            (space === undefined || each.body.space === space) && newest?.has(each) !== false,
        )
        .filter(
          ({ body }) => usedFor === undefined || usedFor.includes(schema.view(body)?.usedFor ?? ''),
        );
      const { items, nextCursor } = schemaPage('views', query, all);
      return { items: items.flatMap((each) => answer(each, includeInherited)), nextCursor };
    }),
    post(`${PATH}/byids`, (body, { query }) => {
      const { items, includeInheritedProperties = true } = parse(viewsByIdsCheck, body);
      const includeInherited = flagOf(
        query,
        'includeInheritedProperties',
        includeInheritedProperties,
      );
      return {
        items: versionsOf(schema.views.all(), items).flatMap((each) =>
          answer(each, includeInherited),
        ),
      };
    }),
    post(`${PATH}/delete`, (body, call) => {
      const keys = parse(versionedKeysCheck, body).items.map(versionedKey);
      const removed = state.write(
        call.requestId,
        'views',
        'delete',
        () => remove(schema.views, keys),
        keysOf,
      );
      return { items: removed.map(({ body: view }) => withoutType(view)) };
    }),
  ];
}

function withoutType(view: View): object {
  const { type: _type, ...rest } = viewReference(view);
  return rest;
}

/** The requested versions, in the requested order, each once. */
export function versionsOf<
  T extends { readonly space: string; readonly externalId: string; readonly version: string },
>(all: Iterable<Stored<T>>, items: readonly OpenKey[]): Stored<T>[] {
  const byName = new Map<string, Stored<T>[]>();
  for (const each of all) {
    const name = containerKey(each.body);
    byName.set(name, [...(byName.get(name) ?? []), each]);
  }
  const found = items.flatMap((item) =>
    (byName.get(containerKey(item)) ?? []).filter(
      ({ body }) => item.version === undefined || body.version === item.version,
    ),
  );
  return [...new Set(found)];
}
