import { ConfigError } from '../errors.js';
import { type Exchange, sendOnce } from './attempt.js';
import { guardStream } from './body/stream.js';
import { checkCall } from './check-call.js';
import type { ResolvedConfig } from './config.js';
import { mergeHeaders } from './headers.js';
import type { Sender } from './sender.js';
import type { CallOptions, TransferResponse, TransferSpec } from './transport.js';
import { isLoopback, shownStorageUrl } from './url.js';

/** Bytes to or from a storage URL. */
export async function transfer(
  sender: Sender,
  config: ResolvedConfig,
  { method, url, headers, body, replayable, onAttempt }: TransferSpec,
  options: CallOptions,
): Promise<TransferResponse> {
  checkCall(options);
  const target = URL.canParse(url) ? new URL(url) : undefined;
  const safe = target?.protocol === 'https:' || (target !== undefined && isLoopback(target));
  const shown = shownStorageUrl(url);
  if (target === undefined || !/^https?:$/.test(target.protocol) || !(safe || config.allowInsecureHttp))
    throw new ConfigError(`${method}: a storage URL must be an https URL, got ${shown}`);
  const timeoutMs = options.timeoutMs ?? config.fileTransferTimeoutMs;
  // The bytes read from a stream are gone, however the attempt ended.
  const idempotent = replayable && !(body instanceof ReadableStream);
  const retry = idempotent ? config.retry : { ...config.retry, limit: 0 };
  const info = { kind: 'transfer', method, path: shown } as const;
  const exchange: Exchange = {
    url,
    timeoutMs,
    secrets: [...target.searchParams.values()],
    onAttempt,
    // 308 without a location is how a resumable upload says that it wants more.
    isSuccess: (response) => response.ok || (response.status === 308 && !response.headers.has('location')),
    advise: ({ status }) =>
      status < 400 ? 'redirects are not followed' : status < 500 ? 'the link may have expired' : '',
    read: async (response, label) => {
      const signals = [options.signal, sender.closing];
      const guard = { label, signals, idleMs: config.timeoutMs, totalMs: timeoutMs };
      return response.body && guardStream(response.body, guard);
    },
  };
  const outgoing = { url: shown, headers: mergeHeaders(headers), body };
  const answer = await sender.call({ info, idempotent, retry, deadlineMs: undefined }, options, (attempt) =>
    sender.attempt(attempt, outgoing, (handed) =>
      sendOnce(config.fetch, attempt, exchange, storageHeaders(handed.headers), handed.body),
    ),
  );
  const stream = answer.body as ReadableStream<Uint8Array> | null;
  return {
    status: answer.status,
    headers: answer.headers,
    body: stream,
    bytes: async () => new Uint8Array(await new Response(stream).arrayBuffer()),
  };
}

/** Storage gets nothing that is meant for CDF, whoever added it. */
function storageHeaders(handed: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(mergeHeaders(handed)).filter(([name]) => !/^(x-cdp-|cdf-)/.test(name)));
}
