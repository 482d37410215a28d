/** Members that all records of one attempt share. */
export interface RequestInfo {
  /** Equal for all attempts of one call; different from call to call. */
  readonly id: number;
  /** `sign-in` is a request of a credential to its identity provider, on behalf of the call. */
  readonly kind: 'api' | 'transfer' | 'sign-in';
  readonly method: string;
  /** Without the query. For storage the origin only; for a sign-in the origin and the path. */
  readonly path: string;
  /** Counts from 1. */
  readonly attempt: number;
}

/** A request body that is ready to be sent. */
export type WireBody = string | Uint8Array | Blob | ReadableStream<Uint8Array>;

/** Why there is another attempt. */
export interface Retry {
  /** How the attempt before this one failed. */
  readonly error: Error;
  /** How long the transport waited since then. @unit milliseconds */
  readonly delayMs: number;
}

/** One attempt, as an interceptor sees it. */
export interface WireRequest extends RequestInfo {
  /**
   * Where the attempt goes. The transport sends to this URL, whatever an interceptor hands on.
   * Storage and sign-in URLs may hold secrets: they are cut as `path` is.
   */
  readonly url: string;
  /**
   * In lower case, without credentials: the transport adds the token after the last interceptor.
   * Empty for a sign-in.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent for a sign-in, whose body holds secrets. */
  readonly body: WireBody | undefined;
  /** Present from the second attempt of a call to the API or to storage. */
  readonly retry?: Retry | undefined;
  /** Writes to the `logger` of the client. Never throws. */
  readonly log: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
}

/** The answer to one attempt. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  /**
   * The body as the call wants it: parsed JSON, bytes, a stream or a `Response`. Absent for a
   * sign-in.
   */
  readonly body: unknown;
}

/**
 * Runs one attempt. Resolves when the body has been read, and rejects with the errors of
 * `@cdf/core`.
 */
export type Send = (request: WireRequest) => Promise<WireAnswer>;

/**
 * Wraps each attempt of a transport as a whole: requests to the API, transfers to and from storage,
 * and sign-ins. It may change headers and body on the way out and the answer on the way back,
 * measure, log, or answer without sending. Call `next` once, with the request or a copy of it; the
 * transport retries.
 *
 * An error that comes out of `next` is retried as ever. An exception of the interceptor itself ends
 * the call.
 *
 * @example
 * const traceHeader: Interceptor = (next) => (request) =>
 *   request.kind === 'api'
 *     ? next({ ...request, headers: { ...request.headers, traceparent: newTrace() } })
 *     : next(request);
 * const transport = createTransport({ …, interceptors: [compression(), traceHeader] });
 */
export type Interceptor = (next: Send) => Send;
