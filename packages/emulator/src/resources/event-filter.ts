import type { State } from '../state.js';
import {
  externalIdText,
  filterId,
  filterReference,
  type Reference,
  type TimeRange,
  timeRange,
} from '../validation/common.js';
import { array, boolean, type Check, isObject, needed, object, text } from '../validation/schema.js';
import type { FilterOf } from './crud.js';
import type { CdfEvent } from './events.js';
import {
  all,
  anyOf,
  assetIds,
  type CommonFilter,
  commonConditions,
  commonFields,
  dataSetIds,
  equal,
  inRange,
  type Predicate,
  subtreeIds,
} from './filters.js';

export interface EventFilter extends CommonFilter {
  readonly startTime?: TimeRange | undefined;
  readonly endTime?: TimeRange | { readonly isNull: boolean } | undefined;
  readonly activeAtTime?: TimeRange | undefined;
  readonly assetIds?: readonly number[] | undefined;
  readonly assetExternalIds?: readonly string[] | undefined;
  readonly assetSubtreeIds?: readonly Reference[] | undefined;
  readonly dataSetIds?: readonly Reference[] | undefined;
  readonly source?: string | undefined;
  readonly type?: string | undefined;
  readonly subtype?: string | undefined;
}

const isNullCheck = object({ isNull: needed(boolean) });
const endTime: Check<TimeRange | { isNull: boolean }> = (value, path, problems) =>
  isObject(value) && 'isNull' in value ? isNullCheck(value, path, problems) : timeRange(value, path, problems);

const check: Check<EventFilter> = object({
  ...commonFields,
  startTime: timeRange,
  endTime,
  activeAtTime: timeRange,
  assetIds: array(filterId, { min: 1, max: 5000 }),
  assetExternalIds: array(externalIdText, { min: 1, max: 5000 }),
  assetSubtreeIds: array(filterReference, { min: 1, max: 100 }),
  dataSetIds: array(filterReference, { max: 100 }),
  source: text({ max: 128 }),
  type: text({ max: 64 }),
  subtype: text({ max: 64 }),
});

/** The simple filter of events. */
export function eventFilter(state: State): FilterOf<CdfEvent, EventFilter> {
  return {
    check,
    predicate: (filter) => {
      const inSubtree = subtreeIds(state, filter.assetSubtreeIds);
      return all<CdfEvent>(
        ...commonConditions<CdfEvent>(filter),
        inRange(filter.startTime, (event) => event.startTime),
        endsIn(filter.endTime),
        activeIn(filter.activeAtTime),
        anyOf(assetIds(state, filter.assetIds, filter.assetExternalIds), (event) => event.assetIds),
        anyOf(inSubtree, (event) => event.assetIds),
        anyOf(dataSetIds(state, filter.dataSetIds), (event) => event.dataSetId),
        equal(filter.source, (event) => event.source),
        equal(filter.type, (event) => event.type),
        equal(filter.subtype, (event) => event.subtype),
      );
    },
  };
}

function endsIn(wanted: EventFilter['endTime']): Predicate<CdfEvent> {
  if (wanted === undefined) return undefined;
  if (!('isNull' in wanted)) return inRange(wanted, (event) => event.endTime);
  return ({ endTime: end }) => (end === undefined) === wanted.isNull;
}

/** Events without a start are never active; those without an end still are. */
function activeIn(range: TimeRange | undefined): Predicate<CdfEvent> {
  if (range === undefined) return undefined;
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = range;
  return ({ startTime, endTime: end = Number.POSITIVE_INFINITY }) =>
    startTime !== undefined && startTime <= max && end >= min;
}
