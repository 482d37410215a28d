import { openScope, sleep } from '../async/scope.js';
import { AbortedError, CdfError, type Delivery, TimeoutError, withDelivery } from '../errors.js';
import type { RequestInfo, Retry } from './interceptor.js';
import { type RetryPolicy, retryDelay } from './retry.js';

/** Ends a call because its client was closed. */
export const CLOSED: unique symbol = Symbol('closed');

export interface Call {
  readonly info: Omit<RequestInfo, 'attempt'>;
  readonly idempotent: boolean;
  readonly retry: RetryPolicy;
  /** The body can be read once: there is one attempt. */
  readonly once?: boolean | undefined;
  /** Called before the sleep that another attempt follows. */
  readonly onRetry: (info: RequestInfo, retry: Retry) => void;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
  /** The client's, aborted with `CLOSED`. */
  readonly closing: AbortSignal;
  readonly deadlineMs: number | undefined;
  /** True if another token may be accepted where the last one was not. */
  readonly mayRenew?: (() => boolean) | undefined;
}

export interface Attempt {
  readonly info: RequestInfo;
  readonly retry: Retry | undefined;
  readonly signal: AbortSignal;
  /** The server refused the last token: get another one. */
  readonly refused: boolean;
  /** To be called right before the server may get to know of it. */
  sent(): void;
}

/**
 * Runs a request with its retries, until it works, is not worth another try, or is ended. The error
 * that it throws knows whether any of the attempts can have reached the server, not just the last.
 */
export async function runCall<T>(call: Call, once: (attempt: Attempt) => Promise<T>): Promise<T> {
  const { info: constant, deadlineMs } = call;
  const label = `${constant.method} ${constant.path}`;
  let delivery: Delivery = 'none';
  let sent = false;
  let replayed = call.once;
  let refused = false;
  let retry: Retry | undefined;
  // Not `Date.now()`: the clock may be set meanwhile.
  const startedAt = performance.now();
  const soFar = (): Delivery => (sent ? 'unknown' : delivery);
  const scope = openScope(
    [call.signal, call.closing],
    deadlineMs,
    () =>
      new TimeoutError(`${label}: not done within the deadline of ${deadlineMs} ms`, {
        delivery: soFar(),
      }),
  );
  try {
    for (let attempt = 1; ; attempt++) {
      const info = { ...constant, attempt };
      try {
        return await once({
          info,
          retry,
          signal: scope.signal,
          refused,
          sent: () => (sent = true),
        });
      } catch (error) {
        scope.signal.throwIfAborted();
        if (!CdfError.isInstance(error)) throw error;
        delivery = worse(delivery, error.delivery);
        sent = false;
        // One new token and one replay: a credential that is refused twice is not going to be
        // accepted.
        refused =
          info.kind === 'api' &&
          !replayed &&
          error.delivery === 'refused' &&
          (error as { status?: number }).status === 401 &&
          call.mayRenew?.() !== false;
        const delayMs = refused
          ? 0
          : call.once
            ? undefined
            : retryDelay(error, attempt, call.idempotent, call.retry, Math.random());
        // Nothing is more than an undefined deadline.
        const limit = deadlineMs as number;
        if (delayMs === undefined || performance.now() - startedAt + delayMs > limit)
          throw withDelivery(error, delivery);
        replayed ||= refused;
        retry = { error, delayMs };
        call.onRetry(info, retry);
        await sleep(delayMs, scope.signal);
      }
    }
  } catch (error) {
    throw error === CLOSED ? closedError(label, soFar()) : error;
  } finally {
    scope.end();
  }
}

export function closedError(label: string, delivery: Delivery): AbortedError {
  return new AbortedError(`${label}: the client was closed`, { delivery });
}

const ORDER: readonly Delivery[] = ['none', 'refused', 'unknown'];

function worse(left: Delivery, right: Delivery): Delivery {
  return ORDER.indexOf(left) > ORDER.indexOf(right) ? left : right;
}
