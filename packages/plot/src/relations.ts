import {
  type CallOptions,
  ConfigError,
  EmptyDataError,
  type Identified,
  type Identifier,
  type InstanceId,
  type None,
  type Relations,
} from '@cdf/core';
import { loadPart, ownCopy, toEpoch } from '@cdf/core/resource';
import type {
  Aggregate,
  AnyDatapoints,
  DatapointsApi,
  DatapointsRange,
  Granularity,
  PointsRange,
  RawRange,
} from '@cdf/datapoints';
import { type Chart, draw, labelOf, plot } from './chart.js';
import { checkedPlotOptions, PLOT_OPTIONS, type Rule, USED } from './check-options.js';
import { checkEdges, edgeReader } from './edge-times.js';
import type { LiveOption } from './live.js';
import type { PlotOptions } from './options.js';
import { nameOfZone } from './parts/time-zone.js';
import { type ChartSource, nodeKey } from './source.js';

/**
 * Which points to fetch, and how the chart looks. `timeZone` is that of the axis, of the buckets of
 * aggregates, and of `start` and `end` without an offset.
 */
export type SeriesPlotOptions = SeriesPlotSettings &
  (
    | Pick<RawRange, 'aggregates' | 'granularity'>
    | {
        /**
         * One column each, over `granularity`: `average` with `min` and `max` is a line in a band.
         */
        aggregates: readonly Aggregate[];
        /** The length of a bucket of aggregates, such as `'10m'` or `'1d'`. */
        granularity: Granularity;
      }
  );

/** How a chart of series looks, and which points it has, besides aggregates. */
export interface SeriesPlotSettings
  extends PlotOptions,
    Omit<PointsRange, 'start' | 'end' | 'timeZone' | 'disambiguation' | 'isString'> {
  /** @default '1d-ago' */
  start?: PlotOptions['start'];
  /** @default 'now' */
  end?: PlotOptions['end'];
  /**
   * Most raw points to read. A raw window that can hold more, of a point each millisecond, is
   * counted with one request: before reading where it is longer than a day, else at the same time.
   * A larger number is an error that says which aggregates would show the same. With a `limit`
   * the points are not counted.
   * @default 20 000 000: 320 MB of memory
   */
  maxPoints?: number | undefined;
  /**
   * A chart that follows new points where it is mounted on a page:
   * `(await series.plot({ live: true })).mount(element)`. Relative times move on, also while there
   * is no point: the chart is empty then. Each turn is a request: for the aggregates of the window,
   * or for the raw points since the last one and those of the minute before, the last 1000 at most.
   * A point that comes later than that, behind others, is drawn when all of the window is read:
   * each 60 turns, and at each turn with a `limit`. Elsewhere the chart is as it was read.
   * @default false; true is every 5 seconds
   */
  live?: LiveOption;
}

/** The fields of a time series, or of a node of one, that a chart uses. */
export type PlottableSeries = (Identified | InstanceId) & {
  /** The label in the legend. */
  readonly name?: string | undefined;
  /** Text cannot be drawn, and is not counted. */
  readonly isString?: boolean | undefined;
  /** The same on nodes of `CogniteTimeSeries`: `'string'` is text, `'numeric'` can be counted. */
  readonly type?: unknown;
};

/**
 * `datapoints.plot()`, `datapointsList.plot()`: a chart of what was read. Sends nothing. `outputs`
 * become methods of the chart.
 */
export const plotDatapoints =
  <R extends Relations<R, Chart> = None>(outputs: R = {} as R) =>
  (series: readonly AnyDatapoints[]) =>
  (options?: PlotOptions): Chart<R> =>
    plot(series, options, outputs);

/**
 * `series.plot()`, `node.plot()`, `list.plot()`: reads, then draws; the last 24 hours as raw points
 * unless said otherwise. A series is a time series or a node of one, such as of `CogniteTimeSeries`;
 * lists may have both. One request, more where there are more points than one answer holds, and one that
 * counts raw points. `average` with `min` and `max` is a line in a band. With aggregates, series of
 * text are not read: the legend names them.
 *
 * @throws {EmptyDataError} when no series has a point in the window, naming them, unless the chart is
 * live; or the list is empty.
 * @throws {ConfigError} when an option cannot work, all series hold text, or there are more than
 * `maxPoints` raw points.
 * @see https://api-docs.cognite.com/20230101/tag/Time-series/operation/getMultiTimeSeriesDatapoints
 */
export const plotTimeSeries =
  <R extends Relations<R, Chart> = None>(api: DatapointsApi, outputs: R = {} as R) =>
  (series: PlottableSeries | readonly PlottableSeries[]) =>
  async (given: SeriesPlotOptions = {}, callOptions?: CallOptions): Promise<Chart<R>> => {
    const [own, call] = ownCopy([given, callOptions] as const);
    const options = checkedPlotOptions(own, SERIES_OPTIONS);
    // A series that is listed twice is read and counted once.
    const list = [...new Map([series].flat().map((each) => [keyIn(each), each])).values()];
    if (!list[0]) throw new EmptyDataError('plot: the list of time series is empty');
    if (isRaw(options) && options.granularity !== undefined)
      throw new ConfigError(
        `plot: granularity ${JSON.stringify(options.granularity)} needs aggregates, such as ['average', 'min', 'max']`,
      );
    const now = Date.now();
    const readLocal = edgeReader(options);
    // Most charts stay as they are.
    const live = options.live ? await loadPart(import('./live.js')) : undefined;
    const every = live?.intervalOf(options, now, readLocal) ?? 0;
    const windowAt = (time: number): { start: number; end: number } => ({
      start: toEpoch(options.start ?? '1d-ago', time, 'plot: start', readLocal),
      end: toEpoch(options.end ?? 'now', time, 'plot: end', readLocal),
    });
    const { start, end } = windowAt(now);
    checkEdges(start, end);
    // CDF has no aggregates of strings, and answers a query for them with an error for all series.
    const isText = (each: PlottableSeries): boolean =>
      !isRaw(options) && isOfKind(each, true, 'string');
    const items = list.filter((each) => !isText(each)).map(nameOf);
    const counted = list.filter((each) => isOfKind(each, false, 'numeric')).map(nameOf);
    const { limit, maxPoints = 20_000_000 } = options;
    const isCounted =
      isRaw(options) && limit === undefined && (end - start) * counted.length > maxPoints;
    const read = (signal: AbortSignal | undefined): Promise<readonly AnyDatapoints[]> =>
      items.length === 0
        ? Promise.resolve([])
        : api.retrieve(
            // Undefined, where false would have the error of a missing series advise what plot refuses.
            { items, ...rangeOf(options), start, end, ignoreUnknownIds: undefined },
            { ...call, signal },
          );
    // Short windows and aggregates do without.
    const counting = isCounted ? await loadPart(import('./refuse-too-many.js')) : undefined;
    const datapoints =
      (await counting?.readCounted(api, counted, { start, end, most: maxPoints }, read, call)) ??
      (await read(call?.signal));
    let next = 0;
    const sources = list.map((each): ChartSource => {
      const { name, externalId } = each;
      const points = isText(each)
        ? { externalId, isString: true, timestamps: new Float64Array() }
        : (datapoints[next++] as AnyDatapoints);
      // A node is known by its own name, also where its series has another external id.
      return Object.assign(
        points,
        'space' in each ? { name, externalId: undefined, instanceId: each } : { name, id: each.id },
      );
    });
    const shown = { ...chartOptions(options), names: namesOf(sources, options) };
    if (live) shown.mark = live.mayBeEmpty(options.mark);
    const chart = draw(sources, { ...shown, start, end }, outputs);
    if (live === undefined) return chart;
    const query = { range: rangeOf(options), isRaw: isRaw(options), call };
    return live.withFollow(chart, {
      next: live.liveReading(api, sources, query, windowAt, now),
      modelOf: (known, window) => draw(known, { ...shown, ...window }, {}).model,
      every,
    });
  };

/** The options of a chart of series. `retrieve` checks its own. */
const SERIES_OPTIONS: Readonly<Record<string, Rule>> = {
  ...PLOT_OPTIONS,
  aggregates: USED,
  granularity: USED,
  limit: USED,
  includeOutsidePoints: USED,
  includeStatus: USED,
  ignoreBadDataPoints: USED,
  treatUncertainAsBad: USED,
  targetUnit: USED,
  targetUnitSystem: USED,
  maxPoints: ['a number from 1', (value) => typeof value === 'number' && value >= 1],
  live: [
    'true, false or { intervalMs }',
    (value) => typeof value === 'boolean' || (typeof value === 'object' && value !== null),
  ],
};

/** Without those of reading. */
function chartOptions(options: SeriesPlotOptions): PlotOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => name in PLOT_OPTIONS));
}

function isRaw({ aggregates = [] }: SeriesPlotOptions): boolean {
  return aggregates.length === 0;
}

/** By id, for points that are read later. A name that the caller gives goes before others. */
function namesOf(sources: readonly ChartSource[], { names }: PlotOptions): PlotOptions['names'] {
  const label = labelOf(names);
  return {
    ...names,
    ...Object.fromEntries(
      sources.flatMap((each) => (each.id ? [[each.id, label(each) ?? '']] : [])),
    ),
  };
}

/** A series that is a node is the same as that node. */
function keyIn(series: PlottableSeries): string | number {
  const node = 'space' in series ? series : series.instanceId;
  return node ? nodeKey(node) : (series as Identified).id;
}

/** The `isString` of a node is a property of its view: its `type` says the kind. */
function isOfKind(each: PlottableSeries, isString: boolean, type: string): boolean {
  return each.type === type || (each.isString === isString && !('space' in each));
}

function nameOf(series: PlottableSeries): Identifier {
  return 'space' in series ? { instanceId: series } : { id: series.id };
}

/**
 * Raw points come with their neighbours on both sides, so that lines reach the edges, and with
 * statuses to mark.
 */
function rangeOf(options: SeriesPlotOptions): DatapointsRange<Aggregate> {
  const { aggregates = [], granularity, limit, includeOutsidePoints, includeStatus } = options;
  const { ignoreBadDataPoints, treatUncertainAsBad, targetUnit, targetUnitSystem } = options;
  const shared = { limit, ignoreBadDataPoints, treatUncertainAsBad, targetUnit, targetUnitSystem };
  if (isRaw(options))
    return {
      ...shared,
      includeStatus: includeStatus ?? true,
      includeOutsidePoints: includeOutsidePoints ?? limit === undefined,
    };
  const timeZone = options.timeZone === undefined ? undefined : nameOfZone(options.timeZone);
  return { ...shared, aggregates, granularity, timeZone } as DatapointsRange<Aggregate>;
}
