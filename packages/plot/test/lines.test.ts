import { ConfigError } from '@cdf/core';
import { type DatapointsApi, seriesDatapoints } from '@cdf/datapoints';
import {
  type ChartSource,
  type PlotOptions,
  plot,
  plotDatapoints,
  plotTimeSeries,
} from '@cdf/plot';
import { lineChart } from '@cdf/plot/svg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { downsample, usualGap } from '../src/m4.js';
import { modelOf } from './model-of.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 1);

function series(times: readonly number[], more: Partial<ChartSource> = {}): ChartSource {
  const timestamps = Float64Array.from(times, (time) => START + time);
  return {
    id: 7,
    name: 'Pressure',
    unit: 'bar',
    timestamps,
    values: timestamps.map((_, index) => index),
    ...more,
  };
}

function pathOf(source: ChartSource, options: PlotOptions = {}): string {
  const svg = plot(source, { theme: 'light', ...options }).toSvg();
  return /<path data-series="[^"]*" [^>]* d="([^"]*)"/.exec(svg)?.[1] ?? '';
}

const strokes = (path: string): number => path.split('M').length - 1;
const everyMinute = Array.from({ length: 60 }, (_, index) => index * MINUTE);

describe('gaps of raw points', () => {
  it('are open where two points are further apart than ten times the median distance', () => {
    const after = (gap: number): number[] => [
      ...everyMinute,
      ...everyMinute.map((time) => time + 59 * MINUTE + gap),
    ];
    expect(strokes(pathOf(series(after(10 * MINUTE))))).toBe(1);
    expect(strokes(pathOf(series(after(10 * MINUTE + 1))))).toBe(2);
    expect(strokes(pathOf(series(after(20 * HOUR)), { maxGap: Infinity }))).toBe(1);
    expect(lineChart(series(after(20 * HOUR))).toSvg()).toMatch(/data-series[^>]* d="M[^"]*M/);
  });

  it('are as long as a duration says', () => {
    const hourly = series([0, HOUR, 2 * HOUR, 5 * HOUR]);
    expect(strokes(pathOf(hourly))).toBe(1);
    expect(strokes(pathOf(hourly, { maxGap: '2h' }))).toBe(2);
    expect(strokes(pathOf(hourly, { maxGap: '180m' }))).toBe(1);
    for (const maxGap of ['soon', '1 fortnight', '-1h', '0h', '', '1h-ago'])
      expect(() => plot(hourly, { maxGap }), maxGap).toThrow(ConfigError);
    expect(() => plot(hourly, { maxGap: 'soon' })).toThrow(
      'plot: maxGap "soon" is not milliseconds or a duration such as \'1h\'',
    );
  });

  it('join two points, points at one time, and points that come in another order', () => {
    expect(strokes(pathOf(series([0, 300 * HOUR])))).toBe(1);
    expect(strokes(pathOf(series([0, 0, 0, 0, HOUR])))).toBe(1);
    expect(strokes(pathOf(series([3 * MINUTE, 0, MINUTE, 2 * MINUTE])))).toBe(1);
  });

  it('do not depend on how many points there are: no evenly spaced line is broken', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5000 }),
        fc.integer({ min: 1, max: 1e7 }),
        (length, step) => {
          const times = Float64Array.from({ length }, (_, index) => START + index * step);
          expect(usualGap(times)).toBe(step);
          const line = downsample(
            times,
            times,
            START,
            START + length * step,
            100,
            10 * usualGap(times),
          );
          expect(line.values.some(Number.isNaN)).toBe(false);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('a step series', () => {
  const step = (times: readonly number[]): ChartSource => series(times, { isStep: true });
  const window = { start: START, end: START + 10 * HOUR, width: 900 };

  it('begins with the value before the window and holds the last to its end', () => {
    const chart = plot(step([-5 * HOUR, 2 * HOUR]), window);
    // 20 % and 80 % of the plot.
    const [, , , first, , second] =
      /M(-?\d+) (\d+)h(\d+)v(-?\d+)h(\d+)$/.exec(pathOf(step([-5 * HOUR, 2 * HOUR]), window)) ?? [];
    expect(Number(second) / Number(first)).toBeCloseTo(8 / 7, 2);
    const text = chart.toText({ columns: 60, rows: 4 }).split('\n');
    // From the axis to the right edge.
    expect(text.some((line) => /[│┤][\u2801-\u28ff]{5}/.test(line))).toBe(true);
    expect(text.some((line) => line.length === 60 && /[\u2801-\u28ff]{20}$/.test(line))).toBe(true);
  });

  it('is drawn where its only point is before the window', () => {
    expect(pathOf(step([-5 * HOUR]), window)).toMatch(/^M-\d+ \d+h\d+$/);
    expect(() => plot(series([-5 * HOUR]), window)).toThrow('no data points');
    // Without an end, the window begins where it was asked to.
    expect(modelOf(plot(step([-5 * HOUR]), { start: START }))).toMatchObject({
      start: START - 300_000,
      end: START + 300_000,
    });
  });

  it('has no gaps between its points unless maxGap is given', () => {
    const rare = [0, MINUTE, 2 * MINUTE, 3 * MINUTE, 9 * HOUR];
    expect(strokes(pathOf(step(rare), window))).toBe(1);
    expect(strokes(pathOf(step(rare), { ...window, maxGap: '1h' }))).toBe(2);
  });

  it('does not hold a missing value, nor an aggregate for longer than its bucket', () => {
    const broken = { ...step([0, HOUR]), values: Float64Array.of(1, Number.NaN) };
    expect(pathOf(broken, window)).toMatch(/^M\d+ \d+$/);
    const { values, ...columns } = step([0, HOUR]);
    const hourly = {
      ...columns,
      aggregates: ['average'],
      granularity: '1h',
      average: values,
    } as ChartSource;
    const [, first, second] = /h(\d+)v-?\d+h(\d+)$/.exec(pathOf(hourly, window)) ?? [];
    expect(Math.abs(Number(first) - Number(second))).toBeLessThanOrEqual(1);
  });
});

describe('the words of a chart', () => {
  const api = (answer: object): DatapointsApi =>
    ({
      retrieve: async () => Object.assign(answer, { isStep: false, isString: false }),
    }) as unknown as DatapointsApi;

  it('names series also when drawn from data points that were read by their series', async () => {
    const { name: _, ...unnamed } = series([0, HOUR], { externalId: 'pt-7' });
    const points = await seriesDatapoints(api(unnamed))({ id: 7, name: 'Inlet pressure' })();
    expect(points.name).toBe('Inlet pressure');
    expect(modelOf(plotDatapoints()([points as never])()).title).toBe('Inlet pressure');
    const node = { space: 's', externalId: 'n', name: 42 };
    expect(
      await seriesDatapoints(api(series([0, HOUR], { name: undefined })))(node)(),
    ).toHaveProperty('name', undefined);
  });

  it('has the unit that CDF converted to on the axis', () => {
    const converted = series([0, HOUR], { unit: undefined, unitExternalId: 'temperature:deg_f' });
    expect(plot(converted).toSvg()).toContain('deg_f</text>');
    expect(
      modelOf(plot(series([0, HOUR], { unitExternalId: 'pressure:psi' }))).series[0]?.unit,
    ).toBe('bar');
  });

  it('rejects a granularity without aggregates before anything is sent', async () => {
    const none = { retrieve: () => Promise.reject(new Error('sent')) } as unknown as DatapointsApi;
    await expect(
      plotTimeSeries(none)({ id: 1 })({ granularity: '1h', start: '1y-ago' } as never),
    ).rejects.toThrow(`plot: granularity "1h" needs aggregates, such as ['average', 'min', 'max']`);
  });

  it('says the hours of a window within one day of its zone', () => {
    const short = series([22.5 * HOUR, 23.5 * HOUR]);
    expect(String(plot(short))).toContain('1 Jan 2026, 22:30 to 23:30 (UTC)');
    expect(String(plot(short, { timeZone: 'Europe/Oslo' }))).toContain(
      '1 Jan 2026 to 2 Jan 2026 (Europe/Oslo',
    );
    expect(String(plot(series([0, 30 * HOUR])))).toContain('1 Jan 2026 to 2 Jan 2026');
  });

  it('tells years before 1 by their era, in ticks, dates and descriptions', () => {
    const years = [-700, -500, -300, 300].map((year) => new Date(0).setUTCFullYear(year));
    const chart = plot({
      name: 'Cores',
      timestamps: Float64Array.from(years),
      values: Float64Array.of(1, 2, 3, 4),
    });
    const svg = chart.toSvg();
    expect(svg).toMatch(/>\d+ BC</);
    expect(svg).toMatch(/<desc[^>]*>[^<]*701 BC to \d+ \w+ 300,/);
    expect(String(chart)).toContain('701 BC');
  });

  it('aligns the entries of a legend that takes several lines', () => {
    const names = [
      'Wellhead pressure',
      'Flow',
      'Temperature of the outer bearing',
      'Level',
      'Choke',
      'Gas lift',
    ];
    const sources = names.map((name, id) => series([0, HOUR], { id, name }));
    const columnsOf = (width: number): number[] => [
      ...new Set(
        [
          ...plot(sources, { width })
            .toSvg()
            .matchAll(/<text x="([\d.]+)" y="[\d.]+" >(?=Wellhead|Flow|Temp|Level|Choke|Gas)/g),
        ].map(([, x]) => Number(x)),
      ),
    ];
    expect(columnsOf(640)).toHaveLength(2);
    expect(columnsOf(320)).toHaveLength(1);
  });
});

describe('a screen reader', () => {
  it('is told of a series without a point in the window that it has no data, and no last value', () => {
    const before = series([0, HOUR], { name: 'Before', values: Float64Array.of(1, Number.NaN) });
    const chart = plot([before, series([5 * HOUR, 6 * HOUR])], {
      start: START + 4 * HOUR,
      end: START + 7 * HOUR,
    });
    const description = /<desc[^>]*>([^<]*)/.exec(chart.toSvg())?.[1];
    expect(description).toContain('Before (no data)');
    expect(description).not.toContain('NaN');
  });
});
