import type { ChartPart } from '../chart-model.js';
import type { Scale } from '../layout-types.js';
import type { LinePoints } from '../m4.js';
import { outline } from '../marks/line.js';
import { type ChartSeries, type ChartSource, commonOf, withExtent } from '../source.js';
import { plainText } from '../text.js';

/**
 * Draws aggregates: an average with its minimum and maximum is a line in a band; others are a line
 * each. A missing bucket is a gap.
 */
export const aggregateLines: ChartPart = {
  part: 'aggregateLines',
  lines(source, name, maxGap) {
    const names = columnsOf(source);
    if (names.length === 0) return undefined;
    const common = commonOf(source);
    const banded = ['average', 'min', 'max'].every((column) => names.includes(column));
    const drawn = banded ? names.filter((column) => column !== 'min' && column !== 'max') : names;
    const length = granularityMs(source.granularity);
    return drawn.map((column) => {
      const { timestamps, values } = columnOf(source, column);
      const band =
        banded && column === 'average'
          ? { low: columnOf(source, 'min').values, high: columnOf(source, 'max').values }
          : {};
      return {
        ...common,
        ...withExtent({ values, ...band }),
        label: plainText(`${name} (${[column, source.granularity ?? []].flat().join(', ')})`),
        unit: unitOf(column, common.unit),
        isStep: common.isStep || column === 'stepInterpolation',
        timestamps,
        maxGap: maxGap ?? 1.5 * length,
        bucket: length < Infinity ? length : undefined,
      };
    });
  },
  area: ({ low, high, isStep }, scale, points) =>
    low === undefined || high === undefined ? '' : area(points(low), points(high), scale, isStep),
  detail: ({ low, high }, index, format) =>
    low && high ? ` (${format(low[index] as number)} – ${format(high[index] as number)})` : '',
};

function columnsOf(source: ChartSource): string[] {
  if (source.aggregates !== undefined) return source.aggregates.filter((name) => name in source);
  if (source.values !== undefined) return [];
  return Object.keys(source).filter(
    (key) =>
      key !== 'timestamps' &&
      (source as unknown as Record<string, unknown>)[key] instanceof Float64Array,
  );
}

function columnOf(source: ChartSource, name: string): Pick<ChartSeries, 'timestamps' | 'values'> {
  const column = (source as unknown as Record<string, unknown>)[name];
  if (column instanceof Float64Array) return { timestamps: source.timestamps, values: column };
  // An extreme point has a time of its own, and none where its bucket is empty.
  const { timestamps, values } = column as { timestamps: Float64Array; values: Float64Array };
  return {
    timestamps: timestamps.filter((time) => !Number.isNaN(time)),
    values: values.filter((_, index) => !Number.isNaN(timestamps[index])),
  };
}

/** Counts are not in the unit of the series. */
function unitOf(aggregate: string, unit: string): string {
  if (aggregate.startsWith('count')) return 'points';
  if (aggregate.startsWith('duration')) return 'ms';
  if (aggregate.endsWith('Variance')) return unit === '' ? '' : `(${unit})²`;
  return unit;
}

const SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  mo: 31 * 86_400,
  q: 92 * 86_400,
  y: 366 * 86_400,
};

/**
 * The longest that a granularity can be; whole words count by their first letter, months and
 * quarters by theirs.
 */
function granularityMs(granularity: string | undefined): number {
  const [, count, unit] = /^(\d*)\s*(mo|[smhdwqy])/i.exec(granularity ?? '') ?? [];
  if (unit === undefined) return Infinity;
  return Number(count || 1) * (SECONDS[unit.toLowerCase()] as number) * 1000;
}

/**
 * One closed shape for each stretch without a gap. Both edges are reduced by themselves, so their
 * points need not pair up.
 */
function area(lows: LinePoints, highs: LinePoints, scale: Scale, isStep: boolean): string {
  const below = stretches(lows);
  return stretches(highs)
    .map((upper, index) => {
      const lower = below[index];
      return lower === undefined
        ? ''
        : `${outline(upper, scale, isStep)}${back(lower, scale, isStep)}Z`;
    })
    .join('');
}

/**
 * The lower edge from right to left: a step holds until the next point, so the vertical part comes
 * first.
 */
function back({ times, values }: LinePoints, scale: Scale, isStep: boolean): string {
  let path = '';
  for (let index = times.length - 1; index >= 0; index--) {
    const x = scale.x(times[index] as number);
    const y = scale.y(values[index] as number);
    path += isStep ? `V${y}H${x}` : `L${x} ${y}`;
  }
  return path;
}

function stretches({ times, values }: LinePoints): LinePoints[] {
  const found: LinePoints[] = [];
  let from = 0;
  for (let index = 0; index <= times.length; index++) {
    if (index < times.length && !Number.isNaN(values[index])) continue;
    if (index > from)
      found.push({ times: times.subarray(from, index), values: values.subarray(from, index) });
    from = index + 1;
  }
  return found;
}
