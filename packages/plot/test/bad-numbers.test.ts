import { ConfigError } from '@cdf/core';
import type { DatapointsApi } from '@cdf/datapoints';
import { plot, plotTimeSeries } from '@cdf/plot';
import { lineChart } from '@cdf/plot/svg';
import { describe, expect, it } from 'vitest';
import { pngChart } from '../src/png.js';

const VALUES = [Number.NaN, -1, 0.5, '5', Number.POSITIVE_INFINITY] as const;
type Value = (typeof VALUES)[number];

const data = {
  externalId: 'a',
  timestamps: Float64Array.of(0, 1000),
  values: Float64Array.of(1, 2),
};
const chart = plot(data);
const api = {
  retrieve: async () => [{ id: 1, isString: false, isStep: false, ...data }],
} as unknown as DatapointsApi;
const ofSeries = plotTimeSeries(api)({ id: 1 });
const window = { start: -5000, end: 5000 };

/** What takes a number, with what it does take of the values above. */
const NUMBERS: readonly [what: string, use: (value: never) => unknown, taken: readonly Value[]][] =
  [
    ['width', (width) => plot(data, { width }), []],
    ['height', (height) => plot(data, { height }), []],
    ['maxGap', (maxGap) => plot(data, { maxGap }), [0.5, Infinity]],
    ['start', (start) => plot(data, { start }), [-1]],
    [
      'end',
      (end) => plot({ ...data, timestamps: Float64Array.of(-9, -8) }, { end, start: -10 }),
      [-1],
    ],
    ['valueRange', (low) => plot(data, { valueRange: [low, 9] }), [-1, 0.5]],
    ['a threshold', (value) => plot(data, { thresholds: [{ value }] }), [-1, 0.5]],
    ['startTime', (startTime) => plot(data, { events: [{ startTime }] }), [-1, 0.5, Infinity]],
    ['width of lineChart', (width) => lineChart(data, { width }), []],
    ['height of lineChart', (height) => lineChart(data, { height }), []],
    // In short, for small bundles: digits in a string are that number.
    ['maxGap of lineChart', (maxGap) => lineChart(data, { maxGap }), [0.5, '5', Infinity]],
    ['start of lineChart', (start) => lineChart(data, { start }), [-1, 0.5, '5']],
    ['columns of toText', (columns) => chart.toText({ columns }), [-1, 0.5, Infinity]],
    ['rows of toText', (rows) => chart.toText({ rows }), [-1, 0.5, Infinity]],
    ['maxPoints of toHtml', (maxPoints) => chart.toHtml({ maxPoints }), [Infinity]],
    ['scale', (scale) => pngChart(chart)({ scale }), [0.5]],
    ['maxPoints', (maxPoints) => ofSeries({ ...window, maxPoints }), [Infinity]],
    ['intervalMs', (intervalMs) => ofSeries({ live: { intervalMs } }), []],
  ];

describe('a number that makes no sense is rejected', () => {
  const cases = NUMBERS.flatMap(([what, use, taken]) =>
    VALUES.map((value) => ({ what, value, use, isTaken: taken.includes(value) })),
  );
  it.each(cases)('$what: $value', async ({ use, value, isTaken }) => {
    const error = await (async () => use(value as never))().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (isTaken) expect(error).toBeUndefined();
    else expect(error).toBeInstanceOf(ConfigError);
  });
});
