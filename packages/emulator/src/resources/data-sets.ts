import { ApiError, badRequest } from '../errors.js';
import { DATA_SETS } from '../fields/data-sets.js';
import type { Route } from '../http/route.js';
import type { DataSet, DataSetCreate } from '../model/data-set.js';
import type { State } from '../state.js';
import type { Refusals } from '../storage/references.js';
import { countRoute } from './count.js';
import { createRoute } from './create.js';
import { byIdsRoute, type Kind, listRoute, plainText, updateRoute } from './crud.js';

const MAX_DATA_SETS = 10;

const refusals: Refusals = {
  missing: (missing) => badRequest('Data set ids not found', { missing }),
  duplicated: (duplicated) => new ApiError(409, 'Data sets duplicated', { duplicated }),
  exists: (externalIds) =>
    new ApiError(409, 'Data sets already exist', {
      duplicated: externalIds.map((externalId) => ({ externalId })),
    }),
};

/**
 * The endpoints under `/datasets`. Creating answers 200, at most 10 at once, and nothing deletes
 * one.
 */
export function dataSetRoutes(state: State): Route[] {
  const kind: Kind<DataSet> = {
    table: DATA_SETS,
    path: '/datasets',
    name: 'datasets',
    collection: state.dataSets,
    refusals,
    textOf: plainText,
  };
  return [
    createRoute<DataSet, DataSetCreate>(state, kind, { status: 200, max: MAX_DATA_SETS }),
    listRoute(state, kind, { partitions: false }),
    byIdsRoute(kind),
    updateRoute(state, kind, { max: MAX_DATA_SETS }),
    countRoute(state, kind),
  ];
}
