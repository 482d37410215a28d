import { type Experience, MANY } from './experience.js';
import { MOST_SERIES } from './packing.js';
import { Reserve } from './reserve.js';
import type { Segment } from './segment.js';
import type { SeriesTask } from './series-task.js';

/** Requests that a call may cost: a fifth more than full requests for its points, and five. */
const FACTOR = 1.2;
export const EXTRA = 5;
/** What rounding leaves: a fifth of the requests that are needed is a whole number of fifths. */
const ROUNDING = 0.19;

/**
 * How many requests can be spent, and on what. Splitting is a bet on an estimate: bets that are all lost must not make a call cost more than
 * it may. Of fewer than 25 series that is kept whatever they are like. Of more, a guess is trusted once many have kept it; see `left`.
 */
export class Allowance {
  readonly #mostPoints: number;
  readonly #leastRequests: number;
  readonly #isMany: boolean;
  readonly #experience: Experience;
  readonly #reserve: Reserve;
  #received = 0;
  #spent = 0;
  #flying = 0;
  #expectedInFlight = 0;

  constructor(series: number, mostPoints: number, experience: Experience) {
    this.#mostPoints = mostPoints;
    this.#isMany = series >= MANY;
    this.#leastRequests = Math.ceil(series / MOST_SERIES);
    this.#experience = experience;
    this.#reserve = new Reserve(mostPoints, FACTOR);
  }

  /** Requests on their way. */
  get flying(): number {
    return this.#flying;
  }

  send(expected: number): void {
    this.#spent++;
    this.#flying++;
    this.#expectedInFlight += expected;
  }

  land(expected: number): void {
    this.#flying--;
    this.#expectedInFlight -= expected;
  }

  /** @param points that the result has more than before */
  receive(points: number): void {
    this.#received += points;
  }

  /** How many requests may be on a wrong guess. What is on its way counts for as much as guesses have been right. */
  guessed(): number {
    const points = this.#received + this.#experience.hits * this.#expectedInFlight;
    const needed = Math.max(points / this.#mostPoints, this.#leastRequests);
    return needed * FACTOR + EXTRA - this.#spent;
  }

  /**
   * Requests that can be spent now, whatever they bring, so that what is open can be finished within the allowance even then. The more of many
   * series have kept what was expected of them, the more what is on its way counts as if it were there, with a single request kept back.
   *
   * @param asking what the requests ask for
   * @param more parts that are about to be cut off
   */
  left(open: readonly SeriesTask[], asking: ReadonlyMap<Segment, number> = new Map(), more = 0): number {
    const trust = this.#isMany ? this.#experience.trust : 0;
    if (trust === 1) return this.guessed() - 1;
    let waiting = more;
    let points = this.#received;
    const flying: number[] = [];
    for (const task of open) {
      const exposure = task.exposure(asking);
      waiting += exposure.waiting;
      points -= exposure.uncounted;
      for (const each of exposure.flying) flying.push(each);
    }
    const allowed = (points / this.#mostPoints) * FACTOR + EXTRA + ROUNDING;
    const certain = allowed - this.#spent - this.#reserve.needed(waiting, flying);
    return trust === 0 ? certain : trust * (this.guessed() - 1) + (1 - trust) * certain;
  }
}
