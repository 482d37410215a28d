import { ConfigError } from '@cdf/core';
import type { ChartMark, ValuesAcross } from '../chart-model.js';
import { lowerBound, upperBound } from '../m4.js';
import { type ChartSeries, scan, withExtent } from '../source.js';
import type { Zone } from '../time-zone.js';
import { niceStep, valueAxis } from '../value-axis.js';
import { refuse } from './refuse.js';
import { valuesAcross } from './values-across.js';

/** As many bars as these at least and at most, before their width is rounded. */
const BARS = { least: 8, most: 60 };

/**
 * How often values occur: a bar for each range of values, as high as the number of points with a
 * value in it. All series have the same ranges, and so the same unit. Their width follows from the
 * spread of the values (Freedman and Diaconis), rounded to 1, 2 or 5. For aggregates it counts
 * buckets.
 *
 * @example
 * await series.plot({ mark: histogram, start: '30d-ago' });
 */
export const histogram: ChartMark = {
  part: 'histogram',
  noun: 'Histogram',
  check: refuse('histogram', 'events', 'thresholds', 'valueScale'),
  swatch: { area: 0.45 },
  data(lines, { start = -Infinity, end = Infinity }) {
    const drawn = lines.filter(({ absent }) => absent === undefined);
    const units = [...new Set(drawn.map(({ unit }) => unit))];
    if (drawn.length === 0) return undefined;
    if (units.length > 1)
      throw new ConfigError(
        `plot: a histogram needs series of one unit, got ${units.map((unit) => unit || 'none').join(', ')}; draw one for each`,
      );
    const columns = drawn.map(({ timestamps, values }) =>
      values
        .subarray(lowerBound(timestamps, start), upperBound(timestamps, end))
        .filter(Number.isFinite),
    );
    const edges = edgesOf(columns);
    const series = lines.map((line): ChartSeries => {
      const values = columns[drawn.indexOf(line)];
      if (values === undefined) return line;
      const { key, label, unit } = line;
      const across = drawn.length > 1 ? unit : label + (unit && `, ${unit}`);
      const common = {
        key,
        label,
        unit: 'points',
        mark: 'histogram',
        isStep: true,
        maxGap: Infinity,
        across,
      } as const;
      const counts = countIn(edges, values);
      return {
        ...common,
        points: values.length,
        absent: values.length === 0 ? 'no data' : undefined,
        timestamps: edges,
        ...withExtent({ values: counts }),
      };
    });
    const made = series.filter(({ mark }) => mark);
    return { series, across: (zone: Zone) => acrossOf(made, zone) };
  },
  across: acrossOf,
  // From zero: the height of a bar is what it says.
  axis: (_, high, count, locale, exact) => {
    if (exact) return valueAxis(_, high, count, locale, true);
    const most = high > 0 ? high * 1.04 : 1;
    // Points are counted in whole numbers.
    return valueAxis(0, most, Math.min(count, Math.floor(most)), locale, true);
  },
  paths(_, { timestamps, values }, scale, { view }, { axis }) {
    let area = '';
    const base = scale.y(Math.max(0, axis.low));
    const to = Math.min(timestamps.length - 1, upperBound(timestamps, view.end));
    for (let index = Math.max(0, lowerBound(timestamps, view.start) - 1); index < to; index++) {
      if (values[index] === 0) continue;
      const [left, right] = [
        scale.x(timestamps[index] as number),
        scale.x(timestamps[index + 1] as number),
      ];
      area += `M${left} ${base}V${scale.y(values[index] as number)}H${right}V${base}Z`;
    }
    return { area, line: area, opacity: '.45' };
  },
  text(_, { timestamps, values }, { canvas, index, x, y }) {
    for (let bar = 0; bar + 1 < timestamps.length; bar++) {
      const [from, to] = [x(timestamps[bar] as number), x(timestamps[bar + 1] as number)];
      if (values[bar] === 0) continue;
      for (let column = from; column < Math.max(to, from + 1); column++)
        canvas.line(column, y(0), column, y(values[bar] as number), index);
    }
  },
  // Before the first edge and from the last one on there is no bar.
  nearest({ timestamps }, at, { x }) {
    const bar = timestamps.filter((edge) => x(edge) <= at.x).length - 1;
    return bar < timestamps.length - 1 ? bar : -1;
  },
  say: ({ timestamps, values }, index, format) =>
    `${format(values[index] as number)} points from ${format(timestamps[index] as number)} to ${format(timestamps[index + 1] as number)}`,
  speak({ timestamps, values, points = 0 }, _, format) {
    const highest = values.indexOf(Math.max(...values));
    const [from, to] = [timestamps[highest], timestamps[highest + 1]].map((edge) =>
      format(edge as number),
    );
    return `${format(points)} points, most often from ${from} to ${to} (${format(values[highest] as number)})`;
  },
  spec: ({ timestamps, values }) => ({
    timestamps: [],
    edges: [...timestamps],
    values: [...values.subarray(0, -1)],
  }),
  vega(model, { label, across, timestamps, values }) {
    const bars = Array.from(values.subarray(0, -1), (points, index) => ({
      from: timestamps[index],
      to: timestamps[index + 1],
      points,
    }));
    return {
      data: { values: bars },
      mark: { type: 'bar', opacity: 0.6 },
      encoding: {
        x: { field: 'from', bin: 'binned', type: 'quantitative', title: across || null },
        x2: { field: 'to' },
        y: { field: 'points', type: 'quantitative', title: 'points', stack: null },
        ...(model.series.length > 1 && { color: { datum: label, type: 'nominal', title: null } }),
      },
    };
  },
};

function acrossOf([first]: readonly ChartSeries[], zone: Zone): ValuesAcross {
  const edges = first?.timestamps ?? Float64Array.of(0, 1);
  return valuesAcross(edges[0] as number, edges.at(-1) as number, first?.across ?? '', zone);
}

/** Ascending, one more than there are bars; for no values an edge at 0 and at 1. */
function edgesOf(columns: readonly Float64Array[]): Float64Array {
  let [low, high] = [Infinity, -Infinity];
  let count = 0;
  for (const values of columns) {
    const [least, most] = scan({ values }, 0, values.length);
    [low, high] = [Math.min(low, least), Math.max(high, most)];
    count += values.length;
  }
  if (low > high) return Float64Array.of(0, 1);
  const size = Math.max(Math.abs(low), Math.abs(high));
  // By halves: the whole range may be more than the largest number.
  const half = high / 2 - low / 2;
  if (half <= Math.max(size * 1e-12, 5e-300)) {
    const pad = size > 1e-290 ? size * 0.05 : 1;
    return Float64Array.of(
      Math.max(low - pad, -Number.MAX_VALUE),
      Math.min(high + pad, Number.MAX_VALUE),
    );
  }
  const spread = quartileDistance(columns) / 2;
  const width = (2 * spread) / Math.cbrt(count);
  const bars = Math.min(
    Math.max(width > 0 ? half / width : Math.sqrt(count), BARS.least),
    BARS.most,
  );
  const step = niceStep((half / bars) * 2);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.floor(high / step) + 1);
  return Float64Array.from({ length: Math.min(last - first, 4 * BARS.most) + 1 }, (_, index) => {
    // Rounded: 3 * 0.1 is not 0.3.
    const edge = Number(((first + index) * step).toPrecision(15)) + 0;
    return Math.min(Math.max(edge, -Number.MAX_VALUE), Number.MAX_VALUE);
  });
}

/** How far apart the quarters of all values are, by at most about 20,000 of them. */
function quartileDistance(columns: readonly Float64Array[]): number {
  const count = columns.reduce((sum, { length }) => sum + length, 0);
  const stride = Math.ceil(count / 20_000);
  const sample = columns.flatMap((values) =>
    Array.from(values.filter((_, index) => index % stride === 0)),
  );
  const sorted = Float64Array.from(sample).sort();
  const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] as number;
  return at(0.75) / 2 - at(0.25) / 2 > 0 ? Math.min(at(0.75) - at(0.25), Number.MAX_VALUE) : 0;
}

/**
 * Values in each range, its lower edge included; those of the last include its upper edge. The
 * sentinel at the end is 0.
 */
function countIn(edges: Float64Array, values: Float64Array): Float64Array {
  const counts = new Float64Array(edges.length);
  for (const value of values) {
    const bar = Math.min(Math.max(upperBound(edges, value) - 1, 0), edges.length - 2);
    (counts[bar] as number) += 1;
  }
  return counts;
}
