import { ConfigError, EmptyDataError } from '@cdf/core';
import { type ChartSource, type PlotOptions, plot } from '@cdf/plot';
import { describe, expect, it } from 'vitest';
import { layoutChart } from '../src/layout.js';
import { wholeView } from '../src/svg.js';
import { modelOf } from './model-of.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);

function series(values: readonly number[], more: Partial<ChartSource> = {}): ChartSource {
  const timestamps = Float64Array.from(values, (_, index) => START + index * HOUR);
  return {
    id: 7,
    externalId: 'pt-7',
    name: 'Pressure',
    unit: 'bar',
    timestamps,
    values: Float64Array.from(values),
    ...more,
  };
}

function svg(data: ChartSource | ChartSource[], options: PlotOptions = {}): string {
  return plot(data, { theme: 'light', ...options }).toSvg();
}

const lines = (text: string): string[] =>
  [...text.matchAll(/<path data-series="[^"]*" [^>]* d="([^"]*)"/g)].map(([, d]) => d as string);
const texts = (text: string): string[] =>
  [...text.matchAll(/<text[^>]*>([^<]*)/g)].map(([, content]) => content as string);

describe('a chart as SVG', () => {
  it('has the title, the unit, the dates and the zone', () => {
    expect(texts(svg(series([1, 2, 3, 4, 5])))).toEqual(
      expect.arrayContaining(['Pressure', 'bar', '00:00', 'Thu, 1 Jan 2026', 'UTC']),
    );
  });

  it('names series by the name given, the name they have, the external id, the id', () => {
    const sources = [
      series([1, 2]),
      series([1, 2], { id: 8, externalId: 'b' }),
      series([1, 2], { id: 9, externalId: 'c', name: undefined }),
      series([1, 2], { id: 10, externalId: undefined, name: undefined }),
    ];
    const labels = modelOf(
      plot(sources, { names: { b: 'By external id', 7: 'By id' } }),
    ).series.map(({ label }) => label);
    expect(labels).toEqual(['By id', 'By external id', 'c', '10']);
    expect(modelOf(plot(sources, { idLabels: true })).series.map(({ label }) => label)).toEqual([
      'pt-7',
      'b',
      'c',
      '10',
    ]);
  });

  it('tells series of the same name apart', () => {
    const sources = [series([1, 2]), series([1, 2], { id: 8, externalId: 'other' })];
    expect(modelOf(plot(sources)).series.map(({ label }) => label)).toEqual([
      'Pressure (pt-7)',
      'Pressure (other)',
    ]);
  });

  it('tells any number of them apart with a few steps for each', () => {
    const count = 3000;
    const labelsOf = (sources: readonly ChartSource[]) =>
      modelOf(plot(sources)).series.map(({ label }) => label);
    const { indexOf } = Array.prototype;
    const { has } = Map.prototype;
    let asked = 0;
    Array.prototype.indexOf = function (...given) {
      asked += this.length;
      return indexOf.apply(this, given);
    };
    Map.prototype.has = function (key) {
      asked++;
      return has.call(this, key);
    };
    try {
      // The same series: external ids do not tell them apart.
      const labels = labelsOf(Array.from({ length: count }, () => series([1, 2])));
      expect(new Set(labels).size).toBe(count);
      expect(labels.slice(0, 3)).toEqual(
        [1, 2, 3].map((n) => `Pressure (pt-7)${n > 1 ? ` #${n}` : ''}`),
      );
      expect(labels.join('').length).toBeLessThan(count * 30);
    } finally {
      Array.prototype.indexOf = indexOf;
      Map.prototype.has = has;
    }
    expect(asked).toBeLessThan(count * 20);
    const name = 'Pressure (pt-7) #2';
    expect(labelsOf([series([1], { name }), series([1]), series([1]), series([1])])).toEqual([
      name,
      'Pressure (pt-7)',
      'Pressure (pt-7) #3',
      'Pressure (pt-7) #4',
    ]);
  });

  it('draws steps with horizontal and vertical lines only, and lines without', () => {
    expect(lines(svg(series([1, 5, 2], { isStep: true })))[0]).toMatch(/^M\d+ \d+(h\d+v-?\d+)+$/);
    expect(lines(svg(series([1, 5, 2])))[0]).toMatch(/^M\d+ \d+(l-?\d+[- ]\d+)+$/);
  });

  it('leaves gaps open, and shows a point without neighbours as a dot', () => {
    const picture = svg(series([1, 2, Number.NaN, 3, Number.NaN, 4, 5]));
    expect(lines(picture)[0]?.match(/M/g)).toHaveLength(3);
    expect(picture).toContain('stroke-linecap="round"');
    expect(lines(svg(series([1, 2, 3, 4]), { maxGap: HOUR - 1 }))[0]?.match(/M/g)).toHaveLength(4);
  });

  it('leaves aggregates open where a bucket is missing', () => {
    const aggregate = { ...series([]), values: undefined, aggregates: ['max'], granularity: '1h' };
    const times = [0, 1, 2, 5, 6].map((hour) => START + hour * HOUR);
    const source = {
      ...aggregate,
      timestamps: Float64Array.from(times),
      ...{ max: Float64Array.of(1, 2, 3, 4, 5) },
    };
    expect(lines(svg(source))[0]?.match(/M/g)).toHaveLength(2);
    expect(modelOf(plot(source)).series[0]?.label).toBe('Pressure (max, 1h)');
  });

  it('draws an average with its minimum and maximum as one line in a band', () => {
    const columns = {
      average: Float64Array.of(2, 3),
      min: Float64Array.of(1, 2),
      max: Float64Array.of(3, 4),
      count: Float64Array.of(9, 9),
    };
    const source = {
      ...series([0, 0]),
      values: undefined,
      aggregates: Object.keys(columns),
      granularity: '1h',
      ...columns,
    };
    const model = modelOf(plot(source));
    expect(model.series.map(({ label, unit, low }) => [label, unit, low !== undefined])).toEqual([
      ['Pressure (average, 1h)', 'bar', true],
      ['Pressure (count, 1h)', 'points', false],
    ]);
    expect(svg(source)).toMatch(/fill-opacity="\.2" d="M[^"]+Z"/);
  });

  it('gives each unit a panel of its own, or one panel with an axis for each', () => {
    const sources = [
      series([1, 2]),
      series([100, 200], { id: 8, name: 'Temperature', unit: '°C' }),
    ];
    expect(texts(svg(sources))).toEqual(expect.arrayContaining(['bar', '°C']));
    const overlaid = plot(sources, { units: 'overlay', theme: 'light' });
    const svgText = overlaid.toSvg();
    expect(texts(svgText)).toEqual(expect.arrayContaining(['bar', '°C', '1.4', '140']));
    // Both lines reach from the bottom of one panel to its top.
    const [one, other] = lines(svgText);
    expect(one).toBe(other);
    // The axis of a unit with one line has the colour of that line.
    for (const [color, unit] of [
      ['#0072B2', 'bar'],
      ['#D55E00', '°C'],
    ])
      expect(svgText).toMatch(
        new RegExp(`<g color="${color}" fill[^>]*>(<text[^>]*>[^<]*</text>)*<text[^>]*>${unit}<`),
      );
    const vega = overlaid.toVegaLite() as { layer: unknown[]; resolve: unknown };
    expect(vega.layer).toHaveLength(2);
    expect(vega.resolve).toEqual({ scale: { y: 'independent' } });
  });

  it('has no room for axes of units that are hidden, and the height of one panel', () => {
    const sources = [series([1, 2]), series([100, 200], { id: 8, name: 'T', unit: '°C' })];
    const model = modelOf(
      plot([...sources, series([5, 7], { id: 9, unit: 'm3/h' })], { units: 'overlay' }),
    );
    const view = wholeView(model);
    const layout = layoutChart(model, view);
    expect(layout.height).toBe(420);
    expect(layout.panels.map(({ weight }) => weight)).toEqual([1, 0, 0]);
    const fewer = layoutChart(model, { ...view, hidden: new Set([0, 2]) });
    expect(fewer.panels.map(({ weight, unit }) => [weight, unit])).toEqual([[1, '°C']]);
    expect(fewer.left).toBeLessThan(layout.left / 2);
  });

  it('has a panel for each unit where their axes would leave no room for lines', () => {
    const sources = ['bar', '°C', 'm³/h', 'kW'].map((unit, index) =>
      series([1000, 2000], { id: index, name: unit, unit }),
    );
    const narrow = plot(sources, { units: 'overlay', theme: 'light', width: 300 });
    const layout = layoutChart(modelOf(narrow), wholeView(modelOf(narrow)));
    expect(layout.panels.map(({ weight }) => weight)).toEqual([1, 1, 1, 1]);
    expect(layout.left + layout.plotWidth).toBeLessThan(300);
    expect(layout.plotWidth).toBeGreaterThan(150);
    expect(narrow.toSvg()).toBe(plot(sources, { theme: 'light', width: 300 }).toSvg());
    // On a page the width changes, and so do the axes.
    const view = wholeView(modelOf(narrow));
    expect(layoutChart(modelOf(narrow), { ...view, width: 900 }).panels[3]?.weight).toBe(0);
    for (const width of [200, 240, 400, 600, 900, 1200]) {
      const at = layoutChart(modelOf(narrow), { ...view, width });
      expect(at.left).toBeLessThanOrEqual(width / 2);
    }
  });

  it('has a panel of its own for counts, whatever their series is in', () => {
    const daily = { ...series([1, 2]), name: 'Pressure|mean' };
    const counts = { ...series([24, 24]), name: 'Pressure|count', unit: undefined };
    expect(
      layoutChart(modelOf(plot([daily, counts])), wholeView(modelOf(plot(daily)))).panels.map(
        ({ unit }) => unit,
      ),
    ).toEqual(['bar', '']);
  });

  it('marks what is not good, and says in the legend what the marks are', () => {
    const statuses = {
      indexes: Uint32Array.of(0, 2),
      codes: Uint32Array.of(0x40000000, 0x80000000),
    };
    expect(texts(svg(series([1, 2, 3], { statuses })))).toEqual(
      expect.arrayContaining(['uncertain', 'bad']),
    );
    expect(texts(svg(series([1, 2, 3])))).not.toContain('bad');
  });

  it('draws events as bands with one legend entry for each type, and thresholds with their labels', () => {
    const events = [
      { startTime: START, endTime: START + HOUR, type: 'trip' },
      { startTime: START + 2 * HOUR, type: 'trip' },
      { startTime: START - 10 * HOUR, endTime: START - 9 * HOUR, type: 'trip' },
    ];
    const picture = svg(series([1, 2, 3, 4]), {
      events,
      thresholds: [{ value: 9, label: 'High' }],
    });
    expect(picture.match(/data-event/g)).toHaveLength(2);
    expect(texts(picture).filter((text) => text === 'trip')).toHaveLength(1);
    expect(texts(picture)).toContain('High');
    expect(
      Number(
        texts(picture)
          .filter((text) => /^\d+$/.test(text))
          .at(-1),
      ),
    ).toBeGreaterThanOrEqual(8);
  });

  it('dashes the ninth series, on the chart and in the legend', () => {
    const picture = svg(
      Array.from({ length: 9 }, (_, id) => series([id, id + 1], { id, name: `s${id}` })),
    );
    expect(picture.match(/stroke-dasharray="70 30"/g)).toHaveLength(1);
    expect(picture.match(/stroke-dasharray="7 3"/g)).toHaveLength(1);
  });

  it('draws thousands of events as what can be told apart of them', () => {
    const events = Array.from({ length: 20_000 }, (_, index) => ({
      startTime: START + index * 500,
      endTime: START + index * 500 + 1,
      type: 'alarm',
    }));
    expect(svg(series([1, 2, 3, 4]), { events }).match(/data-event/g)?.length).toBeLessThan(1000);
  });

  it('keeps the whole of a unit that has no room', () => {
    const unit =
      'kilograms of something per cubic metre of something else, corrected for everything that can be corrected for';
    expect(svg(series([1, 2], { unit }), { description: 'x' })).toContain(
      `…<title>${unit}</title>`,
    );
  });

  it('shows a window, and scales to what is in it', () => {
    const picture = plot(series([1, 2, 3, 900]), { start: START, end: START + 2 * HOUR });
    expect(modelOf(picture).start).toBe(START);
    expect(texts(picture.toSvg())).not.toContain('800');
  });

  it('scales to the value that a step holds, in a window without a point', () => {
    const text = plot(series([70, 72, 70], { isStep: true }), {
      start: START + 1,
      end: START + HOUR + 10,
    }).toText();
    expect(text).toContain('72');
  });

  it('is the same text for the same data, and different ids for different charts', () => {
    const id = (text: string): string | undefined => /id="(cdf-\w+)-t"/.exec(text)?.[1];
    expect(svg(series([1, 2]))).toBe(svg(series([1, 2])));
    expect(id(svg(series([1, 2])))).not.toBe(id(svg(series([1, 2, 3]))));
  });

  it('has finite numbers only, for infinities, huge, tiny and constant values', () => {
    for (const values of [
      [1, Number.POSITIVE_INFINITY, 2],
      [1e300, -1e300],
      [5e-320, 0],
      [3, 3, 3],
      [0],
    ])
      expect(svg(series(values))).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('says what is shown in its description', () => {
    expect(/<desc[^>]*>([^<]*)/.exec(svg(series([1, 2, 3])))?.[1]).toBe(
      'Line chart of 1 time series, 1 Jan 2026, 00:00 to 1 Jan 2026, 02:00 (UTC). Pressure, from 1 to 3 bar, at last 3.',
    );
  });

  it('stays small: 200,000 noisy points in at most 100 kB', () => {
    const values = Array.from(
      { length: 50_000 },
      (_, index) => Math.sin(index / 3000) + Math.sin(index * 7),
    );
    const sources = [1, 2, 3, 4].map((id) => series(values, { id, name: `${id}` }));
    expect(svg(sources).length).toBeLessThan(100_000);
    expect(svg(sources, { downsample: false }).length).toBeGreaterThan(500_000);
  });
});

describe('data that cannot be drawn', () => {
  it('is an EmptyDataError that names the series and the window when there are no points', () => {
    const draw = () =>
      plot([series([]), series([], { id: 8, externalId: 'pt-8', name: 'Flow' })], {
        start: START,
        end: START + HOUR,
      });
    expect(draw).toThrow(EmptyDataError);
    const nameless = {
      externalId: 'pt-7',
      timestamps: new Float64Array(),
      values: new Float64Array(),
    };
    expect(() => plot(nameless)).toThrow(/ in pt-7$/);
    expect(draw).toThrow(
      'no data points from 2026-01-01T00:00:00.000Z to 2026-01-01T01:00:00.000Z in Pressure [pt-7], Flow [pt-8]',
    );
  });

  it('counts points outside of the window as none', () => {
    expect(() =>
      plot(series([1, 2, 3]), { start: START + 5 * HOUR, end: START + 6 * HOUR }),
    ).toThrow(EmptyDataError);
  });

  it('is said in the legend where some series have points', () => {
    expect(texts(svg([series([1, 2]), series([], { id: 8, name: 'Idle' })]))).toContain(
      'Idle (no data)',
    );
  });

  it('is a ConfigError for text, and a note in the legend beside numbers', () => {
    const words = series([1, 2], { id: 8, name: 'State', isString: true, values: ['on', 'off'] });
    expect(() => plot(words)).toThrow(ConfigError);
    expect(() => plot(words)).toThrow('State [pt-7]');
    expect(texts(svg([series([1, 2]), words]))).toContain('State (text)');
  });

  it.each([
    [{ width: 5 }, 'width'],
    [{ height: Number.NaN }, 'height'],
    [{ timeZone: 'Mars/Olympus' }, 'Mars/Olympus'],
    [{ locale: 'not a locale' }, 'not a locale'],
    [{ start: 'yesterday-ish' }, 'start'],
    [{ start: 10, end: 10 }, 'before end'],
    [{ start: 1e16 }, 'start'],
    [{ colors: ['red" onload="x'] }, 'colors'],
    [{ valueRange: [2, 1] as const }, 'valueRange'],
    [{ thresholds: [{ value: Number.NaN }] }, 'thresholds'],
    [{ theme: 'blue' as 'dark' }, 'theme'],
  ])('is a ConfigError for the option %o', (options, message) => {
    expect(() => plot(series([1, 2]), options)).toThrow(ConfigError);
    expect(() => plot(series([1, 2]), options)).toThrow(message);
  });
});
