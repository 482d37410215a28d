import { aWhole, refuse, shown } from '../check-values.js';
import { EmulatorError } from '../errors.js';

/** The last instant that a `Date` can be. */
const LAST = 8_640_000_000_000_000;

const isTime = (value: unknown): boolean =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= LAST;

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
    return this.#frozenAt ?? this.#running() + this.#offsetMs;
  }

  /**
   * Stops the clock at `at`, or where it stands; `at` is a whole number.
   *
   * @throws {EmulatorError} for a `Date`, a string or a time before 1970
   * @unit milliseconds since 1970
   */
  freeze(at: number = this.now()): void {
    if (!isTime(at))
      refuse('the time of clock.freeze', `a whole number from 0 to ${LAST}`, at, remedyFor(at));
    this.#frozenAt = at;
  }

  /**
   * Moves the clock forward (or back), whether it runs or is frozen.
   *
   * @throws {EmulatorError} unless it is a whole number that leads to 1970 or later
   */
  advance(milliseconds: number): void {
    const isNumeral = typeof milliseconds === 'string' && /^-?\d+$/.test(milliseconds);
    const remedy = isNumeral ? `pass ${milliseconds}` : undefined;
    aWhole({}, remedy)('the milliseconds of clock.advance', milliseconds);
    const then = this.now() + milliseconds;
    if (!isTime(then))
      throw new EmulatorError(
        `clock.advance(${milliseconds}) leads to a time before 1970 or after the year 275760`,
      );
    if (this.#frozenAt === undefined) this.#offsetMs += milliseconds;
    else this.#frozenAt = then;
  }

  /** Lets a frozen clock run on from where it stands. */
  run(): void {
    if (this.#frozenAt === undefined) return;
    this.#offsetMs = this.#frozenAt - this.#running();
    this.#frozenAt = undefined;
  }

  /** Back to the source's time, running. */
  reset(): void {
    this.#offsetMs = 0;
    this.#frozenAt = undefined;
  }

  #running(): number {
    const time: unknown = this.#source();
    if (typeof time === 'number' && isTime(Math.floor(time))) return Math.floor(time);
    throw new EmulatorError(
      `the option now must return milliseconds since 1970, but returned ${shown(time)}`,
    );
  }
}

function remedyFor(at: unknown): string {
  if (at instanceof Date) return 'pass date.getTime()';
  const parsed = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  return Number.isNaN(parsed) ? 'it is in milliseconds since 1970' : `pass ${parsed}`;
}
