export {
  type ContainerQuery,
  DataModelingApi,
  type DataModelQuery,
  type GraphStatistics,
  type VersionedName,
  type ViewQuery,
} from './api/data-modeling-api.js';
export type {
  ApplyAnswer,
  InstanceBody,
  InstancePage,
  InstancesApi,
  QueryPage,
} from './api/instances-api.js';
export type { SchemaEndpoint } from './api/schema-endpoint.js';
export type { SchemaQuery } from './api/schema-kind.js';
export type * from './api/schema-types.js';
export {
  type AssetNode,
  type AssetNodesOptions,
  assetsToNodes,
} from './classic/assets-to-nodes.js';
export type { ClassicAsset } from './classic/classic-asset.js';
export {
  type Graph,
  type GraphBuilder,
  type GraphNodes,
  type GraphOutput,
  graph,
  param,
  type StepOptions,
} from './graph/graph.js';
export { type GraphPage, type GraphRun, type RunOptions, runGraph } from './graph/run-graph.js';
export {
  type EdgeAggregateQuery,
  type EdgeChangesQuery,
  type EdgeQuery,
  type EdgeSearchQuery,
  Edges,
  edges,
} from './nodes/edges.js';
export { ExpiredCursorError } from './nodes/expired-cursor-error.js';
export { InstanceList } from './nodes/instance-list.js';
export type { InstanceSettings } from './nodes/instance-scope.js';
export type {
  Aggregated,
  Changes,
  ChangesQuery,
  FindQuery,
  NodeAggregateQuery,
  NodeQuery,
  SearchQuery,
  UpsertOptions,
  WriteItems,
} from './nodes/node-queries.js';
export { type NodeSettings, Nodes, nodes } from './nodes/nodes.js';
export type { StreamAccount } from './nodes/stream.js';
export { VersionConflictError } from './nodes/version-conflict-error.js';
export type { WriteCounts } from './nodes/write-counts.js';
export { diff } from './schema/diff.js';
export { pull } from './schema/pull.js';
export { type PushOptions, push } from './schema/push.js';
export type { SchemaChange } from './schema/schema-change.js';
export type { SourceTextOptions } from './schema/source-text.js';
export { type Definitions, toDefinitions } from './schema/to-definitions.js';
export type { Group } from './view/aggregate-types.js';
export type {
  AnyView,
  ClassicResource,
  NodeReference,
  PropertyDefinition,
  PropertyKind,
  StandardResult,
  StandardSchema,
  ViewOptions,
  ViewReference,
} from './view/definition.js';
// biome-ignore lint/performance/noReExportAll: bundlers keep of a namespace what a program names, as they do not of an object.
export * as p from './view/p.js';
export type { EdgesOptions, Property, PropertyFlag, PropertyStorage } from './view/property.js';
export type { Change, ChangeEdge, Read, ReadEdge, Write, WriteEdge } from './view/types.js';
export { type View, view } from './view/view.js';
export type { OrderBy, Where, WhereEdge } from './view/where-types.js';
export type { CheckedWith, Found, With, WithOptions } from './view/with-types.js';
export type { Connection } from './wire/send.js';
