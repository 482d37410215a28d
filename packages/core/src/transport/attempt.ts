import { openScope, untilAborted } from '../async/scope.js';
import { CdfError, TimeoutError } from '../errors.js';
import { readText } from './body/response.js';
import type { Attempt } from './call.js';
import { type Advise, toApiError } from './failure/api-error.js';
import { toNetworkError } from './failure/network-error.js';
import { mergeHeaders } from './headers.js';
import type { TransportPart } from './interceptors/part.js';

/** What may be sent as it is. */
export type WireBody = string | Uint8Array | Blob | ReadableStream<Uint8Array>;

/** What one attempt sends, and what becomes of the answer. */
export interface Exchange<T> {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: WireBody | undefined;
  readonly timeoutMs: number;
  /** What must not show in an error, should the server repeat it. */
  readonly secrets: readonly string[];
  readonly onAttempt: (() => void) | undefined;
  /** Which answers are no errors. @default those of 200 to 299 */
  readonly fine?: ((response: Response) => boolean) | undefined;
  /** What to do about an answer that is an error. */
  readonly advise: Advise;
  read(response: Response, label: string): Promise<T>;
}

/** One attempt on the wire, with its own clock. */
export function sendOnce<T>(
  fetch: typeof globalThis.fetch,
  parts: Omit<TransportPart, 'part'>,
  { info, signal, sent }: Attempt,
  exchange: Exchange<T>,
): Promise<T> {
  // Not in the list of parameters: declarations would name what they leave out as internal.
  const { watch, sendStream } = parts;
  const { method, path, kind } = info;
  const { url, headers, timeoutMs, secrets } = exchange;
  const label = `${method} ${path}`;
  const send = async (body: WireBody | undefined, blame?: () => CdfError | undefined): Promise<T> => {
    const watched = watch?.(info, secrets);
    const scope = openScope(
      [signal],
      timeoutMs,
      () => new TimeoutError(`${label}: no whole answer within ${timeoutMs} ms`, { delivery: 'unknown' }),
    );
    let response: Response | undefined;
    let failure: unknown;
    try {
      scope.signal.throwIfAborted();
      exchange.onAttempt?.();
      sent();
      // Nothing else calls `fetch` for CDF and its storage. Redirects are not followed, so that no header gets to where it was not meant to.
      const answer = fetch(url, {
        method,
        headers: { ...mergeHeaders(watched?.headers), ...headers },
        signal: scope.signal,
        redirect: 'manual',
        credentials: 'omit',
        ...(body !== undefined && { body: body as BodyInit }),
        ...(body instanceof ReadableStream && { duplex: 'half' }),
      });
      response = await untilAborted(answer, scope.signal, (late) => void late.body?.cancel());
      if (exchange.fine?.(response) ?? response.ok)
        return await untilAborted(exchange.read(response, label), scope.signal);
      const text = await untilAborted(readText(response), scope.signal);
      throw toApiError({ response, text, method, path, secrets, advise: exchange.advise });
    } catch (error) {
      // To the runtime, content that cannot be read looks like a lost connection.
      const cause = blame?.() ?? error;
      failure = scope.signal.aborted
        ? scope.signal.reason
        : CdfError.isInstance(cause)
          ? cause
          : toNetworkError(cause, label, kind);
      throw failure;
    } finally {
      scope.end();
      watched?.end(response, failure);
    }
  };
  const { body } = exchange;
  return body instanceof ReadableStream && sendStream !== undefined ? sendStream(body, label, send) : send(body);
}
