import type { Identifier } from '@cdf/core';
import { identifierKey, type Outcome } from '@cdf/core/resource';
import type { InsertionPart } from '../wire/insertion.js';
import type { PointRange } from './point-range.js';

/** Points of one request and one series with one outcome; without times once these are old. */
interface Segment {
  first: number;
  last: number;
  count: number;
  readonly outcome: Outcome;
  times: Float64Array | undefined;
}

interface Series {
  readonly identifier: Identifier;
  /** By their first time; of equal ones the later comes later. */
  readonly segments: Segment[];
}

interface Recent {
  readonly series: Series;
  readonly segment: Segment;
}

interface Run {
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly outcome: Outcome;
  /** Another outcome has a point at the same time. */
  readonly isShared?: boolean;
}

/** Times are kept of so much, so that points that come late can be told from their neighbours. */
export interface AccountLimits {
  readonly points: number;
  readonly segments: number;
}

/**
 * The outcome of points, as ranges for each series. A range never spans points of another outcome,
 * in whatever order they came. Points whose times are no longer kept are ranges as they were, and
 * neighbours of one outcome become one range: memory grows with the number of series and with how
 * often the outcome changes, and not with the number of points.
 */
export class PointAccount {
  readonly #limits: AccountLimits;
  readonly #series = new Map<string, Series>();
  /** Segments with times, the oldest first. */
  #recent: Recent[] = [];
  #oldest = 0;
  #points = 0;

  constructor(limits: AccountLimits = { points: Infinity, segments: Infinity }) {
    this.#limits = limits;
  }

  add({ identifier, columns, from, to }: InsertionPart, outcome: Outcome): void {
    if (from === to) return;
    const times = columns.timestamps.subarray(from, to);
    const [first, last] = [times[0] as number, times[times.length - 1] as number];
    const series = this.open(identifier);
    const segment: Segment = { first, last, count: times.length, outcome, times };
    place(series.segments, segment);
    this.#recent.push({ series, segment });
    this.#points += times.length;
    while (
      this.#points > this.#limits.points ||
      this.#recent.length - this.#oldest > this.#limits.segments
    )
      this.#forgetOldest();
  }

  /** Gives a series its place in the order of all. */
  open(identifier: Identifier): Series {
    const key = identifierKey(identifier);
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { identifier, segments: [] };
      this.#series.set(key, series);
    }
    return series;
  }

  /** Every range with its outcome: series in the order in which they came, each by time. */
  ranges(): { readonly range: PointRange; readonly outcome: Outcome }[] {
    return [...this.#series.values()].flatMap(({ identifier, segments }) =>
      joinNeighbours(isInterleaved(segments) ? cutRuns(segments) : segments).map(
        ({ first, last, count, outcome }) => ({
          range: { ...identifier, first, last, count },
          outcome,
        }),
      ),
    );
  }

  #forgetOldest(): void {
    const { series, segment } = this.#recent[this.#oldest] as Recent;
    this.#oldest++;
    if (this.#oldest > 1024 && this.#oldest * 2 > this.#recent.length) {
      this.#recent = this.#recent.slice(this.#oldest);
      this.#oldest = 0;
    }
    this.#points -= segment.count;
    segment.times = undefined;
    const { segments } = series;
    let index = upperBound(segments, segment.first) - 1;
    while (segments[index] !== segment) index--;
    absorbNext(segments, index);
    absorbNext(segments, index - 1);
  }
}

function place(segments: Segment[], segment: Segment): void {
  const last = segments.at(-1);
  if (last === undefined || last.first <= segment.first) segments.push(segment);
  else segments.splice(upperBound(segments, segment.first), 0, segment);
}

/** Index of the first segment that begins after a time. */
function upperBound(segments: readonly Segment[], time: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((segments[middle] as Segment).first <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Makes one of two neighbours whose times are no longer kept, if they share an outcome. */
function absorbNext(segments: Segment[], index: number): void {
  const [own, next] = [segments[index], segments[index + 1]];
  if (own === undefined || next === undefined || own.outcome !== next.outcome) return;
  if (own.times !== undefined || next.times !== undefined) return;
  own.last = Math.max(own.last, next.last);
  own.count += next.count;
  segments.splice(index + 1, 1);
}

/** True where ranges of different outcomes overlap. */
function isInterleaved(segments: readonly Segment[]): boolean {
  const reached = new Map<Outcome, number>();
  for (const { first, last, outcome } of segments) {
    for (const [other, end] of reached) if (other !== outcome && end >= first) return true;
    reached.set(outcome, Math.max(last, reached.get(outcome) ?? last));
  }
  return false;
}

/**
 * Points of one outcome that follow each other in time. A point at a time that two outcomes share
 * is on its own.
 */
function cutRuns(segments: readonly Segment[]): Run[] {
  const runs: Run[] = segments.filter(({ times }) => times === undefined);
  const size = segments.reduce((sum, { times }) => sum + (times?.length ?? 2), 0);
  const times = new Float64Array(size);
  const owners = new Uint32Array(size);
  let end = 0;
  segments.forEach((segment, owner) => {
    const own = segment.times ?? [segment.first, segment.last];
    times.set(own, end);
    owners.fill(owner, end, end + own.length);
    end += own.length;
  });
  const order = Uint32Array.from(times, (_, index) => index);
  order.sort((left, right) => (times[left] as number) - (times[right] as number) || left - right);
  let run: { first: number; last: number; count: number; outcome: Outcome } | undefined;
  for (let at = 0; at < size; ) {
    const time = times[order[at] as number] as number;
    // The number of points of each outcome at this time; a segment without times only cuts.
    const here = new Map<Outcome, number>();
    for (; at < size && times[order[at] as number] === time; at++) {
      const owner = segments[owners[order[at] as number] as number] as Segment;
      here.set(owner.outcome, (here.get(owner.outcome) ?? 0) + (owner.times === undefined ? 0 : 1));
    }
    const isShared = here.size > 1;
    for (const [outcome, count] of here) {
      if (isShared || run?.outcome !== outcome) run = undefined;
      if (count === 0) continue;
      if (isShared) runs.push({ first: time, last: time, count, outcome, isShared });
      else if (run !== undefined) {
        run.last = time;
        run.count += count;
      } else {
        run = { first: time, last: time, count, outcome };
        runs.push(run);
      }
    }
  }
  return runs.sort((left, right) => left.first - right.first || left.last - right.last);
}

/** Neighbours of one outcome as one. @param runs by their first time */
function joinNeighbours(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const before = joined.at(-1);
    if (before?.outcome === run.outcome && !before.isShared && !run.isShared)
      joined[joined.length - 1] = {
        first: before.first,
        last: Math.max(before.last, run.last),
        count: before.count + run.count,
        outcome: run.outcome,
      };
    else joined.push(run);
  }
  return joined;
}
