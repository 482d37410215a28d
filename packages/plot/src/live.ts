import { type CallOptions, ConfigError } from '@cdf/core';
import { checkOptions, type ReadLocal, sleep, toEpoch } from '@cdf/core/resource';
import type { Aggregate, AnyDatapoints, DatapointsApi, DatapointsRange } from '@cdf/datapoints';
import type { ChartModel } from './chart-model.js';
import { lowerBound } from './m4.js';
import type { PlotOptions } from './options.js';
import type { ChartSource } from './source.js';

/** `live` of a chart of series. */
export type LiveOption = boolean | { readonly intervalMs?: number | undefined } | undefined;

/**
 * How long to wait between readings. @unit milliseconds
 *
 * @throws {ConfigError} when the interval is invalid, or the window cannot move.
 */
export function intervalOf(
  { live, end = 'now' }: Pick<PlotOptions, 'end'> & { live?: LiveOption },
  now: number,
  readLocal: ReadLocal,
): number {
  if (typeof live === 'object') checkOptions(live, { intervalMs: true }, 'plot: live');
  const { intervalMs = 5000 } = Object(live) as Exclude<LiveOption, boolean | undefined>;
  if (!(typeof intervalMs === 'number' && intervalMs >= 100 && intervalMs <= 86_400_000))
    throw new ConfigError('plot: live.intervalMs must be 100 to 86400000');
  if (
    toEpoch(end, now, 'plot: end', readLocal) === toEpoch(end, now + 1000, 'plot: end', readLocal)
  )
    throw new ConfigError("plot: a live chart needs an end that moves on, such as 'now'");
  return intervalMs;
}

/** Where a live chart is shown. */
export interface LiveView {
  /** Takes what is to be drawn now. */
  show(model: ChartModel): void;
  /** Takes what went wrong. The next reading is tried all the same. */
  onError(error: unknown): void;
}

/**
 * Reads and shows again and again until it is stopped; not while the page is hidden.
 *
 * @returns stops it, and the reading that is on its way
 */
export function follow(
  read: (signal: AbortSignal) => Promise<ChartModel>,
  intervalMs: number,
  view: LiveView,
): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const once = async (): Promise<void> => {
    if ((globalThis as { document?: { hidden?: boolean } }).document?.hidden === true) return;
    try {
      const model = await read(signal);
      if (!signal.aborted) view.show(model);
    } catch (error) {
      // A callback that throws must not end the loop.
      if (!signal.aborted) queueMicrotask(() => view.onError(error));
    }
  };
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      await sleep(intervalMs, signal);
      await once();
    }
  };
  // Only stopping ends the loop.
  loop().catch(() => {});
  return () => ending.abort();
}

type Statuses = { readonly indexes: Uint32Array; readonly codes: Uint32Array };

/** Raw points of one series as columns. */
export interface RawColumns {
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly statuses?: Statuses | undefined;
}

/**
 * True where new points can be appended to these. Aggregates change in their last bucket, and are
 * few: they are read anew.
 */
export function isAppendable(points: AnyDatapoints): points is AnyDatapoints & RawColumns {
  return (
    (points as { values?: unknown }).values instanceof Float64Array && points.timestamps.length > 0
  );
}

/**
 * The known points up to the first new time, then the new points; without those before `start`,
 * except for the last of them, from which a line reaches the edge.
 */
export function appended<T extends RawColumns>(known: T, added: RawColumns, start: number): T {
  const first = added.timestamps[0] ?? Infinity;
  const to = lowerBound(known.timestamps, first);
  const isOld = known.timestamps.length === 0 || start > (known.timestamps[to - 1] ?? -Infinity);
  const from = isOld ? Math.max(0, to - 1) : Math.max(0, lowerBound(known.timestamps, start) - 1);
  const join = (before: Float64Array, after: Float64Array): Float64Array => {
    const joined = new Float64Array(to - from + after.length);
    joined.set(before.subarray(from, to));
    joined.set(after, to - from);
    return joined;
  };
  return {
    ...known,
    timestamps: join(known.timestamps, added.timestamps),
    values: join(known.values, added.values),
    statuses: joinStatuses(known.statuses, added.statuses, from, to),
  };
}

function joinStatuses(
  before: Statuses | undefined,
  after: Statuses | undefined,
  from: number,
  to: number,
): Statuses | undefined {
  if (before === undefined && after === undefined) return undefined;
  const kept: [number, number][] = [];
  before?.indexes.forEach((index, mark) => {
    if (index >= from && index < to) kept.push([index - from, before.codes[mark] as number]);
  });
  after?.indexes.forEach((index, mark) => {
    kept.push([index + to - from, after.codes[mark] as number]);
  });
  return {
    indexes: Uint32Array.from(kept, ([index]) => index),
    codes: Uint32Array.from(kept, ([, code]) => code),
  };
}

/** How the points of a live chart are read. */
export interface LiveQuery {
  readonly range: DatapointsRange<Aggregate>;
  readonly isRaw: boolean;
  readonly call: CallOptions | undefined;
}

interface Window {
  readonly start: number;
  readonly end: number;
}

/** The points that are known after a reading, and the window that they are for. */
type LiveReading = (
  signal: AbortSignal,
) => Promise<{ readonly known: ChartSource[]; readonly window: Window }>;

/** A chart with `follow`, which is not one of the properties that are copied or listed. */
export function withFollow<T extends object>(
  chart: T,
  {
    next,
    modelOf,
    every,
  }: {
    readonly next: LiveReading;
    readonly modelOf: (known: ChartSource[], window: Window) => ChartModel;
    readonly every: number;
  },
): T {
  const read = async (signal: AbortSignal): Promise<ChartModel> => {
    const { known, window } = await next(signal);
    return modelOf(known, window);
  };
  const value = (view: LiveView): (() => void) => follow(read, every, view);
  return Object.defineProperty(chart, 'follow', { value });
}

/**
 * Reads the same series up to now, again and again: raw points since the last of each, aggregates
 * of the whole window. One call each time.
 */
export function liveReading(
  api: DatapointsApi,
  first: readonly (AnyDatapoints | ChartSource)[],
  { range, isRaw, call }: LiveQuery,
  windowAt: (time: number) => Window,
): LiveReading {
  let known = first;
  return async (signal) => {
    const window = windowAt(Date.now());
    const items = known.flatMap((points) => {
      const { id, instanceId, isString } = points;
      if (id === undefined || (isString === true && !isRaw)) return [];
      const last =
        isRaw && isAppendable(points as AnyDatapoints) ? points.timestamps.at(-1) : undefined;
      // The last point may have been overwritten: it is read again.
      return [
        {
          ...(instanceId === undefined ? { id } : { instanceId }),
          start: Math.min(Math.max(window.start, last ?? window.start), window.end - 1),
        },
      ];
    });
    if (items.length > 0) {
      const read: readonly AnyDatapoints[] = await api.retrieve(
        { items, ...range, end: window.end },
        { ...call, signal },
      );
      const added = new Map(read.map((points) => [points.id, points]));
      known = known.map((points) =>
        joined(points, added.get(points.id as number), isRaw, window.start),
      );
    }
    return { known: known as ChartSource[], window };
  };
}

function joined(
  points: AnyDatapoints | ChartSource,
  more: AnyDatapoints | undefined,
  isRaw: boolean,
  start: number,
): AnyDatapoints | ChartSource {
  if (more === undefined) return points;
  const { externalId, instanceId } = points;
  // As the first ones are: without the external id of before where the series is given as a node.
  if (!isRaw || !isAppendable(points as AnyDatapoints))
    return Object.assign(more, { externalId, instanceId });
  const { values } = more as { values?: unknown };
  return values instanceof Float64Array
    ? appended(points as ChartSource & RawColumns, more as unknown as RawColumns, start)
    : points;
}
