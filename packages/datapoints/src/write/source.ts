import { ConfigError } from '@cdf/core';
import { openScope, untilAborted } from '@cdf/core/resource';

/** Anything that gives values one after the other. */
export type Source<T> = ReadableStream<T> | AsyncIterable<T> | Iterable<T>;

/**
 * How long a source that is let go may take to clean up before it is left to itself, also while it
 * is read.
 *
 * @unit milliseconds
 */
const LONGEST_CLEANUP = { idle: 100, asked: 20 };
/**
 * How long a source that never waits is read before timers and connections get a turn.
 *
 * @unit milliseconds
 */
const LONGEST_TURN = 20;
/**
 * The clock is looked at after so many values of a source that gives them fast, and after each one
 * of a slow source.
 */
const MOST_VALUES_BETWEEN_LOOKS = 256;

/** An exception of a source, as opposed to an invalid value. */
export class SourceFailure {
  readonly thrown: unknown;

  constructor(thrown: unknown) {
    this.thrown = thrown;
  }
}

type Result = IteratorResult<unknown> | { readonly done: boolean; readonly value?: unknown };

interface OpenSource {
  /** A promise, unless the source is a plain iterable. */
  next(): Result | Promise<Result>;
  readonly isAsync: boolean;
  /** Lets it go before its end. */
  close(reason: unknown): unknown;
  /** Called after its end. */
  release(): void;
}

/** @throws {ConfigError} for an invalid source, or a stream that another reader has. */
function openSource(source: unknown): OpenSource {
  const given = Object(source) as {
    getReader?(): ReadableStreamDefaultReader<unknown>;
    [Symbol.asyncIterator]?(): AsyncIterator<unknown>;
    [Symbol.iterator]?(): Iterator<unknown>;
  };
  if (
    typeof source === 'string' ||
    typeof (given.getReader ?? given[Symbol.asyncIterator] ?? given[Symbol.iterator]) !== 'function'
  )
    throw new ConfigError(
      `the source must be an async iterable, an iterable or a ReadableStream of points, got ${source === null ? 'null' : `a ${typeof source}`}`,
    );
  if (typeof given.getReader === 'function') {
    if ((source as ReadableStream).locked)
      throw new ConfigError('the source is a locked ReadableStream');
    const reader = given.getReader();
    return {
      isAsync: true,
      next: () => reader.read(),
      close: (reason) => reader.cancel(reason),
      release: () => reader.releaseLock(),
    };
  }
  const isAsync = typeof given[Symbol.asyncIterator] === 'function';
  const iterator = (isAsync ? given[Symbol.asyncIterator]?.() : given[Symbol.iterator]?.()) as
    | AsyncIterator<unknown>
    | Iterator<unknown>;
  return {
    isAsync,
    next: () => iterator.next(),
    close: () => iterator.return?.(),
    release: () => {},
  };
}

/**
 * Reads a source to its end, value by value. No promise of its own for each value: there are
 * millions.
 *
 * @param take gets each value; the next is not requested until the promise that it gives, if any,
 *   is fulfilled. It may get one more after `stop`, which was on its way, but none after the end
 * @param stop ends the reading at once, also while the source is silent: it is let go, and the
 * promise is fulfilled
 * @throws {SourceFailure} with what the source threw; or what `take` threw, after which the source
 * is let go
 */
export async function readSource<T>(
  source: Source<T>,
  take: (value: T) => Promise<void> | undefined,
  stop: AbortSignal,
): Promise<void> {
  const open = openSource(source);
  let isWaiting = false;
  let isInside = false;
  let isDone = false;
  let closing: unknown;
  const close = (reason: unknown): void => {
    try {
      closing = open.close(reason);
      // The call ends for another reason than this one.
      Promise.resolve(closing).catch(() => {});
    } catch {
      closing = undefined;
    }
  };
  await new Promise<void>((resolve, reject) => {
    let isOver = false;
    let valuesToLook = 1;
    let interval = 1;
    let looked = Date.now();
    let turn = looked;
    const end = (settle: () => void): void => {
      if (isOver) return;
      isOver = true;
      stop.removeEventListener('abort', onStop);
      settle();
    };
    const letGo = (settle: () => void, reason: unknown): void =>
      end(() => {
        // A generator that runs cannot be ended from inside.
        if (!isInside) close(reason);
        settle();
      });
    const onStop = (): void => letGo(resolve, stop.reason);
    const onThrown = (error: unknown): void => end(() => reject(new SourceFailure(error)));
    const isLongTurn = (): boolean => {
      if (--valuesToLook > 0) return false;
      const now = Date.now();
      interval = now - looked > 1 ? 1 : Math.min(interval * 2, MOST_VALUES_BETWEEN_LOOKS);
      looked = now;
      valuesToLook = interval;
      return now - turn > LONGEST_TURN;
    };
    const resume = (): void => {
      looked = Date.now();
      turn = looked;
      pull();
    };
    /** True where the next value may be requested at once. */
    const accept = (result: Result): boolean => {
      if (typeof result !== 'object' || result === null) {
        onThrown(new TypeError('next() of the source did not return an object'));
        return false;
      }
      try {
        if (result.done) {
          end(resolve);
          return false;
        }
        const wait = take(result.value as T);
        if (wait === undefined && !isLongTurn()) return true;
        if (wait === undefined) setTimeout(resume);
        else wait.then(resume, (error: unknown) => letGo(() => reject(error), error));
      } catch (error) {
        letGo(() => reject(error), error);
      }
      return false;
    };
    const onResult = (result: Result): void => {
      isWaiting = false;
      if (isOver) onLate(result);
      else if (accept(result)) pull();
    };
    /** A value that was given when the reading ended: it has left the source. */
    const onLate = (result: Result): void => {
      try {
        if (!isDone && !result.done) void take(result.value as T);
      } catch {
        // There is another reason to end.
      }
    };
    const pull = (): void => {
      while (!isOver) {
        try {
          isInside = true;
          const result = open.next();
          isInside = false;
          // The source has ended the reading itself.
          if (isOver) close(stop.reason);
          if (open.isAsync) {
            isWaiting = true;
            Promise.resolve(result).then(onResult, onThrown);
            return;
          }
          if (isOver) onLate(result as Result);
          else if (!accept(result as Result)) return;
        } catch (error) {
          isInside = false;
          onThrown(error);
          return;
        }
      }
    };
    stop.addEventListener('abort', onStop);
    if (stop.aborted) onStop();
    else pull();
  }).finally(async () => {
    // One that is silent cannot clean up, nor can it be told from one that is about to answer.
    if (closing !== undefined)
      await settled(Promise.resolve(closing), LONGEST_CLEANUP[isWaiting ? 'asked' : 'idle']);
    isDone = true;
    if (closing === undefined) open.release();
  });
}

/** Waits for cleaning up, but not for long. */
async function settled(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const scope = openScope([], milliseconds);
  await untilAborted(work, scope.signal).catch(() => {});
  scope.end();
}
