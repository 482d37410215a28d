import type { CdfError, Delivery } from '../errors.js';

/** How often and how patiently failed requests are sent again. */
export interface RetrySettings {
  /** Most retries of one request. @default 10 */
  readonly limit: number;
  /** Most retries when no connection comes about (refused, unknown host). @default 3 */
  readonly connectLimit: number;
  /** Longest sleep that is not the server's wish. @unit milliseconds @default 60 000 */
  readonly backoffLimitMs: number;
  /** Answers that are worth another try. @default [429, 502, 503, 504] */
  readonly statusCodes: readonly number[];
}

/** The settings, and what is known of the connection. */
export interface RetryPolicy extends RetrySettings {
  /** False while any failure may be that of a connection which does not come about. */
  readonly isConnected?: boolean | undefined;
}

/** The parts of a failure that the policy sees. Every `CdfError` fits. */
export interface RetryableFailure {
  readonly code: string;
  readonly delivery: Delivery;
  readonly status?: number | undefined;
  /** The server's own wish. */
  readonly retryAfterMs?: number | undefined;
  /** `cdf-is-auto-retryable`. */
  readonly autoRetryable?: boolean | undefined;
}

/** A server that asks for more patience than this gets an error instead. @unit milliseconds */
const LONGEST_RETRY_AFTER = 300_000;
const FIRST_BACKOFF = 500;

/**
 * How long to wait before the next attempt, or `undefined` for giving up. By operation, not by
 * verb: a call that is not idempotent is only sent again where the server cannot have acted, or
 * itself allows a retry.
 *
 * @param attempt how many attempts have failed, counting from 1
 * @param random from 0 to 1: full jitter, so that clients which failed together do not come back
 * together
 */
export function retryDelay(
  failure: RetryableFailure | CdfError,
  attempt: number,
  idempotent: boolean,
  settings: RetryPolicy,
  random: number,
): number | undefined {
  const {
    code,
    delivery,
    status = 0,
    retryAfterMs = 0,
    autoRetryable,
  } = failure as RetryableFailure;
  if (attempt > settings.limit || retryAfterMs > LONGEST_RETRY_AFTER) return undefined;
  const harmless = idempotent || delivery === 'none';
  const isLost = delivery === 'unknown' && settings.isConnected !== false;
  const again =
    code === 'network'
      ? harmless && (isLost || attempt <= settings.connectLimit)
      : code === 'timeout'
        ? // A sign-in that has used up its time is not begun again.
          idempotent && delivery !== 'none'
        : status > 0 &&
          (autoRetryable === true ||
            (settings.statusCodes.includes(status) && (status === 429 || harmless)));
  if (!again) return undefined;
  const ceiling = Math.min(settings.backoffLimitMs, FIRST_BACKOFF * 2 ** (attempt - 1));
  return retryAfterMs + random * ceiling;
}
