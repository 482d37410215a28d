import type { RequestInfo } from './hooks.js';
import type { Observer } from './observer.js';
import { shownUrl } from './url.js';

/** The client's `fetch` for its credentials: hooks and log see what they send. */
export function observedFetch(
  fetch: typeof globalThis.fetch,
  observer: Observer,
  { id, attempt }: RequestInfo,
): typeof globalThis.fetch {
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const info: RequestInfo = { id, kind: 'sign-in', method: init?.method ?? 'GET', path: shownUrl(url), attempt };
    const startedAt = performance.now();
    observer.onRequest({ ...info, headers: {} });
    let response: Response | undefined;
    let failure: unknown;
    try {
      response = await fetch(input, init);
      return response;
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      observer.onResponse({
        ...info,
        status: response?.status,
        error: failure instanceof Error ? failure : undefined,
        durationMs: performance.now() - startedAt,
      });
    }
  };
}
