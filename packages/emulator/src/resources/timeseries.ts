import { badRequest } from '../errors.js';
import { itemMaker } from '../fields/derive.js';
import { TIME_SERIES } from '../fields/time-series.js';
import type { Route } from '../http/route.js';
import type { TimeSeries, TimeSeriesCreate } from '../model/time-series.js';
import type { State } from '../state.js';
import { timeSeriesRefusals } from '../storage/references.js';
import { checkUnit } from '../units/catalog.js';
import { aggregateRoute } from './aggregate.js';
import { createRoute, stamp } from './create.js';
import { byIdsRoute, deleteRoute, type Kind, listRoute, plainText, updateRoute } from './crud.js';
import { getListRoute } from './get-list.js';
import { checkOwner, pendingRoute, withoutNodes } from './node-items.js';
import { advancedListing, searchRoute } from './query.js';

/** The fields that the node of a series provides. */
const OWNED = ['name', 'description', 'unit', 'unitExternalId', 'isStep', 'securityCategories'];

/** The endpoints under `/timeseries` that concern metadata. */
export function timeSeriesRoutes(state: State): Route[] {
  const kind: Kind<TimeSeries> = {
    table: TIME_SERIES,
    path: '/timeseries',
    name: 'timeseries',
    collection: state.timeseries,
    refusals: timeSeriesRefusals,
    textOf: plainText,
  };
  const make = itemMaker<TimeSeriesCreate>(TIME_SERIES);
  const created = (given: TimeSeriesCreate, now: number): TimeSeries => {
    const item = make(given);
    return {
      ...stamp(item, state.timeseries.newId(), now),
      type: item.isString ? 'string' : 'numeric',
    };
  };
  return [
    createRoute<TimeSeries, TimeSeriesCreate>(state, kind, {
      check: (items) => items.forEach(checkUnits),
      complete: (items, now) => items.map((item) => created(item, now)),
    }),
    getListRoute(state, kind, { partitionsAboveTen: 'ten' }),
    listRoute(state, kind, { partitionsAboveTen: 'ten', extra: advancedListing(state, kind) }),
    searchRoute(state, kind),
    aggregateRoute(state, kind, { allText: true, counted: false }),
    byIdsRoute(kind, { instance: true }),
    updateRoute(state, kind, {
      instance: true,
      keepsTimeIfUnchanged: true,
      complete: (after, before, patch) => {
        checkOwner(before, patch, OWNED);
        checkUnits(after);
        return after;
      },
    }),
    pendingRoute(state, kind),
    deleteRoute(state, kind, {
      widen: withoutNodes,
      afterwards: (deleted) => {
        for (const { id } of deleted) state.points.removeSeries(id);
      },
    }),
  ];
}

/** Only numeric series have a unit of the catalogue. */
function checkUnits({ unitExternalId, isString }: TimeSeriesCreate): void {
  if (unitExternalId === undefined) return;
  if (isString) throw badRequest('A string time series cannot have a unitExternalId');
  checkUnit(unitExternalId);
}
