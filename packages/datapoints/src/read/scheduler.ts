import { type CallOptions, DecodeError, NotFoundError, type ResourceName, type Transport } from '@cdf/core';
import { type AnswerItem, readAnswer } from '../wire/answer.js';
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

interface Part {
  readonly task: SeriesTask;
  /** Undefined: the points around the range. */
  readonly segment: Segment | undefined;
  readonly item: Record<string, unknown>;
  /** How many points it will probably bring; 0 when nothing is known. */
  readonly expected: number;
}

export interface SchedulerSettings {
  /** Points in one request. */
  readonly mostPoints: number;
  readonly ignoreUnknownIds: boolean;
  onPoints(): void;
}

/**
 * Fetches every point of some series, all raw or all aggregates. The first requests share their points evenly; what they bring tells how dense
 * each series is, and the rest is cut by time so that as many requests run at the same time as the client allows.
 * It knows nothing of other calls: each gets what it would get alone.
 */
export class Scheduler {
  readonly #transport: Transport;
  readonly #tasks: readonly SeriesTask[];
  readonly #settings: SchedulerSettings;
  readonly #options: CallOptions;
  readonly #failing = new AbortController();
  readonly #flying = new Set<Promise<void>>();
  readonly #planned: Part[][] = [];
  readonly #missing: ResourceName[] = [];
  #failure: { readonly error: unknown } | undefined;
  #notFound: NotFoundError | undefined;
  readonly #experience = new Experience();
  #spent = 0;
  #expectedInFlight = 0;

  constructor(
    transport: Transport,
    tasks: readonly SeriesTask[],
    settings: SchedulerSettings,
    options: CallOptions = {},
  ) {
    this.#transport = transport;
    this.#tasks = tasks;
    this.#settings = settings;
    const signal = options.signal;
    this.#options = {
      timeoutMs: options.timeoutMs,
      signal: signal === undefined ? this.#failing.signal : AbortSignal.any([signal, this.#failing.signal]),
    };
  }

  /** @throws {NotFoundError} with every series that does not exist, unless they are to be ignored. */
  async run(): Promise<void> {
    if (this.#tasks.length === 0) return;
    this.#planFirst();
    this.#dispatch();
    while (this.#flying.size > 0) {
      await Promise.race(this.#flying);
      this.#dispatch();
    }
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#notFound !== undefined)
      throw new NotFoundError(this.#notFound.message, {
        ...this.#notFound,
        missing: this.#missing,
        cause: this.#notFound,
      });
  }

  /** Aborts what is on its way. `run` then fails, as soon as all of that has ended. */
  stop(error: unknown): void {
    this.#failure ??= { error };
    this.#failing.abort();
  }

  /**
   * As much as the allowance is worth, of the first series, each with room for all of its points: a sample that tells what to expect of the
   * others.
   */
  #planFirst(): void {
    const slots = ALLOWANCE.extra;
    this.#plan(this.#split(this.#waiting(), slots), slots, slots);
  }

  #dispatch(): void {
    while (this.#failure === undefined && this.#flying.size < Math.max(1, this.#transport.limits.read)) {
      const parts = this.#planned.shift();
      if (parts !== undefined) this.#send(parts);
      else if (!(this.#notFound === undefined ? this.#planMore() : this.#planUnmet())) return;
    }
  }

  #waiting(): Candidate[] {
    return this.#tasks.flatMap((task) => task.waiting().map((segment) => ({ task, segment })));
  }

  /** One series is missing: asks for the others only to tell which of them are missing as well. */
  #planUnmet(): boolean {
    const unmet = this.#waiting().filter(({ task }) => task.info === undefined);
    this.#plan(unmet, Math.ceil(unmet.length / MOST_SERIES), 0);
    return this.#planned.length > 0;
  }

  /** Plans requests for what is waiting. False when there is nothing to do, or the allowance says to wait for what is on its way. */
  #planMore(): boolean {
    const free = Math.min(this.#transport.limits.read - this.#flying.size, Math.floor(this.#allowance()));
    const slots = this.#flying.size === 0 ? Math.max(1, free) : free;
    // Nothing more before the sample has told something.
    if (slots < 1 || (this.#experience.isEmpty && this.#flying.size > 0)) return false;
    for (const task of this.#tasks) task.join();
    const waiting = this.#waiting();
    const outside = this.#tasks.some((task) => task.awaitsOutside);
    if (waiting.length === 0 && !outside) return this.#splitFlying();
    // One request is kept back from cutting: for what is left when the parts bring nothing.
    const parts = this.#split(waiting, Math.min(slots, Math.floor(this.#allowance() - 1)));
    // Requests that can be spent on a few series now, even if they bring nothing and all the others have to be asked for then.
    const spare = Math.floor(this.#allowance()) - Math.ceil(parts.length / MOST_SERIES);
    // The first guess is tried out on one request, whatever the allowance. Series that do not exist are nothing to guess from.
    const isFirstGuess = this.#experience.isUntried && !this.#experience.isEmpty;
    const affordable = isFirstGuess ? Math.max(1, spare) : spare;
    this.#plan(parts, slots, this.#experience.isTrusted ? slots : Math.min(slots, affordable));
    return this.#planned.length > 0;
  }

  /** How many requests may be on a wrong guess. What is on its way counts for as much as guesses have been right. */
  #allowance(): number {
    const received = this.#tasks.reduce((sum, task) => sum + task.useful, 0);
    const points = received + this.#experience.hits * this.#expectedInFlight;
    const needed = Math.max(points / this.#settings.mostPoints, Math.ceil(this.#tasks.length / MOST_SERIES));
    return needed * ALLOWANCE.factor + ALLOWANCE.extra - this.#spent;
  }

  /** Cuts the largest segments until there is one for each slot, as far as they are worth a request. */
  #split(waiting: readonly Candidate[], slots: number): readonly Candidate[] {
    const { mostPoints } = this.#settings;
    const loads = waiting.map(({ task, segment }) => ({
      task,
      segment,
      pages:
        segment.density === undefined
          ? 0
          : Math.min(this.#experience.expected(segment) ?? 0, task.need(segment)) / mostPoints,
    }));
    let needed = waiting.reduce(
      (sum, { segment }) => sum + Math.min(1, (this.#experience.expected(segment) ?? 0) / mostPoints),
      0,
    );
    if (needed >= slots) return waiting;
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
    for (const task of this.#tasks)
      for (const segment of task.flying()) {
        const left = Math.min(segment.estimate() ?? 0, task.need(segment)) - segment.asked;
        if (left >= this.#settings.mostPoints && left > (best?.left ?? 0)) best = { task, segment, left };
      }
    return best?.task.splitFlying(best.segment) ?? false;
  }

  /**
   * Plans requests for all parts where they fit into `slots`, with what each of them wants. Where they do not: for as many of them as fit into
   * `roomy` requests, and if that is none, for all of them with less than they want.
   */
  #plan(parts: readonly Candidate[], slots: number, roomy: number): void {
    const { mostPoints } = this.#settings;
    let loads: Load<Candidate>[] = parts.map((part) => {
      const need = Math.min(part.task.need(part.segment), part.segment.mostBuckets(), mostPoints);
      const wanted = this.#experience.wanted(part.segment, need);
      const expected = Math.min(wanted, Math.round(this.#experience.expected(part.segment) ?? Infinity));
      return { value: part, expected, wanted, most: need };
    });
    const expected = loads.reduce((sum, load) => sum + load.expected, 0);
    // Hardly worth a request: what is on its way may leave some more to go along.
    if (expected < mostPoints / 2 && this.#flying.size > 0 && this.#allowance() < this.#flying.size + 2) return;
    // Less than they want makes many small pages: what is on its way may tell that there is no need for it.
    if (roomy < 1 && expected > slots * mostPoints && this.#flying.size > 0) return;
    if (roomy >= 1 && expected > slots * mostPoints) loads = firstThatFill(loads, roomy * mostPoints);
    const requests = packRequests(loads, { mostItems: MOST_SERIES, mostPoints, slots });
    const outside = this.#tasks.filter((task) => task.awaitsOutside);
    // Points around the range do not count towards a request's points: they ride along.
    while (
      requests.length < slots &&
      requests.reduce((room, { length }) => room + MOST_SERIES - length, 0) < outside.length
    )
      requests.push([]);
    for (const request of requests) {
      const planned = request.map(({ value: { task, segment }, limit }): Part => {
        segment.state = 'flying';
        // A part that was cut off by time may lie behind the end of the data: nothing is counted on before it has brought something.
        const isBet = segment.received === 0 && task.info !== undefined;
        const expected = isBet ? 0 : Math.min(limit, this.#experience.expected(segment) ?? 0);
        return { task, segment, item: segment.wireItem(limit), expected };
      });
      for (const task of outside.splice(0, MOST_SERIES - planned.length)) {
        const item = task.takeOutsideItem();
        if (item !== undefined) planned.push({ task, segment: undefined, item, expected: 0 });
      }
      this.#planned.push(planned);
    }
  }

  #send(parts: readonly Part[]): void {
    const expected = parts.reduce((sum, part) => sum + part.expected, 0);
    this.#spent++;
    this.#expectedInFlight += expected;
    const flight: Promise<void> = this.#fetch(parts)
      .catch((error: unknown) => this.#fail(error, parts))
      .finally(() => {
        this.#flying.delete(flight);
        this.#expectedInFlight -= expected;
      });
    this.#flying.add(flight);
  }

  #fail(error: unknown, parts: readonly Part[]): void {
    if (this.#failure !== undefined) return;
    if (NotFoundError.isInstance(error) && error.missing.length > 0) {
      this.#notFound ??= error;
      this.#missing.push(...error.missing);
      for (const { task } of parts) task.vanish();
      return;
    }
    this.stop(error);
  }

  async #fetch(parts: readonly Part[]): Promise<void> {
    const answer = await this.#transport.request<unknown>(
      {
        method: 'POST',
        path: '/timeseries/data/list',
        body: { items: parts.map(({ item }) => item), ignoreUnknownIds: this.#settings.ignoreUnknownIds || undefined },
        accept: 'protobuf',
        idempotent: true,
      },
      this.#options,
    );
    if (this.#failure !== undefined) return;
    const items = this.#match(parts, readAnswer(answer));
    let brought = 0;
    parts.forEach(({ task, segment }, index) => {
      const item = items[index];
      if (item === undefined) task.vanish();
      else if (segment === undefined) task.receiveOutside(item);
      else {
        const isFirst = task.info === undefined;
        const before = segment.received;
        task.receive(segment, item);
        brought += segment.received - before;
        if (isFirst) this.#experience.meet(segment);
      }
    });
    this.#experience.compare(
      brought,
      parts.reduce((sum, { expected }) => sum + expected, 0),
    );
    this.#settings.onPoints();
  }

  /** Answers come in the order of the request, without the series that do not exist. */
  #match(parts: readonly Part[], items: readonly AnswerItem[]): (AnswerItem | undefined)[] {
    let next = 0;
    const matched = parts.map(({ task }) => {
      const item = items[next];
      if (item === undefined || !isAnswerTo(task, item)) return undefined;
      next++;
      return item;
    });
    if (next < items.length || (next < parts.length && !this.#settings.ignoreUnknownIds))
      throw new DecodeError(`data points: ${items.length} series in the answer to a request for ${parts.length}`);
    return matched;
  }
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

function isAnswerTo({ request: { identifier } }: SeriesTask, { info }: AnswerItem): boolean {
  if (identifier.id !== undefined) return info.id === identifier.id;
  if (identifier.externalId !== undefined) return info.externalId === identifier.externalId;
  const { space, externalId } = identifier.instanceId;
  return info.instanceId?.space === space && info.instanceId.externalId === externalId;
}
