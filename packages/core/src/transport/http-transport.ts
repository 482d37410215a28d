import { checkSettings, TELLS_UNSENT } from '#platform';
import { openScope, untilAborted } from '../async/scope.js';
import type { AccessToken, TokenContext } from '../auth/shared/credentials.js';
import { ApiError, AuthError, CdfError, DecodeError, TimeoutError } from '../errors.js';
import { encodeBody } from './body/request.js';
import { decodeBody } from './body/response.js';
import type { Attempt } from './call.js';
import { checkCall } from './check-call.js';
import { type ClientConfig, type ResolvedConfig, resolveConfig } from './config.js';
import type { Exchange } from './exchange.js';
import type { RefusedToken } from './failure/no-access.js';
import { saidBy } from './failure/redact.js';
import { authHeader, clientHeaders, mergeHeaders } from './headers.js';
import { AdaptiveLimiter } from './limiter.js';
import { loadFailures, loadTransfer } from './load-parts.js';
import type { RetryPolicy } from './retry.js';
import { Sender } from './sender.js';
import type {
  Authentication,
  CallOptions,
  RequestSpec,
  TransferResponse,
  TransferSpec,
  Transport,
} from './transport.js';
import { buildUrl, shownPath } from './url.js';

/**
 * A token that was refused twice is not renewed for so long: its source may have a better one by
 * then.
 */
const REFUSED_FOR_MS = 30_000;

/**
 * The transport that speaks HTTP. Resources take it: `new AssetsApi(createTransport(config))`.
 * Sends nothing by itself.
 *
 * @param config without one, `globalConfig.defaultClientConfig`
 * @throws {ConfigError} naming every setting that is missing or cannot work; in Node also one that is
 *   unknown, with the one that was meant.
 */
export function createTransport(config?: ClientConfig): Transport {
  checkSettings(config);
  return new HttpTransport(resolveConfig(config));
}

class HttpTransport implements Transport {
  readonly #config: ResolvedConfig;
  readonly #sender: Sender;
  readonly #lanes = new Map<string, AdaptiveLimiter>();
  #expiresAt: number | undefined;
  /** Until an answer has come, a page may not be allowed to connect at all. */
  readonly #retry: RetryPolicy & { isConnected: boolean };
  /**
   * The last token that was not accepted though it had just been renewed: renewing it again is of
   * no use.
   */
  #refused: (RefusedToken & { readonly at: number }) | undefined;

  constructor(config: ResolvedConfig) {
    this.#config = config;
    this.#sender = new Sender(config);
    this.#retry = { ...config.retry, isConnected: TELLS_UNSENT };
  }

  get project(): string {
    return this.#config.project;
  }

  get limits(): { readonly read: number; readonly write: number } {
    return { read: this.#lane('read').limit, write: this.#lane('write').limit };
  }

  get authentication(): Authentication {
    return { scheme: this.#config.credentials.scheme ?? 'bearer', expiresAt: this.#expiresAt };
  }

  get closing(): AbortSignal {
    return this.#sender.closing;
  }

  async request<T>(spec: RequestSpec, options: CallOptions = {}): Promise<T> {
    const at = performance.now();
    try {
      return await this.#request<T>(spec, options);
    } catch (error) {
      throw await this.#explain(error, spec, options, at);
    }
  }

  /** @param given instead of a token of the credentials: tried once */
  async #request<T>(spec: RequestSpec, options: CallOptions, given?: string): Promise<T> {
    const config = this.#config;
    const { credentials, deadlineMs } = config;
    const retry = given === undefined ? this.#retry : { ...this.#retry, limit: 0 };
    const { method, accept = 'json', idempotent, onAttempt } = spec;
    checkCall(options);
    const url = buildUrl(config.baseUrl, config.project, spec.path, spec.query);
    const { body, headers: encoding } = encodeBody(spec);
    const headers = mergeHeaders(
      clientHeaders(config, accept),
      encoding,
      config.headers,
      spec.headers,
    );
    const outgoing = { url, headers, body };
    const limiter = this.#lane(spec.lane ?? 'read', spec.laneLimit);
    const timeoutMs = options.timeoutMs ?? config.timeoutMs;
    const info = { kind: 'api', method, path: shownPath(spec.path) } as const;
    const streams = /stream$/.test(accept) ? await loadTransfer() : undefined;
    let token = '';
    const once = body instanceof ReadableStream;
    const mayRenew = (): boolean =>
      given === undefined &&
      (token !== this.#refused?.token || performance.now() - this.#refused.at > REFUSED_FOR_MS);
    return this.#sender.call(
      { info, idempotent, retry, once, deadlineMs, mayRenew },
      options,
      async (attempt) => {
        // Requests of one call come with the same signal, or else the same options.
        const slot = await limiter.acquire(options.signal ?? options, attempt.signal);
        let experience: 'fine' | 'overloaded' | 'unknown' = 'unknown';
        try {
          token =
            given ?? (await this.#token(attempt, timeoutMs, attempt.refused ? token : undefined));
          const credential = authHeader(token, credentials.scheme);
          const exchange: Exchange = {
            url,
            idempotent,
            timeoutMs,
            secrets: [token],
            onAttempt,
            body: spec.body,
            finish: (kept) => ({ ...kept, ...credential }),
            read: async (response, label) =>
              streams !== undefined && response.body !== null
                ? streams.streamAnswer(response, accept, {
                    label,
                    signals: [options.signal, this.#sender.closing],
                    idleMs: timeoutMs,
                    totalMs: config.fileTransferTimeoutMs,
                  })
                : decodeBody(response, spec, label, config.maxResponseBytes),
          };
          const answer = await this.#sender.attempt(attempt, outgoing, exchange);
          experience = 'fine';
          this.#retry.isConnected = true;
          if (given === undefined && token === this.#refused?.token) this.#refused = undefined;
          return answer.body as T;
        } catch (error) {
          // An overloaded identity provider (delivery "none") says nothing about CDF.
          const answered = ApiError.isInstance(error) && error.delivery !== 'none';
          this.#retry.isConnected ||= answered || DecodeError.isInstance(error);
          if (answered && (error.status === 429 || error.status === 503)) experience = 'overloaded';
          if (answered && error.status === 401 && attempt.refused && mayRenew())
            this.#refused = { token, at: performance.now() };
          throw error;
        } finally {
          slot.release(experience);
        }
      },
    );
  }

  /**
   * Adds the projects of a token that is not accepted.
   *
   * @param at the beginning of the call
   */
  async #explain(
    error: unknown,
    spec: RequestSpec,
    options: CallOptions,
    at: number,
  ): Promise<unknown> {
    const refused = this.#refused;
    if (refused === undefined || !AuthError.isInstance(error)) return error;
    return loadFailures().then(
      ({ explainRefusal }) =>
        // Without the signal: other callers wait for the same answer.
        explainRefusal(error, refused, this.#config, spec, options, at, (inspect) =>
          this.#request(inspect, {}, refused.token),
        ),
      () => error,
    );
  }

  async transfer(spec: TransferSpec, options: CallOptions = {}): Promise<TransferResponse> {
    checkCall(options);
    const { transfer } = await loadTransfer();
    return transfer(this.#config, this.#sender, spec, options);
  }

  async close(): Promise<void> {
    this.#sender.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #lane(name: string, most?: number): AdaptiveLimiter {
    const { concurrency } = this.#config;
    const ceiling = concurrency[name] ?? most ?? concurrency.read;
    const limiter = this.#lanes.get(name) ?? new AdaptiveLimiter(ceiling);
    this.#lanes.set(name, limiter);
    if (most !== undefined) limiter.ceiling = ceiling;
    return limiter;
  }

  /**
   * @param refused the token that the server did not accept: another call may have replaced it by
   * now
   */
  async #token(attempt: Attempt, timeoutMs: number, refused: string | undefined): Promise<string> {
    const { credentials } = this.#config;
    const { method, path } = attempt.info;
    const scope = openScope(
      [attempt.signal],
      credentials.asksPerson ? undefined : timeoutMs,
      () =>
        new TimeoutError(
          `${method} ${path}: the credential provider returned no token within ${timeoutMs} ms`,
        ),
    );
    const { signal } = scope;
    const fetch = this.#sender.signInFetch(attempt);
    const get = (forceRefresh: boolean): Promise<AccessToken> => {
      const context: TokenContext = { signal, forceRefresh, fetch, timeoutMs };
      return untilAborted(credentials.getToken(context), signal);
    };
    try {
      let token = await get(false);
      if (token.value === refused) token = await get(true);
      this.#expiresAt = token.expiresAt;
      return token.value;
    } catch (error) {
      signal.throwIfAborted();
      if (CdfError.isInstance(error)) throw error;
      throw new AuthError(`the credential provider threw${saidBy(error)}`, {
        status: 401,
        delivery: 'none',
        cause: error,
      });
    } finally {
      scope.end();
    }
  }
}
