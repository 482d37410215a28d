import type { UpdatableFields } from '@cdf/core/resource';

/** The fields of assets that the API updates. */
export const UPDATABLE_FIELDS: UpdatableFields = {
  externalId: 'required',
  name: 'required',
  parentId: 'required',
  parentExternalId: 'required',
  description: 'nullable',
  dataSetId: 'nullable',
  metadata: 'metadata',
  source: 'nullable',
  labels: 'labels',
  geoLocation: 'nullable',
};

/** The fields that CDF sets. */
export const READ_ONLY_FIELDS: readonly string[] = ['id', 'rootId', 'aggregates', 'createdTime', 'lastUpdatedTime'];
