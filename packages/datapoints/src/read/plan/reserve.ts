import { MOST_SERIES } from './packing.js';

/** From here on each hundred costs one more: finding that out takes time that grows with the square. */
const MANY = 200;

/**
 * How many requests have to be kept back, so that even the worst that can still come stays within what a call may cost: `factor` requests for
 * each full request of points, and a constant.
 *
 * The worst that parts can do when all of them are asked for in one request, evenly: most of them bring nothing, and the request is wasted but
 * for the few that bring their share and have more. Then the same again with those few, each with a larger share. What that can cost grows with the
 * logarithm of how many there are: 1 for one part, 2.3 for ten, 3.7 for a hundred.
 */
export class Reserve {
  readonly #mostPoints: number;
  readonly #factor: number;
  readonly #known: number[] = [0];

  constructor(mostPoints: number, factor: number) {
    this.#mostPoints = mostPoints;
    this.#factor = factor;
  }

  /**
   * @param waiting parts that have to be asked for
   * @param flying points that each part on its way brings if it has more; 0 where they may be of no use
   */
  needed(waiting: number, flying: readonly number[]): number {
    let worst = this.#alone(waiting);
    let paid = 0;
    const leastFirst = [...flying].sort((left, right) => left - right);
    for (const [index, points] of leastFirst.entries()) {
      paid += this.#worth(points);
      worst = Math.max(worst, this.#alone(waiting + index + 1) - paid);
    }
    return worst;
  }

  /** Requests that points pay for. */
  #worth(points: number): number {
    return (points / this.#mostPoints) * this.#factor;
  }

  #alone(parts: number): number {
    if (parts > MANY) return this.#alone(MANY) + Math.ceil((parts - MANY) / MOST_SERIES);
    for (let count = this.#known.length; count <= parts; count++) {
      const requests = Math.ceil(count / MOST_SERIES);
      const share = this.#worth(Math.floor((this.#mostPoints * requests) / count));
      let worst = 0;
      for (let left = 1; left < count; left++) worst = Math.max(worst, (this.#known[left] as number) - left * share);
      this.#known.push(requests + worst);
    }
    return this.#known[parts] as number;
  }
}
