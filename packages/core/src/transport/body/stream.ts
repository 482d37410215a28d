import { openScope } from '../../async/scope.js';
import { CdfError, TimeoutError } from '../../errors.js';
import { CLOSED, closedError } from '../call.js';
import { toNetworkError } from '../failure/network-error.js';
import { saidBy } from '../failure/redact.js';

export interface StreamGuard {
  readonly label: string;
  readonly signals: readonly (AbortSignal | undefined)[];
  /** Longest wait for the next piece. @unit milliseconds @default no limit */
  readonly idleMs?: number | undefined;
  /** Longest time until the end. @unit milliseconds @default no limit */
  readonly totalMs?: number | undefined;
  /** The meaning of a failure of the stream itself. @default the connection was lost */
  readonly toError?: ((error: unknown) => Error) | undefined;
}

/**
 * A body that cannot stall for ever, ends with its signals, and fails with our errors. While the
 * consumer does not read, no clock runs: a body that was forgotten keeps no timer alive.
 */
export function guardStream(
  body: ReadableStream<Uint8Array>,
  guard: StreamGuard,
): ReadableStream<Uint8Array> {
  const {
    label,
    idleMs = Infinity,
    totalMs = Infinity,
    toError = (error) => toNetworkError(error, label),
  } = guard;
  const reader = body.getReader();
  const scope = openScope(guard.signals);
  const endsAt = performance.now() + totalMs;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const stop = (): void => {
          scope.end();
          const { reason } = scope.signal;
          controller.error(reason === CLOSED ? closedError(label, 'unknown') : reason);
          void reader.cancel(reason).catch(() => {});
        };
        if (scope.signal.aborted) stop();
        else scope.signal.addEventListener('abort', stop, { once: true });
      },
      async pull(controller) {
        const waitMs = Math.min(idleMs, endsAt - performance.now());
        const stalled = (): void =>
          scope.abort(new TimeoutError(`${label}: the body stalled`, { delivery: 'unknown' }));
        const timer = waitMs === Infinity ? undefined : setTimeout(stalled, waitMs);
        try {
          const { done, value } = await reader.read();
          if (scope.signal.aborted) return;
          if (!done) return controller.enqueue(value);
          scope.end();
          controller.close();
        } catch (error) {
          if (scope.signal.aborted) return;
          scope.end();
          controller.error(toError(error));
        } finally {
          clearTimeout(timer);
        }
      },
      cancel(reason) {
        scope.end();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * Sends a body that is a stream.
 *
 * @param send gets the guarded stream, and a function that tells why its source could not be read,
 * if that happened
 */
export async function sendStream<T>(
  body: ReadableStream<Uint8Array>,
  label: string,
  send: (body: ReadableStream<Uint8Array>, sourceError: () => CdfError | undefined) => Promise<T>,
): Promise<T> {
  // The runtime does not let go of a stream that it was sending, so its source is ended from here.
  const upload = new AbortController();
  let unreadable: CdfError | undefined;
  let failure: unknown;
  const source = guardStream(body, {
    label,
    signals: [upload.signal],
    toError: (error) => (unreadable = toSourceError(error, label)),
  });
  try {
    return await send(source, () => unreadable);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    upload.abort(failure);
  }
}

/**
 * The caller's own stream failed while it was sent. It is unknown what the server did with its
 * beginning.
 */
function toSourceError(error: unknown, label: string): CdfError {
  if (CdfError.isInstance(error)) return error;
  return new CdfError(
    `${label}: the content that was being sent could not be read${saidBy(error)}`,
    {
      cause: error,
      delivery: 'unknown',
    },
  );
}
