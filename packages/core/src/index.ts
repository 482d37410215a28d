export {
  OAuthClientCertificate,
  type OAuthClientCertificateOptions,
} from './auth/certificate/client-certificate.js';
export { OAuthClientCredentials } from './auth/client-credentials/client-credentials.js';
export type { OAuthClientCredentialsOptions } from './auth/client-credentials/options.js';
export { OAuthDeviceCode } from './auth/device-code/device-code.js';
export type { DeviceCodePrompt, OAuthDeviceCodeOptions } from './auth/device-code/options.js';
export {
  completePopup,
  type PageWindowOptions,
  type PopupWindowOptions,
  pageWindow,
  popupWindow,
} from './auth/interactive/browser-windows.js';
export { OAuthInteractive } from './auth/interactive/interactive.js';
export type {
  OAuthInteractiveOptions,
  PendingSignIn,
  SignInVisit,
  SignInWindow,
} from './auth/interactive/options.js';
export type { AccessToken, CredentialProvider, TokenContext } from './auth/shared/credentials.js';
export { type EntraIdOptions, type EntraIdSettings, entraId } from './auth/shared/entra-id.js';
export type { GrantOptions } from './auth/shared/grant-parameters.js';
export type {
  OAuthAuthorizationServerOptions,
  OAuthDeviceServerOptions,
  OAuthServerOptions,
} from './auth/shared/oauth-endpoints.js';
export { type FetchToken, TokenCache } from './auth/shared/token-cache.js';
export {
  memoryTokenStore,
  type StoredTokens,
  type TokenStore,
  webTokenStore,
} from './auth/shared/token-store.js';
export type { UserSessionOptions } from './auth/shared/user-session.js';
export { ApiKey } from './auth/token/api-key.js';
export { Token } from './auth/token/token.js';
export { configFromEnv, configFromObject, type Settings } from './client/load-config.js';
export { LoginApi, type LoginStatus } from './client/login.js';
export { type Capability, TokenApi, type TokenInspection } from './client/token-inspection.js';
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
  TimeoutError,
  type WriteAccount,
} from './errors.js';
export type { Printable, PrintOptions } from './print/printed.js';
export type {
  AggregateQuery,
  ResourceAggregates,
  UniqueProperty,
  UniqueValue,
  ValueAggregateQuery,
} from './resources/aggregates.js';
export { ItemList, type ListMethods } from './resources/item-list.js';
export { ResourceList } from './resources/list.js';
export { Listing } from './resources/listing.js';
export type { Page } from './resources/listing-source.js';
export type {
  FieldPatch,
  ListPatch,
  MetadataPatch,
  PatchOf,
  UpdateMode,
  UpdateOf,
  UpdateOptions,
} from './resources/patch.js';
export type { ListQuery, RetrieveMultipleOptions, ScopedQuery } from './resources/queries.js';
export type { AssetScope, Bound, None, Relation, Relations } from './resources/relations.js';
export type { UpsertOutcome, UpsertResult } from './resources/upsert.js';
export { RateLimitError, ServerError } from './server-errors.js';
export {
  type ClientConfig,
  type ClusterAddress,
  type ConcurrencySettings,
  type GlobalConfig,
  globalConfig,
  type Logger,
} from './transport/config.js';
export { createTransport } from './transport/http-transport.js';
export type {
  Interceptor,
  RequestInfo,
  Retry,
  Send,
  WireAnswer,
  WireBody,
  WireRequest,
} from './transport/interceptor.js';
export { compression } from './transport/interceptors/compression.js';
export {
  hooks,
  type RequestEvent,
  type RequestHooks,
  type ResponseEvent,
  type RetryEvent,
} from './transport/interceptors/hooks.js';
export { tracing } from './transport/interceptors/tracing.js';
export type { RetrySettings } from './transport/retry.js';
export type {
  Authentication,
  BodyDecoder,
  CallOptions,
  RequestSpec,
  ResponseKind,
  TransferResponse,
  TransferSpec,
  Transport,
} from './transport/transport.js';
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
} from './values/filters.js';
export type { GeoLocation, GeoLocationFilter, Geometry, Position } from './values/geo-location.js';
export type { Identified, Identifier, LabelReference, Metadata } from './values/identifiers.js';
export type { Disambiguation, LocalTimeOptions } from './values/local-time.js';
export { type LocalTimeReaderOptions, localTimeReader } from './values/local-time-reader.js';
export type { InstanceId, ResourceName } from './values/resource-name.js';
export type { Table, TableCsvOptions } from './values/table.js';
export type { TimeArgument, TimeRange } from './values/time.js';
export type { TimeWindow } from './values/time-window.js';
