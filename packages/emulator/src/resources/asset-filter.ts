import type { State } from '../state.js';
import {
  externalIdText,
  filterId,
  filterReference,
  type LabelFilter,
  labelFilter,
  type Reference,
} from '../validation/common.js';
import { array, boolean, type Check, object, text } from '../validation/schema.js';
import type { Asset } from './assets.js';
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
  hasLabels,
  subtreeIds,
} from './filters.js';
import { type GeoFilter, geoFilter, matchesGeo } from './geo.js';

export interface AssetFilter extends CommonFilter {
  readonly name?: string | undefined;
  readonly parentIds?: readonly number[] | undefined;
  readonly parentExternalIds?: readonly string[] | undefined;
  readonly rootIds?: readonly Reference[] | undefined;
  readonly assetSubtreeIds?: readonly Reference[] | undefined;
  readonly dataSetIds?: readonly Reference[] | undefined;
  readonly source?: string | undefined;
  readonly root?: boolean | undefined;
  readonly labels?: LabelFilter | undefined;
  readonly geoLocation?: GeoFilter | undefined;
}

const check: Check<AssetFilter> = object({
  ...commonFields,
  name: text({ min: 1, max: 140 }),
  parentIds: array(filterId, { min: 1, max: 100 }),
  parentExternalIds: array(externalIdText, { min: 1, max: 100 }),
  rootIds: array(filterReference, { min: 1, max: 100 }),
  assetSubtreeIds: array(filterReference, { min: 1, max: 100 }),
  dataSetIds: array(filterReference, { max: 1000 }),
  source: text({ max: 128 }),
  root: boolean,
  labels: labelFilter,
  geoLocation: geoFilter,
});

/** The simple filter of assets. */
export function assetFilter(state: State): FilterOf<Asset, AssetFilter> {
  return {
    check,
    candidates: ({ parentIds, parentExternalIds }) => {
      const parents = assetIds(state, parentIds, parentExternalIds);
      return parents && [...parents].flatMap((id) => [...state.tree.childrenOf(id)]);
    },
    predicate: (filter) => {
      const { root } = filter;
      const roots = filter.rootIds?.map(
        ({ id, externalId }) => id ?? state.assets.getByExternalId(externalId ?? '')?.id ?? 0,
      );
      return all<Asset>(
        ...commonConditions<Asset>(filter),
        equal(filter.name, (asset) => asset.name),
        equal(filter.source, (asset) => asset.source),
        root === undefined ? undefined : (asset) => (asset.parentId === undefined) === root,
        anyOf(assetIds(state, filter.parentIds, filter.parentExternalIds), (asset) => asset.parentId),
        anyOf(roots && new Set(roots), (asset) => asset.rootId),
        anyOf(subtreeIds(state, filter.assetSubtreeIds), (asset) => asset.id),
        anyOf(dataSetIds(state, filter.dataSetIds), (asset) => asset.dataSetId),
        hasLabels(filter.labels),
        matchesGeo(filter.geoLocation),
      );
    },
  };
}
