import type { AnswerItem } from '../../wire/answer-item.js';
import { ResultRoom } from '../series/result-room.js';
import type { Segment } from '../series/segment.js';
import type { SeriesTask } from '../series/series-task.js';
import { firstThatFill, type Load, MOST_SERIES, type Packed, packRequests } from './packing.js';

/** Estimates are exceeded half of the time; with this margin, rarely. */
const MARGIN = 1.1;
/**
 * How much more than it has brought a series is counted with, at most: a few points close together
 * say little about years. With less where others wait for the room that it would take, than where
 * slots are free.
 */
const GROWTH = { scarce: 4, free: 10 };
/** Least series of unknown density in a request: small ones need no request each. */
const TOGETHER = 10;
/**
 * Parts that were cut off and turned out to be empty, beyond those that were not: after so many
 * there are no more cuts.
 */
const MOST_LOST = 20;
/**
 * The share of a request that is worth one of its own; less waits for more while others are on
 * their way.
 */
const WORTH_A_REQUEST = 0.5;

type Candidate = { readonly task: SeriesTask; readonly segment: Segment };

/** The part of a request for one series. */
export interface Part {
  readonly task: SeriesTask;
  /** Undefined: the points around the range. */
  readonly segment: Segment | undefined;
  readonly item: Record<string, unknown>;
}

/**
 * Decides what to ask for next, for some series that are all raw or all aggregates, so that as many
 * requests are on their way as may be. Series of unknown density are spread over the free
 * slots; their answers tell how dense each is. From then on each slot that becomes free gets a
 * full request, and what is long is cut by time, so that no slot is left without. Sends nothing
 * itself.
 */
export class Planner {
  readonly #mostPoints: number;
  readonly #hasOutside: boolean;
  readonly #planned: Part[][] = [];
  /** Series that are not done, as far as that has been seen. */
  readonly #open: Set<SeriesTask>;
  #flying = 0;
  /** Parts that were cut off and empty, less those that were not. */
  #lost = 0;
  #onlyUnmet = false;
  /** Buckets that first requests for series asked for, and those of them that had points. */
  readonly #buckets = { asked: 0, filled: 0 };

  /** @param mostPoints in one request */
  constructor(tasks: readonly SeriesTask[], mostPoints: number) {
    this.#open = new Set(tasks);
    this.#mostPoints = mostPoints;
    for (const task of tasks) makeRoom(task);
    this.#hasOutside = tasks.some((task) => task.awaitsOutside);
  }

  /**
   * The next request, which counts as sent from here on; undefined when there is nothing to ask
   * for, or nothing yet.
   *
   * @param limit how many requests may run at the same time
   */
  next(limit: number): readonly Part[] | undefined {
    while (this.#planned.length === 0) {
      const planned = this.#onlyUnmet ? this.#planUnmet() : this.#plan(limit - this.#flying);
      if (!planned) return undefined;
    }
    this.#flying++;
    return this.#planned.shift();
  }

  /** Takes in what a request brought, part by part; undefined for a series that does not exist. */
  receive(parts: readonly Part[], items: readonly (AnswerItem | undefined)[]): void {
    for (const [index, { task, segment }] of parts.entries()) {
      const isCutOff =
        segment !== undefined && segment.received === 0 && segment !== task.segments[0];
      const isFirst = segment !== undefined && segment.density === undefined;
      task.receive(segment, items[index]);
      if (isFirst) {
        this.#buckets.asked += segment.asked;
        this.#buckets.filled += segment.received;
      }
      if (segment?.room !== undefined) task.room?.settle(segment.room, segment.pages.at(-1));
      makeRoom(task);
      if (task.isDone) this.#open.delete(task);
      if (isCutOff) this.#lost += segment.received > 0 ? -1 : 1;
    }
  }

  /** Series may be such that their density says nothing. */
  get #mayCut(): boolean {
    return this.#lost < MOST_LOST;
  }

  /** A request has ended, well or not. */
  land(): void {
    this.#flying--;
  }

  /**
   * Series are missing: requests those not met so far, only to tell which of them are
   * missing as well.
   */
  askOnlyUnmet(): void {
    this.#onlyUnmet = true;
  }

  /** As few requests as have room for all of them. */
  #planUnmet(): boolean {
    const unmet = this.#waiting().filter(({ task }) => task.info === undefined);
    const slots = Math.max(1, Math.ceil(unmet.length / MOST_SERIES));
    return this.#take(this.#pack(this.#toLoads(unmet, slots, GROWTH.scarce), slots));
  }

  /**
   * Plans requests for free slots. False when there is nothing to do, or it is better to wait for
   * what is on its way.
   */
  #plan(slots: number): boolean {
    if (slots < 1) return false;
    const waiting = this.#waiting(slots);
    if (waiting.length === 0 && !this.#awaitsOutside()) return this.#splitFlying();
    const parts = this.#split(waiting, slots);
    const room = slots * this.#mostPoints;
    let loads = this.#toLoads(parts, slots, GROWTH.scarce);
    let expected = sumOf(loads);
    if (expected < room) {
      loads = this.#toLoads(parts, slots, GROWTH.free);
      expected = sumOf(loads);
    }
    if (this.#flying > 0 && expected < this.#mostPoints * WORTH_A_REQUEST) return false;
    return this.#take(this.#pack(firstThatFill(loads, room), slots));
  }

  #awaitsOutside(): boolean {
    if (!this.#hasOutside) return false;
    for (const task of this.#open) if (task.awaitsOutside) return true;
    return false;
  }

  /** Series of which the points around the range are to be asked for. */
  #outside(): SeriesTask[] {
    return this.#hasOutside ? [...this.#open].filter((task) => task.awaitsOutside) : [];
  }

  /** The first parts that can be asked for now, as many as fit into so many requests. */
  #waiting(slots = Infinity): Candidate[] {
    const waiting: Candidate[] = [];
    let bounded = 0;
    for (const task of this.#open) {
      if (waiting.length >= slots * MOST_SERIES || bounded > slots * this.#mostPoints) break;
      let isOpen = false;
      for (const segment of task.segments) {
        isOpen ||= segment.state !== 'done';
        if (segment.state !== 'waiting') continue;
        waiting.push({ task, segment });
        // What is asked for does not depend on how many others there are.
        const buckets = segment.density === undefined ? this.#filled(segment) : Infinity;
        if (buckets <= this.#mostPoints) bounded += Math.min(buckets, task.need(segment));
      }
      if (!isOpen && task.isDone) this.#open.delete(task);
    }
    return waiting;
  }

  /**
   * The buckets of an unread segment that will probably have points: the share that other series
   * have, or all of them before others are known.
   */
  #filled(segment: Segment): number {
    const { asked, filled } = this.#buckets;
    const buckets = segment.mostBuckets();
    if (asked < this.#mostPoints || buckets === Infinity) return buckets;
    return Math.max(1, Math.ceil(buckets * Math.min(1, (MARGIN * filled) / asked)));
  }

  /**
   * Cuts the largest segments until there is one for each slot, as far as they are worth a request.
   */
  #split(waiting: readonly Candidate[], slots: number): readonly Candidate[] {
    const mostPoints = this.#mostPoints;
    const sized = waiting.map(({ task, segment }) => ({
      ...{ task, segment },
      pages: this.#countedOn(task, segment) / mostPoints,
    }));
    let needed = sized.reduce((sum, { pages }) => sum + Math.min(1, pages), 0);
    if (needed >= slots || !this.#mayCut) return waiting;
    sized.sort((left, right) => right.pages - left.pages);
    const before = needed;
    for (const { task, segment, pages } of sized) {
      const parts = Math.min(Math.floor(slots - needed) + 1, Math.ceil(pages * 1.05));
      if (parts < 2) break;
      needed += task.split(segment, parts, pages * mostPoints, mostPoints) - 1;
    }
    return needed > before ? this.#waiting(slots) : waiting;
  }

  /** For free slots while no part waits: takes over half of the segment that has most left. */
  #splitFlying(): boolean {
    if (!this.#mayCut) return false;
    let best: { task: SeriesTask; segment: Segment; points: number; left: number } | undefined;
    for (const task of this.#open)
      for (const segment of task.segments) {
        if (segment.state !== 'flying') continue;
        const points = this.#countedOn(task, segment);
        const left = points - segment.asked;
        if (left >= this.#mostPoints && left > (best?.left ?? 0))
          best = { task, segment, points, left };
      }
    return best?.task.splitFlying(best.segment, best.points, this.#mostPoints) ?? false;
  }

  /** Points that a segment is worth cutting for. */
  #countedOn(task: SeriesTask, segment: Segment): number {
    const estimate = Math.min(segment.estimate() ?? 0, task.need(segment));
    // Before it has brought anything, the estimate is that of the caller.
    return task.useful === 0 ? estimate : Math.min(estimate, GROWTH.free * task.useful);
  }

  #pack(loads: readonly Load<Candidate>[], slots: number): Packed<Candidate>[][] {
    const requests = packRequests(loads, {
      mostItems: MOST_SERIES,
      mostPoints: this.#mostPoints,
      slots,
    });
    const outside = this.#outside();
    // Points around the range do not count towards a request's points: they ride along.
    while (
      requests.length < slots &&
      requests.reduce((room, { length }) => room + MOST_SERIES - length, 0) < outside.length
    )
      requests.push([]);
    return requests;
  }

  /** Requests are under way from here on. False when the list is empty. */
  #take(requests: readonly Packed<Candidate>[][]): boolean {
    const outside = this.#outside();
    for (const request of requests) {
      const planned = request.map(({ value, limit }) => toPart(value, limit));
      for (const task of outside.splice(0, MOST_SERIES - planned.length)) {
        const item = task.takeOutsideItem();
        if (item !== undefined) planned.push({ task, segment: undefined, item });
      }
      this.#planned.push(planned);
    }
    return this.#planned.length > 0;
  }

  /** The expected points of parts. Parts of unknown density share the slots evenly. */
  #toLoads(parts: readonly Candidate[], slots: number, growth: number): Load<Candidate>[] {
    const mostPoints = this.#mostPoints;
    const unknown = parts.reduce(
      (count, { segment }) => count + (segment.density === undefined ? 1 : 0),
      0,
    );
    const share = Math.floor(
      mostPoints * Math.min(1 / TOGETHER, Math.max(1 / MOST_SERIES, slots / unknown)),
    );
    return parts.map((value) => {
      const { task, segment } = value;
      const most = Math.min(task.need(segment), segment.mostBuckets(), mostPoints);
      const estimate = segment.estimate();
      if (estimate === undefined) {
        const buckets = this.#filled(segment);
        const wanted = Math.min(most, buckets <= mostPoints ? buckets : share);
        return { value, expected: wanted, wanted, most };
      }
      const known =
        task.useful === 0 ? estimate : Math.min(estimate, Math.max(share, growth * task.useful));
      const wanted = Math.min(most, Math.ceil(known * MARGIN) + 1);
      return { value, expected: Math.min(wanted, Math.round(known)), wanted, most };
    });
  }
}

/** Once it can be told how many points there will be. */
function makeRoom(task: SeriesTask): void {
  task.room ??= ResultRoom.make(task);
}

function sumOf(loads: readonly Load<unknown>[]): number {
  return loads.reduce((sum, load) => sum + load.expected, 0);
}

function toPart({ task, segment }: Candidate, limit: number): Part {
  segment.state = 'flying';
  segment.room = task.room?.lease(segment.start, limit);
  return { task, segment, item: segment.wireItem(limit) };
}
