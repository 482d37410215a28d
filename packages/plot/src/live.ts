import { type CallOptions, ConfigError } from '@cdf/core';
import { checkOptions, type ReadLocal, sleep, toEpoch } from '@cdf/core/resource';
import type { Aggregate, AnyDatapoints, DatapointsApi, DatapointsRange } from '@cdf/datapoints';
import type { ChartModel } from './chart-model.js';
import { appended, changedFrom, isAppendable, type RawColumns } from './live-points.js';
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

export { mayBeEmpty } from './live-empty.js';

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

/** After so many turns, the whole window is read. */
const WHOLE = 60;

/**
 * Reads the same series, again and again, one call each time: aggregates, and points of a `limit`,
 * of the whole window; raw points from where they may have changed.
 *
 * What is promised of raw points: each new one in the window is drawn at the next turn, if its time
 * is after that of the last point before the reading that did not have it, or at most a minute and
 * 1000 points before that reading. One that comes even later, or a change or removal of older
 * points, is drawn when the whole window is read: each 60 turns.
 *
 * @param now when the first points were read
 */
export function liveReading(
  api: DatapointsApi,
  first: readonly (AnyDatapoints | ChartSource)[],
  { range, isRaw, call }: LiveQuery,
  windowAt: (time: number) => Window,
  now: number,
): LiveReading {
  let known = first;
  let read = Math.min(now, windowAt(now).end);
  let turns = 0;
  return async (signal) => {
    const time = Date.now();
    const window = windowAt(time);
    const { start, end } = window;
    const isWhole = !isRaw || range.limit !== undefined || turns + 1 >= WHOLE;
    // Also where it fails: those of a few points, which may work, go on.
    turns = isWhole ? 0 : turns + 1;
    const froms = known.map((points) =>
      !isWhole && isAppendable(points as AnyDatapoints)
        ? Math.min(Math.max(start, changedFrom(points as RawColumns, read)), end - 1)
        : undefined,
    );
    const items = known.flatMap(({ id, instanceId, isString, timestamps }, index) => {
      if (id === undefined || (isString === true && !isRaw)) return [];
      const from = froms[index] ?? start;
      // The neighbours are known, unless they may have changed: they are an item of their own.
      const hasNeighbours = from === start || (timestamps.at(-1) ?? start) >= end;
      return [
        {
          ...(instanceId === undefined ? { id } : { instanceId }),
          start: from,
          ...(!hasNeighbours && { includeOutsidePoints: false }),
        },
      ];
    });
    if (items.length > 0) {
      const answer: readonly AnyDatapoints[] = await api.retrieve(
        { items, ...range, end },
        { ...call, signal },
      );
      const added = new Map(answer.map((points) => [points.id, points]));
      known = known.map((points, index) =>
        joined(points, added.get(points.id as number), froms[index], start),
      );
    }
    // Only now: what could not be read is to be read at the next turn.
    read = Math.min(time, end);
    return { known: known as ChartSource[], window };
  };
}

/** @param from where the points begin that were read; undefined: all of them were */
function joined(
  points: AnyDatapoints | ChartSource,
  more: AnyDatapoints | undefined,
  from: number | undefined,
  start: number,
): AnyDatapoints | ChartSource {
  if (more === undefined) return points;
  const { externalId, instanceId } = points;
  // As the first ones are: without the external id of before where the series is given as a node.
  if (from === undefined) return Object.assign(more, { externalId, instanceId });
  const { values } = more as { values?: unknown };
  return values instanceof Float64Array
    ? appended(points as ChartSource & RawColumns, more as unknown as RawColumns, { from, start })
    : points;
}
