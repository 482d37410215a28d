// What authors of packages that add resources need, besides the names of `@cdf/core`.

export { evenChunks } from './async/chunks.js';
export { type Concurrency, concurrently } from './async/concurrently.js';
export { loadPart } from './async/lazy.js';
export { openScope, type Scope } from './async/scope.js';
export { withAccount } from './errors.js';
export { type AggregateSource, ResourceAggregates } from './resources/aggregates.js';
export { bindMethods } from './resources/bind-methods.js';
export {
  notFound,
  oneOrMany,
  type ResourceDescription,
  ResourceEndpoint,
} from './resources/endpoint.js';
export { type ListBody, type ListedResource, listResources } from './resources/list-resources.js';
export type { ListingSettings, ListingSource, PageRequest } from './resources/listing.js';
export { markPartial } from './resources/partial.js';
export { type FieldKind, toWireUpdate, type UpdatableFields, type WireUpdate } from './resources/patch.js';
export { bindPrototype, withPrototype } from './resources/relations.js';
export { type AssetFilter, assetFilters, type ListEndpoint, listInScope, listMerged } from './resources/scope.js';
export {
  accountedError,
  type ChunkedWrite,
  type ChunkFailure,
  classifyFailure,
  type Outcome,
  writeInChunks,
} from './resources/writes.js';
export { toWireSort } from './values/filters.js';
export {
  describeIdentifier,
  IDENTIFIER_NAMES,
  identifierKey,
  refuseUnknown,
  toIdentifier,
} from './values/identifiers.js';
export { csvCell, toTable } from './values/table.js';
export { quoted } from './values/text.js';
export { describeTime, MAX_TIME, MIN_TIME, toEpoch, toEpochRange } from './values/time.js';
export { withEpochWindows } from './values/time-window.js';
