export type {
  AggregatedProperty,
  Asset,
  AssetAggregateQuery,
  AssetAggregates,
  AssetCreate,
  AssetData,
  AssetFilter,
  AssetGroupMethods,
  AssetList,
  AssetMethods,
  AssetPatch,
  AssetProperty,
  AssetQuery,
  AssetSearchQuery,
  AssetSelection,
  AssetSortProperty,
  AssetUpdate,
  ChildQuery,
  LabelFilter,
  SubtreeOptions,
} from './asset-types.js';
export { type AssetDeleteOptions, type AssetRetrieveOptions, AssetsApi } from './assets-api.js';
export type { GeoLocation, GeoLocationFilter, Geometry, Position } from './geo-location.js';
