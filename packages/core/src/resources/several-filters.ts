import { concurrently } from '../async/concurrently.js';
import { ConfigError } from '../errors.js';
import type { CallOptions } from '../transport/transport.js';
import type { Sort } from '../values/filters.js';
import type { Identified } from '../values/identifiers.js';
import type { ListEndpoint } from './listing-source.js';
import type { QueryBody } from './wire.js';

/**
 * Everything, or the first `limit`, that any of several filters lets through: read in parallel,
 * merged in the resource's order or that of the sort, each item once. One that fails fails the
 * call.
 */
export async function listMerged<T extends Identified, L extends T[]>(
  endpoint: ListEndpoint<T, L>,
  query: QueryBody,
  filters: readonly object[],
  options: CallOptions = {},
): Promise<T[]> {
  const { limit = Infinity, ...body } = query;
  const { onProgress } = options;
  const read = filters.map(() => 0);
  const lists = await concurrently(
    filters,
    (filter, signal, index) => {
      const report = (done: number) => {
        read[index] = done;
        // The total comes with the list that all of these make.
        return onProgress?.(
          read.reduce((sum, each) => sum + each, 0),
          undefined,
        );
      };
      return endpoint.list(
        { ...body, filter, limit },
        { ...options, signal, onProgress: onProgress && report },
      );
    },
    { limit: endpoint.transport.limits.read, signal: options.signal },
  );
  const [only] = lists;
  if (only !== undefined && lists.length === 1) return only as T[];
  const items = new Map<number, T>();
  for (const list of lists) for (const item of list) items.set(item.id, item);
  const compare =
    body.sort === undefined
      ? endpoint.source(body).compare
      : compareBy(body.sort as readonly Sort[]);
  const merged = [...items.values()];
  if (compare !== undefined) merged.sort(compare);
  return merged.slice(0, limit);
}

/** A wire sort as a comparison, so that lists that were sorted apart can be merged. */
function compareBy(sort: readonly Sort[]): (left: object, right: object) => number {
  if (sort.some(({ property }) => property[0] === '_score_' || property === '_score_'))
    throw new ConfigError(
      '_score_ cannot sort this query: the API ranks within one request, and the query needs several',
    );
  return (left, right) => {
    for (const { property, order = 'asc', nulls = 'auto' } of sort) {
      const path = typeof property === 'string' ? [property] : property;
      const [a, b] = [valueAt(left, path), valueAt(right, path)];
      const nullsFirst = nulls === 'first' || (nulls === 'auto' && order === 'desc');
      if (a === undefined || b === undefined) {
        if (a !== b) return (a === undefined) === nullsFirst ? -1 : 1;
      } else if (a !== b) {
        return a < b === (order === 'asc') ? -1 : 1;
      }
    }
    return 0;
  };
}

function valueAt(item: object, path: readonly string[]): string | number | undefined {
  let value: unknown = item;
  for (const name of path) value = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
  return (value ?? undefined) as string | number | undefined;
}
