// Loaded when the first stream is moved: most pages never do.
import { ConfigError } from '../errors.js';
import { guardStream, type StreamGuard, sendStream } from './body/stream.js';
import type { Attempt } from './call.js';
import type { ResolvedConfig } from './config.js';
import type { Exchange, Outgoing, OutgoingCall } from './exchange.js';
import { mergeHeaders } from './headers.js';
import type { HttpAnswer } from './http-answer.js';
import type { WireAnswer } from './interceptor.js';
import type { CallOptions, ResponseKind, TransferResponse, TransferSpec } from './transport.js';
import { isLoopback } from './url.js';

export { sendStream };

/** An answer of the API whose body is read as it comes: the stream, or a `Response` with it. */
export function streamAnswer(
  response: HttpAnswer,
  accept: ResponseKind,
  guard: StreamGuard,
): ReadableStream<Uint8Array> | Response {
  const stream = guardStream(response.body as ReadableStream<Uint8Array>, guard);
  return accept === 'stream'
    ? stream
    : new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>, response);
}

/** The part of a `Sender` that a transfer needs. */
interface TransferSender {
  readonly closing: AbortSignal;
  call<T>(
    call: OutgoingCall,
    options: CallOptions,
    once: (attempt: Attempt) => Promise<T>,
  ): Promise<T>;
  attempt(attempt: Attempt, outgoing: Outgoing, exchange: Exchange): Promise<WireAnswer>;
}

/**
 * Bytes to or from a storage URL.
 *
 * @throws {ConfigError} when they would travel in the clear.
 */
export async function transfer(
  config: ResolvedConfig,
  sender: TransferSender,
  spec: TransferSpec,
  options: CallOptions,
): Promise<TransferResponse> {
  const { call, outgoing, exchange } = prepareTransfer(config, spec, options, sender.closing);
  return sender.call(call, options, async (attempt) =>
    toTransferResponse(await sender.attempt(attempt, outgoing, exchange)),
  );
}

/** A transfer, ready to be sent. */
interface PreparedTransfer {
  readonly call: OutgoingCall;
  readonly outgoing: Outgoing;
  readonly exchange: Exchange;
}

/** @param closing the client's signal */
function prepareTransfer(
  config: ResolvedConfig,
  { method, url, headers, body, replayable, onAttempt }: TransferSpec,
  options: CallOptions,
  closing: AbortSignal,
): PreparedTransfer {
  const target = storageUrl(config, url, method);
  const shown = shownStorageUrl(target.href);
  const timeoutMs = options.timeoutMs ?? config.fileTransferTimeoutMs;
  // The bytes read from a stream are gone, however the attempt ended.
  const idempotent = replayable && !(body instanceof ReadableStream);
  const statusCodes = [...config.retry.statusCodes, ...RETRIED_STATUSES];
  const retry = { ...config.retry, statusCodes, ...(!idempotent && { limit: 0 }) };
  return {
    call: {
      info: { kind: 'transfer', method, path: shown },
      idempotent,
      retry,
      deadlineMs: undefined,
    },
    outgoing: { url: shown, headers: mergeHeaders(headers), body },
    exchange: {
      url: target.href,
      idempotent,
      timeoutMs,
      secrets: [...target.searchParams.values(), target.pathname],
      onAttempt,
      advise: ({ status }) =>
        status < 400
          ? 'redirects are not followed'
          : status < 500
            ? 'the link may have expired'
            : '',
      finish: storageHeaders,
      read: async (response, label) => {
        const guard = {
          label,
          signals: [options.signal, closing],
          idleMs: config.timeoutMs,
          totalMs: timeoutMs,
        };
        return response.body && guardStream(response.body, guard);
      },
    },
  };
}

/**
 * Storage services answer so when they are overloaded or interrupted. Sending bytes twice does no
 * harm.
 */
const RETRIED_STATUSES = [408, 425, 429, 500, 502, 503, 504];

/**
 * Where the bytes go. A path is on the API's own host.
 *
 * @throws {ConfigError} when the API does not get to decide that: its answer would send bytes in
 * the clear, to this machine, or by a path to another host.
 */
function storageUrl(
  { baseUrl, allowInsecureHttp }: ResolvedConfig,
  url: string,
  method: string,
): URL {
  const base = new URL(baseUrl);
  const isPath = url.startsWith('/');
  const target = URL.canParse(url, isPath ? base : undefined)
    ? new URL(url, isPath ? base : undefined)
    : undefined;
  if (target === undefined || !/^https?:$/.test(target.protocol))
    throw new ConfigError(
      `${method}: a storage URL must be an https URL, got ${shownStorageUrl(url)}`,
    );
  if (isPath) {
    // `//host` is a path to another host.
    if (target.origin !== base.origin)
      throw new ConfigError(
        `${method}: a relative storage URL must stay on the host of baseUrl, got ${target.origin}`,
      );
    return target;
  }
  const isLocal = isLoopback(target) || isThisMachine(target);
  const mayBeLocal = isLoopback(base) || base.protocol === 'http:';
  const mayBeClear =
    (isLoopback(target) && mayBeLocal) || (allowInsecureHttp && base.protocol === 'http:');
  if (isLocal && !mayBeLocal)
    throw new ConfigError(
      `${method}: a storage URL must not lead to this machine, got ${target.origin}`,
    );
  if (target.protocol === 'http:' && !mayBeClear)
    throw new ConfigError(`${method}: a storage URL must be an https URL, got ${target.origin}`);
  return target;
}

/** Other names that may lead to this machine, and are therefore rejected rather than trusted. */
function isThisMachine({ hostname }: URL): boolean {
  return /^(0\.0\.0\.0|\[::\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\]|(.*\.)?localhost\.?)$/.test(
    hostname,
  );
}

function toTransferResponse({ status, headers, body }: WireAnswer): TransferResponse {
  const stream = body as ReadableStream<Uint8Array> | null;
  const bytes = async (): Promise<Uint8Array> =>
    new Uint8Array(await new Response(stream).arrayBuffer());
  return { status, headers, body: stream, bytes };
}

/** Storage never gets a header that is meant for CDF. */
function storageHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(x-cdp-|cdf-)/.test(name)),
  );
}

/**
 * A storage URL for messages: only its origin. Its query is a signature, and its path may hold a
 * token.
 */
export function shownStorageUrl(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'an invalid URL';
}
