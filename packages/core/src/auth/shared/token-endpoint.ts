import * as oauth from 'oauth4webapi';
import { openScope, untilAborted } from '../../async/scope.js';
import { type ApiErrorDetails, AuthError, CdfError, RateLimitError, ServerError, TimeoutError } from '../../errors.js';
import { readText } from '../../transport/body/response.js';
import { toNetworkError } from '../../transport/failure/network-error.js';
import { safeText } from '../../transport/failure/redact.js';
import { retryAfter } from '../../transport/retry.js';
import { isLoopback, shownUrl } from '../../transport/url.js';
import { answerInMemory } from './answer-in-memory.js';
import type { TokenContext } from './credentials.js';

/** Longest time of one request to an identity provider. @unit milliseconds */
const TIMEOUT = 30_000;

export interface TokenExchange<T> {
  readonly url: string;
  readonly context: TokenContext;
  /** Secrets that errors must not show, even if the provider repeats them. */
  readonly secrets: readonly string[];
  /** Sends. */
  request(options: HttpOptions): Promise<Response>;
  /** A member of the answer that is not looked at. */
  readonly ignored?: string | undefined;
  /** Reads the answer, which is in memory. Whatever it throws means that it is no answer of an identity provider. */
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
export async function exchangeToken<T>(exchange: TokenExchange<T>): Promise<T> {
  const { url, context, secrets } = exchange;
  const label = `signing in at ${shownUrl(url)}`;
  const timeoutMs = Math.min(TIMEOUT, context.timeoutMs ?? TIMEOUT);
  const scope = openScope(
    [context.signal],
    timeoutMs,
    () => new TimeoutError(`${label}: no answer within ${timeoutMs} ms`, { delivery: 'none' }),
  );
  let answered: number | undefined;
  try {
    const response = await untilAborted(
      exchange.request({
        signal: scope.signal,
        [oauth.customFetch]: context.fetch ?? globalThis.fetch,
        [oauth.allowInsecureRequests]: isLoopback(new URL(url)),
      }),
      scope.signal,
    );
    if (response.status === 429 || response.status >= 500) throw await overloaded(response, label);
    const answer = await untilAborted(answerInMemory(response, exchange.ignored), scope.signal);
    answered = answer.status;
    return await exchange.process(answer);
  } catch (error) {
    if (scope.signal.aborted) throw scope.signal.reason;
    if (CdfError.isInstance(error)) throw error;
    const { secretFilter } = await import('../../transport/failure/api-error.js').catch(() => ({
      secretFilter: () => () => '',
    }));
    const filter = secretFilter(secrets);
    throw signInError(error, answered, label, secrets, (text) => safeText(filter(text)));
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

/**
 * The library's own error is not the cause of ours: it holds the whole answer, and with it whatever the provider repeats.
 *
 * @param status that of the answer, once there is one
 */
function signInError(
  error: unknown,
  status: number | undefined,
  label: string,
  secrets: readonly string[],
  safe: (text: string) => string,
): CdfError {
  const isChallenge = error instanceof oauth.WWWAuthenticateChallengeError;
  if (isChallenge || error instanceof oauth.ResponseBodyError) {
    const reason = isChallenge ? 'invalid_client' : error.error;
    const description: unknown = isChallenge ? undefined : error.error_description;
    const said = [reason, typeof description === 'string' ? description : ''].map(safe);
    const shown = said.filter(Boolean).join(': ');
    return new SignInError(`${label}: ${shown}${adviceOn(reason)}`, { status: error.status, reason: said[0] });
  }
  const why = error instanceof Error ? safe(error.message) : '';
  if (status !== undefined)
    return new SignInError(`${label}: the answer (${status}) is not a token response (${why}); check the URL`, {
      status: 401,
    });
  // Such as a key that cannot sign. Nothing was sent.
  if (error instanceof oauth.UnsupportedOperationError || error instanceof oauth.OperationProcessingError)
    return new SignInError(`${label}: ${why}`, { status: 401 });
  // Whatever became of it, nothing was sent to CDF.
  return Object.assign(toNetworkError(error, label, 'sign-in', secrets), { delivery: 'none' as const });
}

function adviceOn(reason: string): string {
  return (Object.hasOwn(ADVICE, reason) && ADVICE[reason]) || '';
}

const ADVICE: Readonly<Record<string, string>> = {
  invalid_client: '; check the client id and the secret',
  invalid_scope: '; check the scopes',
  invalid_grant: '; sign in again',
  unauthorized_client: '; this client is not allowed to use this grant',
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
