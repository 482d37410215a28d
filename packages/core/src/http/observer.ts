import type { Logger } from '../config.js';
import type { RequestEvent, RequestHooks, ResponseEvent, RetryEvent } from './hooks.js';

/** Hooks and log in one, safe to call: what they throw does not touch the request. */
export interface Observer {
  onRequest(event: RequestEvent): void;
  onResponse(event: ResponseEvent): void;
  onRetry(event: RetryEvent): void;
}

export function createObserver(hooks: RequestHooks, logger: Logger): Observer {
  const log = (message: string, fields: Readonly<Record<string, unknown>>): void => {
    try {
      logger.debug?.(message, fields);
    } catch {
      // There is nobody left to tell.
    }
  };
  const call = <Event>(hook: ((event: Event) => void) | undefined, event: Event): void => {
    try {
      hook?.call(hooks, event);
    } catch (error) {
      log('a hook failed', { error });
    }
  };
  return {
    onRequest: (event) => call(hooks.onRequest, event),
    onResponse: (event) => {
      call(hooks.onResponse, event);
      const { method, path, error, status, ...fields } = event;
      log(`${method} ${path} ${status ?? error?.name ?? ''}`, { status, ...fields });
    },
    onRetry: (event) => {
      call(hooks.onRetry, event);
      const { method, path, error, ...fields } = event;
      log(`${method} ${path}: again after ${error.name}`, fields);
    },
  };
}
