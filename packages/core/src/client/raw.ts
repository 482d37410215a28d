import type { CallOptions, RequestSpec, Transport } from '../transport/transport.js';
import { withEpochDates } from '../values/filter-dates.js';

/** A call of an endpoint that has no method of its own. */
export interface RawOptions
  extends CallOptions,
    Partial<Pick<RequestSpec, 'query' | 'headers' | 'accept' | 'contentType'>> {
  /**
   * Whether sending it twice does what sending it once does. Decides what is retried.
   * @default true but for POSTs that are not known as reads
   */
  readonly idempotent?: boolean | undefined;
}

/**
 * Calls any endpoint of the configured host. Paths are below the project, unless they start with `/api/` or `/login/`. An
 * address of another host is refused: the token stays where it belongs. Dates in the filters of reads are sent as epoch milliseconds; in
 * data modeling and records, whose times are strings, as ISO 8601.
 *
 * @returns the parsed body, or bytes as `accept` says.
 * @throws {ConfigError} when the path is none.
 */
export function sendRaw<T>(
  transport: Transport,
  method: RequestSpec['method'],
  path: string,
  body: unknown,
  { query, headers, accept, contentType, idempotent, ...options }: RawOptions = {},
): Promise<T> {
  const read = isRead(method, path);
  return transport.request<T>(
    {
      method,
      path,
      query,
      headers,
      accept,
      contentType,
      idempotent: idempotent ?? (read || (method !== 'POST' && method !== 'PATCH')),
      lane: read ? 'read' : 'write',
      // Where times are ISO 8601, JSON writes dates so.
      ...(body !== undefined && { body: read && !/\/(models|streams)\//.test(path) ? withEpochDates(body) : body }),
    },
    options,
  );
}

/** A guess, for raw calls only: in CDF most reads are POSTs. */
export function isRead(method: string, path: string): boolean {
  return (
    method === 'GET' ||
    (method === 'POST' && /\/(list|byids|search|aggregate|latest|query|downloadlink)(\?|$)/.test(path))
  );
}
