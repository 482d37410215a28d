import type { CallOptions, NotFoundError, Transport } from '@cdf/core';
import { loadPart, openScope, type Scope } from '@cdf/core/resource';
import { mostBytes } from './answer-bytes.js';
import { matchSeries } from './match-series.js';
import { isMissing, mergeMissing } from './missing.js';
import { firstRequest } from './plan/first-request.js';
import type { Part, Planner } from './plan/planner.js';
import { requestSeries } from './request-series.js';
import type { SeriesTask } from './series/series-task.js';

export interface SchedulerSettings {
  /** Points in one request. */
  readonly mostPoints: number;
  readonly ignoreUnknownIds: boolean | undefined;
  onPoints(): void;
  /**
   * A series does not exist: schedulers of the same call request only the series that are still
   * unknown.
   */
  onMissing(): void;
}

/**
 * Fetches every point of some series, all raw or all aggregates: sends what its planner plans, as
 * many requests at the same time as the client allows. A single series is requested once before
 * there is a planner. It knows nothing of other calls: each gets what it would get alone.
 */
export class Scheduler {
  readonly #transport: Transport;
  readonly #tasks: readonly SeriesTask[];
  #planner: Planner | undefined;
  readonly #settings: SchedulerSettings;
  readonly #options: CallOptions;
  readonly #scope: Scope;
  readonly #flying = new Set<Promise<void>>();
  readonly #missing: NotFoundError[] = [];
  #failure: { readonly error: unknown } | undefined;
  #onlyUnmet = false;

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

  /**
   * @throws {NotFoundError} with every series that does not exist, unless they are to be ignored.
   */
  async run(): Promise<void> {
    try {
      const first = firstRequest(this.#tasks, this.#settings.mostPoints);
      if (first !== undefined) await this.#ask(first);
      if (this.#failure === undefined && this.#tasks.some((task) => !task.isDone))
        await this.#runPlan();
    } finally {
      this.#scope.end();
    }
    if (this.#failure !== undefined) throw this.#failure.error;
    const missing = mergeMissing(this.#missing);
    if (missing !== undefined) throw missing;
  }

  async #runPlan(): Promise<void> {
    const { Planner } = await loadPart(import('./plan/planner.js'));
    const planner = new Planner(this.#tasks, this.#settings.mostPoints);
    this.#planner = planner;
    if (this.#onlyUnmet) planner.askOnlyUnmet();
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

  /** Requests only series not met so far, to tell which of them are missing. */
  askOnlyUnmet(): void {
    this.#onlyUnmet = true;
    this.#planner?.askOnlyUnmet();
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
    if (!isMissing(error)) {
      this.stop(error);
      return;
    }
    this.#missing.push(error);
    for (const { task } of parts) task.vanish();
    this.#settings.onMissing();
  }

  async #fetch(parts: readonly Part[]): Promise<void> {
    const asked = parts.map(({ item }) => item);
    const { ignoreUnknownIds } = this.#settings;
    const most = mostBytes(asked, (index) => parts[index]?.task.info?.isString);
    const makeAggregates = parts[0]?.task.request.makeAggregates;
    const series = await requestSeries(
      this.#transport,
      { items: asked, ignoreUnknownIds },
      most,
      makeAggregates,
      parts.map(({ segment }) => segment?.room),
      this.#options,
    );
    if (this.#failure !== undefined) return;
    const identifiers = parts.map(({ task }) => task.request.identifier);
    const items = matchSeries(identifiers, series, ignoreUnknownIds !== true);
    // Rooms are told apart by position.
    for (const [position, item] of series.entries())
      if (items[position] !== item) item.leaveRoom?.();
    if (this.#planner !== undefined) this.#planner.receive(parts, items);
    else
      for (const [index, { task, segment }] of parts.entries()) task.receive(segment, items[index]);
    this.#settings.onPoints();
  }
}
