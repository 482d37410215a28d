import defaultKy, { type KyInstance, type Options } from 'ky';
import { ConfigError } from './errors.js';
import { noteCall, noteSearchParams, writeJson } from './http/call-words.js';
import { parseJson } from './http/parse-json.js';
import { projectUrl, transportFetch } from './http/transport-fetch.js';
import type { Transport } from './transport/transport.js';

export type { HttpContext } from './http/call-words.js';
export { toSearchParams } from './http/search-params.js';

/** The type of `cdfHttp()` where no other ky is passed. */
export type CdfHttp = KyInstance;

/** An instance of ky, 1.14 or 2.x. */
export interface KyLike {
  extend(options: never): unknown;
}

/** Settings of `cdfHttp`. */
export interface CdfHttpOptions<Ky extends KyLike = CdfHttp> {
  /**
   * Your own instance of ky, 1.14 or 2.x, with its hooks and headers.
   * @default the ky 1.14 that `@cdf/core` brings
   */
  readonly ky?: Ky | undefined;
}

/**
 * ky for the operations of CDF that have no method: an instance whose `fetch` is the client's
 * transport. Paths are inside the project.
 *
 * Tokens, retries, deadlines, limits, interceptors and errors are those of the client: a 404 is a
 * `NotFoundError`, not ky's `HTTPError`. `context: { idempotent: true }` lets a call be retried;
 * GETs, and POSTs that are known to read, are retried without it. `json` writes a `Date` as epoch
 * milliseconds, and a body that is a stream, or is sent with `onUploadProgress`, is sent once.
 *
 * @param source a client, or a transport
 * @throws {ConfigError} when `ky` is not an instance of ky; a call rejects with one when its path
 *   would leave the project.
 * @see https://api-docs.cognite.com
 *
 * @example
 * const http = cdfHttp(client);
 * const answer = http.post('functions/list', { json: { limit: 100 } });
 * const { items } = await answer.json<FunctionList>();
 */
export function cdfHttp<Ky extends KyLike = CdfHttp>(
  source: Transport | { readonly transport: Transport },
  { ky }: CdfHttpOptions<Ky> = {},
): Ky {
  const instance = (ky ?? defaultKy) as unknown as KyInstance;
  if (typeof instance.extend !== 'function')
    throw new ConfigError('cdfHttp: ky must be an instance of ky 1.14 or 2.x, such as ky.create()');
  const transport =
    'transport' in Object(source)
      ? (source as { transport: Transport }).transport
      : (source as Transport);
  if (typeof transport?.request !== 'function')
    throw new ConfigError('cdfHttp: pass a client, or a transport');
  const prefixUrl = projectUrl(transport.project);
  let hooks: Options['hooks'];
  const bare = instance.extend((parent) => {
    hooks = parent.hooks;
    const json = {
      parseJson: parent.parseJson ?? parseJson,
      stringifyJson: parent.stringifyJson ?? writeJson,
    };
    return { hooks: { beforeRequest: undefined }, ...json } as object;
  });
  const own = {
    prefixUrl,
    // Options of ky 2 that would lead elsewhere or end a call.
    prefix: undefined,
    baseUrl: undefined,
    totalTimeout: undefined,
    fetch: transportFetch(transport),
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    // The first hook: with ky 1 a hook that returns a request is the last one to be called.
    hooks: { init: [usePrefix], beforeRequest: [noteCall, ...(hooks?.beforeRequest ?? [])] },
  };
  return bare.extend(own as unknown as Options) as unknown as Ky;
}

/** ky 2 calls this before anything else; its `prefix` is the `prefixUrl` of ky 1. */
function usePrefix(
  options: { prefixUrl?: string; prefix?: string | undefined } & Parameters<
    typeof noteSearchParams
  >[0],
): void {
  noteSearchParams(options);
  const { prefixUrl = '', prefix = '' } = options;
  delete options.prefixUrl;
  options.prefix = prefix === '' ? prefixUrl : `${prefixUrl}/${prefix}`;
}
