import type { Interceptor } from '../interceptor.js';
import { noLog } from '../no-log.js';
import { observe } from './outcome.js';

/** Logs each attempt to the client's `logger` when it has ended: method, path, status and duration. */
export function tracing(): Interceptor {
  return (next) => (request) =>
    // Without a logger, nothing of an answer is looked at.
    request.log === noLog
      ? next(request)
      : observe(next, request, ({ error, ...outcome }) => {
          const { id, kind, method, path, attempt } = request;
          request.log(`${method} ${path} ${outcome.status ?? error?.name ?? ''}`, { id, kind, attempt, ...outcome });
        });
}
