import { ConfigError, EmptyDataError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { DatapointsApi } from '@cdf/datapoints';
import {
  type ChartSource,
  histogram,
  type PlotOptions,
  plot,
  plotDatapoints,
  plotTimeSeries,
  scatter,
  stateTimeline,
} from '@cdf/plot';
import { interactiveHtml } from '@cdf/plot/html';
import { lineChart } from '@cdf/plot/svg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zoneOf } from '../src/parts/time-zone.js';
import { timeTicks } from '../src/time-ticks.js';
import type { Zone } from '../src/time-zone.js';
import { valueAxis } from '../src/value-axis.js';
import { modelOf } from './model-of.js';

const long = process.env.CDF_TEST_LONG === '1';
const LATEST = 8.64e15;
const YEAR = 365.25 * 86_400_000;

const source = (
  timestamps: readonly number[],
  values: readonly number[],
  more: Partial<ChartSource> = {},
): ChartSource => ({
  name: 'pressure',
  timestamps: Float64Array.from(timestamps),
  values: Float64Array.from(values),
  ...more,
});
const texts = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text]) => text as string);

/** A zone that counts its calls. */
function counting(zone: Zone): { zone: Zone; asked: () => number } {
  let asked = 0;
  const count = <A extends readonly unknown[], R>(answer: (...given: A) => R) => {
    return (...given: A): R => {
      asked += 1;
      return answer(...given);
    };
  };
  const format: Zone['format'] = (options) => count(zone.format(options));
  return {
    zone: { ...zone, offsetAt: count(zone.offsetAt), fromLocal: count(zone.fromLocal), format },
    asked: () => asked,
  };
}

describe('any window', () => {
  it.each([
    ['years 1 to 9999', -62_135_596_800_000, 253_402_300_799_999],
    ['all dates', -LATEST, LATEST],
    ['the last millisecond', LATEST - 1, LATEST],
    ['the first year', -LATEST, -LATEST + YEAR],
    ['microseconds that were taken for milliseconds', 1.7e15, 1.7e15 + 8.64e10],
    ['microseconds since 1970', 0, 1.7e15],
    ['the last point there can be, alone', LATEST, LATEST],
    ['the first, alone', -LATEST, -LATEST],
    ['a century', 0, 100 * YEAR],
    ['ten thousand years before 1970', -1e4 * YEAR, 0],
  ])('has a bounded number of ticks: %s', (_name, start, end) => {
    for (const timeZone of ['UTC', 'Europe/Oslo', 'Pacific/Apia'])
      for (const width of [200, 320, 900, 10_000]) {
        const chart = plot(
          source(start === end ? [start] : [start, end], start === end ? [1] : [1, 2]),
          {
            timeZone,
            width,
          },
        );
        const shown = texts(chart.toSvg());
        expect(shown.length).toBeGreaterThan(4);
        expect(shown.length).toBeLessThan(20 + width / 16);
        expect(chart.toText().split('\n').length).toBeLessThan(30);
        expect(chart.toHtml().length).toBeGreaterThan(1000);
        expect(JSON.stringify(chart.toVegaLite()).length).toBeLessThan(5000);
        expect(chart.toString()).toContain('1 series');
      }
  });

  it('asks a zone for a number of times that grows with the ticks, not with the window', () => {
    const window = fc
      .tuple(
        fc.double({ min: -LATEST, max: LATEST, noNaN: true }),
        fc.double({ min: 0, max: 37, noNaN: true }),
      )
      .map(
        ([from, power]) =>
          [
            Math.round(from),
            Math.min(LATEST, Math.round(from) + Math.round(Math.exp(power))),
          ] as const,
      )
      .filter(([from, to]) => from < to);
    const zones = ['UTC', 'Europe/Oslo', 'Pacific/Apia', 'Asia/Kathmandu'].map((name) =>
      zoneOf(name),
    );
    fc.assert(
      fc.property(
        window,
        fc.integer({ min: 2, max: 200 }),
        fc.constantFrom(...zones),
        ([start, end], most, where) => {
          const { zone, asked } = counting(where);
          const ticks = timeTicks(start, end, most, zone);
          expect(ticks.length).toBeGreaterThanOrEqual(2);
          expect(ticks.length).toBeLessThanOrEqual(most + 2);
          expect(
            ticks.every(
              ({ time }, index) => time >= (ticks[index - 1]?.time ?? start) && time <= end,
            ),
          ).toBe(true);
          expect(asked()).toBeLessThan(30 * most + 300);
        },
      ),
      { numRuns: long ? 20_000 : 200 },
    );
  });

  it('is drawn, or rejected by name, with any width, zone and values', () => {
    const time = fc.oneof(
      fc.integer({ min: 0, max: 2e12 }),
      fc.double({ min: -LATEST * 1.1, max: LATEST * 1.1, noDefaultInfinity: true }),
      fc.constantFrom(-LATEST, LATEST, 1.7e15, 1.7e18, Number.NaN, 0, -62_135_596_800_000),
    );
    const value = fc.oneof(
      fc.double(),
      fc.constantFrom(Number.NaN, Infinity, -1e308, 1e308, Number.MAX_VALUE, 5e-324, -0, 1e100, 1),
    );
    const rows = fc.array(fc.tuple(time, value), { maxLength: 8 });
    const options = fc.record(
      {
        width: fc.integer({ min: 190, max: 2000 }),
        height: fc.integer({ min: 115, max: 2000 }),
        timeZone: fc.constantFrom(
          'UTC',
          'Europe/Oslo',
          'Pacific/Apia',
          'Pacific/Kwajalein',
          'Mars/Olympus',
        ),
        start: time.map(Math.round),
        end: time.map(Math.round),
        valueRange: fc.tuple(value, value),
        downsample: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    let drawn = 0;
    const runs = long ? 20_000 : 300;
    fc.assert(
      fc.property(
        rows,
        options,
        fc.integer({ min: 0, max: 200 }),
        fc.boolean(),
        (points, given, columns, isStep) => {
          const data = source(
            points.map(([at]) => at),
            points.map(([, each]) => each),
            { isStep },
          );
          try {
            const chart = plot(data, given as PlotOptions);
            const svg = chart.toSvg();
            expect(svg).not.toMatch(/NaN|Infinity|undefined/);
            expect(svg.length).toBeLessThan(60_000);
            const text = chart.toText({ columns });
            expect(text).not.toMatch(/NaN|Infinity|undefined/);
            expect(text.length).toBeLessThan(20_000);
            expect(modelOf(chart).start).toBeLessThan(modelOf(chart).end);
            drawn += 1;
          } catch (error) {
            if (!ConfigError.isInstance(error) && !EmptyDataError.isInstance(error)) throw error;
            expect(error.message).toMatch(/^(plot: |timeZone ")/);
          }
        },
      ),
      { numRuns: runs },
    );
    expect(drawn).toBeGreaterThan(runs / 100);
  });

  it('is drawn with any mark, or rejected by name', () => {
    const time = fc.oneof(
      fc.integer({ min: 0, max: 2e9 }),
      fc.constantFrom(-LATEST, LATEST, 0, 1.7e15),
    );
    const value = fc.oneof(
      fc.double(),
      fc.integer({ min: -5, max: 5 }),
      fc.constantFrom(
        Number.NaN,
        Infinity,
        -1e308,
        Number.MAX_VALUE,
        5e-324,
        -0,
        1e100,
        1e100 * (1 + 1e-15),
      ),
    );
    const text = fc.oneof(fc.constantFrom('on', 'off', '', '</svg>', '\u202e\u0000'), fc.string());
    const series = fc.array(
      fc.tuple(
        fc.array(fc.tuple(time, value, text), { maxLength: 12 }),
        fc.boolean(),
        fc.boolean(),
      ),
      { maxLength: 3 },
    );
    const options = fc.record(
      {
        width: fc.integer({ min: 200, max: 1200 }),
        height: fc.integer({ min: 120, max: 900 }),
        start: time,
        end: time,
        valueRange: fc.tuple(value, value),
        maxGap: fc.constantFrom(1, 1e6, Infinity),
        downsample: fc.boolean(),
        valueScale: fc.constantFrom('linear', 'log'),
      },
      { requiredKeys: [] },
    );
    let drawn = 0;
    const runs = long ? 20_000 : 300;
    fc.assert(
      fc.property(
        series,
        options,
        fc.constantFrom(scatter, histogram, stateTimeline),
        (given, shown, mark) => {
          const data = given.map(([rows, isText, isStep], index): ChartSource => {
            const timestamps = Float64Array.from(rows, ([at]) => at);
            const values = isText
              ? rows.map(([, , each]) => each)
              : Float64Array.from(rows, ([, each]) => each);
            return { id: index, isStep, isString: isText, timestamps, values };
          });
          try {
            const chart = plot(data, { ...shown, mark } as PlotOptions);
            for (const output of [
              chart.toSvg(),
              chart.toText(),
              JSON.stringify(chart),
              JSON.stringify(chart.toVegaLite()),
            ]) {
              expect(
                output.replaceAll(/"states":\[[^\]]*\]|<title>[^<]*|"state":"[^"]*"/g, '').length,
              ).toBeLessThan(80_000);
              if (!output.includes('"series"'))
                expect(output).not.toMatch(/[^\w]NaN|Infinity|undefined[^a-z]/);
            }
            expect(chart.toHtml().length).toBeGreaterThan(1000);
            expect(modelOf(chart).start).toBeLessThan(modelOf(chart).end);
            drawn += 1;
          } catch (error) {
            if (!ConfigError.isInstance(error) && !EmptyDataError.isInstance(error)) throw error;
            expect(error.message).toMatch(/^plot: /);
          }
        },
      ),
      { numRuns: runs },
    );
    expect(drawn).toBeGreaterThan(runs / 100);
  });

  it('is walked in the terminal where it is, not where its neighbours are', () => {
    const chart = (times: number[], window: PlotOptions): string =>
      plot(source(times, [1, 2]), window).toText();
    // The line crosses the window from points that are 10^12 columns away.
    const crossing = source([-LATEST, 5, LATEST], [1, 2, 3]);
    expect(plot(crossing, { start: 4, end: 6 }).toText().split('\n')).toHaveLength(21);
    expect(plot(crossing, { start: 4, end: 6, valueRange: [1.9999, 2.0001] }).toText()).toMatch(
      /⠉{80}/,
    );
    expect(() => chart([-LATEST, LATEST], { start: 4, end: 6 })).toThrow(EmptyDataError);
  });
});

describe('rows', () => {
  it('out of order are drawn from a sorted copy, with their statuses', () => {
    const statuses = {
      indexes: Uint32Array.of(0, 3),
      codes: Uint32Array.of(0x80000000, 0x40000000),
    };
    const shuffled = source([500, 100, 400, 200, 300], [5, 1, 4, 2, 3], { statuses });
    const ordered = source([100, 200, 300, 400, 500], [1, 2, 3, 4, 5], {
      statuses: { indexes: Uint32Array.of(1, 4), codes: Uint32Array.of(0x40000000, 0x80000000) },
    });
    expect(plot(shuffled).toSvg()).toBe(plot(ordered).toSvg());
    expect(plot(shuffled).toHtml()).toBe(plot(ordered).toHtml());
    expect(lineChart(shuffled).toSvg()).toBe(lineChart(ordered).toSvg());
    expect([...shuffled.timestamps]).toEqual([500, 100, 400, 200, 300]);
  });

  it('that are aggregates are sorted by all of their columns', () => {
    const columns = (order: readonly number[]): ChartSource =>
      ({
        name: 'p',
        timestamps: Float64Array.from(order, (index) => index * 60_000),
        aggregates: ['average', 'min', 'max'],
        granularity: '1m',
        average: Float64Array.from(order),
        min: Float64Array.from(order, (index) => index - 1),
        max: Float64Array.from(order, (index) => index + 1),
      }) as ChartSource;
    for (const order of [
      [3, 2, 1, 0],
      [1, 0, 3, 2],
      [2, 3, 0, 1],
    ])
      expect(plot(columns(order)).toSvg()).toBe(plot(columns([0, 1, 2, 3])).toSvg());
  });

  it('in any order give the picture of the same rows in order', () => {
    const rows = fc.uniqueArray(
      fc.tuple(fc.integer({ min: 0, max: 1e9 }), fc.double({ min: -1e6, max: 1e6 })),
      {
        selector: ([time]) => time,
        minLength: 1,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(rows, (points) => {
        const draw = (each: typeof points): string => {
          try {
            return lineChart(
              source(
                each.map(([time]) => time),
                each.map(([, value]) => value),
              ),
            ).toSvg();
          } catch (error) {
            return (error as Error).message;
          }
        };
        expect(draw(points)).toBe(draw([...points].sort(([one], [other]) => one - other)));
      }),
      { numRuns: long ? 5000 : 100 },
    );
  });

  it.each([
    [[1, 2, 3], [1, 2], 'plot: pressure: 3 timestamps for 2 values'],
    [[1], [1, 2, 3, 4], 'plot: pressure: 1 timestamps for 4 values'],
    [[], [1], 'plot: pressure: 0 timestamps for 1 values'],
    [
      [1, Number.NaN, 3],
      [1, 2, 3],
      'plot: pressure: timestamp 1 is NaN, not a time in milliseconds',
    ],
    [[Infinity], [1], 'plot: pressure: timestamp 0 is Infinity, not a time in milliseconds'],
    [
      [0, 1.7e18],
      [1, 2],
      'plot: pressure: timestamp 1 is 1700000000000000000, not a time in milliseconds',
    ],
    [
      [0, -8.7e15],
      [1, 2],
      'plot: pressure: timestamp 1 is -8700000000000000, not a time in milliseconds',
    ],
  ])('that do not form rows are rejected: %j, %j', (timestamps, values, message) => {
    for (const draw of [plot, lineChart])
      expect(() => draw(source(timestamps, values))).toThrow(new ConfigError(message));
  });

  it('in a band that lacks a value are rejected', () => {
    const band = {
      timestamps: Float64Array.of(1, 2),
      aggregates: ['average', 'min', 'max'],
      average: Float64Array.of(1, 2),
    };
    const data = {
      ...band,
      name: 'p',
      min: Float64Array.of(0),
      max: Float64Array.of(3, 4),
    } as ChartSource;
    expect(() => plot(data)).toThrow('2 timestamps for 1 values of min');
  });

  it('with NaN among their values have a gap there', () => {
    const path = (values: readonly number[]): string =>
      /data-series[^>]* d="([^"]*)"/.exec(
        plot(
          source(
            values.map((_, index) => index * 1000),
            values,
          ),
        ).toSvg(),
      )?.[1] ?? '';
    expect(path([1, 2, 3, 4]).match(/M/g)).toHaveLength(1);
    expect(path([1, 2, Number.NaN, 4, 5]).match(/M/g)).toHaveLength(2);
    expect(path([1, Number.NaN, 3, Infinity, 5, 6]).match(/M/g)).toHaveLength(3);
  });
});

describe('values of any size', () => {
  it.each([
    [-1e308, 1e308, ['−1.0×10³⁰⁸', '−0.5×10³⁰⁸', '0', '0.5×10³⁰⁸', '1.0×10³⁰⁸']],
    [-Number.MAX_VALUE, Number.MAX_VALUE, ['−1×10³⁰⁸', '0', '1×10³⁰⁸']],
    [0, Number.MAX_VALUE, ['0', '0.5×10³⁰⁸', '1.0×10³⁰⁸', '1.5×10³⁰⁸']],
  ])('have an axis: %d to %d', (low, high, expected) => {
    const { ticks, labels } = valueAxis(low, high, 4, 'en-GB', false);
    expect(labels).toEqual(expected);
    expect(ticks.every(Number.isFinite)).toBe(true);
  });

  it.each([
    [-1e308, 1e308],
    [1.7e308, 1.79e308],
    [Number.MAX_VALUE, Number.MAX_VALUE],
    [5e-324, 1e-323],
    [-5e-324, Number.MAX_VALUE],
    [1e100, 1e100 * (1 + 1e-15)],
  ])('are drawn inside of the picture: %d and %d', (low, high) => {
    for (const options of [
      {},
      { width: 200 },
      { thresholds: [{ value: low }, { value: high }] },
      { valueRange: [0, 1] as const },
    ]) {
      const chart = plot(source([0, 1000], [low, high]), options);
      expect(chart.toSvg()).not.toMatch(/NaN|Infinity/);
      expect(chart.toText()).not.toMatch(/NaN|Infinity/);
      expect(chart.toHtml().length).toBeGreaterThan(1000);
    }
  });
});

describe('nothing to draw', () => {
  const text = { name: 'state', timestamps: Float64Array.of(1), values: ['on'] };
  const nothing: [string, ChartSource | readonly ChartSource[], PlotOptions?][] = [
    ['no points', source([], [])],
    ['no series', []],
    ['only NaN', source([1, 2], [Number.NaN, Number.NaN])],
    ['only infinities', source([1], [-Infinity])],
    ['points before the window', source([1, 2], [1, 2]), { start: 10, end: 20 }],
    ['points after it', source([30, 40], [1, 2]), { end: 20 }],
    ['no points of aggregates', { timestamps: new Float64Array(), aggregates: ['average'] }],
    ['a series of text beside an empty one', [text, source([], [])]],
  ];

  it.each(nothing)(
    'is an EmptyDataError in every way of asking: %s',
    (_name, data, options = {}) => {
      const list = [data].flat() as never;
      expect(() => plot(data, options)).toThrow(EmptyDataError);
      expect(() => lineChart(data, options as never)).toThrow(EmptyDataError);
      expect(() => plot(data, options).toSvg()).toThrow(EmptyDataError);
      expect(() => plot(data, options).toText()).toThrow(EmptyDataError);
      expect(() => interactiveHtml(plot(data, options))).toThrow(EmptyDataError);
      expect(() => plotDatapoints()(list)(options)).toThrow(EmptyDataError);
      const chart = plot(source([15], [1]), options) as unknown as {
        remodel(data: unknown): unknown;
      };
      expect(() => chart.remodel(data)).toThrow(EmptyDataError);
    },
  );

  it('is one where lists of time series are empty, before anything is sent', async () => {
    const transport = memoryTransport({});
    const draw = plotTimeSeries(new DatapointsApi(transport));
    for (const options of [
      {},
      { start: '1h-ago' },
      { aggregates: ['average'], granularity: '1h' } as const,
    ])
      await expect(draw([])(options)).rejects.toThrow(EmptyDataError);
    expect(transport.requests).toHaveLength(0);
  });

  it('is a ConfigError where all series hold text: no other window would help', () => {
    for (const data of [text, [text, text]]) expect(() => plot(data)).toThrow(ConfigError);
  });
});
