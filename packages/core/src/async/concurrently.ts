import { nextTurn } from '#turn';
import { openScope } from './scope.js';

/** How work on many items runs. */
export interface Concurrency {
  /** Most items at the same time. Asked once, when the work starts. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * True if another item may start. Work that goes on after a failure catches it, and ends the rest
   * here.
   * @default always
   */
  readonly proceed?: (() => boolean) | undefined;
}

/**
 * Runs `work` over all items, a few at the same time, and gives the results in the order of the
 * items. The first failure stops the rest: work under way is aborted and waited for. In Node each
 * starts in a turn of the event loop of its own.
 */
export async function concurrently<T, R>(
  items: readonly T[],
  work: (item: T, signal: AbortSignal, index: number) => PromiseLike<R>,
  { limit, signal, proceed = () => true }: Concurrency,
): Promise<R[]> {
  signal?.throwIfAborted();
  const scope = openScope([signal]);
  const results: R[] = new Array(items.length);
  let failure: { readonly error: unknown } | undefined;
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length && failure === undefined && proceed()) {
      const index = next++;
      try {
        results[index] = await work(items[index] as T, scope.signal, index);
      } catch (error) {
        failure ??= { error };
        scope.abort(error);
      }
    }
  };
  let last = worker();
  const workers = [last];
  while (next < items.length && workers.length < limit) {
    // What one of them sends leaves before the next one prepares something.
    await nextTurn(last);
    if (scope.signal.aborted) break;
    last = worker();
    workers.push(last);
  }
  await Promise.all(workers);
  scope.end();
  if (failure !== undefined) throw failure.error;
  return results;
}
