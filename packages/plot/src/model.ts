import { ConfigError, EmptyDataError } from '@cdf/core';
import { lowerBound, upperBound } from './m4.js';
import { type ChartEvent, type ChartThreshold, checkOptions, type DrawOptions } from './options.js';
import { type ChartSeries, type ChartSource, keyOf, linesOf } from './source.js';
import { plainText } from './text.js';
import { createZone, type Zone } from './time-zone.js';

/** Everything that a chart draws, as data: options are resolved, names are safe, series are columns. */
export interface ChartModel {
  /** '' when there is none. */
  readonly title: string;
  /** In the order of the legend; one source may give several. */
  readonly series: readonly ChartSeries[];
  /** @unit milliseconds since the epoch */
  readonly start: number;
  /** @unit milliseconds since the epoch */
  readonly end: number;
  /** Bands behind the lines, with safe texts. */
  readonly events: readonly ChartEvent[];
  /** Lines across, with safe texts. */
  readonly thresholds: readonly ChartThreshold[];
  /** What ticks and dates are written in. */
  readonly zone: Zone;
  /** Something to know about the data, shown beside the zone. */
  readonly note?: string | undefined;
  /** As given, with safe texts. */
  readonly options: DrawOptions;
}

/**
 * The model of a chart of these data points. Sends nothing.
 *
 * @throws {EmptyDataError} when no series has a point in the window, naming them.
 * @throws {ConfigError} when an option cannot work, or all series hold text.
 */
export function createModel(data: ChartSource | readonly ChartSource[], options: DrawOptions): ChartModel {
  const sources: readonly ChartSource[] = 'timestamps' in data ? [data] : data;
  checkOptions(options);
  const zone = zoneOf(options);
  const names = uniqueNames(sources, options);
  const lines = sources.flatMap((source, index) => linesOf(source, names[index] as string, options.maxGap));
  const { start, end } = options;
  const series = lines.map((line) => markEmpty(line, start, end));
  const drawn = series.filter(({ absent }) => absent === undefined);
  if (drawn.length === 0) throw nothingToDraw(series, start, end);
  let first = start ?? Math.min(...drawn.map(({ timestamps }) => timestamps[0] as number));
  let last = end ?? Math.max(...drawn.map(({ timestamps }) => timestamps.at(-1) as number));
  if (first >= last) {
    // One point in time: a window of ten minutes around it.
    first -= 300_000;
    last = first + 600_000;
  }
  return {
    title: plainText(options.title ?? (series.length === 1 ? (series[0] as ChartSeries).label : '')),
    series,
    start: first,
    end: last,
    events: (options.events ?? []).map((event) => ({
      ...event,
      ...plainTexts(event),
      type: plainText(event.type ?? 'event'),
    })),
    thresholds: (options.thresholds ?? []).map((threshold) => ({ ...threshold, ...plainTexts(threshold) })),
    zone,
    options: { ...options, ...plainTexts(options) },
  };
}

function zoneOf({ timeZone = 'UTC', locale = 'en-GB' }: DrawOptions): Zone {
  const name = timeZone === 'local' ? new Intl.DateTimeFormat().resolvedOptions().timeZone : timeZone;
  try {
    return createZone(name, Intl.getCanonicalLocales(locale)[0] ?? 'en-GB');
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigError(
      `plot: timeZone ${JSON.stringify(timeZone)} or locale ${JSON.stringify(locale)} is not known here; use names like Europe/Oslo and en-GB`,
      { cause: error },
    );
  }
}

/** The properties that are text, as safe text. */
function plainTexts(texts: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, text]) => (typeof text === 'string' ? [[key, plainText(text)]] : [])),
  );
}

/** Name, else external id, else id; where two are alike, what tells them apart is appended. */
function uniqueNames(sources: readonly ChartSource[], { names = {}, idLabels = false }: DrawOptions): string[] {
  const plain = sources.map((source, index) => {
    const key = keyOf(source) || `series ${index + 1}`;
    if (idLabels) return key;
    const given = [source.id, source.externalId].flatMap((id) =>
      id !== undefined && Object.hasOwn(names, id) ? names[id] : [],
    );
    return plainText(given[0] ?? source.name ?? '') || key;
  });
  const taken = new Set<string>();
  return plain.map((name, index) => {
    const source = sources[index] as ChartSource;
    const alike = plain.indexOf(name) !== plain.lastIndexOf(name);
    let unique = alike
      ? `${name} (${name === keyOf(source) ? (source.id ?? index + 1) : keyOf(source) || index + 1})`
      : name;
    while (taken.has(unique)) unique += '′';
    taken.add(unique);
    return unique;
  });
}

function markEmpty(line: ChartSeries, start = -Infinity, end = Infinity): ChartSeries {
  const { timestamps, values, absent } = line;
  const last = upperBound(timestamps, end);
  let index = lowerBound(timestamps, start);
  while (index < last && Number.isNaN(values[index])) index++;
  return absent !== undefined || index < last ? line : { ...line, absent: 'no data' };
}

function nothingToDraw(series: readonly ChartSeries[], start: number | undefined, end: number | undefined): Error {
  const names = series.slice(0, 5).map(({ key, label }) => label + (key && ` [${key}]`));
  if (series.length > 5) names.push(`and ${series.length - 5} more`);
  const where = names.join(', ') || 'an empty list of series';
  if (series.some(({ absent }) => absent === 'text'))
    return new ConfigError(`plot: only numbers can be drawn, and these series hold text or nothing: ${where}`);
  const edges = [start, end].map((time) => (time === undefined ? 'ever' : new Date(time).toISOString()));
  return new EmptyDataError(
    `plot: no data points from ${edges[0]} to ${edges[1]} in ${where}; try an earlier start, such as start: '30d-ago'`,
  );
}
