import { byId, type ResourceDefinition } from '@cdf/core/resource';
import type { AssetData } from './asset-types.js';

/** Assets, as every request for them sees them. */
export const ASSETS: ResourceDefinition<AssetData> = {
  path: '/assets',
  noun: 'assets',
  fields: {
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
  },
  readOnly: ['rootId', 'aggregates'],
  order: byId,
  options: {
    list: ['advancedFilter', 'sort', 'aggregatedProperties'],
    retrieve: ['aggregatedProperties'],
    delete: ['recursive'],
  },
  hasParents: true,
  // Assets are selected: `select()`, `subtree()`.
  without: ['listByAssets'],
};
