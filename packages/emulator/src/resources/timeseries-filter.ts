import type { State } from '../state.js';
import { unitOf } from '../units/catalog.js';
import { externalIdText, filterId, filterReference, type Reference } from '../validation/common.js';
import { array, boolean, type Check, object, text } from '../validation/schema.js';
import type { FilterOf } from './crud.js';
import {
  all,
  anyOf,
  assetIds,
  type CommonFilter,
  commonConditions,
  commonFields,
  dataSetIds,
  equal,
  subtreeIds,
} from './filters.js';
import type { TimeSeries } from './timeseries.js';

export interface TimeSeriesFilter extends CommonFilter {
  readonly name?: string | undefined;
  readonly unit?: string | undefined;
  readonly unitExternalId?: string | undefined;
  readonly unitQuantity?: string | undefined;
  readonly isString?: boolean | undefined;
  readonly isStep?: boolean | undefined;
  readonly assetIds?: readonly number[] | undefined;
  readonly assetExternalIds?: readonly string[] | undefined;
  readonly rootAssetIds?: readonly number[] | undefined;
  readonly assetSubtreeIds?: readonly Reference[] | undefined;
  readonly dataSetIds?: readonly Reference[] | undefined;
}

const check: Check<TimeSeriesFilter> = object({
  ...commonFields,
  name: text({ max: 255 }),
  unit: text(),
  unitExternalId: text(),
  unitQuantity: text(),
  isString: boolean,
  isStep: boolean,
  assetIds: array(filterId, { min: 1, max: 100 }),
  assetExternalIds: array(externalIdText, { min: 1, max: 100 }),
  rootAssetIds: array(filterId, { min: 1, max: 100 }),
  assetSubtreeIds: array(filterReference, { min: 1, max: 100 }),
  dataSetIds: array(filterReference, { min: 1, max: 100 }),
});

/** The simple filter of time series. */
export function timeSeriesFilter(state: State): FilterOf<TimeSeries, TimeSeriesFilter> {
  const rootOf = ({ assetId }: TimeSeries): number | undefined =>
    assetId === undefined ? undefined : state.assets.get(assetId)?.rootId;
  return {
    check,
    predicate: (filter) =>
      all<TimeSeries>(
        ...commonConditions<TimeSeries>(filter),
        equal(filter.name, (series) => series.name),
        equal(filter.unit, (series) => series.unit),
        equal(filter.unitExternalId, (series) => series.unitExternalId),
        equal(filter.unitQuantity, (series) => unitOf(series.unitExternalId)?.quantity),
        equal(filter.isString, (series) => series.isString),
        equal(filter.isStep, (series) => series.isStep),
        anyOf(assetIds(state, filter.assetIds, filter.assetExternalIds), (series) => series.assetId),
        anyOf(filter.rootAssetIds && new Set(filter.rootAssetIds), rootOf),
        anyOf(subtreeIds(state, filter.assetSubtreeIds), (series) => series.assetId),
        anyOf(dataSetIds(state, filter.dataSetIds), (series) => series.dataSetId),
      ),
  };
}
