import { ApiError, badRequest } from '../errors.js';
import { post, type Route } from '../http/route.js';
import { keysOf, type State } from '../state.js';
import type { Entry } from '../storage/collection.js';
import { externalIdText, filterReference, idNumber, type Reference } from '../validation/common.js';
import { array, boolean, needed, object, parse, text } from '../validation/schema.js';
import { type FilterOf, itemsOf, itemsText, type Kind, listRoute } from './crud.js';
import { all, anyOf, dataSetIds, equal, startsWith } from './filters.js';
import { checkDataSets } from './links.js';
import { checkNewExternalIds, type Refusals, resolve } from './references.js';

/** A label's `id` is the emulator's own and never sent. */
export interface Label {
  readonly id: number;
  readonly externalId: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly dataSetId?: number | undefined;
  readonly createdTime: number;
  readonly lastUpdatedTime: number;
}

interface LabelFilter {
  readonly name?: string | undefined;
  readonly externalIdPrefix?: string | undefined;
  readonly dataSetIds?: readonly Reference[] | undefined;
}

const createCheck = itemsOf(
  object({
    externalId: needed(text({ min: 1, max: 255 })),
    name: needed(text({ min: 1, max: 140 })),
    description: text({ max: 500 }),
    dataSetId: idNumber,
  }),
);
const key = object({ externalId: needed(externalIdText) });
const byIdsCheck = object({ items: needed(array(key, { min: 1, max: 1000 })), ignoreUnknownIds: boolean });
const filterCheck = object({
  name: text({ min: 1, max: 140 }),
  externalIdPrefix: externalIdText,
  dataSetIds: array(filterReference, { max: 1000 }),
});

const refusals: Refusals = {
  missing: (missing) => badRequest('Labels not found', { missing }),
  duplicated: (duplicated) => new ApiError(409, 'Labels duplicated', { duplicated }),
  exists: (externalIds) =>
    new ApiError(409, 'Labels already exist', { duplicated: externalIds.map((externalId) => ({ externalId })) }),
};

/** The endpoints under `/labels`. There is no update. */
export function labelRoutes(state: State): Route[] {
  const kind: Kind<Label> = { path: '/labels', name: 'labels', collection: state.labels, refusals, textOf };
  const filter: FilterOf<Label, LabelFilter> = {
    check: filterCheck,
    predicate: (given) =>
      all<Label>(
        equal(given.name, (label) => label.name),
        startsWith(given.externalIdPrefix, (label) => label.externalId),
        anyOf(dataSetIds(state, given.dataSetIds), (label) => label.dataSetId),
      ),
  };
  return [
    post('/labels', (body, call) => create(state, kind, parse(createCheck, body).items, call.requestId), 201),
    listRoute(kind, filter, { partitions: false }),
    post('/labels/byids', (body) => {
      const { items, ignoreUnknownIds } = parse(byIdsCheck, body);
      return itemsText(kind, resolve(state.labels, items, refusals, { ignoreUnknown: ignoreUnknownIds }));
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

function create(
  state: State,
  kind: Kind<Label>,
  items: readonly Omit<Label, 'id' | 'createdTime' | 'lastUpdatedTime'>[],
  requestId: string,
): object {
  checkDataSets(state, items);
  checkNewExternalIds(state.labels, items, refusals);
  const now = state.clock.now();
  const labels = items.map((item) => ({ ...item, id: state.labels.newId(), createdTime: now, lastUpdatedTime: now }));
  const createAll = (): readonly Label[] => {
    state.labels.createAll(labels);
    return labels;
  };
  state.write(requestId, kind.name, 'create', createAll, keysOf);
  return itemsText(kind, labels);
}

function textOf(entry: Entry<Label>): string {
  const { id: _own, lastUpdatedTime: _unused, ...label } = entry.item;
  entry.json ??= JSON.stringify(label);
  return entry.json;
}
