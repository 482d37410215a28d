import { ApiError, badRequest } from '../errors.js';
import { LABELS } from '../fields/labels.js';
import { post, type Route } from '../http/route.js';
import type { Label, LabelCreate } from '../model/label.js';
import { keysOf, type State } from '../state.js';
import type { Entry } from '../storage/collection.js';
import { type Refusals, resolve } from '../storage/references.js';
import { externalIdText } from '../validation/common.js';
import { array, boolean, needed, object, parse } from '../validation/schema.js';
import { createRoute } from './create.js';
import { itemsOf, itemsText, type Kind, listRoute } from './crud.js';

const key = object({ externalId: needed(externalIdText) });
const byIdsCheck = object({
  items: needed(array(key, { min: 1, max: 1000 })),
  ignoreUnknownIds: boolean,
});
const refusals: Refusals = {
  missing: (missing) => badRequest('Labels not found', { missing }),
  duplicated: (duplicated) => new ApiError(409, 'Labels duplicated', { duplicated }),
  exists: (externalIds) =>
    new ApiError(409, 'Labels already exist', {
      duplicated: externalIds.map((externalId) => ({ externalId })),
    }),
};

/** The endpoints under `/labels`, which have no update. */
export function labelRoutes(state: State): Route[] {
  const kind: Kind<Label> = {
    table: LABELS,
    path: '/labels',
    name: 'labels',
    collection: state.labels,
    refusals,
    textOf,
  };
  return [
    createRoute<Label, LabelCreate>(state, kind),
    listRoute(state, kind, { partitions: false }),
    post('/labels/byids', (body) => {
      const { items, ignoreUnknownIds } = parse(byIdsCheck, body);
      return itemsText(
        kind,
        resolve(state.labels, items, refusals, { ignoreUnknown: ignoreUnknownIds }),
      );
    }),
    post('/labels/delete', (body, call) => {
      const { items } = parse(itemsOf(key), body);
      const doomed = resolve(state.labels, items, refusals);
      const remove = (): readonly Label[] => {
        for (const { id } of doomed) state.labels.delete(id);
        return doomed;
      };
      state.write(call.requestId, kind.name, 'delete', remove, keysOf);
      return {};
    }),
  ];
}

function textOf(entry: Entry<Label>): string {
  const { id: _own, lastUpdatedTime: _unused, ...label } = entry.item;
  entry.json ??= JSON.stringify(label);
  return entry.json;
}
