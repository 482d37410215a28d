import { ConfigError, EmptyDataError } from '@cdf/core';
import {
  type ChartSource,
  histogram,
  type PlotOptions,
  plot,
  scatter,
  stateTimeline,
} from '@cdf/plot';
import { lineChart, type SvgChart } from '@cdf/plot/svg';
import { describe, expect, it } from 'vitest';
import { markOf, type Place } from '../src/chart-model.js';
import { layoutChart } from '../src/layout.js';
import type { Layout, Panel } from '../src/layout-types.js';
import { decodeModel, encodeModel } from '../src/page/page-data.js';
import type { ChartSeries } from '../src/source.js';
import { renderSvg } from '../src/svg.js';
import { modelOf } from './model-of.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 6, 1);
const hours = (...at: number[]): Float64Array =>
  Float64Array.from(at, (hour) => START + hour * HOUR);
const numbers = (
  name: string,
  unit: string,
  times: Float64Array,
  values: readonly number[],
): ChartSource => ({
  name,
  unit,
  timestamps: times,
  values: Float64Array.from(values),
});
const texts = (name: string, times: Float64Array, values: readonly string[]): ChartSource => ({
  name,
  isString: true,
  timestamps: times,
  values,
});
const textsOf = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text]) => text as string);

const pressure = numbers('Pressure', 'bar', hours(0, 1, 2, 3), [10, 20, 30, 40]);
const flow = numbers('Flow', 'm³/h', hours(0, 1, 2, 3), [1, 2, 3, 4]);
const pump = texts('Pump', hours(0, 6, 18), ['running', 'stopped', 'running']);

describe.each([
  ['scatter', plot([pressure, flow], { mark: scatter })],
  ['histogram', plot(pressure, { mark: histogram })],
  ['stateTimeline', plot([pump, pressure], { mark: stateTimeline, end: START + 24 * HOUR })],
] as const)('%s', (name, chart) => {
  it('has every output that lines have', () => {
    for (const text of [
      chart.toSvg(),
      chart.toText(),
      chart.toString(),
      JSON.stringify(chart.toVegaLite()),
    ])
      expect(text).not.toMatch(/NaN|Infinity|undefined|\[object/);
    expect(chart.toSvg()).toMatch(/ stroke-width="\d+"| fill-opacity="\.45"/);
    expect(chart.toHtml()).toContain(`"mark":"${name}"`);
    expect(chart.toJSON().series[0]?.mark).toBe(name);
  });

  it('is the same picture on a page, which has the data as text', () => {
    const model = modelOf(chart);
    expect(renderSvg(decodeModel(encodeModel(model, 200_000)))).toBe(renderSvg(model));
  });

  it('is a part of a chart where each kilobyte counts', () => {
    const parts = { scatter, histogram, stateTimeline };
    const data =
      name === 'stateTimeline'
        ? [pump, pressure]
        : name === 'scatter'
          ? [pressure, flow]
          : pressure;
    const end = name === 'stateTimeline' ? { end: START + 24 * HOUR } : {};
    expect(lineChart(data, end, [parts[name]]).toSvg().match(/<path/g)).toEqual(
      chart.toSvg().match(/<path/g),
    );
  });
});

/** Internal, as the marks of users are values without members. */
interface Pointed {
  nearest(series: ChartSeries, at: Place, layout: Layout, panel: Panel): number;
}

/** The point that a tooltip finds in the first series of a chart that shows a part of it. */
function pointing(chart: SvgChart, part: { start: number; end: number }) {
  const model = modelOf(chart);
  const view = { ...part, width: 900, height: undefined, scale: 1, hidden: new Set<number>() };
  const layout = layoutChart(model, view);
  const [panel, series] = [layout.panels[0] as Panel, model.series[0] as ChartSeries];
  const mark = markOf(model, series) as unknown as Pointed;
  return { found: (at: Place) => mark.nearest(series, at, layout, panel), layout, panel };
}

describe('a scatter', () => {
  const points = (
    data: readonly ChartSource[],
    options: PlotOptions = {},
  ): (number | null | undefined)[][] => {
    const [series] = plot(data, { ...options, mark: scatter }).toJSON().series;
    return (series?.x ?? []).map((x, index) => [x, series?.values[index]]);
  };

  it('has a point for each of the other series, where the line of the first is at its time', () => {
    expect(points([pressure, flow])).toEqual([
      [10, 1],
      [20, 2],
      [30, 3],
      [40, 4],
    ]);
    const between = numbers('Flow', '', hours(0.5, 2.25), [7, 8]);
    expect(points([pressure, between])).toEqual([
      [15, 7],
      [32.5, 8],
    ]);
    expect(points([{ ...pressure, isStep: true }, between])).toEqual([
      [10, 7],
      [30, 8],
    ]);
  });

  it('has none where the line of the first is broken, before it and after it, nor outside of the window', () => {
    const broken = numbers('Pressure', 'bar', hours(0, 1, 2, 3, 4), [10, 20, Number.NaN, 40, 50]);
    const wide = numbers(
      'Flow',
      '',
      hours(-1, 0, 1.5, 2, 2.5, 3.5, 4, 9),
      [1, 2, 3, 4, 5, 6, 7, 8],
    );
    expect(points([broken, wide])).toEqual([
      [10, 2],
      [45, 6],
      [50, 7],
    ]);
    expect(points([broken, wide], { maxGap: '30m' })).toEqual([
      [10, 2],
      [50, 7],
    ]);
    expect(points([broken, wide], { start: START + 2 * HOUR })).toEqual([
      [45, 6],
      [50, 7],
    ]);
  });

  it('names its axes and its series, and says when a point was', () => {
    const chart = plot([pressure, flow, { ...flow, name: 'Second flow' }], { mark: scatter });
    expect(textsOf(chart.toSvg())).toEqual(
      expect.arrayContaining(['Flow', 'Second flow', 'm³/h', 'Pressure, bar', '20', '40']),
    );
    expect(chart.toSvg()).toContain('Scatter plot of 2 time series');
    expect(chart.toText()).toContain('Pressure, bar');
    expect(chart.toString()).toBe('Chart: 2 series, 8 points, 8.8 to 41.2 (Pressure, bar)');
  });

  it('finds the point under the pointer among those that are in the picture', () => {
    const { found, layout, panel } = pointing(
      plot([pressure, flow], { mark: scatter, valueRange: [0, 3.95] }),
      { start: 10.2, end: 41 },
    );
    const at = (x: number, y: number) => found({ x: layout.x(x), y: panel.y(y) });
    expect([at(20, 2), at(30, 3)]).toEqual([1, 2]);
    // The first is left of the picture and the last above it, a few pixels from the pointer.
    expect([at(10.3, 1), at(40, 3.9)]).toEqual([-1, -1]);
  });

  it('shows how many points there are where dots would cover each other', () => {
    const count = 40_000;
    const wave = (at: number, seed: number) => Math.sin(at * seed) * Math.cos(at * seed * 1.7) ** 3;
    const column = (seed: number) =>
      Float64Array.from({ length: count }, (_, index) => wave(index, seed));
    const timestamps = Float64Array.from({ length: count }, (_, index) => START + index * 1000);
    const [one, other] = [1, 2].map((seed) => ({
      name: `s${seed}`,
      timestamps,
      values: column(seed),
    })) as [ChartSource, ChartSource];
    const svg = plot([one, other], { mark: scatter, theme: 'light' }).toSvg();
    const areas = [...svg.matchAll(/stroke-width="40" stroke-opacity="([\d.]+)" d="([^"]*)"/g)];
    const shares = areas.map(([, , d]) => (d as string).split('M').length - 1);
    const cells = shares.reduce((sum, each) => sum + each, 0);
    expect(areas.length).toBeGreaterThanOrEqual(5);
    // Not saturated: no level has most of the cells, and the darkest is rare.
    expect(Math.max(...shares)).toBeLessThan(cells * 0.6);
    expect(shares.at(-1)).toBeLessThan(cells * 0.2);
    expect(svg).not.toContain('stroke-linecap="round" stroke-width="40"');
  });

  it('counts points as they come: no list of them, and no string for each', () => {
    const count = 50_000;
    const timestamps = Float64Array.from({ length: count }, (_, index) => START + index * 1000);
    const [one, other] = [1, 2].map((seed) => ({
      name: `s${seed}`,
      timestamps,
      values: timestamps.map((_, index) => Math.sin(index * seed)),
    })) as [ChartSource, ChartSource];
    const chart = plot([one, other], { mark: scatter });
    const { push } = Array.prototype;
    const { get } = Map.prototype;
    let [pushed, texts] = [0, 0];
    Array.prototype.push = function (...items) {
      pushed += items.length;
      return push.apply(this, items);
    };
    Map.prototype.get = function (key) {
      if (typeof key === 'string') texts++;
      return get.call(this, key);
    };
    try {
      expect(chart.toSvg()).toContain('stroke-width="40"');
    } finally {
      Array.prototype.push = push;
      Map.prototype.get = get;
    }
    expect(pushed).toBeLessThan(count / 10);
    expect(texts).toBeLessThan(count / 10);
  });

  it('draws points that cover each other once, the darker the more there are', () => {
    const at = hours(...Array.from({ length: 3000 }, (_, index) => index / 60));
    const same = numbers('Same', '', at, Array(3000).fill(5));
    const other = numbers(
      'Other',
      '',
      at,
      Array.from(at, (_, index) => (index === 7 ? 9 : 3)),
    );
    const svg = plot([same, other], { mark: scatter }).toSvg();
    expect(svg.length).toBeLessThan(6000);
    expect(svg).toMatch(
      /d="M\d+ \d+h1"[^>]*\/><path[^>]*stroke-opacity="1"|stroke-opacity="0\.5" d="M\d+ \d+h1"/,
    );
  });

  it('keeps what can be told apart in a page of many points', () => {
    const count = 60_000;
    const at = hours(...Array.from({ length: count }, (_, index) => index / 60));
    const x = numbers(
      'X',
      '',
      at,
      Array.from({ length: count }, (_, index) => Math.sin(index)),
    );
    const y = numbers(
      'Y',
      '',
      at,
      Array.from({ length: count }, (_, index) => (index === 31_000 ? 50 : Math.cos(index / 2))),
    );
    const page = decodeModel(encodeModel(modelOf(plot([x, y], { mark: scatter })), 10_000));
    expect(page.series[0]?.timestamps.length).toBeLessThanOrEqual(10_000);
    expect(page.series[0]?.values.length).toBe(page.series[0]?.times?.length);
    expect(page.zone.describe(0, 1)).toBe('X');
  });

  it('is rejected by name where there is no second series, or no time in common', () => {
    expect(() => plot(pressure, { mark: scatter })).toThrow(
      new ConfigError(
        'plot: a scatter needs two series of numbers with points, one for each axis; got 1: Pressure',
      ),
    );
    const later = numbers('Later', '', hours(20, 21), [1, 2]);
    expect(() => plot([pressure, later], { mark: scatter })).toThrow(EmptyDataError);
    expect(() => plot([pressure, later], { mark: scatter })).toThrow(
      'no point of Later has a time at which',
    );
    expect(() => plot([pressure, flow], { mark: scatter, events: [{}] })).toThrow(
      new ConfigError('plot: events have no place in a scatter; leave them out, or draw lines'),
    );
  });
});

describe('a histogram', () => {
  const bars = (values: readonly number[], options: PlotOptions = {}) => {
    const at = hours(...values.map((_, index) => index));
    const [series] = plot(numbers('P', 'bar', at, values), { ...options, mark: histogram }).toJSON()
      .series;
    return { edges: series?.edges ?? [], counts: (series?.values ?? []) as number[] };
  };

  it('says nothing beside its bars', () => {
    const chart = plot(numbers('P', 'bar', hours(0, 1, 2), [1, 2, 9]), { mark: histogram });
    const edges = chart.toJSON().series[0]?.edges as number[];
    const [first, last] = [edges[0] as number, edges.at(-1) as number];
    const { found, layout, panel } = pointing(chart, { start: first - 5, end: last + 5 });
    const at = (x: number) => found({ x: layout.x(x), y: panel.y(0) });
    expect([at(first - 1), at(last + 1)]).toEqual([-1, -1]);
    expect([at(first + 0.1), at(last - 0.1)]).toEqual([0, edges.length - 2]);
  });

  it('counts every value once, in ranges of 1, 2 or 5 times a power of ten', () => {
    const values = Array.from({ length: 1000 }, (_, index) => Math.sin(index) * 10);
    const { edges, counts } = bars(values);
    expect(counts.reduce((sum, each) => sum + each, 0)).toBe(1000);
    expect(edges).toHaveLength(counts.length + 1);
    expect(edges[0]).toBe(-10);
    expect(edges.at(-1)).toBe(10);
    counts.forEach((count, bar) => {
      const [from, to] = [edges[bar] as number, edges[bar + 1] as number];
      const last = bar === counts.length - 1;
      expect(count).toBe(
        values.filter((value) => value >= from && (last ? value <= to : value < to)).length,
      );
    });
  });

  it('has one bar for one value, and counts neither gaps nor what is outside of the window', () => {
    expect(bars([7, 7, 7, Number.NaN]).counts).toEqual([3]);
    expect(
      bars([1, 2, 3, 4, 5], { start: START + HOUR, end: START + 2 * HOUR }).counts.reduce(
        (a, b) => a + b,
      ),
    ).toBe(2);
  });

  it('begins at zero, and names both axes', () => {
    const svg = plot(pressure, { mark: histogram }).toSvg();
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['0', 'points', 'Pressure, bar']));
    expect(svg).toContain('Histogram of 1 time series');
    expect(plot(pressure, { mark: histogram }).toString()).toBe(
      'Chart "Pressure": 1 series, 4 points, 10 to 45 (Pressure, bar)',
    );
  });

  it('has the same ranges for all series, and rejects several units', () => {
    const other = numbers('Other', 'bar', hours(0, 1), [100, 200]);
    const [one, two] = plot([pressure, other], { mark: histogram }).toJSON().series;
    expect(one?.edges).toEqual(two?.edges);
    expect(() => plot([pressure, flow], { mark: histogram })).toThrow(
      new ConfigError(
        'plot: a histogram needs series of one unit, got bar, m³/h; draw one for each',
      ),
    );
  });

  it.each([
    ['events', { events: [{}] }],
    ['thresholds', { thresholds: [{ value: 1 }] }],
    ['valueScale', { valueScale: 'log' as const }],
  ])('has no place for %s', (name, options) => {
    expect(() => plot(pressure, { ...options, mark: histogram })).toThrow(
      `plot: ${name} have no place in a histogram`,
    );
  });
});

describe('a state timeline', () => {
  const draw = (data: ChartSource | readonly ChartSource[], options: PlotOptions = {}) =>
    plot(data, {
      start: START,
      end: START + 24 * HOUR,
      theme: 'light',
      ...options,
      mark: stateTimeline,
    });
  const bars = (svg: string): string[] =>
    [
      ...svg.matchAll(
        /(?:color|stroke)="(#\w+)"(?: stroke="currentColor")? stroke-width="\d{3}" d="/g,
      ),
    ].map(([, color]) => color as string);

  it('has a row for each series of text, and one colour for each state', () => {
    const valve = texts('Valve', hours(-3, 5), ['stopped', 'open']);
    const svg = draw([pump, valve]).toSvg();
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining(['Pump', 'Valve', 'open', 'running', 'stopped']),
    );
    // Two in the row of the pump, two in that of the valve, which came in stopped.
    expect(bars(svg)).toHaveLength(4);
    expect(new Set(bars(svg)).size).toBe(3);
  });

  it('holds a state until the next one, and the last to the end', () => {
    const rows = draw(pump).toText({ columns: 56 }).split('\n');
    expect(rows.find((line) => line.startsWith('Pump ┤'))).toMatch(
      /^Pump ┤A{12,14}B{23,25}A{12,14}$/,
    );
    expect(rows.slice(-2).map((line) => line.trim())).toEqual(['A running', 'B stopped']);
  });

  it('shows a short state in a long one', () => {
    const trip = texts('Pump', hours(0, 12, 12.001), ['running', 'trip', 'running']);
    expect(bars(draw(trip).toSvg())).toHaveLength(2);
    expect(draw(trip).toText()).toMatch(/A+BA+/);
  });

  it('is beside lines, whose colours it leaves to them', () => {
    const svg = draw([pressure, pump]).toSvg();
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['Pressure', 'bar', 'Pump', 'running']));
    expect(bars(svg)).not.toContain('#0072B2');
    const alone = draw(pump).toSvg();
    expect(bars(svg)).toEqual(bars(alone));
  });

  it('has the colours that are chosen for states, by name, in pages and Vega-Lite, too', () => {
    const chart = draw([pressure, pump], { colors: { stopped: '#123456', Pressure: '#654321' } });
    expect(bars(chart.toSvg())).toContain('#123456');
    expect(chart.toSvg()).toMatch(/<path fill="#123456" fill-opacity="1"/);
    expect(chart.toSvg()).toMatch(/data-series="Pressure" stroke="#654321"/);
    expect(JSON.stringify(chart.toVegaLite())).toContain('#123456');
    expect(renderSvg(decodeModel(encodeModel(modelOf(chart), 1000)))).toBe(chart.toSvg());
  });

  it('keeps the colour of a state that is chosen where there are more than eight', () => {
    const names = 'abcdefghijkl'.split('');
    const many = texts('Recipe', hours(...names.map((_, index) => index ** 2 / 6)), names);
    expect(bars(draw(many, { colors: { a: '#123456' } }).toSvg())).toContain('#123456');
  });

  it('gives the states that hold for the shortest time one grey where there are more than eight', () => {
    const many = texts(
      'Recipe',
      hours(...Array.from({ length: 12 }, (_, index) => (index * index) / 6)),
      'abcdefghijkl'.split(''),
    );
    const svg = draw(many).toSvg();
    expect(textsOf(svg)).toContain('5 other states');
    expect(bars(svg)).toHaveLength(8);
    expect(draw(many).toText()).toContain('· 5 other states');
  });

  it('has bounded size, whatever there is in the window', () => {
    const count = 50_000;
    const many = texts(
      'Log',
      hours(...Array.from({ length: count }, (_, index) => (index / count) * 24)),
      Array.from({ length: count }, (_, index) => `line ${index % 5000}`),
    );
    const chart = draw(many);
    expect(chart.toSvg().length).toBeLessThan(20_000);
    expect(chart.toText().length).toBeLessThan(3000);
  });

  it('names series without points, and is empty where all are', () => {
    expect(textsOf(draw([pump, texts('Valve', hours(), [])]).toSvg())).toContain('Valve (no data)');
    expect(() => draw(texts('Valve', hours(), []))).toThrow(EmptyDataError);
    expect(() => draw(texts('Valve', hours(30), ['on']))).toThrow(EmptyDataError);
  });

  it('has its states as plain data', () => {
    expect(draw(pump).toJSON().series[0]).toMatchObject({
      timestamps: [...hours(0, 6, 18)],
      states: ['running', 'stopped', 'running'],
      values: [],
    });
  });
});

describe('a mark', () => {
  it.each(['histogram', {}, { part: 'sharedPanel' }, null])(
    'is a value that this package exports: %j',
    (mark) => {
      expect(() => plot(pressure, { mark: mark as never })).toThrow(
        'plot: mark must be scatter, histogram or stateTimeline, as imported, got ',
      );
    },
  );
});
