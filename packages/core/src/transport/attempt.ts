import { openScope, untilAborted } from '../async/scope.js';
import { ApiError, CdfError, TimeoutError } from '../errors.js';
import type { Attempt } from './call.js';
import type { Exchange } from './exchange.js';
import { toNetworkError } from './failure/network-error.js';
import type { HttpAnswer, HttpSend } from './http-answer.js';
import type { RequestInfo, WireAnswer, WireBody } from './interceptor.js';
import { loadFailures, loadTransfer } from './load-parts.js';

/** All that can be said where the part that reads errors cannot be loaded. */
function plainError({ status, body }: HttpAnswer, { method, path }: RequestInfo): ApiError {
  body?.cancel().catch(() => {});
  return new ApiError(`${method} ${path}: ${status}`, { status, method, path });
}

/** One attempt on the wire, with its own clock. */
export function sendOnce(
  fetch: HttpSend,
  { info, signal, sent }: Attempt,
  exchange: Exchange,
  headers: Record<string, string>,
  body: WireBody | undefined,
): Promise<WireAnswer> {
  const { method, path, kind } = info;
  const { url, timeoutMs, secrets } = exchange;
  const label = `${method} ${path}`;
  const send = async (
    content: WireBody | undefined,
    sourceError?: () => CdfError | undefined,
  ): Promise<WireAnswer> => {
    const scope = openScope(
      [signal],
      timeoutMs,
      () =>
        new TimeoutError(`${label}: no complete answer within ${timeoutMs} ms`, {
          delivery: 'unknown',
        }),
    );
    try {
      scope.signal.throwIfAborted();
      exchange.onAttempt?.();
      sent();
      // The only call of `fetch` for CDF and its storage. Redirects are not followed, so that no
      // header gets to another host.
      const answer = fetch(url, {
        method,
        headers,
        signal: scope.signal,
        redirect: 'manual',
        credentials: 'omit',
        idempotent: exchange.idempotent,
        ...(content !== undefined && { body: content as BodyInit }),
        ...(content instanceof ReadableStream && { duplex: 'half' }),
      });
      const response = await untilAborted(answer, scope.signal, (late) => void late.body?.cancel());
      if (exchange.isSuccess?.(response) ?? response.ok) {
        const read = await untilAborted(exchange.read(response, label), scope.signal);
        return {
          status: response.status,
          body: read,
          // Made when something asks for them.
          get headers() {
            return response.headers;
          },
        };
      }
      const error = loadFailures().then(
        (part) => part.readApiError(response, info, exchange),
        () => plainError(response, info),
      );
      throw await untilAborted(error, scope.signal);
    } catch (error) {
      if (scope.signal.aborted) throw scope.signal.reason;
      // To the runtime, content that cannot be read looks like a lost connection.
      const cause = sourceError?.() ?? error;
      throw CdfError.isInstance(cause) ? cause : toNetworkError(cause, label, kind, secrets);
    } finally {
      scope.end();
    }
  };
  if (!(body instanceof ReadableStream)) return send(body);
  return loadTransfer().then(({ sendStream }) => sendStream(body, label, send));
}
