import { RateLimitError, ServerError } from '../../server-errors.js';
import { safeText } from './redact.js';
import { retryAfter } from './retry-after.js';
import { secretFilter } from './secrets.js';

/** The message and details of a failed sign-in. */
export interface SignInFailure {
  readonly message: string;
  readonly status: number;
  /** The error code of the identity provider. */
  readonly reason?: string | undefined;
}

/**
 * Reads an error of oauth4webapi, or the answer of a provider that is overloaded. The codes of the
 * library tell its errors apart, so that this part does not import it. The error itself is not the
 * cause of ours: it holds the whole answer, and with it whatever the provider repeats.
 *
 * @param error the answer itself where its status is 429 or at least 500
 * @param status that of the answer; absent where the request was not sent
 * @param secrets strings that must not show, even if the provider repeats them
 */
export function signInFailure(
  error: unknown,
  status: number | undefined,
  label: string,
  secrets: readonly string[],
): SignInFailure | RateLimitError | ServerError {
  if (status !== undefined && (status === 429 || status >= 500))
    return overloadedProvider(error as Response, label);
  const filter = secretFilter(secrets);
  const safe = (text: unknown): string => (typeof text === 'string' ? safeText(filter(text)) : '');
  const {
    code,
    error: given,
    error_description: description,
    message,
  } = Object(error) as Record<string, unknown>;
  const isChallenge = code === 'OAUTH_WWW_AUTHENTICATE_CHALLENGE';
  if (status !== undefined && (isChallenge || code === 'OAUTH_RESPONSE_BODY_ERROR')) {
    const reason = isChallenge ? 'invalid_client' : safe(given);
    const said = [reason, isChallenge ? '' : safe(description)].filter(Boolean).join(': ');
    return { message: `${label}: ${said}${ADVICE.get(reason) ?? ''}`, status, reason };
  }
  const why = safe(message);
  return {
    // Without an answer, the request could not be made: a key that cannot sign.
    message:
      status === undefined
        ? `${label}: ${why}`
        : `${label}: the answer (${status}) is not a token response (${why}); check the URL`,
    status: 401,
  };
}

const ADVICE: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['invalid_client', '; check the client id and the secret'],
  ['invalid_scope', '; check the scopes'],
  ['invalid_grant', '; sign in again'],
  ['unauthorized_client', '; this client is not allowed to use this grant'],
]);

/**
 * The error of an identity provider that is overloaded or has failed. CDF did not get a request.
 */
function overloadedProvider(
  { status, headers }: Response,
  label: string,
): RateLimitError | ServerError {
  const Class = status === 429 ? RateLimitError : ServerError;
  return new Class(`${label}: the identity provider answered ${status}`, {
    status,
    delivery: 'none',
    retryAfterMs: retryAfter(headers, Date.now()),
  });
}
