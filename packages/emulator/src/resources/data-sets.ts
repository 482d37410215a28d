import { ApiError, badRequest } from '../errors.js';
import { post, type Route } from '../http/route.js';
import { keysOf, type State } from '../state.js';
import { externalIdText, METADATA_LIMITS, metadata } from '../validation/common.js';
import type { Loose } from '../validation/schema.js';
import { boolean, type Check, object, parse, text } from '../validation/schema.js';
import { byIdsRoute, type FilterOf, itemsOf, itemsText, type Kind, listRoute, plainText, updateRoute } from './crud.js';
import { all, type CommonFilter, commonConditions, commonFields, equal } from './filters.js';
import { metadataField, scalar } from './patch.js';
import { checkNewExternalIds, type Refusals } from './references.js';

const MAX_DATA_SETS = 10;

export interface DataSet {
  readonly id: number;
  readonly externalId?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly writeProtected: boolean;
  readonly createdTime: number;
  readonly lastUpdatedTime: number;
}

interface DataSetFilter extends CommonFilter {
  readonly writeProtected?: boolean | undefined;
}

const fields = {
  externalId: externalIdText,
  name: text({ min: 1, max: 50 }),
  description: text({ min: 1, max: 500 }),
  metadata: metadata(METADATA_LIMITS.dataSets),
};
const createCheck = itemsOf(object({ ...fields, writeProtected: boolean }), MAX_DATA_SETS);
const patchFields = {
  externalId: scalar(fields.externalId),
  name: scalar(fields.name),
  description: scalar(fields.description),
  metadata: metadataField(METADATA_LIMITS.dataSets),
  writeProtected: scalar(boolean, { required: true }),
};
const filterCheck: Check<DataSetFilter> = object({
  ...commonFields,
  writeProtected: boolean,
});

const refusals: Refusals = {
  missing: (missing) => badRequest('Data set ids not found', { missing }),
  duplicated: (duplicated) => new ApiError(409, 'Data sets duplicated', { duplicated }),
  exists: (externalIds) =>
    new ApiError(409, 'Data sets already exist', { duplicated: externalIds.map((externalId) => ({ externalId })) }),
};

const filter: FilterOf<DataSet, DataSetFilter> = {
  check: filterCheck,
  predicate: (given) =>
    all<DataSet>(
      ...commonConditions<DataSet>(given),
      equal(given.writeProtected, (dataSet) => dataSet.writeProtected),
    ),
};

/** The endpoints under `/datasets`. Creating answers 200, at most 10 at once, and nothing deletes one. */
export function dataSetRoutes(state: State): Route[] {
  const kind: Kind<DataSet> = {
    path: '/datasets',
    name: 'datasets',
    collection: state.dataSets,
    refusals,
    textOf: plainText,
  };
  return [
    post('/datasets', (body, call) => create(state, kind, parse(createCheck, body).items, call.requestId)),
    listRoute(kind, filter, { partitions: false }),
    byIdsRoute(kind),
    updateRoute(state, kind, patchFields, { max: MAX_DATA_SETS }),
    post('/datasets/aggregate', (body) => {
      const request = parse(object({ filter: filterCheck }), body ?? {});
      const matches = filter.predicate(request.filter ?? {});
      let count = 0;
      for (const dataSet of state.dataSets.items()) if (matches(dataSet)) count += 1;
      return { items: [{ count }] };
    }),
  ];
}

type DataSetCreate = Loose<Omit<DataSet, 'id' | 'createdTime' | 'lastUpdatedTime'>>;

function create(state: State, kind: Kind<DataSet>, items: readonly DataSetCreate[], requestId: string): object {
  checkNewExternalIds(state.dataSets, items, refusals);
  const now = state.clock.now();
  const dataSets = items.map(({ metadata: pairs = {}, writeProtected = false, ...rest }) => ({
    ...rest,
    metadata: pairs,
    writeProtected,
    id: state.dataSets.newId(),
    createdTime: now,
    lastUpdatedTime: now,
  }));
  const createAll = (): readonly DataSet[] => {
    state.dataSets.createAll(dataSets);
    return dataSets;
  };
  state.write(requestId, kind.name, 'create', createAll, keysOf);
  return itemsText(kind, dataSets);
}
