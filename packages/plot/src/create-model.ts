import { ConfigError, EmptyDataError } from '@cdf/core';
import type { ChartMark, ChartModel } from './chart-model.js';
import { type DrawOptions, LATEST } from './draw-options.js';
import { inOrder } from './in-order.js';
import { legendName } from './legend.js';
import { lowerBound, upperBound, usualGap } from './m4.js';
import { type ChartSeries, type ChartSource, keyOf, rawLine } from './source.js';
import { plainText } from './text.js';
import { utcZone } from './time-zone.js';

/**
 * The model of a chart of these data points. Sends nothing.
 *
 * @throws {EmptyDataError} when no series has a point in the window, naming them.
 * @throws {ConfigError} when an option cannot work, a time is invalid, columns differ in length, or
 * all series hold strings.
 */
export function createModel(
  data: ChartSource | readonly ChartSource[],
  options: DrawOptions,
  parts: readonly ChartMark[],
): ChartModel {
  const sources: readonly ChartSource[] = 'timestamps' in data ? [data] : data;
  const zone =
    parts.flatMap((part) => part.zone?.(options.locale) ?? [])[0] ?? utcZone(options.locale);
  const { start, end, maxGap } = options;
  const names = uniqueNames(sources, parts);
  const lines = sources
    .flatMap((source, index) => {
      const name = names[index] as string;
      const own = parts.flatMap((part) => part.lines?.(source, name, maxGap) ?? []);
      return own[0] ? own : rawLine(source, name, maxGap);
    })
    .map((line) =>
      measured(
        parts.reduce((each, part) => part.line?.(each) ?? each, inOrder(line, parts)),
        start,
        end,
      ),
    );
  const [made] = parts.flatMap((part) => part.data?.(lines, options) ?? []);
  const series = made?.series ?? lines;
  const drawn = series.filter(({ absent }) => absent === undefined);
  if (!drawn[0])
    throw (
      parts.flatMap((part) => part.nothing?.(series, start, end) ?? [])[0] ?? nothingToDraw(series)
    );
  const edges = drawn.flatMap(({ timestamps }) => [
    timestamps[0] as number,
    timestamps.at(-1) as number,
  ]);
  let first = start ?? Math.min(...edges);
  // A step may have its last point before the window.
  let last = end ?? Math.max(first, ...edges);
  if (last - first < 1) {
    // One point in time, or less than a millisecond: a window of ten minutes around it, within the
    // dates that there are.
    first = Math.max(first - 300_000, -LATEST);
    last = Math.min(last + 300_000, LATEST);
  }
  return {
    title: plainText(
      options.title ?? (series.length === 1 ? (series[0] as ChartSeries).label : ''),
    ),
    series,
    start: first,
    end: last,
    parts,
    zone,
    ...made?.across(zone),
    options,
  };
}

/** Name, else external id, else id; where two are alike, what tells them apart is appended. */
function uniqueNames(sources: readonly ChartSource[], parts: readonly ChartMark[]): string[] {
  const keys = sources.map((source, index) => keyOf(source) || `series ${index + 1}`);
  const names = sources.map((source, index) => {
    const [label] = parts.flatMap((part) => part.label?.(source) ?? []);
    return plainText(label ?? source.name ?? '') || (keys[index] as string);
  });
  const once = new Set<string>();
  const twice = new Set(names.filter((name) => once.size === once.add(name).size));
  const taken = new Set<string>();
  return names.map((name, index) => {
    const key = keys[index] as string;
    let unique = twice.has(name)
      ? `${name} (${name === key ? (sources[index]?.id ?? index + 1) : key})`
      : name;
    // Its place is that of no other series.
    while (taken.has(unique)) unique += ` #${index + 1}`;
    taken.add(unique);
    return unique;
  });
}

/** With its usual gap, and whether it has a value in the window. */
function measured(line: ChartSeries, start = -Infinity, end = Infinity): ChartSeries {
  const { timestamps, values, absent, isStep, maxGap } = line;
  const last = upperBound(timestamps, end);
  // A step comes in with the value before the window.
  let index = lowerBound(timestamps, start) - (isStep ? 1 : 0);
  while (index < last && !Number.isFinite(values[index])) index++;
  return {
    ...line,
    absent: absent ?? (index < last ? undefined : 'no data'),
    maxGap: Number.isNaN(maxGap) ? 10 * usualGap(timestamps) : maxGap,
  };
}

/** In short: a whole chart has a part that says more. */
function nothingToDraw(series: readonly ChartSeries[]): Error {
  const names = series.map(legendName).join(', ').slice(0, 500);
  const isOfAnotherKind = series.length > 0 && series.every(({ absent }) => absent !== 'no data');
  return new (isOfAnotherKind ? ConfigError : EmptyDataError)(
    `plot: nothing to draw in [${names}]`,
  );
}
