import * as oauth from 'oauth4webapi';
import { openScope, untilAborted } from '../../async/scope.js';
import { type ApiErrorDetails, AuthError, CdfError, RateLimitError, ServerError, TimeoutError } from '../../errors.js';
import { readText } from '../../transport/body/response.js';
import { toNetworkError } from '../../transport/failure/network-error.js';
import { safeText } from '../../transport/failure/redact.js';
import { retryAfter } from '../../transport/retry.js';
import { isLoopback, shownUrl } from '../../transport/url.js';
import type { TokenContext } from './credentials.js';
import { NoTokenError } from './token-answer.js';

/** Longest time of one request to an identity provider. @unit milliseconds */
const TIMEOUT = 30_000;

export interface TokenExchange<T> {
  readonly url: string;
  readonly context: TokenContext;
  /** What must not show in an error, should the provider repeat it. */
  readonly secrets: readonly string[];
  /** Sends. */
  request(options: HttpOptions): Promise<Response>;
  /** Checks the answer. */
  process(response: Response): Promise<T>;
}

export interface HttpOptions {
  readonly signal: AbortSignal;
  readonly [oauth.customFetch]: (url: string, options: object) => Promise<Response>;
  readonly [oauth.allowInsecureRequests]: boolean;
}

/**
 * One exchange with an identity provider. Its failures are ours: retried by the client where that may help, without a
 * secret in them, and never counted as something that reached CDF.
 */
export async function exchangeToken<T>({ url, context, secrets, request, process }: TokenExchange<T>): Promise<T> {
  const label = `signing in at ${shownUrl(url)}`;
  const timeoutMs = Math.min(TIMEOUT, context.timeoutMs ?? TIMEOUT);
  const scope = openScope(
    [context.signal],
    timeoutMs,
    () => new TimeoutError(`${label}: no answer within ${timeoutMs} ms`, { delivery: 'none' }),
  );
  try {
    const response = await untilAborted(
      request({
        signal: scope.signal,
        [oauth.customFetch]: context.fetch ?? globalThis.fetch,
        [oauth.allowInsecureRequests]: isLoopback(new URL(url)),
      }),
      scope.signal,
    );
    if (response.status === 429 || response.status >= 500) throw await overloaded(response, label);
    return await untilAborted(process(response), scope.signal);
  } catch (error) {
    if (scope.signal.aborted) throw scope.signal.reason;
    const { secretFilter } = await import('../../transport/failure/api-error.js').catch(() => ({
      secretFilter: () => () => '',
    }));
    const filter = secretFilter(secrets);
    throw signInError(error, label, secrets, (text) => safeText(filter(text)));
  } finally {
    scope.end();
  }
}

async function overloaded(response: Response, label: string): Promise<CdfError> {
  await readText(response, 65_536);
  const { status } = response;
  const Class = status === 429 ? RateLimitError : ServerError;
  return new Class(`${label}: the identity provider answered ${status}`, {
    status,
    delivery: 'none',
    retryAfterMs: retryAfter(response.headers, Date.now()),
  });
}

function signInError(
  error: unknown,
  label: string,
  secrets: readonly string[],
  safe: (text: string) => string,
): unknown {
  if (CdfError.isInstance(error)) return error;
  if (error instanceof NoTokenError || error instanceof oauth.ResponseBodyError) {
    const { error: reason, error_description: description, status } = error;
    if (reason !== undefined) {
      const said = [reason, description ?? ''].map(safe);
      // The library's own error holds the whole answer, and with it whatever the provider repeats.
      return new SignInError(`${label}: ${said.filter(Boolean).join(': ')}${adviceOn(reason)}`, {
        status,
        reason: said[0],
      });
    }
  }
  if (
    error instanceof NoTokenError ||
    error instanceof oauth.OperationProcessingError ||
    error instanceof oauth.WWWAuthenticateChallengeError ||
    error instanceof oauth.UnsupportedOperationError
  )
    return new SignInError(
      `${label}: the answer is not that of a token endpoint (${safe(error.message)}); check the address`,
      { status: 401 },
    );
  const network = toNetworkError(error, label, 'sign-in', secrets);
  // Whatever became of it, nothing was sent to CDF.
  return Object.assign(network, { delivery: 'none' });
}

function adviceOn(reason: string): string {
  return (Object.hasOwn(ADVICE, reason) && ADVICE[reason]) || '';
}

const ADVICE: Readonly<Record<string, string>> = {
  invalid_client: '; check the client id and the secret',
  invalid_scope: '; check the scopes',
  invalid_grant: '; sign in again',
  unauthorized_client: '; this client may not use this way of signing in',
};

export interface SignInErrorDetails<T = unknown> extends ApiErrorDetails<T> {
  readonly reason?: string | undefined;
}

/** An identity provider said no. `reason` is its error code, such as `invalid_client`. */
export class SignInError<T = unknown> extends AuthError<T> {
  readonly reason: string | undefined;

  constructor(message: string, details: SignInErrorDetails<T>) {
    // CDF has not even been asked.
    super(message, { delivery: 'none', ...details });
    this.reason = details.reason;
  }
}
