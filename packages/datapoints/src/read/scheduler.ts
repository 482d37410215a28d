import { type CallOptions, DecodeError, NotFoundError, type ResourceName, type Transport } from '@cdf/core';
import { loadPart, openScope, type Scope } from '@cdf/core/resource';
import type { AnswerItem } from '../wire/answer-item.js';
import { firstRequest } from './plan/first-request.js';
import type { Part, Planner } from './plan/planner.js';
import { isAnswerTo, requestSeries } from './request-series.js';
import type { SeriesTask } from './series/series-task.js';

export interface SchedulerSettings {
  /** Points in one request. */
  readonly mostPoints: number;
  readonly ignoreUnknownIds: boolean | undefined;
  onPoints(): void;
}

/**
 * Fetches every point of some series, all raw or all aggregates: sends what its planner plans, as many requests at the same time as the
 * client allows. A single series is asked for once before there is a planner. It knows nothing of other calls: each gets what it would get alone.
 */
export class Scheduler {
  readonly #transport: Transport;
  readonly #tasks: readonly SeriesTask[];
  #planner: Planner | undefined;
  readonly #settings: SchedulerSettings;
  readonly #options: CallOptions;
  readonly #scope: Scope;
  readonly #flying = new Set<Promise<void>>();
  readonly #missing: ResourceName[] = [];
  #failure: { readonly error: unknown } | undefined;
  #notFound: NotFoundError | undefined;

  constructor(
    transport: Transport,
    tasks: readonly SeriesTask[],
    settings: SchedulerSettings,
    options: CallOptions = {},
  ) {
    this.#transport = transport;
    this.#tasks = tasks;
    this.#settings = settings;
    this.#scope = openScope([options.signal]);
    this.#options = { ...options, signal: this.#scope.signal };
  }

  /** @throws {NotFoundError} with every series that does not exist, unless they are to be ignored. */
  async run(): Promise<void> {
    try {
      const first = firstRequest(this.#tasks, this.#settings.mostPoints);
      if (first !== undefined) await this.#ask(first);
      if (this.#failure === undefined && this.#tasks.some((task) => !task.isDone)) await this.#runPlan();
    } finally {
      this.#scope.end();
    }
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#notFound !== undefined)
      throw new NotFoundError(this.#notFound.message, {
        ...this.#notFound,
        missing: this.#missing,
        cause: this.#notFound,
      });
  }

  async #runPlan(): Promise<void> {
    const { Planner } = await loadPart(import('./plan/planner.js'));
    const planner = new Planner(this.#tasks, this.#settings.mostPoints);
    this.#planner = planner;
    this.#dispatch(planner);
    while (this.#flying.size > 0) {
      await Promise.race(this.#flying);
      this.#dispatch(planner);
    }
  }

  /** Aborts what is on its way. `run` then fails, as soon as all of that has ended. */
  stop(error: unknown): void {
    this.#failure ??= { error };
    this.#scope.abort(error);
  }

  #dispatch(planner: Planner): void {
    const { limits } = this.#transport;
    while (this.#failure === undefined && this.#flying.size < Math.max(1, limits.read)) {
      const parts = planner.next(limits.read);
      if (parts === undefined) return;
      this.#send(parts, planner);
    }
  }

  #send(parts: readonly Part[], planner: Planner): void {
    const flight: Promise<void> = this.#ask(parts).finally(() => {
      this.#flying.delete(flight);
      planner.land();
    });
    this.#flying.add(flight);
  }

  async #ask(parts: readonly Part[]): Promise<void> {
    try {
      await this.#fetch(parts);
    } catch (error) {
      this.#fail(error, parts);
    }
  }

  #fail(error: unknown, parts: readonly Part[]): void {
    if (this.#failure !== undefined) return;
    if (!NotFoundError.isInstance(error) || error.missing.length === 0) {
      this.stop(error);
      return;
    }
    this.#notFound ??= error;
    this.#missing.push(...error.missing);
    for (const { task } of parts) task.vanish();
    this.#planner?.askOnlyUnmet();
  }

  async #fetch(parts: readonly Part[]): Promise<void> {
    const asked = parts.map(({ item }) => item);
    const { ignoreUnknownIds } = this.#settings;
    const makeAggregates = parts[0]?.task.request.makeAggregates;
    const series = await requestSeries(
      this.#transport,
      { items: asked, ignoreUnknownIds },
      makeAggregates,
      this.#options,
    );
    if (this.#failure !== undefined) return;
    const items = this.#match(parts, series);
    if (this.#planner !== undefined) this.#planner.receive(parts, items);
    else for (const [index, { task, segment }] of parts.entries()) task.receive(segment, items[index]);
    this.#settings.onPoints();
  }

  /** Answers come in the order of the request, without the series that do not exist. */
  #match(parts: readonly Part[], items: readonly AnswerItem[]): (AnswerItem | undefined)[] {
    let next = 0;
    const matched = parts.map(({ task }) => {
      const item = items[next];
      if (item === undefined || !isAnswerTo(task.request.identifier, item)) return undefined;
      next++;
      return item;
    });
    if (next < items.length || (next < parts.length && !this.#settings.ignoreUnknownIds))
      throw new DecodeError(`data points: ${items.length} series in the answer to a request for ${parts.length}`);
    return matched;
  }
}
