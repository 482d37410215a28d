import { untilAborted } from '../async/scope.js';
import type { AccessToken, TokenContext } from '../auth/shared/credentials.js';
import { ApiError, AuthError, CdfError, ConfigError } from '../errors.js';
import { sendOnce } from './attempt.js';
import { encodeBody } from './body/request.js';
import { decodeBody } from './body/response.js';
import { type Attempt, CLOSED, runCall } from './call.js';
import { apiAdvice } from './failure/api-error.js';
import { safeText } from './failure/redact.js';
import { authHeader, clientHeaders, mergeHeaders } from './headers.js';
import type { TransportPart, Wire } from './interceptors/part.js';
import { isRead } from './is-read.js';
import { AdaptiveLimiter } from './limiter.js';
import type {
  Authentication,
  CallOptions,
  RequestSpec,
  TransferResponse,
  TransferSpec,
  Transport,
} from './transport.js';
import { checkCall, type ResolvedTransportConfig } from './transport-config.js';
import { buildUrl, shownPath } from './url.js';

/** The transport that speaks HTTP: requests with whole bodies by itself, anything else by its parts. */
export class HttpTransport implements Transport {
  readonly #config: ResolvedTransportConfig;
  readonly #parts: Omit<TransportPart, 'part'>;
  readonly #reading: AdaptiveLimiter;
  readonly #writing: AdaptiveLimiter;
  readonly #closing = new AbortController();
  readonly #wire: Wire;
  #calls = 0;
  #expiresAt: number | undefined;

  constructor(config: ResolvedTransportConfig, parts: readonly TransportPart[]) {
    this.#config = config;
    this.#parts = Object.assign({}, ...parts);
    this.#reading = new AdaptiveLimiter(config.concurrency.read);
    this.#writing = new AdaptiveLimiter(config.concurrency.write);
    this.#wire = {
      config,
      closing: this.#closing.signal,
      exchange: (attempt, exchange) => sendOnce(config.fetch, this.#parts, attempt, exchange),
      call: ({ info, ...call }, { signal }, once) =>
        runCall(
          {
            ...call,
            info: { ...info, id: ++this.#calls },
            onRetry: this.#parts.onRetry,
            signal,
            closing: this.#closing.signal,
          },
          once,
        ),
    };
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
    const { project, baseUrl, credentials, retry, deadlineMs, ...config } = this.#config;
    const { method, accept = 'json', idempotent, onAttempt } = spec;
    const { compress, readStream } = this.#parts;
    checkCall(options);
    if (readStream === undefined && (accept === 'stream' || spec.body instanceof ReadableStream))
      throw needsTransfers();
    const url = buildUrl(baseUrl, project, spec.path, spec.query);
    const { body, headers: encoding } = await encodeBody(spec, compress && ((data, type) => compress(data, type, url)));
    const headers = mergeHeaders(clientHeaders(this.#config, accept), encoding, config.headers, spec.headers);
    const limiter = isRead(method, spec.path) ? this.#reading : this.#writing;
    const timeoutMs = options.timeoutMs ?? config.timeoutMs;
    const info = { kind: 'api', method, path: shownPath(spec.path) } as const;
    let token = '';
    return this.#wire.call({ info, idempotent, retry, deadlineMs }, options, async (attempt) => {
      // Requests of one call come with the same signal, or else the same options.
      const slot = await limiter.acquire(options.signal ?? options, attempt.signal);
      let experience: 'fine' | 'overloaded' | 'unknown' = 'unknown';
      try {
        token = await this.#token(attempt, attempt.refused ? token : undefined);
        const answer = await this.#wire.exchange(attempt, {
          url,
          headers: { ...headers, ...authHeader(token, credentials.scheme) },
          body,
          timeoutMs,
          secrets: [token],
          onAttempt,
          advise: (details, Class) => apiAdvice(details, Class, spec.body),
          read: async (response, label) =>
            accept === 'stream' && response.body !== null
              ? readStream?.(response.body, label, [options.signal, this.#closing.signal], timeoutMs)
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
    const { transfer } = this.#parts;
    if (transfer === undefined) throw needsTransfers();
    return transfer(this.#wire, spec, options);
  }

  async close(): Promise<void> {
    this.#closing.abort(CLOSED);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @param refused the token that the server did not accept: another call may have replaced it by now */
  async #token({ signal, info }: Attempt, refused: string | undefined): Promise<string> {
    const { credentials, fetch: plain } = this.#config;
    const fetch = this.#parts.watchFetch?.(plain, info) ?? plain;
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

function needsTransfers(): ConfigError {
  return new ConfigError('storage URLs and streams need the part transfers() of @cdf/core/transport');
}
