import type { Segment } from '../series/segment.js';
import type { Exposure, SeriesTask } from '../series/series-task.js';
import { Reserve } from './reserve.js';

/** Requests that a call may cost: a fifth more than full requests for its points, and five. */
const FACTOR = 1.2;
const EXTRA = 5;
/** What rounding leaves: a fifth of the requests that are needed is a whole number of fifths. */
const ROUNDING = 0.19;
/** Of so many series it is certain that they can be finished within that: more than `EXTRA` may be needed for what is left of more of them. */
export const MOST_CERTAIN = 200;

/**
 * How many requests can be spent. Splitting is a bet on an estimate: bets that are all lost must not make a call cost more than it may. Of up to
 * `MOST_CERTAIN` series that is kept whatever they are like. Of more, asking each of them once can cost more than what they bring pays for.
 */
export class Allowance {
  readonly #mostPoints: number;
  readonly #reserve: Reserve;
  #received = 0;
  #spent = 0;
  #flying = 0;

  constructor(mostPoints: number) {
    this.#mostPoints = mostPoints;
    this.#reserve = new Reserve(mostPoints, FACTOR);
  }

  /** Requests on their way. */
  get flying(): number {
    return this.#flying;
  }

  /** Requests that can be spent if nothing is left to be asked for after them. */
  get slack(): number {
    return this.#paidBy(this.#received) - this.#spent;
  }

  send(): void {
    this.#spent++;
    this.#flying++;
  }

  land(): void {
    this.#flying--;
  }

  /** @param points that the result has more than before */
  receive(points: number): void {
    this.#received += points;
  }

  /**
   * Requests that can be spent now, whatever they bring, so that what is open can be finished within the allowance even then.
   *
   * @param asking what the requests ask for
   * @param more parts that are about to be cut off
   */
  left(open: readonly SeriesTask[], asking: ReadonlyMap<Segment, number> = new Map(), more = 0): number {
    const exposure: Exposure = { waiting: more, flying: [], uncounted: 0 };
    for (const task of open) task.expose(asking, exposure);
    const { waiting, flying, uncounted } = exposure;
    return this.#paidBy(this.#received - uncounted) - this.#spent - this.#reserve.needed(waiting, flying);
  }

  #paidBy(points: number): number {
    return (points / this.#mostPoints) * FACTOR + EXTRA + ROUNDING;
  }
}
