import { sendWithoutFetch } from '#platform';
import { loadPart, once } from '../async/lazy.js';
import { sendOnce } from './attempt.js';
import { type Attempt, CLOSED, runCall } from './call.js';
import type { Logger, ResolvedConfig } from './config.js';
import type { Exchange, Outgoing, OutgoingCall } from './exchange.js';
import { mergeHeaders } from './headers.js';
import type { HttpSend } from './http-answer.js';
import type { WireAnswer, WireRequest } from './interceptor.js';
import type { InterceptorChain } from './interceptors/chain.js';
import { noLog } from './no-log.js';
import type { CallOptions } from './transport.js';

/** Runs the calls of one transport, and takes each attempt through its interceptors. */
export class Sender {
  readonly #fetch: typeof globalThis.fetch;
  readonly #send: HttpSend;
  readonly #chain: (() => Promise<InterceptorChain>) | undefined;
  readonly #closing = new AbortController();
  readonly #log: WireRequest['log'];
  #calls = 0;

  constructor({ fetch, nodeHttp, interceptors, logger }: ResolvedConfig) {
    this.#fetch = fetch;
    this.#send = nodeHttp ? sendWithoutFetch(fetch, this.closing) : fetch;
    this.#log =
      logger === undefined
        ? noLog
        : (message, fields) => {
            try {
              // A console would print the fields over several lines; the message has them.
              if (logger === (console as Logger)) logger.debug?.(message);
              else logger.debug?.(message, fields);
            } catch {
              // A logger must not break a request.
            }
          };
    if (interceptors.length > 0)
      this.#chain = once(async () => {
        const { InterceptorChain } = await loadPart(import('./interceptors/chain.js'));
        return new InterceptorChain(interceptors, this.#log);
      });
  }

  /** Aborted when the transport is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  close(): void {
    this.#closing.abort(CLOSED);
  }

  /** Runs a call with its retries. */
  call<T>(
    call: OutgoingCall,
    { signal }: CallOptions,
    once: (attempt: Attempt) => Promise<T>,
  ): Promise<T> {
    return runCall(
      {
        ...call,
        info: { ...call.info, id: ++this.#calls },
        onRetry: ({ method, path, ...info }, { error, delayMs }) =>
          this.#log(`${method} ${path}: again after ${error.name}, in ${Math.round(delayMs)} ms`, {
            ...info,
            delayMs,
          }),
        signal,
        closing: this.closing,
      },
      once,
    );
  }

  /** Runs one attempt. */
  async attempt(attempt: Attempt, outgoing: Outgoing, exchange: Exchange): Promise<WireAnswer> {
    const send = ({ headers, body }: Outgoing): Promise<WireAnswer> => {
      const kept = headers === outgoing.headers ? headers : mergeHeaders(headers);
      return sendOnce(this.#send, attempt, exchange, exchange.finish(kept), body);
    };
    return this.#chain === undefined
      ? send(outgoing)
      : (await this.#chain()).attempt(attempt, outgoing, send, exchange.secrets);
  }

  /** The `fetch` that credentials get. */
  signInFetch(attempt: Attempt): typeof globalThis.fetch {
    const fetch = this.#fetch;
    const chain = this.#chain;
    if (chain === undefined) return fetch;
    return async (input, init) => (await chain()).signInFetch(fetch, attempt)(input, init);
  }
}
