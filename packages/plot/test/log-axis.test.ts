import { ConfigError } from '@cdf/core';
import { type ChartSource, type PlotOptions, plot } from '@cdf/plot';
import { lineChart } from '@cdf/plot/svg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeModel, encodeModel } from '../src/page/page-data.js';
import { logAxis } from '../src/parts/log-axis.js';
import type { ValueAxis, valueAxis } from '../src/value-axis.js';
import { modelOf } from './model-of.js';

const START = Date.UTC(2026, 0, 1);

function series(values: readonly number[], more: Partial<ChartSource> = {}): ChartSource {
  const timestamps = Float64Array.from(values, (_, index) => START + index * 60_000);
  return {
    name: 'Particles',
    unit: 'µg/m³',
    timestamps,
    values: Float64Array.from(values),
    ...more,
  };
}

const svgOf = (source: ChartSource, options: PlotOptions = {}): string =>
  plot(source, { theme: 'light', valueScale: 'log', ...options }).toSvg();
const pathOf = (svg: string): string =>
  /<path data-series="[^"]*" [^>]* d="([^"]*)"/.exec(svg)?.[1] ?? '';
const axisOf = (low: number, high: number, count = 8): ValueAxis =>
  (logAxis as unknown as { axis: typeof valueAxis }).axis(low, high, count, 'en-GB', false);

describe('a logarithmic axis', () => {
  it('draws equal ratios as equal lengths, with ticks at powers of ten', () => {
    const svg = svgOf(series([1, 10, 100, 1000]));
    const falls = [...pathOf(svg).matchAll(/l\d+(-\d+)/g)].map(([, down]) => Number(down));
    expect(Math.max(...falls) - Math.min(...falls)).toBeLessThanOrEqual(1);
    expect(axisOf(1, 1e6).labels).toEqual([
      '1',
      '10',
      '100',
      '1,000',
      '10,000',
      '100,000',
      '1,000,000',
    ]);
    expect(axisOf(1e-9, 1e9, 6).labels).toEqual(['1×10⁻⁸', '0.0001', '1', '10,000', '1×10⁸']);
    expect(axisOf(20, 40).ticks).toEqual([20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40]);
  });

  it('breaks the line at values of 0 and below, and names a series that has no others', () => {
    expect(pathOf(svgOf(series([1, 2, 0, 3, 4, -5, 6, 7]))).match(/M/g)).toHaveLength(3);
    const both = plot([series([1, 2]), series([-1, 0], { name: 'Below' })], { valueScale: 'log' });
    expect(both.toSvg()).toContain('Below (no value above 0)');
    expect(() => svgOf(series([-1, 0]))).toThrow('no value above 0');
  });

  it('keeps a band whose lower edge reaches 0', () => {
    const { values: _, ...columns } = series([1, 2, 3]);
    const band = {
      average: Float64Array.of(5, 6, 7),
      min: Float64Array.of(2, 0, -1),
      max: Float64Array.of(9, 9, 9),
    };
    const source = {
      ...columns,
      aggregates: ['average', 'min', 'max'],
      granularity: '1m',
      ...band,
    } as ChartSource;
    expect([...(modelOf(plot(source, { valueScale: 'log' })).series[0]?.low ?? [])]).toEqual([
      2, 2, 2,
    ]);
    expect(svgOf(source)).not.toMatch(/NaN|Infinity/);
  });

  it('is that of a page, a text and of Vega-Lite, too, and a part of a small bundle', () => {
    const chart = plot(series([1, 10, 100]), { valueScale: 'log' });
    const model = decodeModel(encodeModel(modelOf(chart), 1000));
    expect(model.parts.map(({ part }) => part)).toContain('logAxis');
    expect(JSON.stringify(chart.toVegaLite())).toContain('"type":"log"');
    expect(chart.toText()).toContain('100');
    expect(lineChart(series([1, 10, 100]), {}, [logAxis]).toSvg()).toContain('>100<');
  });

  it('rejects limits, ranges and scales that it cannot draw', () => {
    const source = series([1, 2]);
    expect(() => svgOf(source, { thresholds: [{ value: 0 }] })).toThrow(ConfigError);
    expect(() => svgOf(source, { valueRange: [0, 5] })).toThrow('valueRange must be above 0');
    expect(() => svgOf(source, { valueScale: 'ln' as never })).toThrow(
      'valueScale must be linear or log',
    );
  });

  it('has two to twenty ticks inside its range, in order, whatever the values are', () => {
    const positive = fc.double({ min: 1e-300, max: 1e300, noNaN: true });
    fc.assert(
      fc.property(positive, fc.double({ min: 1, max: 1e9, noNaN: true }), (low, ratio) => {
        const { ticks, low: from, high: to, place } = axisOf(low, Math.min(low * ratio, 1e305));
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(20);
        expect([...ticks].sort((one, other) => one - other)).toEqual([...ticks]);
        expect(
          (ticks[0] as number) >= from * (1 - 1e-9) && (ticks.at(-1) as number) <= to * (1 + 1e-9),
        ).toBe(true);
        expect(place?.(low)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });
});
