import type { State } from '../state.js';
import {
  externalIdText,
  filterId,
  filterReference,
  type LabelFilter,
  labelFilter,
  type Reference,
  type TimeRange,
  timeRange,
} from '../validation/common.js';
import { array, boolean, type Check, object, text } from '../validation/schema.js';
import type { FilterOf } from './crud.js';
import type { CdfFile } from './files.js';
import {
  all,
  anyOf,
  assetIds,
  type CommonFilter,
  commonConditions,
  commonFields,
  dataSetIds,
  equal,
  hasLabels,
  inRange,
  startsWith,
  subtreeIds,
} from './filters.js';
import { type GeoFilter, geoFilter, matchesGeo } from './geo.js';
import { type QueryParameter, rangeParameters } from './get-list.js';

export interface FileFilter extends CommonFilter {
  readonly name?: string | undefined;
  readonly directoryPrefix?: string | undefined;
  readonly mimeType?: string | undefined;
  readonly assetIds?: readonly number[] | undefined;
  readonly assetExternalIds?: readonly string[] | undefined;
  readonly rootAssetIds?: readonly number[] | undefined;
  readonly dataSetIds?: readonly Reference[] | undefined;
  readonly assetSubtreeIds?: readonly Reference[] | undefined;
  readonly source?: string | undefined;
  readonly uploadedTime?: TimeRange | undefined;
  readonly sourceCreatedTime?: TimeRange | undefined;
  readonly sourceModifiedTime?: TimeRange | undefined;
  readonly uploaded?: boolean | undefined;
  readonly labels?: LabelFilter | undefined;
  readonly geoLocation?: GeoFilter | undefined;
}

const check: Check<FileFilter> = object({
  ...commonFields,
  name: text({ max: 256 }),
  directoryPrefix: text({ max: 512 }),
  mimeType: text({ max: 256 }),
  assetIds: array(filterId, { min: 1, max: 100 }),
  assetExternalIds: array(externalIdText, { min: 1, max: 100 }),
  rootAssetIds: array(filterId, { min: 1, max: 100 }),
  dataSetIds: array(filterReference, { max: 100 }),
  assetSubtreeIds: array(filterReference, { min: 1, max: 100 }),
  source: text({ max: 128 }),
  uploadedTime: timeRange,
  sourceCreatedTime: timeRange,
  sourceModifiedTime: timeRange,
  uploaded: boolean,
  labels: labelFilter,
  geoLocation: geoFilter,
});

export const fileQueryParameters: Readonly<Record<string, QueryParameter>> = {
  name: { as: 'text', to: 'name' },
  mimeType: { as: 'text', to: 'mimeType' },
  source: { as: 'text', to: 'source' },
  directoryPrefix: { as: 'text', to: 'directoryPrefix' },
  assetIds: { as: 'json', to: 'assetIds' },
  assetExternalIds: { as: 'json', to: 'assetExternalIds' },
  rootAssetIds: { as: 'json', to: 'rootAssetIds' },
  assetSubtreeIds: { as: 'ids', to: 'assetSubtreeIds' },
  assetSubtreeExternalIds: { as: 'externalIds', to: 'assetSubtreeIds' },
  dataSetIds: { as: 'ids', to: 'dataSetIds' },
  externalIdPrefix: { as: 'text', to: 'externalIdPrefix' },
  uploaded: { as: 'boolean', to: 'uploaded' },
  ...rangeParameters('createdTime', 'lastUpdatedTime', 'uploadedTime', 'sourceCreatedTime', 'sourceModifiedTime'),
};

/** The simple filter of files. */
export function fileFilter(state: State): FilterOf<CdfFile, FileFilter> {
  return {
    check,
    predicate: (filter) => {
      const roots = filter.rootAssetIds?.map((id) => ({ id }));
      return all<CdfFile>(
        ...commonConditions<CdfFile>(filter),
        equal(filter.name, (file) => file.name),
        startsWith(filter.directoryPrefix, (file) => file.directory),
        equal(filter.mimeType, (file) => file.mimeType),
        equal(filter.source, (file) => file.source),
        equal(filter.uploaded, (file) => file.uploaded),
        anyOf(assetIds(state, filter.assetIds, filter.assetExternalIds), (file) => file.assetIds),
        anyOf(subtreeIds(state, roots), (file) => file.assetIds),
        anyOf(subtreeIds(state, filter.assetSubtreeIds), (file) => file.assetIds),
        anyOf(dataSetIds(state, filter.dataSetIds), (file) => file.dataSetId),
        inRange(filter.uploadedTime, (file) => file.uploadedTime),
        inRange(filter.sourceCreatedTime, (file) => file.sourceCreatedTime),
        inRange(filter.sourceModifiedTime, (file) => file.sourceModifiedTime),
        hasLabels(filter.labels),
        matchesGeo(filter.geoLocation),
      );
    },
  };
}
