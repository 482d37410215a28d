import { ApiError, type CallOptions } from '@cdf/core';
import {
  accountedError,
  type ChunkFailure,
  classifyFailure,
  concurrently,
  type Outcome,
  openScope,
  reportProgress,
} from '@cdf/core/resource';

/** Work on many items, a few at a time, that accounts for each of them. */
export interface ManyItems<I, O> {
  /** For messages: `'upload directory'`. */
  readonly action: string;
  readonly items: readonly I[];
  readonly parallel: number;
  readonly options: Pick<CallOptions, 'signal' | 'onProgress'>;
  /**
   * True if the other items may still succeed after an error that ends the work by itself, such as
   * a 403.
   * @default never
   */
  readonly goesOn?: ((error: ApiError) => boolean) | undefined;
  /**
   * True if the work changes nothing in the service: what fails after its start is `failed`, never
   * `unknown`.
   */
  readonly onlyReads?: boolean | undefined;
  run(item: I, index: number, steps: Steps): Promise<O>;
}

/** The context of the work on an item. */
export interface Steps {
  /** The caller's, which ends too when `onProgress` throws. */
  readonly signal: AbortSignal;
  /** To be called before the item can have an effect, or before its first request. */
  onAttempt(): void;
  /** Calls `onProgress`. Its exceptions end the work like an abort. */
  report(done: number, total: number): void;
}

/**
 * Runs to the end after failures, unless the signal aborts, `onProgress` throws or the credentials
 * are rejected. Results are in input order.
 *
 * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the items
 */
export async function runAll<I, O>(work: ManyItems<I, O>): Promise<O[]> {
  const { action, items, parallel, options, goesOn = () => false, onlyReads = false, run } = work;
  const scope = openScope([options.signal]);
  const outcomes: Outcome[] = new Array(items.length).fill('notAttempted');
  const failures: ChunkFailure[] = [];
  const report = (done: number, total: number): void => {
    if (failures.some(({ final }) => final)) return;
    reportProgress(options, done, total, failures);
    if (failures.some(({ final }) => final))
      scope.abort(new DOMException('onProgress threw', 'AbortError'));
  };
  const runOne = async (item: I, _: AbortSignal, index: number): Promise<O | undefined> => {
    let attempted = false;
    try {
      scope.signal.throwIfAborted();
      const onAttempt = (): void => {
        attempted = true;
      };
      const result = await run(item, index, { signal: scope.signal, onAttempt, report });
      outcomes[index] = 'successful';
      return result;
    } catch (error) {
      const failure = classifyFailure(error, attempted, scope.signal);
      // Not the reason of an abort: it may be the refusal of another call.
      const isOwn = failure.reason === undefined && ApiError.isInstance(error);
      const isFinal = failure.final && !(isOwn && goesOn(error));
      const outcome = onlyReads && attempted ? 'failed' : failure.outcome;
      failures.push({ ...failure, outcome, final: isFinal });
      outcomes[index] = outcome;
      return undefined;
    }
  };
  // No signal here: an abort is a failure of an item, so that every item is accounted for.
  const results = await concurrently(items, runOne, {
    limit: parallel,
    proceed: () => !failures.some((failure) => failure.final),
  });
  scope.end();
  if (failures.length > 0) throw accountedError(action, items, outcomes, failures);
  return results as O[];
}
