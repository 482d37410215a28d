import type { AnswerItem } from '../../wire/answer-item.js';
import type { Segment } from '../series/segment.js';
import type { SeriesTask } from '../series/series-task.js';
import { Allowance, MOST_CERTAIN } from './allowance.js';
import { firstThatFill, type Load, MOST_SERIES, type Packed, packRequests } from './packing.js';
import { MANY, Samples } from './samples.js';

/** Requests for a sample: few, as they may be in vain. */
const SAMPLE = 2;

type Candidate = { readonly task: SeriesTask; readonly segment: Segment };

/** What a request asks of one series. */
export interface Part {
  readonly task: SeriesTask;
  /** Undefined: the points around the range. */
  readonly segment: Segment | undefined;
  readonly item: Record<string, unknown>;
  /** How many points it will probably bring; 0 where it has not brought any yet. */
  readonly expected: number;
}

/**
 * Decides what to ask for next, for some series that are all raw or all aggregates. The first requests share their points evenly; what
 * they bring tells how dense each series is, and the rest is cut by time so that as many requests run at the same time as there is room
 * for. Sends nothing itself.
 */
export class Planner {
  readonly #mostPoints: number;
  readonly #hasOutside: boolean;
  readonly #samples = new Samples();
  readonly #allowance: Allowance;
  readonly #planned: Part[][] = [];
  /** Series that have been cut: those that may have to be joined. */
  readonly #cut = new Set<SeriesTask>();
  /** Those that are not done. */
  #open: readonly SeriesTask[];
  #onlyUnmet = false;

  /**
   * @param tasks those that have points already were asked for once, before there was a plan
   * @param mostPoints in one request
   */
  constructor(tasks: readonly SeriesTask[], mostPoints: number) {
    this.#open = tasks;
    this.#mostPoints = mostPoints;
    this.#hasOutside = tasks.some((task) => task.awaitsOutside);
    this.#allowance = new Allowance(mostPoints);
    for (const task of tasks) if (task.info !== undefined) this.#catchUp(task);
  }

  #catchUp(task: SeriesTask): void {
    this.#allowance.send();
    this.#allowance.land();
    this.#allowance.receive(task.useful);
    for (const segment of task.segments) this.#samples.meet(task, segment);
  }

  /**
   * The next request, which counts as sent from here on; undefined when there is nothing to ask for, or nothing yet.
   *
   * @param limit how many requests may run at the same time
   */
  next(limit: number): readonly Part[] | undefined {
    while (this.#planned.length === 0) {
      const planned = this.#onlyUnmet ? this.#planUnmet() : this.#plan(limit);
      if (!planned) return undefined;
    }
    this.#allowance.send();
    return this.#planned.shift();
  }

  /** Takes in what a request brought, part by part; undefined for a series that does not exist. */
  receive(parts: readonly Part[], items: readonly (AnswerItem | undefined)[]): void {
    parts.forEach(({ task, segment, expected }, index) => {
      const before = { received: segment?.received ?? 0, useful: task.useful };
      task.receive(segment, items[index]);
      if (segment !== undefined && items[index] !== undefined) {
        this.#allowance.receive(task.useful - before.useful);
        this.#samples.meet(task, segment);
        this.#samples.compare(segment.received - before.received, expected);
      }
    });
  }

  /** A request has ended, well or not. */
  land(): void {
    this.#allowance.land();
  }

  /** Series are missing: asks for those that nothing is known of, only to tell which of them are missing as well. */
  askOnlyUnmet(): void {
    this.#onlyUnmet = true;
  }

  #planUnmet(): boolean {
    const unmet = this.#waiting().filter(({ task }) => task.info === undefined);
    return this.#take(this.#packEvenly(unmet));
  }

  /**
   * Plans as many requests as can be spent whatever they bring; where that is none, all that waits shares one, as soon as nothing is on its way.
   * False when there is nothing to do, or it is better to wait for what is on its way.
   */
  #plan(limit: number): boolean {
    const allowance = this.#allowance;
    const isIdle = allowance.flying === 0;
    const free = limit - allowance.flying;
    if (free < 1) return false;
    this.#join();
    let slots = Math.min(free, this.#mostSlots());
    let waiting: readonly Candidate[] = this.#waiting(Math.max(1, slots));
    if (!this.#hasWork(waiting)) return allowance.left(this.#open, undefined, 1) >= 1 && this.#splitFlying();
    for (; slots > 0; slots--) {
      const loads = this.#split(waiting, slots).map((part) => this.#toLoad(part));
      const room = slots * this.#mostPoints;
      const expected = loads.reduce((sum, load) => sum + load.expected, 0);
      if (this.#isHardlyWorthIt(expected)) return false;
      // Where they do not fit: as many of them as do with all that they want, or all of them with less, which cannot be lost as easily.
      const choices = this.#samples.isEmpty || expected <= room ? [loads] : [firstThatFill(loads, room), loads];
      for (const choice of choices) {
        const requests = this.#pack(choice, slots);
        if (this.#isSafe(requests)) return this.#take(requests);
      }
      this.#join();
      waiting = this.#waiting(slots - 1);
    }
    if (!isIdle) return false;
    this.#join(true);
    waiting = this.#waiting();
    return this.#take(this.#sample(waiting) ?? this.#packEvenly(waiting));
  }

  /** Of so many series that nothing is certain: all of a few of them, which may tell that the others are alike. */
  #sample(waiting: readonly Candidate[]): Packed<Candidate>[][] | undefined {
    if (!this.#samples.isEmpty || this.#open.length <= MOST_CERTAIN) return undefined;
    const loads = firstThatFill(
      waiting.slice(0, SAMPLE * MOST_SERIES).map((part) => this.#toLoad(part)),
      SAMPLE * this.#mostPoints,
    );
    return loads.length < MANY ? undefined : this.#pack(loads, SAMPLE);
  }

  /** Whether all can still be finished within the allowance, whatever these bring. */
  #isSafe(requests: readonly Packed<Candidate>[][]): boolean {
    if (this.#isTrusted) return true;
    const asking = new Map<Segment, number>();
    for (const request of requests) for (const { value, limit } of request) asking.set(value.segment, limit);
    return this.#allowance.left(this.#open, asking) >= requests.length;
  }

  /** Of so many series nothing is certain, so it is enough that those before them were as expected. */
  get #isTrusted(): boolean {
    return this.#open.length > MOST_CERTAIN && this.#samples.isTrusted;
  }

  /** What is on its way may leave some more to go along. */
  #isHardlyWorthIt(expected: number): boolean {
    const { flying, slack } = this.#allowance;
    return expected < this.#mostPoints / 2 && flying > 0 && slack < flying + 2;
  }

  #mostSlots(): number {
    if (this.#isTrusted) return Infinity;
    if (!this.#samples.isEmpty) return Math.floor(this.#allowance.slack);
    // Nothing is known at first: so many that all series are asked, or what does not put at risk what is left of them.
    const left = Math.floor(this.#allowance.left(this.#open));
    return left < 0 ? 0 : Math.max(Math.ceil(this.#open.length / MOST_SERIES), left);
  }

  /** Undoes cuts that came to nothing. @param all also those behind what a limit probably leaves */
  #join(all = false): void {
    for (const task of this.#cut) {
      if (all) task.wake();
      task.join();
    }
  }

  #hasWork(waiting: readonly Candidate[]): boolean {
    return waiting.length > 0 || (this.#hasOutside && this.#open.some((task) => task.awaitsOutside));
  }

  /** The first parts that can be asked for now, as many as fit into so many requests. Series that are done are passed over from here on. */
  #waiting(slots = Infinity): Candidate[] {
    const waiting: Candidate[] = [];
    let done = 0;
    for (const task of this.#open) {
      if (waiting.length >= slots * MOST_SERIES) break;
      if (task.isDone) done++;
      for (const segment of task.segments) if (segment.state === 'waiting') waiting.push({ task, segment });
    }
    if (done > 0) this.#open = this.#open.filter((task) => !task.isDone);
    return waiting;
  }

  /** Cuts the largest segments until there is one for each slot, as far as they are worth a request. */
  #split(waiting: readonly Candidate[], slots: number): readonly Candidate[] {
    const mostPoints = this.#mostPoints;
    let needed = 0;
    for (const { segment } of waiting) {
      needed += Math.min(1, (this.#samples.expected(segment) ?? 0) / mostPoints);
      if (needed >= slots) return waiting;
    }
    const loads = waiting.map(({ task, segment }) => ({
      task,
      segment,
      pages:
        segment.density === undefined
          ? 0
          : Math.min(this.#samples.expected(segment) ?? 0, task.need(segment)) / mostPoints,
    }));
    loads.sort((left, right) => right.pages - left.pages);
    let cuts = 0;
    for (const { task, segment, pages } of loads) {
      const parts = Math.min(Math.floor(slots - needed) + 1, Math.ceil(pages * 1.05));
      if (parts < 2) break;
      this.#cut.add(task);
      const made = task.split(segment, parts, mostPoints) - 1;
      needed += made;
      cuts += made;
    }
    return cuts > 0 ? this.#waiting(slots) : waiting;
  }

  /** Nothing is waiting but there is room: takes over half of the segment that has most left. */
  #splitFlying(): boolean {
    let best: { task: SeriesTask; segment: Segment; left: number } | undefined;
    for (const task of this.#open)
      for (const segment of task.segments) {
        if (segment.state !== 'flying') continue;
        const left = Math.min(segment.estimate() ?? 0, task.need(segment)) - segment.asked;
        if (left >= this.#mostPoints && left > (best?.left ?? 0)) best = { task, segment, left };
      }
    if (best === undefined) return false;
    this.#cut.add(best.task);
    return best.task.splitFlying(best.segment, this.#mostPoints);
  }

  #pack(loads: readonly Load<Candidate>[], slots: number): Packed<Candidate>[][] {
    const requests = packRequests(loads, { mostItems: MOST_SERIES, mostPoints: this.#mostPoints, slots });
    const outside = this.#hasOutside ? this.#open.filter((task) => task.awaitsOutside) : [];
    // Points around the range do not count towards a request's points: they ride along.
    while (
      requests.length < slots &&
      requests.reduce((room, { length }) => room + MOST_SERIES - length, 0) < outside.length
    )
      requests.push([]);
    return requests;
  }

  /** As few requests as have room for all parts. */
  #packEvenly(parts: readonly Candidate[]): Packed<Candidate>[][] {
    const slots = Math.max(1, Math.ceil(parts.length / MOST_SERIES));
    return this.#pack(
      parts.map((part) => this.#toLoad(part)),
      slots,
    );
  }

  /** From here on they are on their way. False when there are none. */
  #take(requests: readonly Packed<Candidate>[][]): boolean {
    const outside = this.#hasOutside ? this.#open.filter((task) => task.awaitsOutside) : [];
    for (const request of requests) {
      const planned = request.map(({ value, limit }) => this.#toPart(value, limit));
      for (const task of outside.splice(0, MOST_SERIES - planned.length)) {
        const item = task.takeOutsideItem();
        if (item !== undefined) planned.push({ task, segment: undefined, item, expected: 0 });
      }
      this.#planned.push(planned);
    }
    return this.#planned.length > 0;
  }

  #toLoad(part: Candidate): Load<Candidate> {
    const most = Math.min(part.task.need(part.segment), part.segment.mostBuckets(), this.#mostPoints);
    const wanted = this.#samples.wanted(part.segment, most);
    const expected = Math.min(wanted, Math.round(this.#samples.expected(part.segment) ?? Infinity));
    return { value: part, expected, wanted, most };
  }

  #toPart({ task, segment }: Candidate, limit: number): Part {
    segment.state = 'flying';
    const expected = segment.received > 0 ? Math.min(limit, this.#samples.expected(segment) ?? 0) : 0;
    return { task, segment, item: segment.wireItem(limit), expected };
  }
}
