import { type CallOptions, ConfigError, type Identified, type None, type Relations, toEpoch } from '@cdf/core';
import type { Aggregate, AnyDatapoints, DatapointsApi, DatapointsRange } from '@cdf/datapoints';
import { type Chart, plot } from './chart.js';
import type { PlotOptions } from './options.js';

/** Which points to fetch, and how the chart looks. `timeZone` is that of the axis, and of the buckets of aggregates. */
export interface SeriesPlotOptions extends PlotOptions, Omit<DatapointsRange<Aggregate>, 'start' | 'end' | 'timeZone'> {
  /** @default '1d-ago' */
  start?: PlotOptions['start'];
  /** @default 'now' */
  end?: PlotOptions['end'];
}

/** What a chart needs of a time series. */
export interface PlottableSeries extends Identified {
  readonly name?: string | undefined;
}

/** `datapoints.plot()`, `datapointsList.plot()`: a chart of what was read. Sends nothing. `outputs` become methods of the chart. */
export const plotDatapoints =
  <R extends Relations<R, Chart> = None>(outputs: R = {} as R) =>
  (series: readonly AnyDatapoints[]) =>
  (options?: PlotOptions): Chart<R> =>
    plot(series, options, outputs);

/**
 * `series.plot()`, `list.plot()`: reads, then draws; the last 24 hours as raw points unless said otherwise. One request, and
 * more where there are more points than one answer holds. `average` with `min` and `max` is a line in a band.
 *
 * @throws {EmptyDataError} when no series has a point in the window, naming them.
 * @throws {ConfigError} when an option cannot work, all series hold text, or the list is empty.
 * @see https://api-docs.cognite.com/20230101/tag/Time-series/operation/getMultiTimeSeriesDatapoints
 */
export const plotTimeSeries =
  <R extends Relations<R, Chart> = None>(api: DatapointsApi, outputs: R = {} as R) =>
  (series: PlottableSeries | readonly PlottableSeries[]) =>
  async (options: SeriesPlotOptions = {}, call?: CallOptions): Promise<Chart<R>> => {
    const list: readonly PlottableSeries[] = 'id' in series ? [series] : series;
    if (list.length === 0) throw new ConfigError('plot: the list of time series is empty');
    const now = Date.now();
    const start = toEpoch(options.start ?? '1d-ago', now, 'plot: start');
    const end = toEpoch(options.end ?? 'now', now, 'plot: end');
    const items = [...new Set(list.map(({ id }) => id))].map((id) => ({ id }));
    const datapoints = await api.retrieve({ items, ...rangeOf(options), start, end }, call);
    return plot(datapoints, { ...options, names: namesOf(list, options), start, end }, outputs);
  };

/** A name that the caller gives goes before that of the series. */
function namesOf(list: readonly PlottableSeries[], { names = {} }: PlotOptions): Record<number, string> {
  return Object.fromEntries(
    list.flatMap(({ id, externalId, name }) => {
      const shown = names[id] ?? (externalId === undefined ? undefined : names[externalId]) ?? name;
      return shown === undefined ? [] : [[id, shown]];
    }),
  );
}

/** Raw points come with their neighbours on both sides, so that lines reach the edges, and with statuses to mark. */
function rangeOf(options: SeriesPlotOptions): DatapointsRange<Aggregate> {
  const { aggregates, granularity, limit, includeOutsidePoints, includeStatus } = options;
  const { ignoreBadDataPoints, treatUncertainAsBad, targetUnit, targetUnitSystem } = options;
  const shared = { limit, ignoreBadDataPoints, treatUncertainAsBad, targetUnit, targetUnitSystem };
  if (aggregates === undefined || aggregates.length === 0)
    return {
      ...shared,
      includeStatus: includeStatus ?? true,
      includeOutsidePoints: includeOutsidePoints ?? limit === undefined,
    };
  const timeZone =
    options.timeZone === 'local' ? new Intl.DateTimeFormat().resolvedOptions().timeZone : options.timeZone;
  return { ...shared, aggregates, granularity, timeZone };
}
