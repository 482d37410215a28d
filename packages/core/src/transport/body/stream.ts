import { openScope } from '../../async/scope.js';
import { TimeoutError } from '../../errors.js';
import { CLOSED, closedError } from '../call.js';
import { toNetworkError } from '../failure/network-error.js';

export interface StreamGuard {
  readonly label: string;
  readonly signals: readonly (AbortSignal | undefined)[];
  /** Longest wait for the next piece. @unit milliseconds @default no limit */
  readonly idleMs?: number | undefined;
  /** Longest time until the end. @unit milliseconds @default no limit */
  readonly totalMs?: number | undefined;
  /** What a failure of the stream itself means. @default the connection was lost */
  readonly toError?: ((error: unknown) => Error) | undefined;
}

/**
 * A body that cannot stall for ever, ends with its signals, and fails with our errors. While nobody reads, no clock
 * runs: a body that was forgotten keeps no timer alive.
 */
export function guardStream(body: ReadableStream<Uint8Array>, guard: StreamGuard): ReadableStream<Uint8Array> {
  const { label, idleMs = Infinity, totalMs = Infinity, toError = (error) => toNetworkError(error, label) } = guard;
  const reader = body.getReader();
  const scope = openScope(guard.signals);
  const endsAt = Date.now() + totalMs;
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
        const waitMs = Math.min(idleMs, endsAt - Date.now());
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
