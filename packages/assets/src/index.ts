export type { AssetOperations } from './asset-operations.js';
export {
  AssetTree,
  type AssetTreeEntry,
  type AssetTreeNode,
  type TreeAsset,
  type TreeViewOptions,
} from './asset-tree.js';
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
  AssetListMethods,
  AssetMethods,
  AssetPatch,
  AssetProperty,
  AssetQuery,
  AssetSearchQuery,
  AssetSelection,
  AssetSelectionMethods,
  AssetSortProperty,
  AssetUpdate,
  ChildQuery,
  LabelFilter,
  SubtreeOptions,
} from './asset-types.js';
export { AssetsApi } from './assets-api.js';
export type { AssetDeleteOptions, AssetRetrieveOptions, HierarchyOptions } from './call-options.js';
export {
  AssetHierarchy,
  AssetHierarchyError,
  type ValidateOptions,
} from './hierarchy/asset-hierarchy.js';
export type { HierarchyUpsertMode } from './hierarchy/asset-writer.js';
export type { HierarchyPlan, PlannedRequest } from './hierarchy/plan.js';
export type {
  DuplicateAssets,
  HierarchyIssues,
  HierarchyReport,
  InvalidAsset,
} from './hierarchy/report.js';
