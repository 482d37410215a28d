import { badRequest } from '../errors.js';
import { get, post, type Route } from '../http/route.js';
import { checkViewFilters } from '../query/view-filters.js';
import type { State } from '../state.js';
import { array, boolean, needed, object, parse } from '../validation/schema.js';
import { dataModelAnswer } from './answers.js';
import { described } from './container-upsert.js';
import { containerKey, versionedKey, viewReference } from './keys.js';
import { flagOf, newestVersions, schemaPage, spaceOf } from './listing.js';
import type { DataModel, Stored, ViewReference } from './model.js';
import { storeViews } from './store-views.js';
import { type DataModelCreate, dataModelCheck, type ViewCreate } from './view-body.js';
import { openKeys, versionedKeysCheck, versionsOf } from './view-routes.js';
import { missingViews } from './view-upsert.js';
import { checkWritableSpaces, keysOf, remove, store } from './writer.js';

const MAX_ITEMS = 100;
const MAX_VIEWS = 100;
const PATH = '/models/datamodels';

const modelsCheck = object({ items: needed(array(dataModelCheck, { min: 1, max: MAX_ITEMS })) });
/** The official JavaScript client sends the option in the body, and not in the query. */
const modelsByIdsCheck = object({ items: openKeys, inlineViews: boolean });

/** The endpoints under `/models/datamodels`. */
export function dataModelRoutes(state: State): Route[] {
  const { schema } = state;
  const { dataModels } = schema;
  return [
    post(PATH, (body, call) => {
      const { items } = parse(modelsCheck, body);
      const whole = items.flatMap(({ views = [] }) => views.filter(isWhole));
      checkWritableSpaces(
        schema,
        [...items, ...whole].map(({ space }) => space),
      );
      const now = state.clock.now();
      const write = (): Stored<DataModel>[] => {
        checkViewFilters(schema, state.instances, storeViews(schema, whole, now));
        return items.map((item) =>
          store(dataModels, versionedKey(item), upserted(state, item), now),
        );
      };
      const stored = state.write(call.requestId, 'datamodels', 'create', write, keysOf);
      const inlineViews = flagOf(call.query, 'inlineViews', false);
      return { items: stored.map((each) => dataModelAnswer(schema, each, inlineViews)) };
    }),
    get(PATH, ({ query }) => {
      const space = spaceOf(query);
      const inlineViews = flagOf(query, 'inlineViews', false);
      const newest = flagOf(query, 'allVersions', false)
        ? undefined
        : newestVersions(dataModels.all());
      const all = dataModels
        .sorted(flagOf(query, 'includeGlobal', false))
        .filter(
          (each) =>
            (space === undefined || each.body.space === space) && newest?.has(each) !== false,
        );
      const { items, nextCursor } = schemaPage('datamodels', query, all);
      return { items: items.map((each) => dataModelAnswer(schema, each, inlineViews)), nextCursor };
    }),
    post(`${PATH}/byids`, (body, { query }) => {
      const given = parse(modelsByIdsCheck, body);
      const inlineViews = flagOf(query, 'inlineViews', given.inlineViews ?? false);
      const found = versionsOf(dataModels.all(), given.items);
      return { items: found.map((each) => dataModelAnswer(schema, each, inlineViews)) };
    }),
    post(`${PATH}/delete`, (body, call) => {
      const keys = parse(versionedKeysCheck, body).items.map(versionedKey);
      const removed = state.write(
        call.requestId,
        'datamodels',
        'delete',
        () => remove(dataModels, keys),
        keysOf,
      );
      return {
        items: removed.map(({ body: { space, externalId, version } }) => ({
          space,
          externalId,
          version,
        })),
      };
    }),
  ];
}

/**
 * Views that the request leaves out stay; another version of one that is in the model is refused.
 */
function upserted({ schema }: State, given: DataModelCreate): DataModel {
  const key = versionedKey(given);
  const before = schema.dataModels.get(key)?.body;
  const views = new Map((before?.views ?? []).map((view) => [containerKey(view), view]));
  const named = (given.views ?? []).map(viewReference);
  const missing = named.filter((view) => schema.views.get(versionedKey(view)) === undefined);
  if (missing.length > 0) throw missingViews(missing);
  for (const view of named) {
    const present: ViewReference | undefined = views.get(containerKey(view));
    if (present !== undefined && present.version !== view.version)
      throw badRequest(
        `Data model '${key}' has view '${versionedKey(present)}' already: another version of it needs a new version of the data model.`,
      );
    views.set(containerKey(view), view);
  }
  if (views.size > MAX_VIEWS)
    throw badRequest(`Data model '${key}' has more than ${MAX_VIEWS} views.`);
  const { space, externalId, version } = given;
  return { space, externalId, version, ...described(given), views: [...views.values()] };
}

function isWhole(view: ViewReference | ViewCreate): view is ViewCreate {
  return !('type' in view);
}
