import type { TimeSeries } from '../model/time-series.js';
import { readCursor, writeCursor } from '../resources/paging.js';

import type { State } from '../state.js';
import type { Columns, Stretch } from '../storage/columns.js';
import { type AggregatePoint, aggregate } from './aggregates.js';
import { bucketsFrom } from './buckets.js';
import { MAX_AGGREGATES, MAX_RAW, type PointQuery } from './query.js';
import { BAD, categoryOf, UNCERTAIN } from './status.js';

/** The result of one item of a read, before it is written as JSON or protobuf. */
export interface PointResult {
  readonly query: Pick<PointQuery, 'series' | 'includeStatus' | 'conversion' | 'aggregates'>;
  readonly stretches: readonly Stretch[];
  readonly aggregates: readonly AggregatePoint[] | undefined;
  readonly nextCursor: string | undefined;
}

/** Reads all items of a request. Items of one kind share the limit of the answer evenly. */
export function readAll(state: State, queries: readonly PointQuery[]): PointResult[] {
  const aggregateCount = queries.filter(({ aggregates }) => aggregates !== undefined).length;
  const rawShare = Math.max(1, Math.floor(MAX_RAW / Math.max(1, queries.length - aggregateCount)));
  const aggregateShare = Math.max(1, Math.floor(MAX_AGGREGATES / Math.max(1, aggregateCount)));
  return queries.map((query) =>
    query.aggregates === undefined
      ? readRaw(state, query, Math.min(query.limit, rawShare))
      : readAggregates(state, query, Math.min(query.limit, aggregateShare)),
  );
}

/** The newest visible point before `time`. */
export function readLatest(
  state: State,
  query: PointResult['query'] & Pick<PointQuery, 'ignoreBad' | 'uncertainIsBad'>,
  time: number,
): PointResult {
  const found = lastBefore(state, query.series, time, query);
  return {
    query,
    stretches: found === undefined ? [] : [converted(query, found)],
    aggregates: undefined,
    nextCursor: undefined,
  };
}

function readRaw(state: State, query: PointQuery, limit: number): PointResult {
  const mark = `dp${query.series.id}`;
  const start = query.cursor === undefined ? query.start : readCursor(query.cursor, mark);
  const stretches: Stretch[] = [];
  let left = limit;
  let next: number | undefined;
  for (const read of state.points.read(query.series.id, start, query.end)) {
    const stretch = visible(read, query);
    const size = stretch.to - stretch.from;
    if (size === 0) continue;
    if (left < size) {
      next = stretch.columns.timestamps[stretch.from + left] as number;
      if (left > 0) stretches.push({ ...stretch, to: stretch.from + left });
      break;
    }
    stretches.push(stretch);
    left -= size;
  }
  if (query.outside) {
    const first = lastBefore(state, query.series, query.start, query);
    const last = firstFrom(state, query.series, query.end, query);
    if (first !== undefined) stretches.unshift(first);
    if (last !== undefined) stretches.push(last);
  }
  return {
    query,
    stretches: stretches.map((stretch) => converted(query, stretch)),
    aggregates: undefined,
    nextCursor: next === undefined || query.outside ? undefined : writeCursor(mark, next),
  };
}

function readAggregates(state: State, query: PointQuery, limit: number): PointResult {
  const { series, granularity, aggregates: wanted } = query;
  if (granularity === undefined || wanted === undefined) throw new Error('not an aggregate query');
  const mark = `dp${series.id}`;
  const start = query.cursor === undefined ? query.start : readCursor(query.cursor, mark);
  const points: AggregatePoint[] = [];
  let next: number | undefined;
  const found = aggregate(state.points, {
    series: series.id,
    isStep: series.isStep,
    wanted,
    // The grid hangs on the start of the request, not on where a cursor goes on.
    buckets: bucketsFrom(query.start, granularity, query.zone),
    start,
    end: query.end,
    ignoreBad: query.ignoreBad,
    uncertainIsBad: query.uncertainIsBad,
  });
  for (const point of found) {
    if (points.length === limit) {
      next = point.timestamp;
      break;
    }
    points.push(point);
  }
  return {
    query,
    stretches: [],
    aggregates: points,
    nextCursor: next === undefined ? undefined : writeCursor(mark, next),
  };
}

/** The settings that decide which points a read sees. */
export type Visibility = Pick<PointQuery, 'ignoreBad' | 'uncertainIsBad'>;

/**
 * Without statuses, or when bad points show, a stretch stays as it is; else the hidden points are
 * left out.
 */
export function visible(stretch: Stretch, query: Visibility): Stretch {
  const { columns, from, to } = stretch;
  const { statuses } = columns;
  if (statuses === undefined || !query.ignoreBad) return stretch;
  const kept: number[] = [];
  for (let place = from; place < to; place += 1)
    if (isVisible(statuses[place] as number, query)) kept.push(place);
  if (kept.length === to - from) return stretch;
  return { columns: pick(columns, kept), from: 0, to: kept.length };
}

/** True if a point with this status shows. */
function isVisible(status: number, query: Visibility): boolean {
  const category = categoryOf(status);
  return (
    !query.ignoreBad || !(category === BAD || (category === UNCERTAIN && query.uncertainIsBad))
  );
}

function pick(
  { timestamps, values, statuses, nulls }: Columns,
  places: readonly number[],
): Columns {
  return {
    timestamps: Float64Array.from(places, (place) => timestamps[place] as number),
    values:
      values instanceof Float64Array
        ? Float64Array.from(places, (place) => values[place] as number)
        : places.map((place) => values[place] as string),
    statuses: statuses && Uint32Array.from(places, (place) => statuses[place] as number),
    nulls: nulls && Uint8Array.from(places, (place) => nulls[place] as number),
  };
}

function lastBefore(
  state: State,
  series: TimeSeries,
  time: number,
  query: Visibility,
): Stretch | undefined {
  for (const { columns, from, to } of state.points.readBackwards(series.id, time)) {
    for (let place = to - 1; place >= from; place -= 1) {
      if (isVisible(columns.statuses?.[place] ?? 0, query))
        return { columns, from: place, to: place + 1 };
    }
  }
  return undefined;
}

function firstFrom(
  state: State,
  series: TimeSeries,
  time: number,
  query: Visibility,
): Stretch | undefined {
  for (const { columns, from, to } of state.points.read(
    series.id,
    time,
    Number.POSITIVE_INFINITY,
  )) {
    for (let place = from; place < to; place += 1) {
      if (isVisible(columns.statuses?.[place] ?? 0, query))
        return { columns, from: place, to: place + 1 };
    }
  }
  return undefined;
}

function converted({ conversion }: Pick<PointQuery, 'conversion'>, stretch: Stretch): Stretch {
  const { columns, from, to } = stretch;
  if (conversion === undefined || !(columns.values instanceof Float64Array)) return stretch;
  const values = columns.values.slice();
  for (let place = from; place < to; place += 1)
    values[place] = conversion.value(values[place] as number);
  return { columns: { ...columns, values }, from, to };
}
