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
export { type AssetDeleteOptions, type AssetRetrieveOptions, AssetsApi, type HierarchyOptions } from './assets-api.js';
export type { GeoLocation, GeoLocationFilter, Geometry, Position } from './geo-location.js';
export { AssetHierarchy, AssetHierarchyError, type ValidateOptions } from './hierarchy/asset-hierarchy.js';
export type { HierarchyUpsertMode } from './hierarchy/asset-writer.js';
export type { HierarchyPlan, PlannedRequest } from './hierarchy/plan.js';
export type { DuplicateAssets, HierarchyIssues, HierarchyReport, InvalidAsset } from './hierarchy/report.js';
