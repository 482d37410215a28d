import type { Segment } from './segment.js';

/** Estimates are exceeded half of the time; with this margin, rarely. */
const MARGIN = 1.1;
const TRUSTED = 0.6;
/** How much more than what it has shown a series is taken to have, at most. */
const GROWTH = 0.2;
/** Series that make a guess about the others worth something. */
const ENOUGH = 3;

/**
 * What a call has learnt so far: how dense series are on the whole, which is the best guess for one that nothing is known of, and how good
 * guesses have been.
 */
export class Experience {
  #series = 0;
  #rates = 0;
  #hits: number | undefined;

  /** How much of what was expected has come lately: 0 before anything was, up to 1. */
  get hits(): number {
    return this.#hits ?? 0;
  }

  get isEmpty(): boolean {
    return this.#series === 0;
  }

  get isUntried(): boolean {
    return this.#hits === undefined;
  }

  get isTrusted(): boolean {
    return this.hits >= TRUSTED;
  }

  /** How many points are probably still to come; undefined while nothing is known of any series. */
  expected(segment: Segment): number | undefined {
    const own = segment.estimate();
    if (this.#series === 0) return own;
    const usual = (milliseconds: number): number => ((this.#rates / this.#series) * milliseconds) / unitOf(segment);
    if (own === undefined) return usual(segment.end - segment.start);
    if (this.#series < ENOUGH) return own;
    // A few points close together say little about years: a series is taken for like the others until it has shown to be larger.
    const { start, end } = segment.received > 0 ? segment.request : segment;
    return Math.min(own, Math.max(usual(end - start) - segment.received, GROWTH * segment.received));
  }

  /** The limit that most likely brings all of it in one request. */
  wanted(segment: Segment, need: number): number {
    const expected = this.expected(segment) ?? Infinity;
    return Math.min(need, segment.mostBuckets(), Math.ceil(expected * MARGIN) + 1);
  }

  /** Takes in the first page of a series. */
  meet(segment: Segment): void {
    const { start, end } = segment.request;
    const left = segment.state === 'done' ? 0 : Math.min(segment.estimate() ?? 0, GROWTH * segment.received);
    this.#series++;
    this.#rates += ((segment.received + left) / (end - start)) * unitOf(segment);
  }

  /** Compares what a request brought with what it was expected to bring. */
  compare(brought: number, expected: number): void {
    if (expected <= 0) return;
    const share = Math.min(1, brought / expected);
    this.#hits = ((this.#hits ?? share) + share) / 2;
  }
}

/** Aggregates of different granularities compare by bucket, raw points by time. */
function unitOf({ request: { grid } }: Segment): number {
  return grid?.length ?? 1;
}
