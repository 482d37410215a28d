import { untilAborted } from '../../async/scope.js';
import { CdfError, ConfigError } from '../../errors.js';
import { saidBy } from '../failure/redact.js';
import type { Interceptor, Send, WireAnswer, WireRequest } from '../interceptor.js';

/** Key of the function that sends. It survives `{ ...request, headers }`, and its closure shows neither URL nor token. */
const SEND: unique symbol = Symbol('send');

interface Sealed extends WireRequest {
  [SEND]?: Send;
}

/** Composes interceptors, the first outermost; `undefined` without any. */
export function composeInterceptors(interceptors: readonly Interceptor[]): Send | undefined {
  if (interceptors.length === 0) return undefined;
  return interceptors.reduceRight<Send>(
    (next, interceptor) => interceptor(next),
    (request: Sealed) =>
      request[SEND]?.(request) ??
      Promise.reject(new ConfigError('an interceptor must hand on the request it got: next({ ...request, headers })')),
  );
}

/**
 * Sends one attempt through the interceptors.
 *
 * @param request a new object: it gets the key to `send`
 * @param send what the innermost `next` does
 * @param signal ends the wait for an interceptor that does not return
 * @throws what `send` throws, as it is; a `CdfError` with the cause for what an interceptor throws itself
 */
export async function intercept(
  chain: Send,
  request: Sealed,
  send: Send,
  signal: AbortSignal | undefined,
): Promise<WireAnswer> {
  let called = false;
  let failure: unknown;
  request[SEND] = async (handed) => {
    called = true;
    try {
      return await send(handed);
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  try {
    const work = Promise.resolve(chain(request));
    const answer = await (signal === undefined ? work : untilAborted(work, signal));
    if (typeof answer?.status !== 'number') throw new ConfigError('it returned no answer; return what next() gives');
    return answer;
  } catch (error) {
    if (signal?.aborted || (failure !== undefined && error === failure)) throw error;
    const { kind, method, path } = request;
    throw new CdfError(`${method} ${path}: an interceptor failed${saidBy(error)}`, {
      cause: error,
      // A sign-in never reaches CDF.
      delivery: called && kind !== 'sign-in' ? 'unknown' : 'none',
    });
  }
}
