import { ApiError, NotFoundError, type RequestSpec } from '@cdf/core';
import { type MemoryTransport, memoryTransport } from '@cdf/core/testing';
import { bucketsOf } from './naive-buckets.js';
import { encodeListResponse } from './wire-format.js';

export interface FakePoint {
  readonly timestamp: number;
  readonly value: number | string | null;
  readonly status?: { readonly code: number; readonly symbol: string };
}

export interface FakeSeries {
  readonly id: number;
  readonly externalId?: string;
  readonly isString?: boolean;
  readonly isStep?: boolean;
  readonly unit?: string;
  /** Ascending. */
  readonly points: readonly FakePoint[];
}

export interface WireItem {
  id?: number;
  externalId?: string;
  start: number;
  end: number;
  limit: number;
  cursor?: string;
  aggregates?: string[];
  granularity?: string;
  timeZone?: string;
  includeOutsidePoints?: boolean;
  includeStatus?: boolean;
  ignoreBadDataPoints?: boolean;
  treatUncertainAsBad?: boolean;
}

export interface FakeServer {
  readonly transport: MemoryTransport;
  /** Requests that broke the API's rules. */
  readonly complaints: string[];
  /** How many requests came; of one kind only, when that is named. */
  requestCount(kind?: 'raw' | 'aggregates'): number;
}

export interface FakeServerSettings {
  readonly mostRaw?: number;
  readonly mostAggregates?: number;
  readonly format?: 'protobuf' | 'json';
  readonly read?: number;
  /** Lets answers overtake each other. */
  readonly shuffle?: () => number;
  /** Pages that are shorter than they could be, and even empty, while there is more. */
  readonly shortPages?: boolean;
  /** Series come in the order of their ids, the largest first. Parts of one stay in their order. */
  readonly isReversed?: boolean;
}

/** True if a point is given out, as the settings of an item say. */
export function isVisible(point: FakePoint, item: Partial<WireItem>): boolean {
  const category = (point.status?.code ?? 0) >>> 30;
  const isBad = category === 2 || (category === 1 && item.treatUncertainAsBad !== false);
  return item.ignoreBadDataPoints === false || !isBad;
}

const seen = new WeakMap<FakeSeries, Map<string, readonly FakePoint[]>>();

/** The points of a series that are given out. Those of one series are requested often, in parts. */
export function visiblePoints(series: FakeSeries, item: Partial<WireItem>): readonly FakePoint[] {
  const { ignoreBadDataPoints, treatUncertainAsBad, includeStatus } = item;
  const key = [ignoreBadDataPoints, treatUncertainAsBad, includeStatus].join();
  const known = seen.get(series) ?? new Map<string, readonly FakePoint[]>();
  seen.set(series, known);
  let points = known.get(key);
  if (points === undefined) {
    points = series.points
      .filter((point) => isVisible(point, item))
      .map((point) =>
        includeStatus === true || point.status === undefined
          ? point
          : ({ ...point, status: undefined } as never),
      );
    known.set(key, points);
  }
  return points;
}

/** The points from `start` on and before `end`. */
function between(points: readonly FakePoint[], start: number, end: number): readonly FakePoint[] {
  return points.slice(firstFrom(points, start), firstFrom(points, end));
}

/** The index of the first point that is not before `time`. */
function firstFrom(points: readonly FakePoint[], time: number): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle] as FakePoint).timestamp < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `/timeseries/data/list` over points in memory, strict about the API's limits. */
export function fakeServer(
  series: readonly FakeSeries[],
  settings: FakeServerSettings = {},
): FakeServer {
  const { mostRaw = 100_000, mostAggregates = 10_000, read = 10 } = settings;
  const complaints: string[] = [];
  const counts = { raw: 0, aggregates: 0 };
  let turn = 0;
  const find = (item: WireItem): FakeSeries | undefined =>
    series.find((each) =>
      item.id === undefined ? each.externalId === item.externalId : each.id === item.id,
    );

  const answer = (item: WireItem, found: FakeSeries): object => {
    const info = {
      id: found.id,
      externalId: found.externalId,
      unit: found.unit,
      isStep: found.isStep ?? false,
    };
    const kind =
      found.isString === true ? { isString: true, type: 2 } : { isString: false, type: 1 };
    const all = answerPoints(item, found, complaints);
    if (item.includeOutsidePoints === true) {
      if (item.cursor !== undefined) complaints.push('a cursor with outside points');
      const inside = between(all, item.start, item.end).slice(0, item.limit);
      const before = between(all, -Infinity, item.start).slice(-1);
      const after = between(all, item.end, Infinity).slice(0, 1);
      return { ...info, ...kind, points: [...before, ...inside, ...after] };
    }
    const inside = item.aggregates === undefined ? between(all, item.start, item.end) : all;
    const key = JSON.stringify({ ...item, cursor: undefined, limit: undefined });
    const from = item.cursor === undefined ? 0 : Number(item.cursor.split('|')[0]);
    if (
      item.cursor !== undefined &&
      item.cursor.slice(item.cursor.indexOf('|') + 1).replace(/^\d+\|/, '') !== key
    )
      complaints.push('a cursor was sent with another query than it came from');
    const size =
      settings.shortPages === true
        ? Math.max(0, Math.min(item.limit, [item.limit, 3, 0][turn++ % 3] as number))
        : item.limit;
    const page = inside.slice(from, from + size);
    const next = from + page.length;
    return {
      ...info,
      ...kind,
      points: page,
      nextCursor: next < inside.length ? `${next}|${turn}|${key}` : undefined,
    };
  };

  const handle = async (spec: RequestSpec): Promise<unknown> => {
    const body = JSON.parse(JSON.stringify(spec.body)) as {
      items: WireItem[];
      ignoreUnknownIds?: boolean;
    };
    counts[body.items[0]?.aggregates === undefined ? 'raw' : 'aggregates']++;
    if (body.items.length === 0 || body.items.length > 100)
      complaints.push(`${body.items.length} items`);
    const sum = (raw: boolean): number =>
      body.items
        .filter(({ aggregates }) => (aggregates === undefined) === raw)
        .reduce((total, { limit }) => total + limit, 0);
    if (sum(true) > mostRaw) complaints.push(`${sum(true)} raw points requested`);
    if (sum(false) > mostAggregates) complaints.push(`${sum(false)} aggregates requested`);
    for (const { limit, start, end } of body.items) {
      if (!Number.isInteger(limit) || limit < 0) complaints.push(`limit ${limit}`);
      if (!Number.isInteger(start) || !Number.isInteger(end) || start >= end)
        complaints.push(`range ${start} to ${end}`);
    }
    for (let wait = settings.shuffle?.() ?? 0; wait > 0; wait--)
      await new Promise((resolve) => setImmediate(resolve));
    const missing = body.items
      .filter((item) => find(item) === undefined)
      .map(({ id, externalId }) => (id === undefined ? { externalId } : { id }));
    if (missing.length > 0 && body.ignoreUnknownIds !== true)
      throw new NotFoundError('Time series not found', { status: 400, missing: missing as never });
    const items = body.items.flatMap((item) => {
      const found = find(item);
      return found === undefined ? [] : [answer(item, found)];
    }) as { points: FakePoint[]; isString: boolean; type: number; id: number }[];
    if (settings.isReversed === true) items.sort((left, right) => right.id - left.id);
    return settings.format === 'json' ? toJson(items) : toProtobuf(items, body.items);
  };
  const transport = memoryTransport(
    (spec) => {
      if (spec.path !== '/timeseries/data/list')
        throw new ApiError(`no ${spec.path}`, { status: 404 });
      return handle(spec);
    },
    { limits: { read, write: 5 } },
  );
  return {
    transport,
    complaints,
    requestCount: (kind) => (kind === undefined ? counts.raw + counts.aggregates : counts[kind]),
  };
}

function answerPoints(
  item: WireItem,
  found: FakeSeries,
  complaints: string[],
): readonly FakePoint[] {
  if (item.aggregates === undefined) return visiblePoints(found, item);
  if (found.isString === true) complaints.push('aggregates of strings');
  return bucketsOf(found, item) as unknown as FakePoint[];
}

function toJson(items: readonly { points: FakePoint[]; type: number }[]): unknown {
  return JSON.parse(
    JSON.stringify({
      items: items.map(({ points, type, ...info }) => ({
        ...info,
        type: type === 2 ? 'string' : 'numeric',
        datapoints: points.map((point) =>
          Object.fromEntries(
            Object.entries(point)
              .filter(
                ([name, value]) => value !== null && !(Number.isNaN(value) && name !== 'value'),
              )
              .map(([name, value]) => [
                name,
                typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
              ]),
          ),
        ),
      })),
    }),
  );
}

function toProtobuf(
  items: readonly { points: FakePoint[]; isString: boolean }[],
  asked: readonly WireItem[],
): Uint8Array {
  const isAggregate = asked[0]?.aggregates !== undefined;
  return encodeListResponse(
    items.map(({ points, ...info }) => {
      const datapoints = points.map((point) =>
        point.value === null
          ? { timestamp: point.timestamp, status: point.status, nullValue: true }
          : point,
      );
      if (isAggregate) return { ...info, aggregateDatapoints: { datapoints } };
      return info.isString
        ? { ...info, stringDatapoints: { datapoints } }
        : { ...info, numericDatapoints: { datapoints } };
    }),
  );
}
