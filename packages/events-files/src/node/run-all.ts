import { ApiError } from '@cdf/core';
import { accountedError, type ChunkFailure, classifyFailure, concurrently, type Outcome } from '@cdf/core/resource';

/** Work on many items, a few at a time, that accounts for each of them. */
export interface ManyItems<I, O> {
  /** For messages: `'upload directory'`. */
  readonly action: string;
  readonly items: readonly I[];
  readonly parallel: number;
  readonly signal: AbortSignal | undefined;
  /**
   * Whether the other items may still succeed after an error that ends the work by itself, such as a 403.
   * @default never
   */
  readonly goesOn?: ((error: ApiError) => boolean) | undefined;
  /** @param onAttempt call it before the item can have an effect */
  run(item: I, index: number, onAttempt: () => void): Promise<O>;
}

/**
 * Runs to the end after failures, unless the signal aborts or the credentials are rejected. Results are
 * in input order.
 *
 * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the items
 */
export async function runAll<I, O>(work: ManyItems<I, O>): Promise<O[]> {
  const { action, items, parallel, signal, goesOn = () => false, run } = work;
  const outcomes: Outcome[] = new Array(items.length).fill('notAttempted');
  const failures: ChunkFailure[] = [];
  const runOne = async (item: I, _: AbortSignal, index: number): Promise<O | undefined> => {
    let attempted = false;
    try {
      signal?.throwIfAborted();
      const result = await run(item, index, () => {
        attempted = true;
      });
      outcomes[index] = 'successful';
      return result;
    } catch (error) {
      const failure = classifyFailure(error, attempted, signal);
      const isFinal = failure.final && !(ApiError.isInstance(error) && goesOn(error));
      failures.push({ ...failure, final: isFinal });
      outcomes[index] = failure.outcome;
      return undefined;
    }
  };
  // No signal here: an abort is a failure of an item, so that every item is accounted for.
  const results = await concurrently(items, runOne, {
    limit: parallel,
    proceed: () => !failures.some((failure) => failure.final),
  });
  if (failures.length > 0) throw accountedError(action, items, outcomes, failures);
  return results as O[];
}
