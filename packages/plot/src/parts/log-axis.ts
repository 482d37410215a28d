import { ConfigError } from '@cdf/core';
import type { ChartPart } from '../chart-model.js';
import { type ChartSeries, withExtent } from '../source.js';
import { niceStep, scientific, valueFormat } from '../value-axis.js';

/**
 * A logarithmic value axis: equal lengths are equal ratios. Values of 0 and below have no place on
 * it: the line is broken there, and a series without a value above 0 is named in the legend only.
 */
export const logAxis: ChartPart = {
  part: 'logAxis',
  line(line) {
    const { values, low, high } = line;
    if (line.absent !== undefined) return line;
    const positive = values.map((value) => (value > 0 ? value : NaN));
    if (positive.every(Number.isNaN))
      return values.some(Number.isFinite) ? { ...line, absent: 'no value above 0' } : line;
    return {
      ...line,
      ...withExtent({ values: positive, ...positiveBand({ low, high }, positive) }),
    };
  },
  axis(low, high, count, locale, exact) {
    if (!(low <= high)) return { low: 1, high: 10, ticks: [], labels: [], place: () => 0 };
    if (exact && low <= 0)
      throw new ConfigError('plot: valueRange must be above 0 on a logarithmic axis');
    const [least, most] = [low > 0 ? low : high / 1e3, high].map(Math.log10) as [number, number];
    const pad = exact ? 0 : (most - least) * 0.06 || 0.1;
    const [from, to] = [Math.max(least - pad, -307), Math.min(most + pad, 308)];
    const ticks = ticksBetween(from, to, count);
    return {
      low: 10 ** from,
      high: 10 ** to,
      ticks,
      labels: ticks.map(tickFormat(locale)),
      place: (value) => (value > 0 ? (Math.log10(value) - from) / (to - from) : -1),
    };
  },
};

type Band = Pick<ChartSeries, 'low' | 'high'>;

/** The lower edge of a band that reaches 0 ends at the lowest value that there is a place for. */
function positiveBand({ low, high }: Band, values: Float64Array): Band {
  if (low === undefined || high === undefined) return {};
  let least = Infinity;
  for (const column of [values, low])
    for (const value of column) if (value > 0 && value < least) least = value;
  const lift = (column: Float64Array): Float64Array =>
    column.map((value) => (value > 0 ? value : value <= 0 ? least : NaN));
  return { low: lift(low), high: lift(high) };
}

/**
 * Powers of ten, with 2 and 5 between where there is room; within less than a power, what a linear
 * axis would have.
 */
function ticksBetween(from: number, to: number, count: number): number[] {
  const factors = to - from > count / 2 ? [1] : to - from > count / 4 ? [1, 3] : [1, 2, 5];
  const stride = Math.max(1, Math.ceil((to - from) / count));
  const ticks: number[] = [];
  for (let power = Math.floor(from / stride) * stride; power <= to; power += stride)
    for (const factor of factors) {
      const tick = Number(`${factor}e${power}`);
      if (Math.log10(tick) >= from && Math.log10(tick) <= to) ticks.push(tick);
    }
  if (ticks.length > 2) return ticks;
  const [low, high] = [10 ** from, 10 ** to];
  const step = niceStep((high - low) / count);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

function tickFormat(locale: string): (value: number) => string {
  const plain = valueFormat(locale);
  return (value) =>
    value >= 1e7 || value < 1e-4
      ? scientific(locale, Math.floor(Math.log10(value) + 1e-9), 0, 4)(value)
      : plain(value);
}
