// Loaded when the first stream is moved: most pages never do.
import { ConfigError } from '../errors.js';
import { guardStream, sendStream } from './body/stream.js';
import type { ResolvedConfig } from './config.js';
import type { Exchange, Outgoing, OutgoingCall } from './exchange.js';
import { mergeHeaders } from './headers.js';
import type { WireAnswer } from './interceptor.js';
import type { CallOptions, TransferResponse, TransferSpec } from './transport.js';
import { isLoopback, shownStorageUrl } from './url.js';

export { guardStream, sendStream };

/** A transfer, ready to be sent. */
export interface PreparedTransfer {
  readonly call: OutgoingCall;
  readonly outgoing: Outgoing;
  readonly exchange: Exchange;
}

/**
 * Bytes to or from a storage URL, as a call.
 *
 * @param closing the client's signal
 * @throws {ConfigError} when they would travel in the clear.
 */
export function prepareTransfer(
  config: ResolvedConfig,
  { method, url, headers, body, replayable, onAttempt }: TransferSpec,
  options: CallOptions,
  closing: AbortSignal,
): PreparedTransfer {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  const safe = target?.protocol === 'https:' || (target !== undefined && isLoopback(target));
  const shown = shownStorageUrl(url);
  if (target === undefined || !/^https?:$/.test(target.protocol) || !(safe || config.allowInsecureHttp))
    throw new ConfigError(`${method}: a storage URL must be an https URL, got ${shown}`);
  const timeoutMs = options.timeoutMs ?? config.fileTransferTimeoutMs;
  // The bytes read from a stream are gone, however the attempt ended.
  const idempotent = replayable && !(body instanceof ReadableStream);
  const retry = idempotent ? config.retry : { ...config.retry, limit: 0 };
  return {
    call: { info: { kind: 'transfer', method, path: shown }, idempotent, retry, deadlineMs: undefined },
    outgoing: { url: shown, headers: mergeHeaders(headers), body },
    exchange: {
      url,
      timeoutMs,
      secrets: [...target.searchParams.values()],
      onAttempt,
      // 308 without a location is how a resumable upload says that it wants more.
      isSuccess: (response) => response.ok || (response.status === 308 && !response.headers.has('location')),
      advise: ({ status }) =>
        status < 400 ? 'redirects are not followed' : status < 500 ? 'the link may have expired' : '',
      finish: storageHeaders,
      read: async (response, label) => {
        const guard = { label, signals: [options.signal, closing], idleMs: config.timeoutMs, totalMs: timeoutMs };
        return response.body && guardStream(response.body, guard);
      },
    },
  };
}

export function toTransferResponse({ status, headers, body }: WireAnswer): TransferResponse {
  const stream = body as ReadableStream<Uint8Array> | null;
  const bytes = async (): Promise<Uint8Array> => new Uint8Array(await new Response(stream).arrayBuffer());
  return { status, headers, body: stream, bytes };
}

/** Storage gets no header that is meant for CDF, whoever added it. */
function storageHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(x-cdp-|cdf-)/.test(name)));
}
