import { onAbort } from '../async/scope.js';

/** A place that a request holds. */
export interface Slot {
  /** Gives the place back. `overloaded` halves the number of places, `fine` lets it grow. */
  release(experience: 'fine' | 'overloaded' | 'unknown'): void;
}

/**
 * Lets a number of requests run at the same time, and adapts the number: an overloaded server
 * halves it, each success brings it a little back. Waiting requests are served lane by lane in
 * turn, so that a call of a thousand requests does not make a later one wait for all of them.
 */
export class AdaptiveLimiter {
  #ceiling: number;
  #limit: number;
  #running = 0;
  #started = 0;
  /**
   * Requests from before the last halving give no new information: ten refusals at once are one
   * overload.
   */
  #halvedAt = 0;
  readonly #lanes = new Map<unknown, (() => void)[]>();

  constructor(ceiling: number) {
    this.#ceiling = ceiling;
    this.#limit = ceiling;
  }

  /** Most that may ever run. A limit that was not halved moves with it. */
  set ceiling(most: number) {
    this.#limit = this.#limit < this.#ceiling ? Math.min(this.#limit, most) : most;
    this.#ceiling = most;
    this.#serve();
  }

  /** How many may run right now. */
  get limit(): number {
    return Math.max(1, Math.floor(this.#limit));
  }

  /** Resolves when it is this caller's turn; rejects with the signal's reason. */
  async acquire(lane: unknown, signal: AbortSignal): Promise<Slot> {
    signal.throwIfAborted();
    if (this.#running >= this.limit) await this.#turn(lane, signal);
    else this.#running++;
    const order = ++this.#started;
    let held = true;
    return {
      release: (experience) => {
        if (!held) return;
        held = false;
        if (experience === 'fine')
          this.#limit = Math.min(this.#ceiling, this.#limit + 1 / this.#limit);
        if (experience === 'overloaded' && order > this.#halvedAt) {
          this.#limit = Math.max(1, this.#limit / 2);
          this.#halvedAt = this.#started;
        }
        this.#running--;
        this.#serve();
      },
    };
  }

  #turn(lane: unknown, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiters = this.#lanes.get(lane) ?? [];
      const leave = (): void => {
        waiters.splice(waiters.indexOf(enter), 1);
        if (waiters.length === 0) this.#lanes.delete(lane);
        reject(signal.reason);
      };
      const enter = (): void => {
        letGo();
        resolve();
      };
      waiters.push(enter);
      this.#lanes.set(lane, waiters);
      const letGo = onAbort(signal, leave);
    });
  }

  #serve(): void {
    while (this.#running < this.limit) {
      const next = this.#lanes.entries().next().value;
      if (next === undefined) return;
      const [lane, waiters] = next;
      // To the end of the line, if anyone is left in it.
      this.#lanes.delete(lane);
      const enter = waiters.shift();
      if (waiters.length > 0) this.#lanes.set(lane, waiters);
      this.#running++;
      enter?.();
    }
  }
}
