import { type CallOptions, DecodeError, type Transport } from '@cdf/core';
import { concurrently, toEpoch } from '@cdf/core/resource';
import type { LatestItemsQuery } from '../query-types.js';
import { readAnswer } from '../wire/answer.js';
import type { Retrieved } from './retrieve.js';
import { LATEST, mapItems } from './series/query-items.js';
import { toWireItem } from './series/series-request.js';

/** Series in one request. */
const MOST_SERIES = 100;

type Latest = Pick<Retrieved, 'info' | 'columns'>;

/** The latest point of each item, in the order of the items; a series that does not exist is left out if that is ignored. */
export async function retrieveLatest(
  transport: Transport,
  query: LatestItemsQuery,
  options: CallOptions = {},
): Promise<Latest[]> {
  const now = Date.now();
  // Epoch milliseconds also for "now", so that all requests of the call mean the same time; 0 is a time like any other.
  const before = toEpoch(query.before ?? now, now, 'before');
  const items = mapItems(query, LATEST, (item, identifier, what) => {
    const wire = toWireItem(identifier, item, query, what);
    wire.before = item.before === undefined ? before : toEpoch(item.before, now, `${what}: before`);
    return wire;
  });
  const chunks = Array.from({ length: Math.ceil(items.length / MOST_SERIES) }, (_, index) =>
    items.slice(index * MOST_SERIES, (index + 1) * MOST_SERIES),
  );
  let done = 0;
  const answers = await concurrently(
    chunks,
    async (chunk, signal) => {
      const answer = await transport.request<unknown>(
        {
          method: 'POST',
          path: '/timeseries/data/latest',
          body: { items: chunk, ignoreUnknownIds: query.ignoreUnknownIds },
          idempotent: true,
        },
        { ...options, signal },
      );
      const series = readAnswer(answer);
      if (series.length > chunk.length || (series.length < chunk.length && query.ignoreUnknownIds !== true))
        throw new DecodeError(
          `latest data points: ${series.length} series in the answer to a request for ${chunk.length}`,
        );
      done += chunk.length;
      options.onProgress?.(done, items.length);
      return series.map((item) => ({ info: item.info, columns: item.read(undefined, 1) }));
    },
    { limit: transport.limits.read, signal: options.signal },
  );
  return answers.flat();
}
