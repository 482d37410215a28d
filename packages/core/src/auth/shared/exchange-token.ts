import { openScope, untilAborted } from '../../async/scope.js';
import { CdfError, TimeoutError } from '../../errors.js';
import { readText } from '../../transport/body/read-text.js';
import { toNetworkError } from '../../transport/failure/network-error.js';
import type { SignInFailure } from '../../transport/failure/sign-in-failure.js';
import { shownUrl } from '../../transport/url.js';
import { answerInMemory } from './answer-in-memory.js';
import type { TokenContext } from './credentials.js';
import { SignInError } from './sign-in-error.js';

/** Longest time of one request to an identity provider. @unit milliseconds */
const TIMEOUT = 30_000;

/** A request to an identity provider, and how its answer is read. */
export interface TokenExchange<T> {
  readonly url: string;
  /** Makes the form of a POST, and may add headers. @default a GET without one */
  form?(headers: Headers): Promise<URLSearchParams>;
  /** Secrets that errors must not show, even if the provider repeats them. */
  readonly secrets?: readonly string[] | undefined;
  /** A member of the answer that is not looked at. */
  readonly ignored?: string | undefined;
  /** Gets every answer, before its body is read. */
  received(response: Response): void;
  /**
   * Reads the answer, which is in memory. Throws when it is not an answer of an identity provider.
   */
  read(response: Response): Promise<T>;
}

/**
 * One exchange with an identity provider. Its failures are ours: retried by the client where that
 * may help, without a secret in them, and never counted as something that reached CDF.
 */
export async function exchangeToken<T>(
  context: TokenContext,
  exchange: TokenExchange<T>,
): Promise<T> {
  const { url } = exchange;
  const secrets = [...(exchange.secrets ?? [])];
  const label = `signing in at ${shownUrl(url)}`;
  const timeoutMs = Math.min(TIMEOUT, context.timeoutMs ?? TIMEOUT);
  const scope = openScope(
    [context.signal],
    timeoutMs,
    () => new TimeoutError(`${label}: no answer within ${timeoutMs} ms`, { delivery: 'none' }),
  );
  const { signal } = scope;
  let sent = false;
  let status: number | undefined;
  try {
    const headers = new Headers({ accept: 'application/json' });
    const body = (await exchange.form?.(headers)) ?? null;
    if (body !== null)
      headers.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8');
    // As they are sent, whatever made them.
    for (const each of [headers.get('authorization')?.slice(6), body?.get('client_assertion')])
      if (each) secrets.push(each);
    const fetch = context.fetch ?? globalThis.fetch;
    const method = body === null ? 'GET' : 'POST';
    sent = true;
    const response = await untilAborted(
      fetch(url, {
        method,
        headers: Object.fromEntries(headers),
        body,
        redirect: 'manual',
        signal,
      }),
      signal,
    );
    exchange.received(response);
    if (response.status === 429 || response.status >= 500) {
      await untilAborted(readText(response, 65_536), signal);
      status = response.status;
      throw response;
    }
    const answer = await untilAborted(answerInMemory(response, exchange.ignored), signal);
    status = answer.status;
    return await exchange.read(answer);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (CdfError.isInstance(error)) throw error;
    // No answer came. CDF did not get a request, with or without this one.
    if (sent && status === undefined)
      throw Object.assign(toNetworkError(error, label, 'sign-in', secrets), {
        delivery: 'none' as const,
      });
    const { signInFailure } = await import('../../transport/failure/api-error.js').catch(() => ({
      signInFailure: plainFailure,
    }));
    const failure = signInFailure(error, status, label, secrets);
    throw CdfError.isInstance(failure) ? failure : new SignInError(failure.message, failure);
  } finally {
    scope.end();
  }
}

/** The details of a failure where the part that reads errors cannot be loaded. */
function plainFailure(
  thrown: unknown,
  _: unknown,
  label: string,
  secrets: readonly string[],
): SignInFailure {
  const { error, status = 401 } = Object(thrown) as {
    readonly error?: unknown;
    readonly status?: number;
  };
  // The code decides on the next step.
  const isCode =
    typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) && !secrets.includes(error);
  return { message: `${label}: not accepted`, status, reason: isCode ? error : undefined };
}
