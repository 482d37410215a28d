import { ConfigError, EmptyDataError } from '@cdf/core';
import type { ChartSeries } from './source.js';

/** The remedies where there are points of another kind. */
const REMEDIES: Readonly<Record<string, readonly [problem: string, remedy: string]>> = {
  text: ['and there is only text', 'draw it with mark: stateTimeline'],
  'no raw values': ['and there are no raw values', 'pass values, or the columns of aggregates'],
  'no value above 0': ['and there is no value above 0', "draw it with valueScale: 'linear'"],
};

/** Why there is no picture, and what to do: the error of a chart without a point. */
export function nothingToDraw(
  series: readonly ChartSeries[],
  start: number | undefined,
  end: number | undefined,
): Error {
  if (series.length === 0) return new EmptyDataError('plot: the list of series is empty');
  const names = series
    .map(({ key, label }) => label + (key && key !== label ? ` [${key}]` : ''))
    .join(', ')
    .slice(0, 500);
  const remedy = REMEDIES[series[0]?.absent ?? ''];
  if (remedy !== undefined && series.every(({ absent }) => absent !== 'no data'))
    return new ConfigError(`plot: lines need numbers, ${remedy[0]}: ${names}; ${remedy[1]}`);
  const [from, to] = [start, end].map((time) =>
    time === undefined ? undefined : new Date(time).toISOString(),
  );
  if (from === undefined && to === undefined)
    return new EmptyDataError(`plot: no data points in ${names}`);
  const window =
    from === undefined
      ? `before ${to}`
      : to === undefined
        ? `from ${from} on`
        : `from ${from} to ${to}`;
  return new EmptyDataError(
    `plot: no data points ${window} in ${names}; ${nearest(series, start, end)}`,
  );
}

/** The point that is nearest to the window, where it is at hand: nothing is read for it. */
function nearest(series: readonly ChartSeries[], start = -Infinity, end = Infinity): string {
  let [before, after] = [-Infinity, Infinity];
  for (const { timestamps, values } of series)
    timestamps.forEach((time, index) => {
      if (!Number.isFinite(values[index])) return;
      if (time < start) before = Math.max(before, time);
      else if (time > end) after = Math.min(after, time);
    });
  if (before > -Infinity) return `the last one before is at ${new Date(before).toISOString()}`;
  if (after < Infinity) return `the first one after is at ${new Date(after).toISOString()}`;
  return 'try an earlier start';
}
