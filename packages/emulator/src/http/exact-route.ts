import { parseExactJson } from './exact-json.js';
import type { Call, Reply, Route } from './route.js';

/** A POST endpoint whose handler gets the JSON body with 64-bit integers exact. */
export function postExact(
  path: string,
  handle: (body: unknown, call: Call) => Reply | Promise<Reply>,
): Route {
  return {
    method: 'POST',
    path,
    handle: async (call) => {
      const body = await call.json();
      const text = (await call.bytes()).toString();
      return handle(/\d{16}/.test(text) ? parseExactJson(text) : body, call);
    },
  };
}
