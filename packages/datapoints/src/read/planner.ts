import type { AnswerItem } from '../wire/answer-item.js';
import { Allowance } from './allowance.js';
import { Experience } from './experience.js';
import { firstThatFill, type Load, MOST_SERIES, type Packed, packRequests } from './packing.js';
import type { Segment } from './segment.js';
import type { SeriesTask } from './series-task.js';

type Candidate = { readonly task: SeriesTask; readonly segment: Segment };

/** What a request asks of one series. */
export interface Part {
  readonly task: SeriesTask;
  /** Undefined: the points around the range. */
  readonly segment: Segment | undefined;
  readonly item: Record<string, unknown>;
}

/**
 * Decides what to ask for next, for some series that are all raw or all aggregates. The first requests share their points evenly; what
 * they bring tells how dense each series is, and the rest is cut by time so that as many requests run at the same time as there is room
 * for. Sends nothing itself.
 */
export class Planner {
  readonly #mostPoints: number;
  readonly #hasOutside: boolean;
  readonly #experience = new Experience();
  readonly #allowance: Allowance;
  readonly #planned: Part[][] = [];
  /** Series that have been cut: those that may have to be joined. */
  readonly #cut = new Set<SeriesTask>();
  /** Those that are not done. */
  #open: readonly SeriesTask[];
  #onlyUnmet = false;

  /** @param mostPoints in one request */
  constructor(tasks: readonly SeriesTask[], mostPoints: number) {
    this.#open = tasks;
    this.#mostPoints = mostPoints;
    this.#hasOutside = tasks.some((task) => task.awaitsOutside);
    this.#allowance = new Allowance(mostPoints);
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
    parts.forEach(({ task, segment }, index) => {
      const item = items[index];
      if (item === undefined) task.vanish();
      else if (segment === undefined) task.receiveOutside(item);
      else {
        const before = task.useful;
        task.receive(segment, item);
        this.#allowance.receive(task.useful - before);
        this.#experience.meet(task, segment);
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
    if (!this.#hasWork(this.#waiting())) return allowance.left(this.#open, undefined, 1) >= 1 && this.#splitFlying();
    for (let slots = Math.min(free, this.#mostSlots()); slots > 0; slots--) {
      const parts = this.#split(this.#waiting(), slots);
      for (const roomy of this.#experience.isEmpty ? [false] : [true, false]) {
        const requests = this.#pack(parts, slots, roomy);
        if (requests.length === 0) return false;
        const asking = new Map(requests.flat().map(({ value, limit: most }) => [value.segment, most]));
        if (allowance.left(this.#open, asking) >= requests.length) return this.#take(requests);
      }
      this.#join();
    }
    if (!isIdle) return false;
    this.#join(true);
    return this.#take(this.#packEvenly(this.#waiting()));
  }

  /** Nothing is known at first: so many that all series are asked, or what does not put at risk what the others need. */
  #mostSlots(): number {
    if (!this.#experience.isEmpty) return Math.floor(this.#allowance.slack);
    return Math.max(Math.ceil(this.#open.length / MOST_SERIES), Math.floor(this.#allowance.left(this.#open)));
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

  /** The parts that a request can be made for now. Series that are done are passed over from here on. */
  #waiting(): Candidate[] {
    const waiting: Candidate[] = [];
    let done = 0;
    for (const task of this.#open) {
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
      needed += Math.min(1, (this.#experience.expected(segment) ?? 0) / mostPoints);
      if (needed >= slots) return waiting;
    }
    const loads = waiting.map(({ task, segment }) => ({
      task,
      segment,
      pages:
        segment.density === undefined
          ? 0
          : Math.min(this.#experience.expected(segment) ?? 0, task.need(segment)) / mostPoints,
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
    return cuts > 0 ? this.#waiting() : waiting;
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

  /**
   * Plans requests for all parts where they fit into `slots`, with what each of them wants. Where they do not: for as many of them as fit with all
   * that they want, or for all of them with less.
   */
  #pack(parts: readonly Candidate[], slots: number, roomy: boolean): Packed<Candidate>[][] {
    const mostPoints = this.#mostPoints;
    const { flying, slack } = this.#allowance;
    let loads = parts.map((part) => this.#toLoad(part));
    const expected = loads.reduce((sum, load) => sum + load.expected, 0);
    // Hardly worth a request: what is on its way may leave some more to go along.
    if (expected < mostPoints / 2 && flying > 0 && slack < flying + 2) return [];
    if (roomy && expected > slots * mostPoints) loads = firstThatFill(loads, slots * mostPoints);
    const requests = packRequests(loads, { mostItems: MOST_SERIES, mostPoints, slots });
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
    return this.#pack(parts, Math.max(1, Math.ceil(parts.length / MOST_SERIES)), false);
  }

  /** From here on they are on their way. False when there are none. */
  #take(requests: readonly Packed<Candidate>[][]): boolean {
    const outside = this.#hasOutside ? this.#open.filter((task) => task.awaitsOutside) : [];
    for (const request of requests) {
      const planned = request.map(({ value, limit }) => this.#toPart(value, limit));
      for (const task of outside.splice(0, MOST_SERIES - planned.length)) {
        const item = task.takeOutsideItem();
        if (item !== undefined) planned.push({ task, segment: undefined, item });
      }
      this.#planned.push(planned);
    }
    return this.#planned.length > 0;
  }

  #toLoad(part: Candidate): Load<Candidate> {
    const most = Math.min(part.task.need(part.segment), part.segment.mostBuckets(), this.#mostPoints);
    const wanted = this.#experience.wanted(part.segment, most);
    const expected = Math.min(wanted, Math.round(this.#experience.expected(part.segment) ?? Infinity));
    return { value: part, expected, wanted, most };
  }

  #toPart({ task, segment }: Candidate, limit: number): Part {
    segment.state = 'flying';
    return { task, segment, item: segment.wireItem(limit) };
  }
}
