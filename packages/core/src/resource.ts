// Names that authors of resource packages need, besides those of `@cdf/core`.

export { printed, printedItem, printedQuery } from '#print';
export { nextTurn } from '#turn';
export { evenChunks } from './async/chunks.js';
export { type Concurrency, concurrently } from './async/concurrently.js';
export { endable } from './async/endable.js';
export { loadPart, once } from './async/lazy.js';
export { callProgress } from './async/progress.js';
export { openScope, type Scope, sleep, untilAborted } from './async/scope.js';
export { copyOfError } from './errors.js';
export { readObject, readPage, typeName, unexpected } from './resources/answers.js';
export { attachMethods, bindMethods } from './resources/bind-methods.js';
export { Cursors } from './resources/cursors.js';
export {
  byCreatedTime,
  byId,
  type ExtensibleMethod,
  type FieldKind,
  type ResourceDefinition,
  type ResourceMethod,
  type ResourceObjects,
  type UpdatableFields,
} from './resources/definition.js';
export { ResourceEndpoint } from './resources/endpoint.js';
export type { ListingSettings } from './resources/listing.js';
export type { ListEndpoint, ListingSource, PageRequest } from './resources/listing-source.js';
export { readRetrieved } from './resources/match-answers.js';
export { oneOrMany, type ResourceOperations } from './resources/operations.js';
export { hasMembers, ownQuery } from './resources/own-query.js';
export { partitionedReader } from './resources/partitioned-reader.js';
export { toWireUpdate, type WireUpdate } from './resources/patch.js';
export { readNothing } from './resources/read-nothing.js';
export { bindPrototype, withPrototype } from './resources/relations.js';
export { ResourceApi, type ResourceClass, type ResourceTypes } from './resources/resource-api.js';
export { listInScope } from './resources/scope.js';
export { type AssetScopeFilter, assetFilters } from './resources/scope-pages.js';
export { type QueryBody, toWireItems, toWireQuery } from './resources/wire.js';
export {
  accountedError,
  answersOf,
  type ChunkedWrite,
  type ChunkFailure,
  classifyFailure,
  IncompleteAnswer,
  type Outcome,
  readWritten,
  reportProgress,
  withAccount,
  writeInChunks,
} from './resources/writes.js';
export { checkCall, numberProblems } from './transport/check-call.js';
export { define } from './values/define.js';
export { describeIdentifier } from './values/describe-identifier.js';
export { toWireSort } from './values/filters.js';
export { identifierKey, ownIdentifier } from './values/identifiers.js';
export { isOther } from './values/is-other.js';
export { checkOptions, refuseUnknown } from './values/known-names.js';
export { type LocalTimes, localTimes } from './values/local-time.js';
export { CALL_OPTIONS, checkMethodOptions, type OptionKind } from './values/method-options.js';
export { DEPTH_OF_NAMES, ownCopy } from './values/own-copy.js';
export { spelledIdentifier } from './values/spelled-identifier.js';
export { csvCell, toTable } from './values/table.js';
export { printable, quoted, shown } from './values/text.js';
export { describeTime, mayBeLocal, type ReadLocal, toEpoch, toEpochRange } from './values/time.js';
export { MAX_TIME, MIN_TIME } from './values/time-bounds.js';
export { withEpochWindows } from './values/time-window.js';
export {
  fromLocal,
  type LocalInstants,
  type OffsetAt,
  toLocalIso,
  ZONES,
  type Zones,
  zoneOffsets,
} from './values/time-zone.js';
export { IDENTIFIER_NAMES, toIdentifier } from './values/to-identifier.js';
export { nodeForm, withoutNode } from './values/without-node.js';
