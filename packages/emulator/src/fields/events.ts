import { inRange } from '../filters/conditions.js';
import type { TimeRange } from '../model/common.js';
import type { CdfEvent } from '../model/event.js';
import { idNumber, timeRange, timestamp } from '../validation/common.js';
import { array, boolean, type Check, isObject, needed, object } from '../validation/schema.js';
import { METADATA_LIMITS } from './checks.js';
import {
  dataSetField,
  externalIdField,
  metadataFieldOf,
  stamps,
  textField,
  timeField,
} from './kinds.js';
import { inSubtrees, onAssets, rangeParameters } from './parts.js';
import { list, scalar } from './patch.js';
import type { Field, FilterPart, Table } from './table.js';

type EndFilter = TimeRange | { readonly isNull: boolean };

const isNullCheck = object({ isNull: needed(boolean) });
const endCheck: Check<EndFilter> = (value, path, problems) =>
  isObject(value) && 'isNull' in value
    ? isNullCheck(value, path, problems)
    : timeRange(value, path, problems);

/** A range, or whether there is an end at all. */
const ends: FilterPart<CdfEvent> = {
  members: { endTime: endCheck },
  parameters: rangeParameters('endTime'),
  condition: (filter) => {
    const wanted = filter.endTime as EndFilter | undefined;
    if (wanted === undefined) return undefined;
    if (!('isNull' in wanted)) return inRange(wanted, ({ endTime }) => endTime);
    return ({ endTime }) => (endTime === undefined) === wanted.isNull;
  },
};

/** Events without a start are never active; those without an end still are. */
const isActive: FilterPart<CdfEvent> = {
  members: { activeAtTime: timeRange },
  parameters: rangeParameters('activeAtTime'),
  condition: (filter) => {
    const range = filter.activeAtTime as TimeRange | undefined;
    if (range === undefined) return undefined;
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = range;
    return ({ startTime, endTime = Number.POSITIVE_INFINITY }) =>
      startTime !== undefined && startTime <= max && endTime >= min;
  },
};

const kindOf = (name: string, max: number): Field<CdfEvent> =>
  textField(name, {
    max,
    filter: 'query',
    property: { maxLength: max, sorts: true, aggregates: true },
  });

export const EVENTS: Table<CdfEvent> = {
  nameLength: 128,
  metadataLength: 128,
  metadataIgnoresCase: true,
  fields: {
    id: { property: { kind: 'number' } },
    externalId: externalIdField({ property: { maxLength: 255, sorts: true } }),
    dataSetId: dataSetField(
      { max: 100 },
      { property: { sorts: true, aggregates: true }, isOlderAggregate: true },
    ),
    startTime: timeField('startTime', { sorts: true }),
    endTime: {
      create: timestamp,
      patch: scalar(timestamp),
      property: { kind: 'number', sorts: true },
      filter: ends,
    },
    activeAtTime: { filter: isActive },
    type: { ...kindOf('type', 64), isOlderAggregate: true },
    subtype: { ...kindOf('subtype', 64), isOlderAggregate: true },
    description: textField('description', {
      max: 500,
      search: { max: 500 },
      property: { maxLength: 255, sorts: true, aggregates: true, searches: true },
    }),
    metadata: metadataFieldOf(METADATA_LIMITS.events),
    assetIds: {
      create: array(idNumber, { max: 10_000 }),
      patch: list(idNumber, { max: 10_000, nullable: true }),
      refersTo: 'asset',
      property: { kind: 'numberList', aggregates: true },
      filter: onAssets('assetIds', { ids: 'assetIds', externalIds: 'assetExternalIds', max: 5000 }),
    },
    assetSubtreeIds: { filter: inSubtrees('assetIds') },
    source: kindOf('source', 128),
    ...stamps(),
  },
};
