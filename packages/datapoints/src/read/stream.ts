import { type CallOptions, CdfError, ConfigError, type Transport } from '@cdf/core';
import { callProgress, nextTurn, openScope } from '@cdf/core/resource';
import { sliceColumns } from '../points/columns.js';
import { lowerBound } from '../points/sparse.js';
import type { StreamCursor } from '../query-types.js';
import type { fetchSeries, MOST_POINTS, Retrieved, RetrieveQuery } from './retrieve.js';
import type { SeriesRequest, toSeriesRequests } from './series/series-request.js';

/** Part of the points of some series: everything from where the batch before ended. */
export interface Slice {
  readonly series: readonly Retrieved[];
  /** Goes on after this slice. */
  readonly cursor: StreamCursor;
}

/**
 * The shared parts of reads that streams use, passed in as arguments: bundlers would put what both
 * import into a script of its own.
 */
export interface CommonReading {
  readonly toSeriesRequests: typeof toSeriesRequests;
  readonly fetchSeries: typeof fetchSeries;
  readonly mostPoints: typeof MOST_POINTS;
}

export interface StreamSettings {
  readonly most?: { readonly raw: number; readonly aggregates: number } | undefined;
  /** About how many requests' points make a slice. */
  readonly pages?: number | undefined;
}

/** Series that are read side by side. */
const GROUP = 1000;
const PAGES = 5;
/** How much denser than it looked a slice may turn out to be before it is cut. */
const SURPRISE = 2;

/** Takes the cursor out of a query, where that of one series has it beside its range. */
export function withoutCursor(
  given: RetrieveQuery,
  isList: boolean,
): { readonly query: RetrieveQuery; readonly cursor: StreamCursor | undefined } {
  const { cursor, ...rest } = (isList ? given : given.items[0]) as {
    readonly cursor?: StreamCursor | undefined;
  };
  return { cursor, query: (isList ? rest : { items: [rest] }) as RetrieveQuery };
}

/**
 * Walks through time: slices of about the same number of points, the next one being fetched while
 * the caller has the last. Whatever the density does, a slice is never more than twice its size.
 */
export async function* streamSlices(
  reading: CommonReading,
  transport: Transport,
  query: RetrieveQuery,
  cursor: StreamCursor | undefined,
  options: CallOptions = {},
  { most = reading.mostPoints, pages = PAGES }: StreamSettings = {},
): AsyncGenerator<Slice, void, undefined> {
  if (cursor && !Number.isInteger(cursor.now + cursor.group))
    throw new ConfigError('the cursor must be the cursor of a batch');
  const now = cursor?.now ?? Date.now();
  const requests = await reading.toSeriesRequests(query, now);
  checkEndless(requests);
  const scope = openScope([options.signal]);
  const fetch = (from: Walk): Promise<Step> => {
    const step = fetchStep(from);
    // When the loop is left before the slice comes, its outcome is ignored.
    step.catch(() => {});
    return step;
  };
  const fetchStep = async (walk: Walk): Promise<Step> => {
    const parts = walk.parts();
    const settings = { ignoreUnknownIds: query.ignoreUnknownIds, most };
    const read = await reading.fetchSeries(
      transport,
      parts.map(({ request }) => request),
      settings,
      { ...options, onProgress: undefined, signal: scope.signal },
    );
    return walk.advance(parts, read);
  };
  const walkOf = (group: number, positions?: readonly number[]): Walk | undefined => {
    const members = requests.slice(group, group + GROUP);
    return members.length === 0 ? undefined : new Walk(group, members, now, pages, most, positions);
  };
  let walk = walkOf(cursor?.group ?? 0, cursor?.positions);
  let next = walk && fetch(walk);
  let points = 0;
  try {
    while (walk !== undefined && next !== undefined) {
      const { series, done, cursor: after }: Step = await next;
      points += series.reduce((sum, { columns }) => sum + columns.timestamps.length, 0);
      next = undefined;
      // Before the next slice is requested: an exception of the callback ends the stream.
      const following: Walk | undefined = done ? walkOf(walk.group + GROUP) : walk;
      callProgress(options, points, following === undefined ? points : undefined);
      walk = following;
      next = walk && fetch(walk);
      // The caller's work may take long.
      if (next !== undefined) await nextTurn(next);
      if (series.length > 0) yield { series, cursor: after };
    }
  } finally {
    if (next !== undefined) scope.abort(new CdfError('the loop was left'));
    scope.end();
  }
}

function checkEndless(requests: readonly SeriesRequest[]): void {
  const index = requests.findIndex(({ limit, outside }) => limit !== Infinity || outside);
  if (index >= 0)
    throw new ConfigError(`items[${index}]: stream() takes neither limit nor includeOutsidePoints`);
}

interface Step {
  readonly series: readonly Retrieved[];
  readonly done: boolean;
  readonly cursor: StreamCursor;
}

interface Part {
  readonly index: number;
  readonly request: SeriesRequest;
}

/** One group of series on its way through time. */
class Walk {
  readonly group: number;
  readonly #requests: readonly SeriesRequest[];
  readonly #now: number;
  readonly #pages: number;
  readonly #most: { readonly raw: number; readonly aggregates: number };
  readonly #positions: number[];
  readonly #densities: (number | undefined)[];
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
    positions: readonly number[] = requests.map(({ start }) => start),
  ) {
    if (positions.length !== requests.length)
      throw new ConfigError('the cursor belongs to a stream of other time series');
    this.group = group;
    this.#requests = requests;
    this.#now = now;
    this.#pages = pages;
    this.#most = most;
    this.#positions = [...positions];
    this.#densities = requests.map(() => undefined);
  }

  /** The requests for the next slice. */
  parts(): Part[] {
    const open = this.#requests.flatMap((request, index) =>
      (this.#positions[index] as number) < request.end ? [{ request, index }] : [],
    );
    const horizon = this.#horizon(open);
    const share = (request: SeriesRequest): number => this.#size(request) / open.length;
    return open.flatMap(({ request, index }) => {
      const start = this.#positions[index] as number;
      const end = horizon >= request.end ? request.end : cutBefore(request, horizon);
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
  }

  /**
   * Moves on by what was fetched. Where a limit cut a series short, all of them end there, so that
   * they keep in step.
   */
  advance(parts: readonly Part[], read: readonly (Retrieved | undefined)[]): Step {
    let horizon = Infinity;
    let fill = 0;
    parts.forEach(({ request }, position) => {
      const timestamps = read[position]?.columns.timestamps;
      const count = timestamps?.length ?? 0;
      fill += count / this.#size(request);
      if (count >= request.limit)
        horizon = Math.min(horizon, (timestamps?.at(-1) as number) + (request.grid ? 0 : 1));
    });
    const before = this.#positions.join();
    const series = parts.flatMap(({ index, request }, position) => {
      const found = read[position];
      const full = this.#requests[index] as SeriesRequest;
      const end =
        horizon === Infinity ? request.end : Math.min(request.end, cutBefore(full, horizon));
      // One that does not exist is left out for good.
      this.#positions[index] = found === undefined ? full.end : Math.max(request.start, end);
      if (found === undefined) return [];
      const { timestamps } = found.columns;
      this.#learn(
        index,
        timestamps,
        this.#probing || timestamps.length >= request.limit ? undefined : request,
      );
      const columns = sliceColumns(
        found.columns,
        0,
        end >= request.end ? timestamps.length : lowerBound(timestamps, end),
      );
      return columns.timestamps.length > 0 ? [{ ...found, columns }] : [];
    });
    this.#stuck = parts.length > 0 && before === this.#positions.join();
    // Nearly nothing in a slice that should have been full: a gap. How far it goes shows only by
    // asking for all of the rest.
    this.#probing = fill < 0.1;
    return { series, done: this.#isDone(), cursor: this.#cursor() };
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

function cutBefore(request: SeriesRequest, time: number): number {
  if (request.grid === undefined) return Math.floor(time);
  return request.grid.cutBefore(time) ?? request.start;
}
