/**
 * A signal of its own that follows others and a clock. Leaves nothing behind at them after `end`.
 */
export interface Scope {
  readonly signal: AbortSignal;
  /** Ends it for a reason of one's own. */
  abort(reason: unknown): void;
  /** Stops the clock and lets go of the parents. */
  end(): void;
}

/**
 * Opens a scope for a call. Not `AbortSignal.any` and `AbortSignal.timeout`: their listeners and
 * timers stay until the parents are collected, and a parent may live as long as the program.
 */
export function openScope(
  parents: readonly (AbortSignal | undefined)[],
  timeoutMs?: number,
  timeoutReason?: () => unknown,
): Scope {
  const controller = new AbortController();
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => controller.abort(timeoutReason?.()), Math.max(0, timeoutMs));
  const unlink: (() => void)[] = [];
  for (const parent of parents) {
    if (parent === undefined) continue;
    unlink.push(onAbort(parent, () => controller.abort(parent.reason)));
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
 * @param tooLate receives a result that came after the end of the wait
 */
export async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  tooLate?: (value: T) => void,
): Promise<T> {
  let end = (): void => {};
  let letGo = end;
  const ended = new Promise<void>((resolve, reject) => {
    end = resolve;
    letGo = onAbort(signal, () => reject(signal.reason));
  });
  const told = work.then((value) => {
    if (signal.aborted) tooLate?.(value);
    end();
    return value;
  });
  try {
    // Not a race: the stacks of errors go on through Promise.all, up to the line of the caller.
    return (await Promise.all([told, ended]))[0];
  } finally {
    letGo();
  }
}

/** Waits. Rejects with the signal's reason, and clears its timer. @param milliseconds how long */
export async function sleep(milliseconds: number, signal?: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    await (signal === undefined ? wait : untilAborted(wait, signal));
  } finally {
    clearTimeout(timer);
  }
}

const followers = /* @__PURE__ */ new WeakMap<AbortSignal, Set<() => void>>();

function tellFollowers({ target }: Event): void {
  for (const each of followers.get(target as AbortSignal) ?? []) each();
}

/**
 * Calls back when the signal aborts, at once if it has. Many may follow one signal without a
 * warning of the runtime: it sees one listener, which goes with the last of them.
 *
 * @returns a function that ends it
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  if (signal.aborted) {
    callback();
    return () => {};
  }
  let callbacks = followers.get(signal);
  if (callbacks === undefined) {
    callbacks = new Set();
    followers.set(signal, callbacks);
    signal.addEventListener('abort', tellFollowers);
  }
  const entry = (): void => callback();
  const mine = callbacks.add(entry);
  return () => {
    if (!mine.delete(entry) || mine.size > 0) return;
    followers.delete(signal);
    signal.removeEventListener('abort', tellFollowers);
  };
}
