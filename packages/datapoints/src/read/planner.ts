import type { AnswerItem } from '../wire/answer-item.js';
import { Allowance, EXTRA } from './allowance.js';
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
  /** How many points it will probably bring; 0 when nothing is known. */
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
  /** Of more series than fit into a request, some bring so little and some so much that no plan can be sure of its cost. */
  readonly #fitsOneRequest: boolean;
  readonly #experience = new Experience();
  readonly #allowance: Allowance;
  readonly #planned: Part[][] = [];
  /** Series that have been cut: those that may have to be joined. */
  readonly #cut = new Set<SeriesTask>();
  /** Those that are not done. */
  #open: readonly SeriesTask[];
  #isFirst = true;
  #onlyUnmet = false;

  /** @param mostPoints in one request */
  constructor(tasks: readonly SeriesTask[], mostPoints: number) {
    this.#open = tasks;
    this.#mostPoints = mostPoints;
    this.#hasOutside = tasks.some((task) => task.awaitsOutside);
    this.#fitsOneRequest = tasks.length <= MOST_SERIES;
    this.#allowance = new Allowance(tasks.length, mostPoints, this.#experience);
  }

  /**
   * The next request, which counts as sent from here on; undefined when there is nothing to ask for, or nothing yet.
   *
   * @param limit how many requests may run at the same time
   */
  next(limit: number): readonly Part[] | undefined {
    while (this.#planned.length === 0) {
      const planned = this.#onlyUnmet ? this.#planUnmet() : this.#planSome(limit);
      if (!planned) return undefined;
    }
    const parts = this.#planned.shift() as Part[];
    this.#allowance.send(expectedOf(parts));
    return parts;
  }

  /** Takes in what a request brought, part by part; undefined for a series that does not exist. */
  receive(parts: readonly Part[], items: readonly (AnswerItem | undefined)[]): void {
    let brought = 0;
    parts.forEach(({ task, segment, expected }, index) => {
      const item = items[index];
      if (item === undefined) task.vanish();
      else if (segment === undefined) task.receiveOutside(item);
      else {
        const before = { received: segment.received, useful: task.useful };
        task.receive(segment, item);
        const own = segment.received - before.received;
        brought += own;
        this.#allowance.receive(task.useful - before.useful);
        this.#experience.meet(task, segment);
        this.#experience.confirm(task, own, expected);
      }
    });
    this.#experience.compare(brought, expectedOf(parts));
  }

  /** A request has ended, well or not. */
  land(parts: readonly Part[]): void {
    this.#allowance.land(expectedOf(parts));
  }

  /** Series are missing: asks for those that nothing is known of, only to tell which of them are missing as well. */
  askOnlyUnmet(): void {
    this.#onlyUnmet = true;
  }

  #planUnmet(): boolean {
    const unmet = this.#waiting().filter(({ task }) => task.info === undefined);
    return this.#take(this.#pack(unmet, Math.ceil(unmet.length / MOST_SERIES), 0));
  }

  /** Plans requests for what is waiting. False when there is nothing to do, or the allowance says to wait for what is on its way. */
  #planSome(limit: number): boolean {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (this.#fitsOneRequest) return this.#planWithinAllowance(isFirst ? EXTRA : limit);
    return isFirst ? this.#planSample() : this.#planByGuesses(limit);
  }

  /** As many requests as can be spent whatever they bring; where that is none, all that waits shares one, as soon as nothing is on its way. */
  #planWithinAllowance(limit: number): boolean {
    const allowance = this.#allowance;
    const isIdle = allowance.flying === 0;
    const free = limit - allowance.flying;
    if (free < 1) return false;
    this.#join();
    if (!this.#hasWork(this.#waiting())) return allowance.left(this.#open, undefined, 1) >= 1 && this.#splitFlying();
    for (let slots = Math.min(free, Math.max(1, Math.floor(allowance.left(this.#open)))); slots > 0; slots--) {
      // Nothing is known at first: all series get the same, which fills the request whatever they are like and tells how dense each of them is.
      const roomy = this.#experience.isEmpty ? 0 : slots;
      const requests = this.#pack(this.#split(this.#waiting(), slots), slots, roomy);
      if (requests.length === 0) return false;
      const asking = new Map(requests.flat().map(({ value, limit: most }) => [value.segment, most]));
      if (allowance.left(this.#open, asking) >= requests.length) return this.#take(requests);
      this.#join();
    }
    if (!isIdle) return false;
    this.#join(true);
    const all = this.#waiting();
    return this.#take(this.#pack(all, Math.max(1, Math.ceil(all.length / MOST_SERIES)), 0));
  }

  /**
   * As much as the allowance is worth, of the first series, each with room for all of its points: a sample that tells what to expect of the
   * others.
   */
  #planSample(): boolean {
    return this.#take(this.#pack(this.#split(this.#waiting(), EXTRA), EXTRA, EXTRA));
  }

  #planByGuesses(limit: number): boolean {
    const { flying } = this.#allowance;
    const allowance = this.#allowance.guessed();
    // One request is always kept back: for what is left when all bets have brought nothing.
    const free = Math.min(limit - flying, Math.floor(allowance - 1));
    const slots = flying === 0 ? Math.max(1, free) : free;
    // Nothing more before the sample has told something.
    if (slots < 1 || (this.#experience.isEmpty && flying > 0)) return false;
    const isScarce = allowance < 2;
    this.#join(isScarce && flying === 0);
    // Of thousands of series only the first are of use for a few requests: plans are made for nearly every request.
    const isTrusted = this.#experience.isTrusted && !isScarce;
    const waiting = this.#waiting(isTrusted ? slots * MOST_SERIES : Infinity);
    if (!this.#hasWork(waiting)) return this.#splitFlying();
    const parts = this.#split(waiting, Math.min(slots, Math.floor(allowance - 1)));
    // Requests that can be spent on a few series now, even if they bring nothing and all the others have to be asked for then.
    const spare = Math.floor(allowance) - Math.ceil(parts.length / MOST_SERIES);
    // The first guess is tried out on one request, whatever the allowance. Series that do not exist are nothing to guess from.
    const isFirstGuess = this.#experience.isUntried && !this.#experience.isEmpty;
    const affordable = isFirstGuess ? Math.max(1, spare) : spare;
    const roomy = this.#experience.isTrusted ? slots : Math.min(slots, affordable);
    // With hardly any left, all that waits goes together: one by one, each part that brings nothing would cost a request.
    return this.#take(this.#pack(parts, slots, isScarce ? 0 : roomy));
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

  /** The first parts that a request can be made for now. Series that are done are passed over from here on. */
  #waiting(most = Infinity): Candidate[] {
    const waiting: Candidate[] = [];
    let done = 0;
    for (const task of this.#open) {
      if (waiting.length >= most) break;
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
   * Plans requests for all parts where they fit into `slots`, with what each of them wants. Where they do not: for as many of them as fit into
   * `roomy` requests, and if that is none, for all of them with less than they want.
   */
  #pack(parts: readonly Candidate[], slots: number, roomy: number): Packed<Candidate>[][] {
    const mostPoints = this.#mostPoints;
    const { flying } = this.#allowance;
    let loads: Load<Candidate>[] = [];
    let expected = 0;
    for (const part of parts) {
      // What does not fit is left for later: of thousands of series that is nearly all, and plans are made for every request.
      if (roomy >= 1 && expected > slots * mostPoints) break;
      const load = this.#toLoad(part);
      expected += load.expected;
      loads.push(load);
    }
    // Hardly worth a request: what is on its way may leave some more to go along.
    if (expected < mostPoints / 2 && flying > 0 && this.#allowance.guessed() < flying + 2) return [];
    // Less than they want makes many small pages: what is on its way may tell that there is no need for it.
    if (roomy < 1 && expected > slots * mostPoints && flying > 0) return [];
    if (roomy >= 1 && expected > slots * mostPoints) loads = firstThatFill(loads, roomy * mostPoints);
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
    const wanted = this.#experience.wanted(part.segment, most);
    const expected = Math.min(wanted, Math.round(this.#experience.expected(part.segment) ?? Infinity));
    return { value: part, expected, wanted, most };
  }

  #toPart({ task, segment }: Candidate, limit: number): Part {
    segment.state = 'flying';
    // A part that was cut off by time may lie behind the end of the data: nothing is counted on before it has brought something.
    const isBet = segment.received === 0 && task.info !== undefined;
    const expected = isBet ? 0 : Math.min(limit, this.#experience.expected(segment) ?? 0);
    return { task, segment, item: segment.wireItem(limit), expected };
  }
}

function expectedOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + part.expected, 0);
}
