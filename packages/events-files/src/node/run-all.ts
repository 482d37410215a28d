import { accountedError, type ChunkFailure, classifyFailure, type Outcome } from '@cdf/core/resource';

/** Work on many items, a few at a time, with an account of each. */
export interface ManyItems<I, O> {
  /** For messages: `'upload directory'`. */
  readonly action: string;
  readonly items: readonly I[];
  readonly parallel: number;
  readonly signal: AbortSignal | undefined;
  /** @param onAttempt to be called when the item may begin to have an effect */
  run(item: I, index: number, onAttempt: () => void): Promise<O>;
}

/**
 * Runs to the end whatever fails, unless the signal or a refused credential ends it. Results are in input order.
 *
 * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the items
 */
export async function runAll<I, O>({ action, items, parallel, signal, run }: ManyItems<I, O>): Promise<O[]> {
  const results: O[] = new Array(items.length);
  const outcomes: Outcome[] = new Array(items.length).fill('notAttempted');
  const failures: ChunkFailure[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length && !failures.some((failure) => failure.final)) {
      const index = next++;
      let attempted = false;
      try {
        signal?.throwIfAborted();
        results[index] = await run(items[index] as I, index, () => {
          attempted = true;
        });
        outcomes[index] = 'successful';
      } catch (error) {
        const failure = classifyFailure(error, attempted, signal);
        failures.push(failure);
        outcomes[index] = failure.outcome;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(parallel, items.length)) }, work));
  if (failures.length > 0) throw accountedError(action, items, outcomes, failures);
  return results;
}
