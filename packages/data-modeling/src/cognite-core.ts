export {
  type AssetNodeQuery,
  type AssetNodeWalk,
  assetChildren,
  assetSubtree,
  type CoreAsset,
} from './asset-relations.js';
// biome-ignore lint/performance/noReExportAll: all of them are the core model; bundles have those that they use.
export * from './core-views.js';
