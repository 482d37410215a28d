import { loadPart } from '../async/lazy.js';
import { callProgress } from '../async/progress.js';
import type { CallOptions } from '../transport/transport.js';
import type { ListingSource } from './listing-source.js';

/**
 * Reads everything of an endpoint: one plain page; when there is more, every partition at the same
 * time, merged in the endpoint's order.
 *
 * @param compare the order that the endpoint documents, in which only an item and itself are equal
 * @param confirm gives those of some items that still exist, as they are now: for items that
 * partitions leave out. @default they are an error
 */
export function partitionedReader<T>(
  compare: (left: T, right: T) => number,
  confirm?: (items: readonly T[], options: CallOptions) => Promise<readonly T[]>,
): NonNullable<ListingSource<T, unknown>['readAll']> {
  return async (first, pages, options) => {
    if (first.nextCursor === undefined) {
      callProgress(options, first.items.length, first.items.length);
      return first.items;
    }
    // Most lists end with their first page.
    const { readPartitions } = await loadPart(import('./merging.js'));
    return readPartitions(
      first.items,
      pages,
      compare,
      (items) => confirm?.(items, { ...options, onProgress: undefined }) ?? Promise.resolve([]),
      (done, total) => callProgress(options, done, total),
    );
  };
}
