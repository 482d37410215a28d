import { CdfError, ConfigError } from '../errors.js';
import { guardStream } from './body/stream.js';
import { safeText } from './failure/redact.js';
import { mergeHeaders } from './headers.js';
import type { TransportPart } from './interceptors/part.js';
import { checkCall } from './transport-config.js';
import { isLoopback, shownStorageUrl } from './url.js';

/** How long bytes may take. */
export interface TransferOptions {
  /**
   * Longest time of one attempt at a storage URL.
   * @unit milliseconds
   * @default 600 000
   */
  readonly timeoutMs?: number | undefined;
}

/** Storage URLs, and bodies that are streams: what uploads and downloads need. */
export function transfers({ timeoutMs: totalMs = 600_000 }: TransferOptions = {}): TransportPart {
  checkCall({ timeoutMs: totalMs });
  return {
    part: 'transfers',
    readStream: (body, label, signals, idleMs) => guardStream(body, { label, signals, idleMs, totalMs }),
    async sendStream(body, label, send) {
      // The runtime does not let go of a stream that it was sending, so its source is ended from here.
      const upload = new AbortController();
      let unreadable: CdfError | undefined;
      let failure: unknown;
      const source = guardStream(body, {
        label,
        signals: [upload.signal],
        toError: (error) => (unreadable = sourceError(error, label)),
      });
      try {
        return await send(source, () => unreadable);
      } catch (error) {
        failure = error;
        throw error;
      } finally {
        upload.abort(failure);
      }
    },
    async transfer(
      { config, closing, call, exchange },
      { method, url, headers, body, replayable, onAttempt },
      options,
    ) {
      checkCall(options);
      const target = URL.canParse(url) ? new URL(url) : undefined;
      const safe = target?.protocol === 'https:' || (target !== undefined && isLoopback(target));
      if (target === undefined || !/^https?:$/.test(target.protocol) || !(safe || config.allowInsecureHttp))
        throw new ConfigError(`${method}: a storage address must be an https address, got ${shownStorageUrl(url)}`);
      const timeoutMs = options.timeoutMs ?? totalMs;
      // What was read from a stream is gone, however the attempt ended.
      const idempotent = replayable && !(body instanceof ReadableStream);
      const retry = idempotent ? config.retry : { ...config.retry, limit: 0 };
      const info = { kind: 'transfer', method, path: shownStorageUrl(url) } as const;
      return call({ info, idempotent, retry, deadlineMs: undefined }, options, (attempt) =>
        exchange(attempt, {
          url,
          headers: mergeHeaders(headers),
          body,
          timeoutMs,
          secrets: [...target.searchParams.values()],
          onAttempt,
          // 308 without a location is how a resumable upload says that it wants more.
          fine: (response) => response.ok || (response.status === 308 && !response.headers.has('location')),
          advise: ({ status }) =>
            status < 400 ? 'redirects are not followed' : status < 500 ? 'the link may have expired' : '',
          read: async (response, label) => {
            const signals = [options.signal, closing];
            const stream =
              response.body &&
              guardStream(response.body, { label, signals, idleMs: config.timeoutMs, totalMs: timeoutMs });
            return {
              status: response.status,
              headers: response.headers,
              body: stream,
              bytes: async () => new Uint8Array(await new Response(stream).arrayBuffer()),
            };
          },
        }),
      );
    },
  };
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
