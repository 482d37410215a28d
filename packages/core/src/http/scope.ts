/** A signal of its own that follows others and a clock. Leaves nothing behind after `end`. */
export interface Scope {
  readonly signal: AbortSignal;
  /** Ends it for a reason of one's own. */
  abort(reason: unknown): void;
  /** Stops the clock and lets go of the parents. */
  end(): void;
}

/**
 * Not `AbortSignal.any` and `AbortSignal.timeout`: their listeners and timers stay until the parents are collected, and a
 * parent may live as long as the program.
 */
export function openScope(
  parents: readonly (AbortSignal | undefined)[],
  timeoutMs?: number,
  timeoutReason?: () => unknown,
): Scope {
  const controller = new AbortController();
  const timer =
    timeoutMs === undefined ? undefined : setTimeout(() => controller.abort(timeoutReason?.()), Math.max(0, timeoutMs));
  const unlink: (() => void)[] = [];
  for (const parent of parents) {
    if (parent === undefined) continue;
    const follow = (): void => controller.abort(parent.reason);
    if (parent.aborted) follow();
    parent.addEventListener('abort', follow);
    unlink.push(() => parent.removeEventListener('abort', follow));
  }
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    end: () => {
      clearTimeout(timer);
      for (const each of unlink) each();
    },
  };
}

/**
 * A promise that gives up when the signal does, even if the work behind it does not listen.
 *
 * @param tooLate gets what the work gave when nobody waited any more
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal, tooLate?: (value: T) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave);
    work.then(
      (value) => {
        signal.removeEventListener('abort', leave);
        if (signal.aborted) tooLate?.(value);
        resolve(value);
      },
      (error) => {
        signal.removeEventListener('abort', leave);
        reject(error);
      },
    );
  });
}

/** Waits. Rejects with the signal's reason, and clears its timer. @param milliseconds how long */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await untilAborted(
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, milliseconds);
      }),
      signal,
    );
  } finally {
    clearTimeout(timer);
  }
}
