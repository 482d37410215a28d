import { ApiError, badRequest } from '../errors.js';
import { timeSeriesProperties } from '../filters/resources.js';
import { post, type Route } from '../http/route.js';
import type { State } from '../state.js';
import { keysOf } from '../state.js';
import { checkUnit } from '../units/catalog.js';
import { externalIdText, type InstanceId, idNumber, METADATA_LIMITS, metadata } from '../validation/common.js';
import type { Loose } from '../validation/schema.js';
import { array, boolean, integer, object, parse, text } from '../validation/schema.js';
import { aggregateRoute } from './aggregate.js';
import { byIdsRoute, deleteRoute, itemsOf, itemsText, type Kind, listRoute, plainText, updateRoute } from './crud.js';
import { getListRoute, type QueryParameter } from './get-list.js';
import { checkAssets, checkDataSets } from './links.js';
import { list, metadataField, scalar } from './patch.js';
import { advancedListing, searchRoute } from './query.js';
import { checkNewExternalIds, type Refusals } from './references.js';
import { timeSeriesFilter } from './timeseries-filter.js';

export interface TimeSeries {
  readonly id: number;
  readonly externalId?: string | undefined;
  readonly instanceId?: InstanceId | undefined;
  readonly name?: string | undefined;
  readonly isString: boolean;
  readonly type: 'numeric' | 'string';
  readonly isStep: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly unit?: string | undefined;
  readonly unitExternalId?: string | undefined;
  readonly assetId?: number | undefined;
  readonly description?: string | undefined;
  readonly securityCategories: readonly number[];
  readonly accessCategories: readonly string[];
  readonly dataSetId?: number | undefined;
  readonly createdTime: number;
  readonly lastUpdatedTime: number;
}

const securityCategory = integer({ min: 0 });
const createCheck = itemsOf(
  object({
    externalId: externalIdText,
    name: text({ max: 255 }),
    // Accepted and ignored, as the API does.
    legacyName: text({ max: 255 }),
    isString: boolean,
    isStep: boolean,
    metadata: metadata(METADATA_LIMITS.timeseries),
    unit: text({ max: 32 }),
    unitExternalId: text({ max: 64 }),
    assetId: idNumber,
    description: text({ max: 1000 }),
    securityCategories: array(securityCategory),
    dataSetId: idNumber,
  }),
);

const patchFields = {
  externalId: scalar(externalIdText),
  name: scalar(text({ max: 255 })),
  metadata: metadataField(METADATA_LIMITS.timeseries),
  unit: scalar(text({ max: 32 })),
  unitExternalId: scalar(text({ max: 64 })),
  assetId: scalar(idNumber),
  isStep: scalar(boolean, { required: true }),
  description: scalar(text({ max: 1000 })),
  securityCategories: list(securityCategory),
  dataSetId: scalar(idNumber),
};

const searchMembers = {
  name: { max: 255, of: ['name'] },
  description: { max: 1000, of: ['description'] },
  query: { max: 255, of: ['name', 'description', 'externalId'] },
};

const queryParameters: Readonly<Record<string, QueryParameter>> = {
  assetIds: { as: 'json', to: 'assetIds' },
  rootAssetIds: { as: 'json', to: 'rootAssetIds' },
  externalIdPrefix: { as: 'text', to: 'externalIdPrefix' },
};

/** How the time series service refuses: unlike the others it answers 422 to references that repeat. */
export const timeSeriesRefusals: Refusals = {
  missing: (missing) => badRequest('Time series not found', { missing }),
  duplicated: (duplicated) => new ApiError(422, 'Duplicate time series references', { duplicated }),
  conflicting: (duplicated) => new ApiError(409, 'Conflicting time series references', { duplicated }),
  exists: (externalIds) =>
    new ApiError(409, 'Time series already exist', { duplicated: externalIds.map((externalId) => ({ externalId })) }),
};

/** The endpoints under `/timeseries` that concern metadata. */
export function timeSeriesRoutes(state: State): Route[] {
  const kind = timeSeriesKind(state);
  const filter = timeSeriesFilter(state);
  const properties = timeSeriesProperties(state);
  return [
    post('/timeseries', (body, call) => create(state, kind, parse(createCheck, body).items, call.requestId), 201),
    getListRoute(kind, filter, queryParameters, { partitionsAboveTen: 'ten' }),
    listRoute(kind, filter, { partitionsAboveTen: 'ten', extra: advancedListing(properties) }),
    searchRoute(kind, filter, { members: searchMembers }),
    aggregateRoute(kind, filter, properties, { allText: true, counted: false }),
    byIdsRoute(kind, { instance: true }),
    updateRoute(state, kind, patchFields, {
      instance: true,
      keepsTimeIfUnchanged: true,
      complete: (after) => {
        checkAll(state, [after]);
        return after;
      },
    }),
    deleteRoute(state, kind, {
      afterwards: (deleted) => {
        for (const { id } of deleted) state.points.removeSeries(id);
      },
    }),
  ];
}

export function timeSeriesKind(state: State): Kind<TimeSeries> {
  return {
    path: '/timeseries',
    name: 'timeseries',
    collection: state.timeseries,
    refusals: timeSeriesRefusals,
    textOf: plainText,
  };
}

type TimeSeriesCreate = Loose<Omit<TimeSeries, 'id' | 'createdTime' | 'lastUpdatedTime' | 'type'>> & {
  legacyName?: string | undefined;
};

function create(state: State, kind: Kind<TimeSeries>, items: readonly TimeSeriesCreate[], requestId: string): object {
  checkAll(state, items);
  checkNewExternalIds(state.timeseries, items, kind.refusals);
  const now = state.clock.now();
  const series = items.map(({ legacyName: _ignored, ...item }): TimeSeries => {
    const { isString = false, isStep = false, metadata: pairs = {}, securityCategories = [], ...rest } = item;
    const type = isString ? 'string' : 'numeric';
    const fixed = { isString, type, isStep, metadata: pairs, securityCategories, accessCategories: [] } as const;
    return { ...rest, ...fixed, id: state.timeseries.newId(), createdTime: now, lastUpdatedTime: now };
  });
  const createAll = (): readonly TimeSeries[] => {
    state.timeseries.createAll(series);
    return series;
  };
  state.write(requestId, kind.name, 'create', createAll, keysOf);
  return itemsText(kind, series);
}

function checkAll(state: State, items: readonly TimeSeriesCreate[]): void {
  checkDataSets(state, items);
  checkAssets(state, items);
  for (const { unitExternalId, isString } of items) {
    if (unitExternalId === undefined) continue;
    if (isString === true) throw badRequest('A string time series cannot have a unitExternalId');
    checkUnit(unitExternalId);
  }
}
