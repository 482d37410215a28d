/** The emulator's time: createdTime, `now`, relative times, token and link expiry all ask it. */
export class EmulatorClock {
  readonly #source: () => number;
  #offsetMs = 0;
  #frozenAt: number | undefined;

  constructor(source: () => number = Date.now) {
    this.#source = source;
  }

  /** The present instant. @unit milliseconds since 1970 */
  now(): number {
    return this.#frozenAt ?? Math.floor(this.#source()) + this.#offsetMs;
  }

  /** Stops the clock at `at`, or where it stands. @unit milliseconds since 1970 */
  freeze(at: number = this.now()): void {
    this.#frozenAt = at;
  }

  /** Moves the clock forward (or back), whether it runs or is frozen. */
  advance(milliseconds: number): void {
    if (this.#frozenAt === undefined) this.#offsetMs += milliseconds;
    else this.#frozenAt += milliseconds;
  }

  /** Lets a frozen clock run on from where it stands. */
  run(): void {
    if (this.#frozenAt === undefined) return;
    this.#offsetMs = this.#frozenAt - Math.floor(this.#source());
    this.#frozenAt = undefined;
  }

  /** Back to the source's time, running. */
  reset(): void {
    this.#offsetMs = 0;
    this.#frozenAt = undefined;
  }
}
