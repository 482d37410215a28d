import { lowerBound } from '../../points/sparse.js';
import type { Segment } from '../series/segment.js';
import type { SeriesTask } from '../series/series-task.js';

/** Estimates are exceeded half of the time; with this margin, rarely. */
const MARGIN = 1.1;
/** How much more than what it has shown a series is taken to have, at most, where no others tell more. */
const GROWTH = 4;
/** Series that make a guess about the others worth something. */
const ENOUGH = 3;
/** Series that make a guess about the others as good as certain, where they are alike and have brought nearly all that was expected. */
export const MANY = 20;
const NEARLY = 0.95;

/**
 * What a call has learnt so far: how many points its series have, which is the best guess for one that little is known of, and how good guesses
 * have been. Series are compared by their rate, the points in a unit of time, since each may have been asked for another time.
 */
export class Samples {
  /** Of every series met, as far as it can be told. */
  readonly #rates = new Map<SeriesTask, number>();
  #rateSum = 0;
  readonly #finished = new Distribution();
  #brought = 0;
  #expected = 0;

  get isEmpty(): boolean {
    return this.#rates.size === 0;
  }

  /** Whether series are so much alike, and have been as expected until now, that the others can be taken for the same. */
  get isTrusted(): boolean {
    if (this.#rates.size < MANY || this.#brought < this.#expected * NEARLY) return false;
    const mean = this.#rateSum / this.#rates.size;
    let within = 0;
    for (const rate of this.#rates.values()) within += Math.min(rate, mean);
    return within >= this.#rateSum * NEARLY;
  }

  /** How many points are probably still to come; undefined while nothing is known of any series. */
  expected(segment: Segment): number | undefined {
    const own = segment.estimate();
    if (this.isEmpty) return own;
    if (own === undefined) return this.#usual(segment, segment);
    if (this.#rates.size < ENOUGH) return own;
    const { received, request } = segment;
    if (received === 0) return Math.min(own, this.#usual(segment, segment));
    // A few points close together say little about years: a series is taken for like those that had as many and have come to their end.
    const scale = (request.end - request.start) / unitOf(segment);
    const more = this.#finished.meanAbove(received / scale);
    if (more !== undefined) return Math.min(own, more * scale - received);
    return Math.min(own, Math.max(this.#usual(segment, request) - received, GROWTH * received));
  }

  /** What a series has on average in a part of time. */
  #usual(segment: Segment, { start, end }: { readonly start: number; readonly end: number }): number {
    return ((this.#rateSum / this.#rates.size) * (end - start)) / unitOf(segment);
  }

  /** The limit that most likely brings all of it in one request. */
  wanted(segment: Segment, need: number): number {
    const expected = this.expected(segment) ?? Infinity;
    return Math.min(need, segment.mostBuckets(), Math.ceil(expected * MARGIN) + 1);
  }

  /** Takes in what a series has brought until now. */
  meet(task: SeriesTask, segment: Segment): void {
    const { start, end } = task.request;
    const { useful, isDone } = task;
    const left = isDone ? 0 : Math.min(segment.estimate() ?? 0, GROWTH * useful);
    const rate = ((useful + left) / (end - start)) * unitOf(segment);
    this.#rateSum += rate - (this.#rates.get(task) ?? 0);
    this.#rates.set(task, rate);
    if (isDone) this.#finished.add(rate);
  }

  /** Compares what was brought with what was expected. */
  compare(brought: number, expected: number): void {
    this.#brought += Math.min(brought, expected);
    this.#expected += expected;
  }
}

/** Numbers, of which the mean of the larger ones is asked for. */
class Distribution {
  readonly #numbers: number[] = [];
  #sorted: number[] = [];
  /** The sum of the sorted ones from each on. */
  #sums: number[] = [];

  add(number: number): void {
    this.#numbers.push(number);
  }

  /** Undefined where there are too few. */
  meanAbove(least: number): number | undefined {
    if (this.#sorted.length < this.#numbers.length) this.#sort();
    const first = lowerBound(this.#sorted, least * 1.0001);
    const count = this.#sorted.length - first;
    return count < ENOUGH ? undefined : (this.#sums[first] as number) / count;
  }

  #sort(): void {
    this.#sorted = [...this.#numbers].sort((left, right) => left - right);
    let sum = 0;
    this.#sums = this.#sorted.map(() => 0);
    for (let index = this.#sums.length - 1; index >= 0; index--) {
      sum += this.#sorted[index] as number;
      this.#sums[index] = sum;
    }
  }
}

/** Aggregates of different granularities compare by bucket, raw points by time. */
function unitOf({ request: { grid } }: Segment): number {
  return grid?.length ?? 1;
}
