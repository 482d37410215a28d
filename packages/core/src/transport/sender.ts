import { ConfigError } from '../errors.js';
import { sendOnce } from './attempt.js';
import { type Attempt, CLOSED, runCall } from './call.js';
import type { ResolvedConfig } from './config.js';
import type { Exchange, Outgoing, OutgoingCall } from './exchange.js';
import { mergeHeaders } from './headers.js';
import type { Send, WireAnswer, WireRequest } from './interceptor.js';
import { composeInterceptors, intercept } from './interceptors/chain.js';
import type { CallOptions } from './transport.js';
import { shownUrl } from './url.js';

/** Runs the calls of one transport, and takes each attempt through its interceptors. */
export class Sender {
  readonly #fetch: typeof globalThis.fetch;
  readonly #chain: Send | undefined;
  readonly #closing = new AbortController();
  readonly #log: WireRequest['log'];
  #calls = 0;

  constructor({ fetch, interceptors, logger }: ResolvedConfig) {
    this.#fetch = fetch;
    this.#chain = composeInterceptors(interceptors);
    this.#log = (message, fields) => {
      try {
        logger?.debug?.(message, fields);
      } catch {
        // A logger must not break a request.
      }
    };
  }

  /** Aborted when the transport is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  close(): void {
    this.#closing.abort(CLOSED);
  }

  /** Runs a call with its retries. */
  call<T>(call: OutgoingCall, { signal }: CallOptions, once: (attempt: Attempt) => Promise<T>): Promise<T> {
    return runCall(
      {
        ...call,
        info: { ...call.info, id: ++this.#calls },
        onRetry: ({ method, path, ...info }, { error, delayMs }) =>
          this.#log(`${method} ${path}: again after ${error.name}`, { ...info, delayMs }),
        signal,
        closing: this.closing,
      },
      once,
    );
  }

  /** Runs one attempt. */
  attempt(attempt: Attempt, outgoing: Outgoing, exchange: Exchange): Promise<WireAnswer> {
    const send = ({ headers, body }: Outgoing): Promise<WireAnswer> => {
      const kept = headers === outgoing.headers ? headers : mergeHeaders(headers);
      return sendOnce(this.#fetch, attempt, exchange, exchange.finish(kept), body);
    };
    if (this.#chain === undefined) return send(outgoing);
    const { info, retry, signal } = attempt;
    return intercept(this.#chain, { ...info, ...outgoing, retry, log: this.#log }, send, signal);
  }

  /** The `fetch` that credentials get: interceptors see that they sign in, and none of the secrets. */
  signInFetch({ info: { id, attempt } }: Attempt): typeof globalThis.fetch {
    const fetch = this.#fetch;
    const chain = this.#chain;
    if (chain === undefined) return fetch;
    return async (input, init) => {
      const url = shownUrl(input instanceof Request ? input.url : String(input));
      const info = { id, kind: 'sign-in', method: init?.method ?? 'GET', path: url, attempt } as const;
      let response = undefined as Response | undefined;
      const send = async (): Promise<WireAnswer> => {
        response = await fetch(input, init);
        const headers = new Headers(response.headers);
        for (const name of ['set-cookie', 'www-authenticate']) headers.delete(name);
        return { status: response.status, headers, body: undefined };
      };
      const request = { ...info, url, headers: {}, body: undefined, log: this.#log };
      await intercept(chain, request, send, init?.signal ?? undefined);
      if (response === undefined) throw new ConfigError('an interceptor must call next() for a sign-in');
      return response;
    };
  }
}
