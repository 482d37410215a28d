import { openScope } from '@cdf/core';

/**
 * Runs `work` over all items, at most `limit()` at the same time, and gives the results in the order of the items. The first failure
 * stops the rest: what is on its way is aborted and waited for.
 */
export async function concurrently<T, R>(
  items: readonly T[],
  limit: () => number,
  work: (item: T, signal: AbortSignal, index: number) => Promise<R>,
  signal?: AbortSignal | undefined,
): Promise<R[]> {
  signal?.throwIfAborted();
  const scope = openScope([signal]);
  const results: R[] = new Array(items.length);
  let failure: { readonly error: unknown } | undefined;
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length && failure === undefined) {
      const index = next++;
      try {
        results[index] = await work(items[index] as T, scope.signal, index);
      } catch (error) {
        failure ??= { error };
        scope.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(items.length, limit())) }, worker));
  scope.end();
  if (failure !== undefined) throw failure.error;
  return results;
}
