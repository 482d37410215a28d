import { type CallOptions, DecodeError, NotFoundError, type ResourceName, type Transport } from '@cdf/core';
import { type AnswerItem, readAnswer } from '../wire/answer.js';
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

interface Part {
  readonly task: SeriesTask;
  /** Undefined: the points around the range. */
  readonly segment: Segment | undefined;
  readonly item: Record<string, unknown>;
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
  #spent = 0;

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

  /** Every series once. That also tells which ones exist, so it goes on when one does not. */
  #planFirst(): void {
    const parts = this.#tasks.flatMap((task) => task.waiting().map((segment) => ({ task, segment })));
    const base = Math.ceil(this.#tasks.length / MOST_SERIES);
    const slots = base + ALLOWANCE.extra - 1;
    this.#plan(this.#split(parts, slots), slots);
  }

  #dispatch(): void {
    while (this.#failure === undefined && this.#flying.size < Math.max(1, this.#transport.limits.read)) {
      const parts = this.#planned.shift();
      if (parts !== undefined) this.#send(parts);
      else if (this.#notFound !== undefined || !this.#planMore()) return;
    }
  }

  /** Plans requests for what is waiting. False when there is nothing to do, or the allowance says to wait for what is on its way. */
  #planMore(): boolean {
    const free = Math.min(this.#transport.limits.read - this.#flying.size, Math.floor(this.#allowance()));
    const slots = this.#flying.size === 0 ? Math.max(1, free) : free;
    if (slots < 1) return false;
    const waiting = this.#tasks.flatMap((task) => task.waiting().map((segment) => ({ task, segment })));
    const outside = this.#tasks.some((task) => task.awaitsOutside);
    if (waiting.length === 0 && !outside) return this.#splitFlying();
    this.#plan(this.#split(waiting, slots), slots);
    return this.#planned.length > 0;
  }

  #allowance(): number {
    const points = this.#tasks.reduce((sum, task) => sum + task.useful, 0);
    const needed = Math.max(points / this.#settings.mostPoints, Math.ceil(this.#tasks.length / MOST_SERIES));
    return needed * ALLOWANCE.factor + ALLOWANCE.extra - this.#spent;
  }

  /** Cuts the largest segments until there is one for each slot, as far as they are worth a request. */
  #split(waiting: readonly { task: SeriesTask; segment: Segment }[], slots: number): typeof waiting {
    const { mostPoints } = this.#settings;
    const tasks = new Set(waiting.map(({ task }) => task));
    const size = (task: SeriesTask, segment: Segment): number =>
      Math.min(segment.estimate() ?? 0, task.need(segment)) / mostPoints;
    const loads = waiting.map((each) => ({ ...each, pages: size(each.task, each.segment) }));
    loads.sort((left, right) => right.pages - left.pages);
    let needed = loads.reduce((sum, { pages }) => sum + Math.min(1, pages), 0);
    for (const { task, segment, pages } of loads) {
      const parts = Math.min(Math.floor(slots - needed) + 1, Math.ceil(pages * 1.05));
      if (parts < 2) break;
      needed += task.split(segment, parts) - 1;
    }
    return [...tasks].flatMap((task) => task.waiting().map((segment) => ({ task, segment })));
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

  #plan(parts: readonly { task: SeriesTask; segment: Segment }[], slots: number): void {
    const { mostPoints } = this.#settings;
    const loads: Load<(typeof parts)[number]>[] = parts.map((part) => {
      const need = Math.min(part.task.need(part.segment), part.segment.mostBuckets(), mostPoints);
      return { value: part, wanted: Math.min(need, part.segment.wanted(need)), most: need };
    });
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
        return { task, segment, item: segment.wireItem(limit) };
      });
      for (const task of outside.splice(0, MOST_SERIES - planned.length)) {
        const item = task.takeOutsideItem();
        if (item !== undefined) planned.push({ task, segment: undefined, item });
      }
      this.#planned.push(planned);
    }
  }

  #send(parts: readonly Part[]): void {
    this.#spent++;
    const flight: Promise<void> = this.#fetch(parts)
      .catch((error: unknown) => this.#fail(error, parts))
      .finally(() => this.#flying.delete(flight));
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
    parts.forEach(({ task, segment }, index) => {
      const item = items[index];
      if (item === undefined) task.vanish();
      else if (segment === undefined) task.receiveOutside(item);
      else task.receive(segment, item);
    });
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

function isAnswerTo({ request: { identifier } }: SeriesTask, { info }: AnswerItem): boolean {
  if (identifier.id !== undefined) return info.id === identifier.id;
  if (identifier.externalId !== undefined) return info.externalId === identifier.externalId;
  const { space, externalId } = identifier.instanceId;
  return info.instanceId?.space === space && info.instanceId.externalId === externalId;
}
