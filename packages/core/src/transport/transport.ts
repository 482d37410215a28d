/// <reference lib="esnext.disposable" preserve="true" />

/** Options of a call, the last argument of every method. */
export interface CallOptions {
  /**
   * Ends the call: queue waits, retry sleeps and body transfers too. The rejection is the signal's
   * own reason.
   */
  signal?: AbortSignal | undefined;
  /**
   * Longest time one attempt may take.
   * @unit milliseconds
   * @default the client's `timeoutMs`
   */
  timeoutMs?: number | undefined;
  /**
   * Called as parts of the work finish. Units are the method's: items, points or bytes. The total
   * is a fact or `undefined`, never an estimate: a read learns it with its end. An exception of the
   * callback ends the call; a promise that it returns is not waited for, and its rejection ignored.
   */
  onProgress?: ((done: number, total: number | undefined) => void) | undefined;
}

/** How a response body is wanted. */
export type ResponseKind =
  | 'json'
  | 'protobuf'
  | 'bytes'
  | 'stream'
  | 'response'
  | 'response-stream';

/** Takes a body piece by piece. */
export interface BodyDecoder {
  /** @param bytes not to be changed, and never empty */
  push(bytes: Uint8Array): void;
  /** Nothing more comes. */
  end(): unknown;
}

/** A request as a resource states it: no host, no token, no HTTP library. */
export interface RequestSpec {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /**
   * Relative to `/api/v1/projects/{project}`. A path that starts with `/api/` or `/login/` is taken
   * from the host's root.
   */
  path: string;
  /** An `undefined` value leaves its name out. */
  query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  /**
   * JSON, or bytes or a string together with `contentType`, which are sent as they are. A
   * `ReadableStream` is sent once, whatever `idempotent` says.
   */
  body?: unknown;
  /** @default 'application/json' */
  contentType?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  /**
   * `json` gives the parsed body, `protobuf` and `bytes` a `Uint8Array`, `stream` a
   * `ReadableStream<Uint8Array>`. Where the answer to `protobuf` says that it is JSON, its parsed
   * body. `response` gives a `Response` that has been read whole, with its status and headers,
   * `response-stream` one whose body is read as it comes, without a bound. An error of the API is
   * an `ApiError` all the same.
   * @default 'json'
   */
  accept?: ResponseKind | undefined;
  /**
   * Decodes a `protobuf` or `bytes` answer while it arrives; the result of its `end` is the answer.
   * Made anew for each attempt, so that a body that broke off leaves nothing behind. Its exceptions
   * end the call: a `DecodeError` as it is, anything else as the cause of one. A transport may pass
   * over it and answer with the whole bytes.
   */
  decoder?: (() => BodyDecoder) | undefined;
  /**
   * Most bytes of the answer after inflation, counted while it arrives, where the request tells
   * them. More is a `DecodeError`. The client's own `maxResponseBytes` holds as well.
   * @default the client's
   */
  maxResponseBytes?: number | undefined;
  /**
   * True if the request may be repeated safely. Stated at every call site, since in CDF the verb
   * cannot tell: reads are POSTs. Decides which failures are retried.
   */
  idempotent: boolean;
  /**
   * The limiter that the request takes its turn at: `read`, `write`, or one that a resource has for
   * itself. Stated, since neither verb nor path can tell.
   * @default 'read'
   */
  lane?: string | undefined;
  /**
   * Most requests of a resource's own lane at the same time, as far as the resource knows. The
   * client's `concurrency` precedes it.
   * @default that of `read`
   */
  laneLimit?: number | undefined;
  /**
   * Called right before each attempt may reach the server. A call that fails before it has provably
   * sent nothing.
   */
  onAttempt?: (() => void) | undefined;
}

/** Bytes to or from a storage URL that CDF gave. */
export interface TransferSpec {
  method: 'GET' | 'PUT' | 'HEAD';
  url: string;
  /** Content headers only. Credentials of the client are never added. */
  headers?: Readonly<Record<string, string>> | undefined;
  body?: Uint8Array | Blob | ReadableStream<Uint8Array> | undefined;
  /** True if the body may be sent again. A stream that was read cannot be. */
  replayable: boolean;
  onAttempt?: (() => void) | undefined;
}

/** The answer of a storage URL, headers first: the body has not been read yet. */
export interface TransferResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | null;
  bytes(): Promise<Uint8Array>;
}

/** How requests are authenticated. */
export interface Authentication {
  readonly scheme: 'bearer' | 'api-key';
  /** When the token in use stops working, if that is known. @unit milliseconds since the epoch */
  readonly expiresAt?: number | undefined;
}

/**
 * The seam between resources and HTTP. Resources receive one and never see `fetch`, a URL or a
 * token.
 *
 * `createTransport` makes the real one; `memoryTransport` of `@cdf/core/testing` one for tests.
 */
export interface Transport extends AsyncDisposable {
  readonly project: string;
  /** Requests that may run at the same time right now. Schedulers size their work by it. */
  readonly limits: { readonly read: number; readonly write: number };
  /** Absent where requests are not authenticated. */
  readonly authentication?: Authentication | undefined;
  request<T>(spec: RequestSpec, options?: CallOptions): Promise<T>;
  /**
   * Same proxy, timeouts and interceptors as `request`; never an authorization, api-key or x-cdp
   * header.
   */
  transfer(spec: TransferSpec, options?: CallOptions): Promise<TransferResponse>;
  /**
   * Aborted by `close`, for work that waits for something else than a request. Absent where a
   * transport cannot tell.
   */
  readonly closing?: AbortSignal | undefined;
  /** Ends calls in flight, and every later call. */
  close(): Promise<void>;
}
