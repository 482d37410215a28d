import type { AccessToken, TokenContext } from './auth/credentials.js';
import { type ClientConfig, checkTimeout, type ResolvedConfig, resolveConfig } from './config.js';
import { ApiError, AuthError, CdfError, ConfigError, TimeoutError } from './errors.js';
import { toApiError } from './http/api-error.js';
import { type Attempt, CLOSED, runCall } from './http/call.js';
import { guardStream } from './http/guarded-stream.js';
import { authHeader, clientHeaders, mergeHeaders, withoutCredentials } from './http/headers.js';
import type { RequestInfo } from './http/hooks.js';
import { sendHttp, type WireBody } from './http/http-client.js';
import { isRead } from './http/is-read.js';
import { AdaptiveLimiter } from './http/limiter.js';
import { toNetworkError } from './http/network-error.js';
import { observedFetch } from './http/observed-fetch.js';
import { createObserver, type Observer } from './http/observer.js';
import { safeText } from './http/redact.js';
import { encodeBody } from './http/request-body.js';
import { decodeBody, readText } from './http/response-body.js';
import { openScope, untilAborted } from './http/scope.js';
import { buildUrl, isLoopback, shownPath, shownStorageUrl } from './http/url.js';
import type {
  Authentication,
  CallOptions,
  RequestSpec,
  TransferResponse,
  TransferSpec,
  Transport,
} from './transport.js';

/**
 * The transport that speaks HTTP. Resources take it: `new AssetsApi(createTransport(config))`. Sends nothing by itself.
 *
 * @param config without one, `globalConfig.defaultClientConfig`
 * @throws {ConfigError} naming what is missing or cannot work.
 */
export function createTransport(config?: ClientConfig): Transport {
  return new HttpTransport(resolveConfig(config));
}

class HttpTransport implements Transport {
  readonly #config: ResolvedConfig;
  readonly #observer: Observer;
  readonly #reading: AdaptiveLimiter;
  readonly #writing: AdaptiveLimiter;
  readonly #closing = new AbortController();
  #calls = 0;
  #expiresAt: number | undefined;

  constructor(config: ResolvedConfig) {
    this.#config = config;
    this.#observer = createObserver(config.hooks, config.logger);
    this.#reading = new AdaptiveLimiter(config.concurrency.read);
    this.#writing = new AdaptiveLimiter(config.concurrency.write);
  }

  get project(): string {
    return this.#config.project;
  }

  get limits(): { readonly read: number; readonly write: number } {
    return { read: this.#reading.limit, write: this.#writing.limit };
  }

  get authentication(): Authentication {
    return { scheme: this.#config.credentials.scheme ?? 'bearer', expiresAt: this.#expiresAt };
  }

  async request<T>(spec: RequestSpec, options: CallOptions = {}): Promise<T> {
    const config = this.#config;
    const { method, accept = 'json' } = spec;
    checkTimeout(options);
    const url = buildUrl(config.baseUrl, config.project, spec.path, spec.query);
    const compression = config.compression === 'auto' && isLoopback(new URL(url)) ? 'never' : config.compression;
    const encoded = await encodeBody(spec, compression);
    const headers = mergeHeaders(clientHeaders(config, accept), encoded.headers, config.headers, spec.headers);
    const limiter = isRead(method, spec.path) ? this.#reading : this.#writing;
    const timeoutMs = options.timeoutMs ?? config.timeoutMs;
    let token = '';
    return this.#call('api', method, shownPath(spec.path), spec.idempotent, options, async (attempt) => {
      // Requests of one call come with the same signal, or else the same options.
      const slot = await limiter.acquire(options.signal ?? options, attempt.signal);
      let experience: 'fine' | 'overloaded' | 'unknown' = 'unknown';
      try {
        token = await this.#token(attempt, attempt.refused ? token : undefined);
        const answer = await this.#exchange(attempt, {
          url,
          headers: { ...withoutCredentials(headers), ...authHeader(token, config.credentials.scheme) },
          body: encoded.body,
          timeoutMs,
          secrets: [token],
          onAttempt: spec.onAttempt,
          read: async (response, label) =>
            accept === 'stream' && response.body !== null
              ? this.#guarded(response.body, label, options, timeoutMs, config.fileTransferTimeoutMs)
              : decodeBody(response, spec, label),
        });
        experience = 'fine';
        return answer as T;
      } catch (error) {
        // An identity provider that is overloaded, of which delivery is none, says nothing of CDF.
        const answered = ApiError.isInstance(error) && error.delivery !== 'none';
        if (answered && (error.status === 429 || error.status === 503)) experience = 'overloaded';
        throw error;
      } finally {
        slot.release(experience);
      }
    });
  }

  async transfer(spec: TransferSpec, options: CallOptions = {}): Promise<TransferResponse> {
    const { method, url, body } = spec;
    const config = this.#config;
    checkTimeout(options);
    const target = URL.canParse(url) ? new URL(url) : undefined;
    const safe = target?.protocol === 'https:' || (target !== undefined && isLoopback(target));
    if (target === undefined || !/^https?:$/.test(target.protocol) || !(safe || config.allowInsecureHttp))
      throw new ConfigError(`${method}: a storage address must be an https address, got ${shownStorageUrl(url)}`);
    const timeoutMs = options.timeoutMs ?? config.fileTransferTimeoutMs;
    // What was read from a stream is gone, however the attempt ended.
    const again = spec.replayable && !(body instanceof ReadableStream);
    return this.#call('transfer', method, shownStorageUrl(url), again, options, (attempt) =>
      this.#exchange(attempt, {
        url,
        headers: withoutCredentials(spec.headers),
        body,
        timeoutMs,
        secrets: [...target.searchParams.values()],
        onAttempt: spec.onAttempt,
        read: async (response, label) => {
          const stream = response.body && this.#guarded(response.body, label, options, config.timeoutMs, timeoutMs);
          return {
            status: response.status,
            headers: response.headers,
            body: stream,
            bytes: async () => new Uint8Array(await new Response(stream).arrayBuffer()),
          };
        },
      }),
    );
  }

  async close(): Promise<void> {
    this.#closing.abort(CLOSED);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #call<T>(
    kind: RequestInfo['kind'],
    method: string,
    path: string,
    idempotent: boolean,
    options: CallOptions,
    once: (attempt: Attempt) => Promise<T>,
  ): Promise<T> {
    const { retry, deadlineMs } = this.#config;
    const call = {
      info: { id: ++this.#calls, kind, method, path },
      idempotent,
      retry: kind === 'transfer' && !idempotent ? { ...retry, limit: 0 } : retry,
      observer: this.#observer,
      signal: options.signal,
      closing: this.#closing.signal,
      deadlineMs: kind === 'api' ? deadlineMs : undefined,
    };
    return runCall(call, once);
  }

  /** One attempt on the wire, observed and with its own clock. */
  async #exchange<T>({ info, signal, sent }: Attempt, exchange: Exchange<T>): Promise<T> {
    const { url, body, timeoutMs, secrets } = exchange;
    const { method, path, kind } = info;
    const label = `${method} ${path}`;
    const headers: Record<string, string> = {};
    this.#observer.onRequest({ ...info, headers });
    const startedAt = performance.now();
    const scope = openScope(
      [signal],
      timeoutMs,
      () => new TimeoutError(`${label}: no whole answer within ${timeoutMs} ms`, { delivery: 'unknown' }),
    );
    // The runtime does not let go of a stream that it was sending, so its source is ended from here.
    const upload = body instanceof ReadableStream ? new AbortController() : undefined;
    let unreadable: CdfError | undefined;
    const toError = (error: unknown): CdfError => (unreadable = sourceError(error, label));
    const source =
      body instanceof ReadableStream ? guardStream(body, { label, signals: [upload?.signal], toError }) : body;
    let response: Response | undefined;
    let failure: unknown;
    try {
      scope.signal.throwIfAborted();
      exchange.onAttempt?.();
      sent();
      const answer = sendHttp({
        url,
        method,
        headers: kind === 'api' ? { ...withoutCredentials(headers), ...exchange.headers } : exchange.headers,
        body: source,
        signal: scope.signal,
        fetch: this.#config.fetch,
      });
      response = await untilAborted(answer, scope.signal, (late) => void late.body?.cancel());
      const { status } = response;
      // 308 without a location is how a resumable upload says that it wants more.
      const fine = response.ok || (status === 308 && kind === 'transfer' && !response.headers.has('location'));
      if (fine) return await untilAborted(exchange.read(response, label), scope.signal);
      const text = await untilAborted(readText(response), scope.signal);
      throw toApiError({ status, headers: response.headers, text, method, path, kind, secrets });
    } catch (error) {
      // To the runtime, content that cannot be read looks like a lost connection.
      const cause = unreadable ?? error;
      failure = scope.signal.aborted
        ? scope.signal.reason
        : CdfError.isInstance(cause)
          ? cause
          : toNetworkError(cause, label, kind);
      throw failure;
    } finally {
      scope.end();
      upload?.abort(failure);
      const requestId = response?.headers.get('x-request-id');
      this.#observer.onResponse({
        ...info,
        status: response?.status,
        requestId: (requestId && safeText(requestId, secrets, 100)) || undefined,
        error: failure instanceof Error ? failure : undefined,
        durationMs: performance.now() - startedAt,
      });
    }
  }

  #guarded(
    body: ReadableStream<Uint8Array>,
    label: string,
    { signal }: CallOptions,
    idleMs: number,
    totalMs: number,
  ): ReadableStream<Uint8Array> {
    return guardStream(body, { label, signals: [signal, this.#closing.signal], idleMs, totalMs });
  }

  /** @param refused the token that the server did not accept: another call may have replaced it by now */
  async #token({ signal, info }: Attempt, refused: string | undefined): Promise<string> {
    const { credentials } = this.#config;
    const fetch = observedFetch(this.#config.fetch, this.#observer, info);
    const get = (forceRefresh: boolean): Promise<AccessToken> => {
      const context: TokenContext = { signal, forceRefresh, fetch };
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
      const said = error instanceof Error ? `: ${safeText(error.message, [], 200)}` : '';
      throw new AuthError(`the credentials gave no token: their provider failed${said}`, {
        status: 401,
        delivery: 'none',
        cause: error,
      });
    }
  }
}

/** The caller's own stream failed while it was sent: what the server has made of its beginning is not known. */
function sourceError(error: unknown, label: string): CdfError {
  if (CdfError.isInstance(error)) return error;
  const said = error instanceof Error ? `: ${safeText(error.message, [], 200)}` : '';
  return new CdfError(`${label}: the content that was being sent could not be read${said}`, {
    cause: error,
    delivery: 'unknown',
  });
}

interface Exchange<T> {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: WireBody | undefined;
  readonly timeoutMs: number;
  /** What must not show in an error, should the server repeat it. */
  readonly secrets: readonly string[];
  readonly onAttempt: (() => void) | undefined;
  read(response: Response, label: string): Promise<T>;
}
