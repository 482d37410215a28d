import { type CallOptions, CdfError, ConfigError, type Transport } from '@cdf/core';
import { callProgress, nextTurn, openScope } from '@cdf/core/resource';
import type { StreamCursor } from '../query-types.js';
import type { fetchSeries, MOST_POINTS, Retrieved, RetrieveQuery } from './retrieve.js';
import type { SeriesRequest, toSeriesRequests } from './series/series-request.js';
import { GROUP, type Step, Walk } from './stream-walk.js';

/** Part of the points of some series: everything from where the batch before ended. */
export interface Slice {
  /** Every series that exists, also those without points here: tables of slices match. */
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

const PAGES = 5;

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
      const { series, count, done, cursor: after }: Step = await next;
      points += count;
      next = undefined;
      // Before the next slice is requested: an exception of the callback ends the stream.
      const following: Walk | undefined = done ? walkOf(walk.group + GROUP) : walk;
      callProgress(options, points, following === undefined ? points : undefined);
      walk = following;
      next = walk && fetch(walk);
      // The caller's work may take long.
      if (next !== undefined) await nextTurn(next);
      if (count > 0) yield { series, cursor: after };
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
