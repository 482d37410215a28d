import { ConfigError } from '@cdf/core';
import type { SeriesInfo, SparseStatuses } from '../datapoints-types.js';
import { type Columns, emptyColumns, sliceColumns } from '../points/columns.js';
import { lowerBound } from '../points/sparse.js';
import type { StreamCursor } from '../query-types.js';
import type { Retrieved } from './retrieve.js';
import type { SeriesRequest } from './series/series-request.js';

/** Series that are read side by side. */
export const GROUP = 1000;
/** How much denser than it looked a slice may turn out to be before it is cut. */
const SURPRISE = 2;

/** What a slice brought. */
export interface Step {
  readonly series: readonly Retrieved[];
  /** Number of points. */
  readonly count: number;
  readonly done: boolean;
  readonly cursor: StreamCursor;
}

/** A request of a slice, and the position of its series. */
export interface Part {
  readonly index: number;
  readonly request: SeriesRequest;
  /** It ended before the cursor: only what it is called is of interest. */
  readonly ended?: boolean;
}

/** One group of series on its way through time. */
export class Walk {
  readonly group: number;
  readonly #requests: readonly SeriesRequest[];
  readonly #now: number;
  readonly #pages: number;
  readonly #most: { readonly raw: number; readonly aggregates: number };
  readonly #positions: number[];
  readonly #densities: (number | undefined)[];
  readonly #infos: (SeriesInfo | undefined)[];
  /** Series that ended before a cursor are unknown until they are asked for once. */
  #isResumed: boolean;
  /**
   * The density is unknown: everything to the end is requested, and a limit keeps it
   * small.
   */
  #probing = true;
  /** Clock changes leave no place to cut at: the rest is one slice. */
  #stuck = false;

  constructor(
    group: number,
    requests: readonly SeriesRequest[],
    now: number,
    pages: number,
    most: { readonly raw: number; readonly aggregates: number },
    cursor?: readonly number[],
  ) {
    const positions = cursor ?? requests.map(({ start }) => start);
    if (positions.length !== requests.length)
      throw new ConfigError('the cursor belongs to a stream of other time series');
    this.group = group;
    this.#requests = requests;
    this.#now = now;
    this.#pages = pages;
    this.#most = most;
    this.#positions = [...positions];
    this.#densities = requests.map(() => undefined);
    this.#infos = requests.map(() => undefined);
    this.#isResumed = cursor !== undefined;
  }

  /** The requests for the next slice. */
  parts(): Part[] {
    const open = this.#requests.flatMap((request, index) =>
      (this.#positions[index] as number) < request.end ? [{ request, index }] : [],
    );
    const horizon = Math.floor(this.#horizon(open));
    const share = (request: SeriesRequest): number => this.#size(request) / open.length;
    const parts = open.flatMap(({ request, index }): Part[] => {
      const start = this.#positions[index] as number;
      const end = horizon >= request.end ? request.end : cutAt(request, horizon);
      if (end <= start) return [];
      const limit = this.#stuck
        ? Infinity
        : Math.max(2, Math.ceil(share(request) * (this.#probing ? 1 : SURPRISE)));
      const continued = request.start !== start;
      return [
        {
          index,
          request: { ...request, start, end, limit, continued, density: this.#densities[index] },
        },
      ];
    });
    if (!this.#isResumed) return parts;
    this.#isResumed = false;
    const ended = this.#requests.flatMap((request, index): Part[] =>
      (this.#positions[index] as number) < request.end
        ? []
        : [{ index, request: { ...request, limit: 1 }, ended: true }],
    );
    return [...parts, ...ended];
  }

  /**
   * Moves on by what was fetched. Where a limit cut a series short, all of them end there, so that
   * they keep in step.
   */
  advance(parts: readonly Part[], read: readonly (Retrieved | undefined)[]): Step {
    let horizon = Infinity;
    let fill = 0;
    parts.forEach(({ request, ended }, position) => {
      if (ended) return;
      const timestamps = read[position]?.columns.timestamps;
      const count = timestamps?.length ?? 0;
      fill += count / this.#size(request);
      if (count >= request.limit)
        horizon = Math.min(horizon, (timestamps?.at(-1) as number) + (request.grid ? 0 : 1));
    });
    const before = this.#positions.join();
    const slices = new Map<number, Retrieved>();
    let count = 0;
    parts.forEach(({ index, request, ended }, position) => {
      const found = read[position];
      const full = this.#requests[index] as SeriesRequest;
      this.#infos[index] ??= found?.info;
      if (ended) return;
      const end = horizon === Infinity ? request.end : Math.min(request.end, cutAt(full, horizon));
      // One that does not exist is left out for good.
      this.#positions[index] = found === undefined ? full.end : Math.max(request.start, end);
      if (found === undefined) return;
      const { timestamps } = found.columns;
      this.#learn(
        index,
        timestamps,
        this.#probing || timestamps.length >= request.limit ? undefined : request,
      );
      const length = end >= request.end ? timestamps.length : lowerBound(timestamps, end);
      count += length;
      if (length > 0)
        slices.set(index, {
          ...found,
          columns: alike(sliceColumns(found.columns, 0, length), full),
        });
    });
    const series = this.#requests.flatMap((request, index) => {
      const info = this.#infos[index];
      const slice = slices.get(index);
      if (slice !== undefined || info === undefined) return slice ?? [];
      // Not a slice of what was read, which would keep all of it in memory.
      const columns = alike(emptyColumns(request.layout, info.isString), request);
      return { info, request, columns };
    });
    this.#stuck = parts.length > 0 && before === this.#positions.join();
    // Nearly nothing in a slice that should have been full: a gap. How far it goes shows only by
    // asking for all of the rest.
    this.#probing = fill < 0.1;
    return { series, count, done: this.#isDone(), cursor: this.#cursor() };
  }

  #isDone(): boolean {
    return this.#requests.every(({ end }, index) => (this.#positions[index] as number) >= end);
  }

  #cursor(): StreamCursor {
    const group = this.#isDone() ? this.group + GROUP : this.group;
    return this.#isDone()
      ? { now: this.#now, group }
      : { now: this.#now, group, positions: [...this.#positions] };
  }

  /** When a slice that begins now is probably full. */
  #horizon(open: readonly Part[]): number {
    if (this.#probing || this.#stuck) return Infinity;
    const fillPerMs = open.reduce(
      (sum, { request, index }) => sum + (this.#densities[index] ?? 0) / this.#size(request),
      0,
    );
    const from = Math.min(...open.map(({ index }) => this.#positions[index] as number));
    const longest = Math.max(...open.map(({ request }) => request.grid?.length ?? 1));
    return fillPerMs > 0 ? from + Math.max(1 / fillPerMs, 4 * longest) : Infinity;
  }

  #size({ layout }: SeriesRequest): number {
    return this.#pages * (layout === undefined ? this.#most.raw : this.#most.aggregates);
  }

  /** @param whole the part of time that the points are all of, if that is what they are. */
  #learn(index: number, timestamps: Float64Array, whole: SeriesRequest | undefined): void {
    const span = whole ? whole.end - whole.start : (timestamps.at(-1) ?? 0) - (timestamps[0] ?? 0);
    if (whole !== undefined || span > 0) this.#densities[index] = timestamps.length / span;
  }
}

const NO_STATUSES: SparseStatuses = {
  indexes: new Uint32Array(0),
  codes: new Uint32Array(0),
  symbols: [],
};

/** Statuses that were requested are there in every slice, so that its table has their columns. */
function alike(columns: Columns, { layout, wire }: SeriesRequest): Columns {
  const isRead = layout === undefined && wire.includeStatus === true;
  return isRead ? { ...columns, statuses: columns.statuses ?? NO_STATUSES } : columns;
}

/**
 * Where a series is cut so that exactly its rows before `time` are in the slice: no row of another
 * granularity comes again in the next one. Where a clock change makes that unclear, it is cut
 * before.
 */
function cutAt({ grid, start }: SeriesRequest, time: number): number {
  return grid === undefined ? time : (grid.cutAfter(time) ?? grid.cutBefore(time) ?? start);
}
