import { saidBy } from '../failure/redact.js';
import type { Interceptor, RequestInfo } from '../interceptor.js';
import { observe } from './outcome.js';

/** An attempt is about to be sent. */
export interface RequestEvent extends RequestInfo {
  /** Put headers here to send them along, such as `traceparent`. Sent to the API only. */
  readonly headers: Record<string, string>;
}

/** An attempt has ended. */
export interface ResponseEvent extends RequestInfo {
  /** Absent when no answer came, or one that cannot be read. */
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  /** Present when the attempt failed. */
  readonly error?: Error | undefined;
  /**
   * From right before sending to the end of the body (storage URLs and streams: to its start).
   *
   * @unit milliseconds
   */
  readonly durationMs: number;
}

/** An attempt has failed, and the next one is about to be sent. */
export interface RetryEvent extends RequestInfo {
  readonly error: Error;
  /** @unit milliseconds */
  readonly delayMs: number;
}

/** Callbacks for `hooks`. */
export interface RequestHooks {
  onRequest?(event: RequestEvent): void;
  onResponse?(event: ResponseEvent): void;
  onRetry?(event: RetryEvent): void;
}

/**
 * Calls back as attempts run; enough to build tracing from. Exactly one `onResponse` follows each
 * `onRequest`. An exception of a callback is logged, and does not touch the request.
 */
export function hooks(callbacks: RequestHooks): Interceptor {
  return (next) => (request) => {
    const { id, kind, method, path, attempt, retry, log } = request;
    const info = { id, kind, method, path, attempt };
    const call = <Event>(hook: ((event: Event) => void) | undefined, event: Event): void => {
      try {
        hook?.call(callbacks, event);
      } catch (error) {
        log(`a hook failed${saidBy(error)}`, { error });
      }
    };
    // The event belongs to the attempt that failed.
    if (retry !== undefined) call(callbacks.onRetry, { ...info, attempt: attempt - 1, ...retry });
    const headers: Record<string, string> = {};
    call(callbacks.onRequest, { ...info, headers });
    // An own header of the request wins over one of a hook.
    const handed =
      kind === 'api' ? { ...request, headers: { ...headers, ...request.headers } } : request;
    return observe(next, handed, (outcome) => call(callbacks.onResponse, { ...info, ...outcome }));
  };
}
