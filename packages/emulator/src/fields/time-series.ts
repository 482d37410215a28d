import { anyOf, equal } from '../filters/conditions.js';
import type { TimeSeries } from '../model/time-series.js';
import { unitOf } from '../units/catalog.js';
import { filterId, idNumber } from '../validation/common.js';
import { array, boolean, integer, text } from '../validation/schema.js';
import { METADATA_LIMITS } from './checks.js';
import { dataSetField, externalIdField, metadataFieldOf, stamps, textField } from './kinds.js';
import type { Lookup } from './lookup.js';
import { equalTo, inSubtrees, onAssets } from './parts.js';
import { list, scalar } from './patch.js';
import type { Field, FilterPart, Table } from './table.js';

/** The longest text that properties are compared with. */
const COMPARED = 256;
const securityCategory = integer({ min: 0 });

const rootOf = ({ assetId }: TimeSeries, { assets }: Lookup): number | undefined =>
  assetId === undefined ? undefined : assets.get(assetId)?.rootId;

const onRoots: FilterPart<TimeSeries> = {
  members: { rootAssetIds: array(filterId, { min: 1, max: 100 }) },
  parameters: { rootAssetIds: { as: 'json', to: 'rootAssetIds' } },
  condition: (filter, lookup) => {
    const roots = filter.rootAssetIds as readonly number[] | undefined;
    return anyOf(roots && new Set(roots), (series) => rootOf(series, lookup));
  },
};

const ofQuantity: FilterPart<TimeSeries> = {
  members: { unitQuantity: text() },
  parameters: {},
  condition: (filter) =>
    equal(filter.unitQuantity, ({ unitExternalId }) => unitOf(unitExternalId)?.quantity),
};

/** Units are filtered by strings of any length. */
const unitField = (name: string, max: number): Field<TimeSeries> => ({
  ...textField<TimeSeries>(name, { max, property: { maxLength: COMPARED, aggregates: true } }),
  filter: equalTo(name, text(), false),
});

export const TIME_SERIES: Table<TimeSeries> = {
  nameLength: 256,
  metadataLength: 256,
  query: { max: 255, of: ['name', 'description', 'externalId'], leaf: true },
  fields: {
    id: { property: { kind: 'number' } },
    externalId: externalIdField({
      property: { maxLength: COMPARED, sorts: true, aggregates: true },
    }),
    'instanceId.space': {
      property: {
        kind: 'text',
        maxLength: COMPARED,
        sorts: true,
        of: ({ instanceId }) => instanceId?.space,
      },
    },
    'instanceId.externalId': {
      property: {
        kind: 'text',
        maxLength: COMPARED,
        sorts: true,
        of: ({ instanceId }) => instanceId?.externalId,
      },
    },
    name: textField('name', {
      max: 255,
      filter: 'body',
      search: { max: 255 },
      property: { maxLength: COMPARED, sorts: true, aggregates: true, searches: true },
    }),
    // Accepted and ignored, as the API does.
    legacyName: { create: text({ max: 255 }), ignored: true },
    isString: {
      create: boolean,
      initial: false,
      property: { kind: 'boolean', aggregates: true },
      filter: equalTo('isString', boolean, false),
    },
    isStep: {
      create: boolean,
      initial: false,
      patch: scalar(boolean, { required: true }),
      property: { kind: 'boolean', aggregates: true },
      filter: equalTo('isStep', boolean, false),
    },
    type: { property: { kind: 'text', maxLength: COMPARED, aggregates: true } },
    metadata: metadataFieldOf(METADATA_LIMITS.timeseries, { isAlwaysThere: true, inQuery: false }),
    unit: unitField('unit', 32),
    unitExternalId: unitField('unitExternalId', 64),
    unitQuantity: {
      property: {
        kind: 'text',
        maxLength: COMPARED,
        of: ({ unitExternalId }) => unitOf(unitExternalId)?.quantity,
        aggregates: true,
      },
      filter: ofQuantity,
    },
    assetId: {
      create: idNumber,
      patch: scalar(idNumber),
      refersTo: 'asset',
      property: { kind: 'number', sorts: true, aggregates: true },
      filter: onAssets('assetId', {
        ids: 'assetIds',
        externalIds: 'assetExternalIds',
        max: 100,
        externalIdsInQuery: false,
      }),
    },
    assetRootId: { property: { kind: 'number', of: rootOf, aggregates: true }, filter: onRoots },
    assetSubtreeIds: { filter: inSubtrees('assetId', { inQuery: false }) },
    description: textField('description', {
      max: 1000,
      search: { max: 1000 },
      property: { maxLength: COMPARED, sorts: true, aggregates: true, searches: true },
    }),
    securityCategories: {
      create: array(securityCategory),
      initial: [],
      patch: list(securityCategory),
      property: { kind: 'numberList' },
    },
    accessCategories: { initial: [] },
    dataSetId: dataSetField(
      { min: 1, max: 100 },
      { property: { sorts: true, aggregates: true }, inQuery: false },
    ),
    ...stamps({ inQuery: false }),
  },
};
