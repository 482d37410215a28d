import type { Interceptor } from '../interceptor.js';
import { noLog } from '../no-log.js';
import { observe } from './outcome.js';

/**
 * Logs each attempt to the client's `logger` when it has ended, as one line: method, path, status,
 * duration, the number of the attempt from the second on, and the id of the request.
 * `POST /assets/list 200 in 84 ms [request 5f3a…]`
 */
export function tracing(): Interceptor {
  return (next) => (request) =>
    // Without a logger, answers are not looked at.
    request.log === noLog
      ? next(request)
      : observe(next, request, ({ error, ...outcome }) => {
          const { id, kind, method, path, attempt } = request;
          const { status = error?.name ?? '', durationMs, requestId } = outcome;
          const again = attempt > 1 ? `, attempt ${attempt}` : '';
          const named = requestId === undefined ? '' : ` [request ${requestId}]`;
          request.log(
            `${method} ${path} ${status} in ${Math.round(durationMs)} ms${again}${named}`,
            {
              id,
              kind,
              attempt,
              ...outcome,
            },
          );
        });
}
