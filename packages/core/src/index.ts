// For users of the SDK.

// For authors of packages that add resources.
export {
  type AggregateQuery,
  type AggregateSource,
  ResourceAggregates,
  type UniqueProperty,
  type UniqueValue,
  type ValueAggregateQuery,
} from './aggregates.js';
export { type AssetFilter, assetFilters, listInScope } from './asset-scope.js';
export {
  AbortedError,
  ApiError,
  type ApiErrorDetails,
  AuthError,
  CdfError,
  type CdfErrorDetails,
  ConfigError,
  DecodeError,
  type Delivery,
  DuplicatedError,
  EmptyDataError,
  NetworkError,
  NotFoundError,
  RateLimitError,
  ServerError,
  TimeoutError,
  type WriteAccount,
  withAccount,
} from './errors.js';
export {
  type AdvancedFilter,
  and,
  containsAll,
  containsAny,
  equals,
  exists,
  type FilterValue,
  isIn,
  not,
  or,
  type PropertyPath,
  prefix,
  type RangeBounds,
  range,
  type Sort,
  search,
  toWireSort,
} from './filters.js';
export type { Identified, Identifier, InstanceId, LabelReference, Metadata, ResourceName } from './identifiers.js';
export { describeIdentifier, identifierKey, toIdentifier } from './identifiers.js';
export { Listing, type ListingSettings, type ListingSource, type Page, type PageRequest } from './listing.js';
export {
  type AssetScope,
  type Bound,
  bindPrototype,
  type None,
  type Relation,
  type Relations,
  withPrototype,
} from './relations.js';
export {
  type ListBody,
  notFound,
  oneOrMany,
  type ResourceDescription,
  ResourceEndpoint,
  type RetrieveMultipleOptions,
} from './resource-endpoint.js';
export { ResourceList } from './resource-list.js';
export type { FieldPatch, ListPatch, MetadataPatch, UpdateMode, UpdateOptions } from './resource-update.js';
export { type FieldKind, markPartial, toWireUpdate, type UpdatableFields, type WireUpdate } from './resource-update.js';
export type { UpsertOutcome, UpsertResult } from './resource-upsert.js';
export type { Table } from './table.js';
export { csvCell, toTable } from './table.js';
export type { TimeArgument, TimeRange } from './time.js';
export { MAX_TIME, MIN_TIME, toEpoch } from './time.js';
export type {
  CallOptions,
  RequestSpec,
  ResponseKind,
  TransferResponse,
  TransferSpec,
  Transport,
} from './transport.js';
export {
  accountedError,
  type ChunkedWrite,
  type ChunkFailure,
  classifyFailure,
  evenChunks,
  type Outcome,
  writeInChunks,
} from './writes.js';
