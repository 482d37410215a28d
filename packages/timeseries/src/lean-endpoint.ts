import { Listing } from '@cdf/core';
import { type ListEndpoint, type QueryBody, readPage } from '@cdf/core/resource';
import type { TimeSeriesData } from './time-series-types.js';

/**
 * The filters that `GET /timeseries` takes: the only request that leaves metadata out on the wire.
 */
const GET_FILTERS: readonly string[] = ['assetIds', 'rootAssetIds', 'externalIdPrefix'];

/**
 * The same listings without metadata, whatever the filter.
 *
 * @param adopt gives a series its methods
 */
export function withoutMetadata<T extends TimeSeriesData, L extends T[]>(
  endpoint: ListEndpoint<T, L>,
  adopt: (item: T) => T,
): ListEndpoint<T, L> {
  const { transport } = endpoint;
  const lean: ListEndpoint<T, L> = {
    transport,
    list: ({ limit, ...query }, options) =>
      new Listing<T, L>(lean.source(query), { limit }, options).then((list) => list),
    prepare: (query, now) => endpoint.prepare(query, now),
    source(body) {
      const source = endpoint.source(body);
      const query = toGetQuery(body);
      return {
        ...source,
        async fetchPage(page, options) {
          const { now: _, ...paging } = page;
          const answer =
            query === undefined
              ? await source.fetchPage(page, options)
              : readPage<T>(
                  await transport.request(
                    {
                      method: 'GET',
                      path: '/timeseries',
                      query: { ...query, ...paging },
                      idempotent: true,
                    },
                    options,
                  ),
                  'GET /timeseries',
                );
          for (const item of answer.items) {
            delete (item as { metadata?: unknown }).metadata;
            if (query !== undefined) adopt(item);
          }
          return answer;
        },
      };
    },
  };
  return lean;
}

/** The query of a list request that `GET /timeseries` can answer, else `undefined`. */
function toGetQuery({
  filter = {},
  ...body
}: QueryBody): Record<string, string | boolean> | undefined {
  if (Object.values(body).some((value) => value !== undefined)) return undefined;
  const query: Record<string, string | boolean> = { includeMetadata: false };
  for (const [name, value] of Object.entries(filter as object)) {
    if (value === undefined) continue;
    if (!GET_FILTERS.includes(name)) return undefined;
    query[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return query;
}
