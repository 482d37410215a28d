import type { Logger } from '../config.js';
import { safeText } from '../failure/redact.js';
import type { RequestHooks, RequestInfo } from '../hooks.js';
import { shownUrl } from '../url.js';
import type { TransportPart, WatchedAttempt } from './part.js';

/** Who is told of requests. */
export interface TracingOptions {
  readonly hooks?: RequestHooks | undefined;
  /** `console` fits. No header, body, query or token is ever passed to it. */
  readonly logger?: Logger | undefined;
}

/** Hooks and a log for every attempt: of requests, of transfers and of what credentials send. What they throw does not touch the request. */
export function tracing({ hooks = {}, logger = {} }: TracingOptions): TransportPart {
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
  const watch = (info: RequestInfo, secrets: readonly string[]): WatchedAttempt => {
    const headers: Record<string, string> = {};
    call(hooks.onRequest, { ...info, headers });
    const startedAt = performance.now();
    return {
      // They are for the API only.
      headers: info.kind === 'api' ? headers : {},
      end(response, failure) {
        const requestId = response?.headers.get('x-request-id');
        const event = {
          ...info,
          status: response?.status,
          requestId: (requestId && safeText(requestId, secrets, 100)) || undefined,
          error: failure instanceof Error ? failure : undefined,
          durationMs: performance.now() - startedAt,
        };
        call(hooks.onResponse, event);
        const { method, path, error, status, ...fields } = event;
        log(`${method} ${path} ${status ?? error?.name ?? ''}`, { status, ...fields });
      },
    };
  };
  return {
    part: 'tracing',
    watch,
    watchFetch:
      (fetch, { id, attempt }) =>
      async (input, init) => {
        const url = input instanceof Request ? input.url : String(input);
        const { end } = watch({ id, kind: 'sign-in', method: init?.method ?? 'GET', path: shownUrl(url), attempt }, []);
        let response: Response | undefined;
        let failure: unknown;
        try {
          response = await fetch(input, init);
          return response;
        } catch (error) {
          failure = error;
          throw error;
        } finally {
          end(response, failure);
        }
      },
    onRetry(event) {
      call(hooks.onRetry, event);
      const { method, path, error, ...fields } = event;
      log(`${method} ${path}: again after ${error.name}`, fields);
    },
  };
}
