import type { AnswerItem } from '../wire/answer.js';
import { Experience } from './experience.js';
import { type Load, packRequests } from './packing.js';
import type { Segment } from './segment.js';
import type { SeriesTask } from './series-task.js';

/** Series in one request. */
export const MOST_SERIES = 100;

/**
 * Requests that may be spent beyond what the points need: a fifth of those, and five. Splitting is a bet on an estimate; within
 * this allowance even bets that are all lost stay cheap.
 */
const ALLOWANCE = { factor: 1.2, extra: 5 };

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
  readonly #leastRequests: number;
  readonly #hasOutside: boolean;
  readonly #experience = new Experience();
  readonly #planned: Part[][] = [];
  /** Those that are not done. */
  #open: readonly SeriesTask[];
  #isFirst = true;
  #onlyUnmet = false;
  #received = 0;
  #spent = 0;
  #flying = 0;
  #expectedInFlight = 0;

  /** @param mostPoints in one request */
  constructor(tasks: readonly SeriesTask[], mostPoints: number) {
    this.#open = tasks;
    this.#mostPoints = mostPoints;
    this.#leastRequests = Math.ceil(tasks.length / MOST_SERIES);
    this.#hasOutside = tasks.some((task) => task.awaitsOutside);
  }

  /**
   * The next request, which counts as sent from here on; undefined when there is nothing to ask for, or nothing yet.
   *
   * @param limit how many requests may run at the same time
   */
  next(limit: number): readonly Part[] | undefined {
    while (this.#planned.length === 0) {
      const planned = this.#onlyUnmet ? this.#planUnmet() : this.#isFirst ? this.#planFirst() : this.#planMore(limit);
      if (!planned) return undefined;
    }
    const parts = this.#planned.shift() as Part[];
    this.#spent++;
    this.#flying++;
    this.#expectedInFlight += expectedOf(parts);
    return parts;
  }

  /** Takes in what a request brought, part by part; undefined for a series that does not exist. */
  receive(parts: readonly Part[], items: readonly (AnswerItem | undefined)[]): void {
    let brought = 0;
    parts.forEach(({ task, segment }, index) => {
      const item = items[index];
      if (item === undefined) task.vanish();
      else if (segment === undefined) task.receiveOutside(item);
      else {
        const isFirst = task.info === undefined;
        const before = { received: segment.received, useful: task.useful };
        task.receive(segment, item);
        brought += segment.received - before.received;
        this.#received += task.useful - before.useful;
        if (isFirst) this.#experience.meet(segment);
      }
    });
    this.#experience.compare(brought, expectedOf(parts));
  }

  /** A request has ended, well or not. */
  land(parts: readonly Part[]): void {
    this.#flying--;
    this.#expectedInFlight -= expectedOf(parts);
  }

  /** Series are missing: asks for those that nothing is known of, only to tell which of them are missing as well. */
  askOnlyUnmet(): void {
    this.#onlyUnmet = true;
  }

  /**
   * As much as the allowance is worth, of the first series, each with room for all of its points: a sample that tells what to expect of the
   * others.
   */
  #planFirst(): boolean {
    this.#isFirst = false;
    const slots = ALLOWANCE.extra;
    this.#plan(this.#split(this.#waiting(), slots), slots, slots);
    return true;
  }

  #planUnmet(): boolean {
    const unmet = this.#waiting().filter(({ task }) => task.info === undefined);
    this.#plan(unmet, Math.ceil(unmet.length / MOST_SERIES), 0);
    return this.#planned.length > 0;
  }

  /** Plans requests for what is waiting. False when there is nothing to do, or the allowance says to wait for what is on its way. */
  #planMore(limit: number): boolean {
    // One request is always kept back: for what is left when all bets have brought nothing.
    const free = Math.min(limit - this.#flying, Math.floor(this.#allowance() - 1));
    const slots = this.#flying === 0 ? Math.max(1, free) : free;
    // Nothing more before the sample has told something.
    if (slots < 1 || (this.#experience.isEmpty && this.#flying > 0)) return false;
    const isScarce = this.#allowance() < 2;
    for (const task of this.#open) {
      if (isScarce && this.#flying === 0) task.wake();
      task.join();
    }
    const waiting = this.#waiting();
    const outside = this.#hasOutside && this.#open.some((task) => task.awaitsOutside);
    if (waiting.length === 0 && !outside) return this.#splitFlying();
    const parts = this.#split(waiting, Math.min(slots, Math.floor(this.#allowance() - 1)));
    // Requests that can be spent on a few series now, even if they bring nothing and all the others have to be asked for then.
    const spare = Math.floor(this.#allowance()) - Math.ceil(parts.length / MOST_SERIES);
    // The first guess is tried out on one request, whatever the allowance. Series that do not exist are nothing to guess from.
    const isFirstGuess = this.#experience.isUntried && !this.#experience.isEmpty;
    const affordable = isFirstGuess ? Math.max(1, spare) : spare;
    const roomy = this.#experience.isTrusted ? slots : Math.min(slots, affordable);
    // With hardly any left, all that waits goes together: one by one, each part that brings nothing would cost a request.
    this.#plan(parts, slots, isScarce ? 0 : roomy);
    return this.#planned.length > 0;
  }

  #waiting(): Candidate[] {
    this.#open = this.#open.filter((task) => !task.isDone);
    const waiting: Candidate[] = [];
    for (const task of this.#open) for (const segment of task.waiting()) waiting.push({ task, segment });
    return waiting;
  }

  /** How many requests may be on a wrong guess. What is on its way counts for as much as guesses have been right. */
  #allowance(): number {
    const points = this.#received + this.#experience.hits * this.#expectedInFlight;
    const needed = Math.max(points / this.#mostPoints, this.#leastRequests);
    return needed * ALLOWANCE.factor + ALLOWANCE.extra - this.#spent;
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
    for (const { task, segment, pages } of loads) {
      const parts = Math.min(Math.floor(slots - needed) + 1, Math.ceil(pages * 1.05));
      if (parts < 2) break;
      needed += task.split(segment, parts) - 1;
    }
    return this.#waiting();
  }

  /** Nothing is waiting but there is room: takes over half of the segment that has most left. */
  #splitFlying(): boolean {
    let best: { task: SeriesTask; segment: Segment; left: number } | undefined;
    for (const task of this.#open)
      for (const segment of task.flying()) {
        const left = Math.min(segment.estimate() ?? 0, task.need(segment)) - segment.asked;
        if (left >= this.#mostPoints && left > (best?.left ?? 0)) best = { task, segment, left };
      }
    return best?.task.splitFlying(best.segment) ?? false;
  }

  /**
   * Plans requests for all parts where they fit into `slots`, with what each of them wants. Where they do not: for as many of them as fit into
   * `roomy` requests, and if that is none, for all of them with less than they want.
   */
  #plan(parts: readonly Candidate[], slots: number, roomy: number): void {
    const mostPoints = this.#mostPoints;
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
    if (expected < mostPoints / 2 && this.#flying > 0 && this.#allowance() < this.#flying + 2) return;
    // Less than they want makes many small pages: what is on its way may tell that there is no need for it.
    if (roomy < 1 && expected > slots * mostPoints && this.#flying > 0) return;
    if (roomy >= 1 && expected > slots * mostPoints) loads = firstThatFill(loads, roomy * mostPoints);
    const requests = packRequests(loads, { mostItems: MOST_SERIES, mostPoints, slots });
    const outside = this.#hasOutside ? this.#open.filter((task) => task.awaitsOutside) : [];
    // Points around the range do not count towards a request's points: they ride along.
    while (
      requests.length < slots &&
      requests.reduce((room, { length }) => room + MOST_SERIES - length, 0) < outside.length
    )
      requests.push([]);
    for (const request of requests) {
      const planned = request.map(({ value, limit }) => this.#take(value, limit));
      for (const task of outside.splice(0, MOST_SERIES - planned.length)) {
        const item = task.takeOutsideItem();
        if (item !== undefined) planned.push({ task, segment: undefined, item, expected: 0 });
      }
      this.#planned.push(planned);
    }
  }

  #toLoad(part: Candidate): Load<Candidate> {
    const most = Math.min(part.task.need(part.segment), part.segment.mostBuckets(), this.#mostPoints);
    const wanted = this.#experience.wanted(part.segment, most);
    const expected = Math.min(wanted, Math.round(this.#experience.expected(part.segment) ?? Infinity));
    return { value: part, expected, wanted, most };
  }

  #take({ task, segment }: Candidate, limit: number): Part {
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

/** The first loads that fill so many points. The last of a request may be cut short: what is left of it rides along later. */
function firstThatFill<T>(loads: readonly Load<T>[], points: number): Load<T>[] {
  let left = points;
  const filling: Load<T>[] = [];
  for (const load of loads) {
    if (load.expected > left && filling.length > 0) break;
    left -= load.expected;
    filling.push(load);
  }
  return filling;
}
