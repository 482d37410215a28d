import { ConfigError, EmptyDataError } from '@cdf/core';
import type { ChartMark, ValuesAcross } from '../chart-model.js';
import type { Stroke } from '../layout-types.js';
import { lowerBound, upperBound } from '../m4.js';
import { type ChartSeries, withExtent } from '../source.js';
import type { Zone } from '../time-zone.js';
import { share, valueAxis } from '../value-axis.js';
import { refuse } from './refuse.js';
import { valuesAcross } from './values-across.js';

/** Points closer than this are one dot, the darker the more there are. @unit tenths of a pixel */
const CELL = 30;
const DOTS = [
  { least: 10, opacity: 1 },
  { least: 2, opacity: 0.75 },
  { least: 1, opacity: 0.5 },
];
/**
 * Where dots would cover each other, squares side by side show how many points each has, from one
 * to the most by their logarithm: dots of more points than there is room for are one dark area.
 */
const DENSE = {
  spots: 400,
  points: 2.5,
  cell: 40,
  opacities: [0.2, 0.32, 0.44, 0.56, 0.7, 0.85, 1],
};
/** How far a point may be from the pointer. @unit pixels */
const REACH = 30;

/**
 * Series of numbers against the first one: a dot for each point of the others, at the value that
 * the line of the first has at its time. Points where that line is broken, before it begins and
 * after it ends are left out.
 *
 * @example
 * await list.plot({ mark: scatter, aggregates: ['average'], granularity: '1h' });
 */
export const scatter: ChartMark = {
  part: 'scatter',
  noun: 'Scatter plot',
  check: refuse('scatter', 'events'),
  swatch: { line: 'm7 0h6', width: 6 },
  data(lines, { start = -Infinity, end = Infinity }) {
    const [first, ...others] = lines.filter(({ absent }) => absent === undefined);
    if (first === undefined) return undefined;
    if (others.length === 0)
      throw new ConfigError(
        `plot: a scatter needs two series of numbers with points, one for each axis; got 1: ${first.label}`,
      );
    const absent = lines.filter((line) => line.absent !== undefined);
    const made = others.map((line) => against(first, line, start, end));
    const drawn = made.filter(({ timestamps }) => timestamps.length > 0);
    if (drawn.length === 0)
      throw new EmptyDataError(
        `plot: no point of ${made
          .map(({ label }) => label)
          .join(', ')
          .slice(0, 500)} has a time at which there is a line of ${first.label}`,
      );
    return { series: [...made, ...absent], across: (zone: Zone) => acrossOf(drawn, zone) };
  },
  across: acrossOf,
  paths(_, { timestamps, values }, scale, { view }, { axis }) {
    // Counted as they come: points may be millions, and cells are as many as the picture has.
    const [fine, coarse] = [new Spots(CELL), new Spots(DENSE.cell)];
    let points = 0;
    const to = upperBound(timestamps, view.end);
    for (let index = lowerBound(timestamps, view.start); index < to; index++) {
      const value = values[index] as number;
      if (!(value >= axis.low && value <= axis.high)) continue;
      const [x, y] = [scale.x(timestamps[index] as number), scale.y(value)];
      fine.add(x, y);
      coarse.add(x, y);
      points++;
    }
    const { size } = fine.all;
    const isDense = size > DENSE.spots && points > size * DENSE.points;
    return { strokes: isDense ? squares(coarse) : dots(fine) };
  },
  text(_, { timestamps, values }, { canvas, index, x, y }) {
    timestamps.forEach((time, at) => {
      const [column, row] = [x(time), y(values[at] as number)];
      canvas.line(column, row, column, row, index);
    });
  },
  nearest({ timestamps, values }, at, { x, view }, { y, axis }) {
    let best = REACH;
    let found = -1;
    // Only points that are drawn: one beside the picture may be as close.
    const to = upperBound(timestamps, view.end);
    for (let index = lowerBound(timestamps, view.start); index < to; index++) {
      const value = values[index] as number;
      if (!(value >= axis.low && value <= axis.high)) continue;
      const distance = Math.hypot(x(timestamps[index] as number) - at.x, y(value) - at.y);
      if (distance < best) {
        best = distance;
        found = index;
      }
    }
    return found;
  },
  detail({ times }, index, _, zone) {
    if (times === undefined || zone.times === undefined) return '';
    return `, ${zone.times.format({ dateStyle: 'medium', timeStyle: 'short' })(times[index] as number)}`;
  },
  speak({ timestamps, extent, unit, across }, _, format) {
    const [low, high] = [timestamps[0], timestamps.at(-1)].map((value) => format(value as number));
    return `${format(timestamps.length)} points from ${extent.map(format).join(' to ')}${unit && ` ${unit}`}, over ${across} from ${low} to ${high}`;
  },
  thin(series, most) {
    const { timestamps, values, times, extent } = series;
    const [left, right] = [timestamps[0] as number, timestamps.at(-1) as number];
    const seen = new Set<number>();
    const apart = Array.from(timestamps.keys()).filter((index) => {
      const column = Math.round((share(left, right, timestamps[index] as number) || 0) * 2000);
      const cell =
        column * 2001 + Math.round((share(...extent, values[index] as number) || 0) * 2000);
      return !seen.has(cell) && seen.add(cell);
    });
    const stride = Math.ceil(apart.length / most);
    const kept = apart.filter((_, position) => position % stride === 0);
    const pick = (column: Float64Array): Float64Array =>
      Float64Array.from(kept, (index) => column[index] as number);
    return {
      ...series,
      timestamps: pick(timestamps),
      values: pick(values),
      times: times && pick(times),
    };
  },
  spec: ({ timestamps, times = timestamps }) => ({ timestamps: [...times], x: [...timestamps] }),
  vega(model, { label, unit, across, timestamps, values }) {
    const quantity = (field: string, title: string | undefined): object => ({
      field,
      type: 'quantitative',
      scale: { zero: false },
      title: title || null,
    });
    return {
      data: { values: Array.from(timestamps, (x, index) => ({ x, y: values[index] })) },
      mark: { type: 'point', filled: true, opacity: 0.5 },
      encoding: {
        x: quantity('x', across),
        y: quantity('y', unit),
        ...(model.series.length > 1 && { color: { datum: label, type: 'nominal', title: null } }),
      },
    };
  },
};

interface Spot {
  count: number;
  readonly x: number;
  readonly y: number;
}

/** How many points are in each cell, and the first of them. */
class Spots {
  readonly all = new Map<number, Spot>();
  readonly cell: number;

  constructor(cell: number) {
    this.cell = cell;
  }

  add(x: number, y: number): void {
    // No picture has as many rows.
    const key = Math.floor(x / this.cell) * 1e6 + Math.floor(y / this.cell);
    const spot = this.all.get(key);
    if (spot === undefined) this.all.set(key, { count: 1, x, y });
    else spot.count++;
  }
}

function dots({ all }: Spots): Stroke[] {
  const paths = DOTS.map(() => '');
  for (const { count, x, y } of all.values())
    paths[DOTS.findIndex(({ least }) => count >= least)] += `M${x} ${y}h1`;
  const strokes = paths.map(
    (d, index): Stroke => ({
      d,
      width: 50,
      isRound: true,
      opacity: DOTS[index]?.opacity as number,
    }),
  );
  return strokes.reverse();
}

function squares({ all, cell }: Spots): Stroke[] {
  const { opacities } = DENSE;
  const spots = [...all.values()];
  const most = spots.reduce((high, { count }) => Math.max(high, count), 2);
  const paths = opacities.map(() => '');
  for (const { count, x, y } of spots) {
    const level = Math.round((Math.log(count) / Math.log(most)) * (opacities.length - 1));
    // On whole pixels: no seams between neighbours.
    paths[level] +=
      `M${Math.floor(x / cell) * cell} ${(Math.floor(y / cell) + 0.5) * cell}h${cell}`;
  }
  return paths.map((d, index): Stroke => {
    const opacity = opacities[index] as number;
    return { d, width: cell, opacity };
  });
}

function acrossOf(series: readonly ChartSeries[], zone: Zone): ValuesAcross {
  let [low, high] = [Infinity, -Infinity];
  for (const { timestamps } of series) {
    low = Math.min(low, timestamps[0] as number);
    high = Math.max(high, timestamps.at(-1) as number);
  }
  const axis = valueAxis(low, high, 5, zone.locale, false);
  return valuesAcross(axis.low, axis.high, series[0]?.across ?? '', zone);
}

/**
 * The points of one line over the values that another has at their times, in the order of those
 * values.
 */
function against(first: ChartSeries, line: ChartSeries, start: number, end: number): ChartSeries {
  const { timestamps, values } = line;
  const places: number[] = [];
  const found: number[] = [];
  const to = upperBound(timestamps, end);
  for (let index = lowerBound(timestamps, start); index < to; index++) {
    const at = valueAt(first, timestamps[index] as number);
    if (!Number.isFinite(at) || !Number.isFinite(values[index])) continue;
    places.push(index);
    found.push(at);
  }
  const order = Uint32Array.from(places.keys()).sort(
    (one, two) => (found[one] as number) - (found[two] as number),
  );
  const pick = (from: (place: number) => number): Float64Array => Float64Array.from(order, from);
  const { key, label, unit } = line;
  return {
    key,
    label,
    unit,
    mark: 'scatter',
    isStep: false,
    maxGap: Infinity,
    across: first.label + (first.unit && `, ${first.unit}`),
    absent: places.length === 0 ? 'no common times' : undefined,
    timestamps: pick((place) => found[place] as number),
    times: pick((place) => timestamps[places[place] as number] as number),
    ...withExtent({ values: pick((place) => values[places[place] as number] as number) }),
  };
}

/** Where the line of a series is at a time; NaN where there is no line. */
function valueAt(
  { timestamps, values, isStep, maxGap, bucket = maxGap }: ChartSeries,
  time: number,
): number {
  const after = lowerBound(timestamps, time);
  if (timestamps[after] === time) return values[upperBound(timestamps, time) - 1] as number;
  const [from, to] = [timestamps[after - 1] ?? NaN, timestamps[after] ?? NaN];
  const before = values[after - 1] as number;
  if (isStep) return time - from <= bucket ? before : NaN;
  return to - from <= maxGap
    ? before + ((values[after] as number) - before) * share(from, to, time)
    : NaN;
}
