import type { Asset } from '../resources/assets.js';
import type { CdfEvent } from '../resources/events.js';
import type { TimeSeries } from '../resources/timeseries.js';
import type { State } from '../state.js';
import { unitOf } from '../units/catalog.js';
import type { Properties, Property } from './properties.js';

function text<T>(of: (item: T) => unknown, maxLength: number): Property<T> {
  return { kind: 'text', maxLength, of };
}

function number<T>(of: (item: T) => unknown): Property<T> {
  return { kind: 'number', of };
}

export const assetProperties: Properties<Asset> = {
  nameLength: 128,
  metadataLength: 128,
  searchable: ['name', 'description'],
  sortable: ['createdTime', 'dataSetId', 'description', 'externalId', 'lastUpdatedTime', 'name', 'source'],
  aggregatable: ['dataSetId', 'description', 'labels', 'name', 'parentId', 'rootId', 'source'],
  known: {
    labels: { kind: 'textList', maxLength: 255, of: ({ labels }) => labels?.map(({ externalId }) => externalId) },
    createdTime: number(({ createdTime }) => createdTime),
    dataSetId: number(({ dataSetId }) => dataSetId),
    id: number(({ id }) => id),
    lastUpdatedTime: number(({ lastUpdatedTime }) => lastUpdatedTime),
    parentId: number(({ parentId }) => parentId),
    rootId: number(({ rootId }) => rootId),
    description: text(({ description }) => description, 255),
    externalId: text(({ externalId }) => externalId, 255),
    name: text(({ name }) => name, 255),
    source: text(({ source }) => source, 128),
  },
};

export const eventProperties: Properties<CdfEvent> = {
  nameLength: 128,
  metadataLength: 128,
  metadataIgnoresCase: true,
  searchable: ['description'],
  sortable: [
    'createdTime',
    'dataSetId',
    'description',
    'endTime',
    'externalId',
    'lastUpdatedTime',
    'source',
    'startTime',
    'subtype',
    'type',
  ],
  aggregatable: ['assetIds', 'dataSetId', 'description', 'source', 'subtype', 'type'],
  known: {
    assetIds: { kind: 'numberList', of: ({ assetIds }) => assetIds },
    createdTime: number(({ createdTime }) => createdTime),
    dataSetId: number(({ dataSetId }) => dataSetId),
    startTime: number(({ startTime }) => startTime),
    endTime: number(({ endTime }) => endTime),
    id: number(({ id }) => id),
    lastUpdatedTime: number(({ lastUpdatedTime }) => lastUpdatedTime),
    description: text(({ description }) => description, 255),
    externalId: text(({ externalId }) => externalId, 255),
    source: text(({ source }) => source, 128),
    type: text(({ type }) => type, 64),
    subtype: text(({ subtype }) => subtype, 64),
  },
};

/** Time series also offer what their asset and their unit say. */
export function timeSeriesProperties(state: State): Properties<TimeSeries> {
  const rootOf = ({ assetId }: TimeSeries): number | undefined =>
    assetId === undefined ? undefined : state.assets.get(assetId)?.rootId;
  return {
    nameLength: 256,
    metadataLength: 256,
    searchable: ['name', 'description', 'query'],
    sortable: [
      'assetId',
      'createdTime',
      'dataSetId',
      'description',
      'externalId',
      'instanceId.externalId',
      'instanceId.space',
      'lastUpdatedTime',
      'name',
    ],
    aggregatable: [
      'assetId',
      'assetRootId',
      'dataSetId',
      'description',
      'externalId',
      'isStep',
      'isString',
      'name',
      'type',
      'unit',
      'unitExternalId',
      'unitQuantity',
    ],
    known: {
      description: text(({ description }) => description, 256),
      externalId: text(({ externalId }) => externalId, 256),
      name: text(({ name }) => name, 256),
      unit: text(({ unit }) => unit, 256),
      unitExternalId: text(({ unitExternalId }) => unitExternalId, 256),
      unitQuantity: text(({ unitExternalId }) => unitOf(unitExternalId)?.quantity, 256),
      'instanceId.space': text(({ instanceId }) => instanceId?.space, 256),
      'instanceId.externalId': text(({ instanceId }) => instanceId?.externalId, 256),
      assetId: number(({ assetId }) => assetId),
      assetRootId: number(rootOf),
      createdTime: number(({ createdTime }) => createdTime),
      dataSetId: number(({ dataSetId }) => dataSetId),
      id: number(({ id }) => id),
      lastUpdatedTime: number(({ lastUpdatedTime }) => lastUpdatedTime),
      isStep: { kind: 'boolean', of: ({ isStep }) => isStep },
      isString: { kind: 'boolean', of: ({ isString }) => isString },
      type: text(({ type }) => type, 256),
      securityCategories: { kind: 'numberList', of: ({ securityCategories }) => securityCategories },
    },
  };
}
