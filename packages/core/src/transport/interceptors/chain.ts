import { untilAborted } from '../../async/scope.js';
import { CdfError, ConfigError } from '../../errors.js';
import type { Attempt } from '../call.js';
import type { Outgoing } from '../exchange.js';
import { saidBy } from '../failure/redact.js';
import type { Interceptor, Send, WireAnswer, WireRequest } from '../interceptor.js';
import { shownUrl } from '../url.js';

/**
 * Key of the function that sends. It survives `{ ...request, headers }`, and its closure shows
 * neither URL nor token.
 */
const SEND: unique symbol = Symbol('send');

interface Sealed extends WireRequest {
  [SEND]?: Send;
}

/** The interceptors of one transport: loaded by programs that have some. */
export class InterceptorChain {
  readonly #send: Send;
  readonly #log: WireRequest['log'];

  /** @throws {ConfigError} when an interceptor does. */
  constructor(interceptors: readonly Interceptor[], log: WireRequest['log']) {
    this.#log = log;
    try {
      this.#send = compose(interceptors);
    } catch (cause) {
      throw new ConfigError(`an interceptor cannot be set up${saidBy(cause)}`, { cause });
    }
  }

  /**
   * Sends one attempt through the interceptors.
   *
   * @param send the work of the innermost `next`
   * @param secrets strings that interceptors must not see, should the answer repeat them
   */
  attempt(
    { info, retry, signal }: Attempt,
    outgoing: Outgoing,
    send: (request: Outgoing) => Promise<WireAnswer>,
    secrets: readonly string[],
  ): Promise<WireAnswer> {
    const sendSafely = async (request: WireRequest): Promise<WireAnswer> => {
      const answer = await send(request);
      // The values in a storage URL are short, and occur in headers by chance.
      if (info.kind !== 'api') return answer;
      let headers: Headers | undefined;
      return {
        status: answer.status,
        body: answer.body,
        // Made when an interceptor looks at them.
        get headers() {
          headers ??= withoutEchoes(answer.headers, secrets);
          return headers;
        },
      };
    };
    return intercept(
      this.#send,
      { ...info, ...outgoing, retry, log: this.#log },
      sendSafely,
      signal,
    );
  }

  /** The `fetch` that credentials get: interceptors see the sign-in, but no secrets. */
  signInFetch(
    fetch: typeof globalThis.fetch,
    { info: { id, attempt } }: Attempt,
  ): typeof globalThis.fetch {
    return async (input, init) => {
      const url = shownUrl(input instanceof Request ? input.url : String(input));
      const info = {
        id,
        kind: 'sign-in',
        method: init?.method ?? 'GET',
        path: url,
        attempt,
      } as const;
      let response = undefined as Response | undefined;
      const send = async (): Promise<WireAnswer> => {
        response = await fetch(input, init);
        const headers = new Headers(withoutEchoes(response.headers, sentSecrets(init)));
        for (const name of ['set-cookie', 'www-authenticate']) headers.delete(name);
        return { status: response.status, headers, body: undefined };
      };
      const request = { ...info, url, headers: {}, body: undefined, log: this.#log };
      await intercept(this.#send, request, send, init?.signal ?? undefined);
      if (response === undefined)
        throw new ConfigError('an interceptor must call next() for a sign-in');
      return response;
    };
  }
}

/** The secrets of a sign-in: the fields of its form and its credentials. */
function sentSecrets({ body, headers }: RequestInit = {}): string[] {
  const fields =
    body instanceof URLSearchParams || typeof body === 'string'
      ? new URLSearchParams(body)
      : undefined;
  const authorization = new Headers(headers).get('authorization');
  return [...(fields?.values() ?? []), ...(authorization?.split(' ') ?? [])].filter(
    (each) => each.length > 7,
  );
}

/** Headers without values that repeat secrets. */
function withoutEchoes(headers: Headers, secrets: readonly string[]): Headers {
  const spellings = secrets.flatMap((secret) =>
    secret.length > 7 ? [secret, encodeURIComponent(secret)] : [],
  );
  const echoes = [...headers].filter(([, value]) =>
    spellings.some((secret) => value.includes(secret)),
  );
  if (echoes.length === 0) return headers;
  const safe = new Headers(headers);
  for (const [name] of echoes) safe.delete(name);
  return safe;
}

/** The first is the outermost. */
function compose(interceptors: readonly Interceptor[]): Send {
  return interceptors.reduceRight<Send>(
    (next, interceptor) => interceptor(next),
    (request: Sealed) =>
      request[SEND]?.(request) ??
      Promise.reject(
        new ConfigError(
          'an interceptor must hand on the request it got: next({ ...request, headers })',
        ),
      ),
  );
}

/**
 * Sends one attempt through the interceptors.
 *
 * @param request a new object: it gets the key to `send`
 * @param send the work of the innermost `next`
 * @param signal ends the wait for an interceptor that does not return
 * @throws errors of `send` as they are; a `CdfError` with the cause for an exception of an
 *   interceptor
 */
async function intercept(
  chain: Send,
  request: Sealed,
  send: Send,
  signal: AbortSignal | undefined,
): Promise<WireAnswer> {
  let called = false;
  let failure: unknown;
  request[SEND] = async (handed) => {
    called = true;
    try {
      return await send(handed);
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  try {
    const work = Promise.resolve(chain(request));
    const answer = await (signal === undefined ? work : untilAborted(work, signal));
    if (typeof answer?.status !== 'number')
      throw new ConfigError('it returned no answer; return what next() gives');
    return answer;
  } catch (error) {
    if (signal?.aborted || (failure !== undefined && error === failure)) throw error;
    const { kind, method, path } = request;
    throw new CdfError(`${method} ${path}: an interceptor failed${saidBy(error)}`, {
      cause: error,
      // A sign-in never reaches CDF.
      delivery: called && kind !== 'sign-in' ? 'unknown' : 'none',
    });
  }
}
