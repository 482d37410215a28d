import { AbortedError } from '../errors.js';
import { openScope, type Scope } from './scope.js';

/**
 * A loop that ends also while it waits. `return()` and `throw()` of a generator wait for the next
 * item, which may never come; so do streams that are made of one when they are destroyed.
 *
 * @param make gets the signal of its requests and pauses
 * @param signal the caller's
 */
export function endable<T>(
  make: (signal: AbortSignal) => AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  const left = new AbortedError('the loop was left');
  let scope: Scope | undefined;
  const loop = (async function* (): AsyncGenerator<T, void, undefined> {
    scope = openScope([signal]);
    try {
      yield* make(scope.signal);
    } catch (error) {
      if (error !== left) throw error;
    } finally {
      scope.end();
    }
  })();
  const { return: end, throw: fail } = loop;
  loop.return = (value) => {
    scope?.abort(left);
    return end.call(loop, value);
  };
  loop.throw = (error) => {
    scope?.abort(left);
    return fail.call(loop, error);
  };
  return loop;
}
