/** Memory of all rounds at the same time. @unit bytes */
const MOST_MEMORY = 768 * 2 ** 20;
/** @unit milliseconds */
const INTERVAL = 100;

/**
 * One look after the process for all rounds that run: reading its memory for each of them costs
 * more than the rounds.
 */
interface Look {
  readonly before: number;
  lag: number;
  fail(error: Error): void;
}

const looks = new Set<Look>();
let timer: ReturnType<typeof setInterval> | undefined;

function look(before: number): number {
  const now = performance.now();
  const lag = now - before - INTERVAL;
  const memory = process.memoryUsage.rss();
  for (const each of looks) {
    each.lag = Math.max(each.lag, lag);
    const more = memory - each.before;
    if (more > MOST_MEMORY) each.fail(new Error(`${Math.round(more / 2 ** 20)} MiB more memory`));
  }
  return now;
}

/** A race of some work against time and memory. */
export interface Watched<T> {
  readonly result: Promise<T>;
  /**
   * How long the process did nothing that it should have done: timers fire too early then, as
   * clients see it.
   *
   * @unit milliseconds
   */
  readonly lag: number;
}

/** @param longest what the work may take. @unit milliseconds */
export function watched<T>(work: Promise<T>, longest: number): Watched<T> {
  const own: Look = { before: process.memoryUsage.rss(), lag: 0, fail: () => {} };
  const limits = new Promise<never>((_, reject) => {
    own.fail = reject;
  });
  const end = setTimeout(() => own.fail(new Error(`no end within ${longest} ms`)), longest);
  looks.add(own);
  let last = performance.now();
  timer ??= setInterval(() => {
    last = look(last);
  }, INTERVAL);
  const result = Promise.race([work, limits]).finally(() => {
    clearTimeout(end);
    looks.delete(own);
    if (looks.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  });
  return {
    result,
    get lag() {
      return own.lag;
    },
  };
}
