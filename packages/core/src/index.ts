// For users of the SDK.

export type { AggregateQuery, UniqueProperty, UniqueValue, ValueAggregateQuery } from './aggregates.js';
export { ApiKey } from './auth/api-key.js';
export {
  completePopup,
  type PageWindowOptions,
  type PopupWindowOptions,
  pageWindow,
  popupWindow,
} from './auth/browser-windows.js';
export { OAuthClientCertificate, type OAuthClientCertificateOptions } from './auth/client-certificate.js';
export { OAuthClientCredentials, type OAuthClientCredentialsOptions } from './auth/client-credentials.js';
export type { AccessToken, CredentialProvider, TokenContext } from './auth/credentials.js';
export { type DeviceCodePrompt, OAuthDeviceCode, type OAuthDeviceCodeOptions } from './auth/device-code.js';
export { type EntraIdOptions, type EntraIdSettings, entraId } from './auth/entra-id.js';
export type { GrantOptions } from './auth/grant-parameters.js';
export { OAuthInteractive } from './auth/interactive.js';
export type {
  InteractiveCredentials,
  OAuthInteractiveOptions,
  PendingSignIn,
  SignInVisit,
  SignInWindow,
} from './auth/interactive-credentials.js';
export type {
  OAuthAuthorizationServerOptions,
  OAuthDeviceServerOptions,
  OAuthServerOptions,
} from './auth/oauth-endpoints.js';
export { Token } from './auth/token.js';
export { type FetchToken, TokenCache } from './auth/token-cache.js';
export { memoryTokenStore, type StoredTokens, type TokenStore, webTokenStore } from './auth/token-store.js';
export type { UserSessionOptions } from './auth/user-session.js';
export { type ClientConfig, type ClientSettings, type GlobalConfig, globalConfig, type Logger } from './config.js';
export { createTransport } from './create-transport.js';
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
  type PropertyOf,
  type PropertyPath,
  prefix,
  type RangeBounds,
  range,
  type Sort,
  search,
} from './filters.js';
export type { GeoLocation, GeoLocationFilter, Geometry, Position } from './geo-location.js';
export type { RequestEvent, RequestHooks, RequestInfo, ResponseEvent, RetryEvent } from './http/hooks.js';
export type { RetrySettings } from './http/retry-policy.js';
export type { Identified, Identifier, InstanceId, LabelReference, Metadata, ResourceName } from './identifiers.js';
export { Listing, type Page } from './listing.js';
export { configFromEnv, configFromObject, type Settings } from './load-config.js';
export { LoginApi, type LoginStatus } from './login.js';
export { type RawOptions, sendRaw } from './raw.js';
export type { RetrieveMultipleOptions } from './resource-endpoint.js';
export { ResourceList } from './resource-list.js';
export type { FieldPatch, ListPatch, MetadataPatch, UpdateMode, UpdateOptions } from './resource-update.js';
export type { UpsertOutcome, UpsertResult } from './resource-upsert.js';
export type { Table } from './table.js';
export type { TimeArgument, TimeRange } from './time.js';
export type { TimeWindow } from './time-window.js';
export { type Capability, TokenApi, type TokenInspection } from './token-inspection.js';
export type {
  Authentication,
  BodyDecoder,
  CallOptions,
  RequestSpec,
  ResponseKind,
  TransferResponse,
  TransferSpec,
  Transport,
} from './transport.js';
export type { ClusterAddress, TransportSettings } from './transport-config.js';

// For authors of packages that add resources.

export { type AggregateSource, ResourceAggregates } from './aggregates.js';
export { type AssetFilter, assetFilters, type ListEndpoint, listInScope, listMerged } from './asset-scope.js';
export { evenChunks } from './chunks.js';
export { withAccount } from './errors.js';
export { toWireSort } from './filters.js';
export { concurrently, openScope, type Scope } from './http/scope.js';
export { describeIdentifier, IDENTIFIER_NAMES, identifierKey, refuseUnknown, toIdentifier } from './identifiers.js';
export { loadPart } from './lazy-part.js';
export { type ListBody, type ListedResource, listResources } from './list-resources.js';
export type { ListingSettings, ListingSource, PageRequest } from './listing.js';
export { markPartial } from './partial.js';
export { quoted } from './printable.js';
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
  notFound,
  oneOrMany,
  type ResourceDescription,
  ResourceEndpoint,
} from './resource-endpoint.js';
export { type FieldKind, toWireUpdate, type UpdatableFields, type WireUpdate } from './resource-update.js';
export { csvCell, toTable } from './table.js';
export { describeTime, MAX_TIME, MIN_TIME, toEpoch, toEpochRange } from './time.js';
export { withEpochWindows } from './time-window.js';
export {
  accountedError,
  type ChunkedWrite,
  type ChunkFailure,
  classifyFailure,
  type Outcome,
  writeInChunks,
} from './writes.js';
