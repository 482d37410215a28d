/** What every event of one request has in common. */
export interface RequestInfo {
  /** The same for all attempts of one call; different from call to call. */
  readonly id: number;
  /** `sign-in` is what a credential sends to its identity provider, on behalf of the call. */
  readonly kind: 'api' | 'transfer' | 'sign-in';
  readonly method: string;
  /** Without the query. For storage and sign-in: origin and path. */
  readonly path: string;
  /** Counts from 1. */
  readonly attempt: number;
}

/** An attempt is about to be sent. */
export interface RequestEvent extends RequestInfo {
  /** Put headers here to send them along, such as `traceparent`. Sent to the API only. */
  readonly headers: Record<string, string>;
}

/** An attempt has ended, in whatever way. */
export interface ResponseEvent extends RequestInfo {
  /** Absent when no answer came. */
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  /** What went wrong, if anything did. */
  readonly error?: Error | undefined;
  /** From right before sending to the end of the body (storage URLs and streams: to its start). @unit milliseconds */
  readonly durationMs: number;
}

/** An attempt has failed, and another one follows. */
export interface RetryEvent extends RequestInfo {
  readonly error: Error;
  /** @unit milliseconds */
  readonly delayMs: number;
}

/**
 * Called as requests run; enough to build tracing from. Exactly one `onResponse` follows each `onRequest`. What a hook
 * throws is logged, and does not touch the request.
 */
export interface RequestHooks {
  onRequest?(event: RequestEvent): void;
  onResponse?(event: ResponseEvent): void;
  onRetry?(event: RetryEvent): void;
}
