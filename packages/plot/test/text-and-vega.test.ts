import { ConfigError } from '@cdf/core';
import { type ChartSource, plot, scatter, stateTimeline } from '@cdf/plot';
import { eventBands, lineChart } from '@cdf/plot/svg';
import { describe, expect, it } from 'vitest';
import { decodeModel, encodeModel } from '../src/page/page-data.js';
import { renderSvg } from '../src/svg.js';
import { modelOf } from './model-of.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);

const pressure: ChartSource = {
  name: 'Pressure',
  unit: 'bar',
  timestamps: Float64Array.from({ length: 25 }, (_, index) => START + index * HOUR),
  values: Float64Array.from({ length: 25 }, (_, index) => 4 + Math.sin(index / 3)),
};
const temperature = { ...pressure, name: 'Temperature', unit: '°C' };
const thresholds = [
  { value: 7, label: 'High' },
  { value: 5, unit: '°C' },
];
const events = [
  { type: 'maintenance', startTime: START + 6 * HOUR, endTime: START + 12 * HOUR },
  { type: 'trip', startTime: START + 18 * HOUR, endTime: START + 18 * HOUR },
  { type: 'maintenance', startTime: START + 20 * HOUR },
  { startTime: START - 9 * HOUR, endTime: START - 8 * HOUR },
];
const linesOf = (text: string): string[] => text.split('\n');

/** How many elements of arrays are visited by loops, spreads and copies. */
function stepsOfArrays(action: () => string): { readonly text: string; readonly steps: number } {
  const iterator = Object.getPrototypeOf([][Symbol.iterator]()) as { next: () => unknown };
  const { next } = iterator;
  let steps = 0;
  iterator.next = function (this: unknown) {
    steps++;
    return next.call(this);
  };
  try {
    const text = action();
    return { text, steps };
  } finally {
    iterator.next = next;
  }
}

describe('a chart as text', () => {
  it('has a line for each threshold that the axis reaches, and a caption', () => {
    const text = plot(pressure, { thresholds: [{ value: 7, label: 'High' }, { value: 6 }] }).toText(
      {
        columns: 60,
      },
    );
    const dashed = linesOf(text).filter((line) => line.includes('╌╌╌╌╌╌╌'));
    expect(dashed).toHaveLength(2);
    expect(linesOf(text).filter((line) => /[┤│].*╌{20,}/.test(line))).toHaveLength(2);
    expect(text).toContain('╌ High (7 bar)');
    expect(text).toContain('╌ threshold (6 bar)');
  });

  it('draws lines above a threshold', () => {
    const flat = { ...pressure, values: pressure.timestamps.map(() => 5) };
    const text = plot(flat, { thresholds: [{ value: 5 }] }).toText();
    const row = linesOf(text).find((line) => line.includes('╌╌╌') || /[⠒⠤⣀⠉]{3}/.test(line));
    // The line hides the threshold: dashes are only where there is no dot.
    expect(row).toMatch(/[┤│](⠒+|⠤+|⣀+|⠉+)$/);
    expect(text).toContain('╌ threshold');
    // The same without the line has the dashes.
    const gap = { ...pressure, values: flat.values.map((_, index) => (index < 12 ? 5 : NaN)) };
    expect(plot(gap, { thresholds: [{ value: 5 }] }).toText()).toMatch(/[⠒⠤⣀⠉]{9,}.*╌{9,}/);
  });

  it('has thresholds on the panel of their unit', () => {
    const lines = linesOf(plot([pressure, temperature], { thresholds }).toText({ rows: 20 }));
    const second = lines.findIndex((line) => line.trim() === '°C');
    const dashed = lines.flatMap((line, index) => (/╌{20,}/.test(line) ? [index] : []));
    expect(dashed).toHaveLength(2);
    expect(dashed[0]).toBeLessThan(second);
    expect(dashed[1]).toBeGreaterThan(second);
  });

  it('has a row of marks for each type of events in the window, and a caption', () => {
    const lines = linesOf(plot(pressure, { events }).toText({ columns: 60 }));
    const axis = lines.findIndex((line) => line.includes('└'));
    const [maintenance, trip] = lines.slice(axis - 2, axis) as [string, string];
    expect(maintenance).toMatch(/│ +a{10,} +a{5,}$/);
    expect(trip).toMatch(/│ +b$/);
    const captions = lines.slice(axis);
    expect(captions.join('\n')).toContain(
      'a maintenance, 2 times: 1 Jan 2026, 06:00 to 12:00; from 1 Jan 2026, 20:00',
    );
    expect(captions.join('\n')).toContain('b trip: 1 Jan 2026, 18:00');
    expect(captions.join('\n')).not.toContain('event');
  });

  it.each([
    ['-Infinity to a time', { startTime: -Infinity, endTime: START + HOUR }, 'until'],
    ['a time to Infinity', { startTime: START + HOUR, endTime: Infinity }, 'from'],
    ['a time to one after all dates', { startTime: START + HOUR, endTime: 1e18 }, 'from'],
  ])('has an event from %s, as every output does', (_, event, word) => {
    const chart = plot(pressure, { events: [{ type: 'trip', ...event }] });
    expect(chart.toText()).toContain(`a trip: ${word} 1 Jan 2026, 01:00`);
    expect(chart.toSvg()).toContain(`trip, ${word} 1 Jan 2026, 01:00`);
    expect(chart.toHtml()).toContain(`trip, ${word} 1 Jan 2026, 01:00`);
    expect(JSON.stringify(chart.toVegaLite())).toContain('"event":"trip"');
    expect(renderSvg(decodeModel(encodeModel(modelOf(chart), 1000)))).toBe(chart.toSvg());
  });

  it('is an error for an event that ends before it starts, as it is in CDF', () => {
    const reversed = [{}, { type: 'trip', startTime: START + 5, endTime: START }];
    expect(() => plot(pressure, { events: reversed })).toThrow(
      new ConfigError('plot: events[1] ends before it starts'),
    );
    expect(() => lineChart(pressure, {}, [eventBands(reversed)])).toThrow(
      new ConfigError('plot: events[1] ends before it starts'),
    );
  });

  it('names an event without a type, or with an empty one, in every output', () => {
    for (const type of [undefined, '', ' \u0007', null, 5]) {
      const chart = plot(pressure, { events: [{ type: type as string, startTime: START }] });
      expect(chart.toText()).toContain('a event: from 1 Jan 2026, 00:00');
      expect(chart.toSvg()).toContain('<title>event, from 1 Jan 2026, 00:00');
      expect(JSON.stringify(chart.toVegaLite())).toContain('"event":"event"');
    }
  });

  it('says how many events there are where captions would be long', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({
      type: index < 20 ? 'stop' : `type ${index}`,
      startTime: START + index * HOUR * 0.7,
      endTime: START + index * HOUR * 0.7,
    }));
    const lines = linesOf(plot(pressure, { events: many }).toText());
    expect(lines.join('\n')).toMatch(/a stop, 20 times: .*; and 17 more/);
    expect(lines.join('\n')).toContain('· 4 other types of events');
  });

  it('reads each event a few times, however many there are', () => {
    const stops = Array.from({ length: 3000 }, (_, index) => ({
      type: 'stop',
      startTime: START + index,
      endTime: START + index + 5,
    }));
    const chart = plot(pressure, { events: stops });
    const { text, steps } = stepsOfArrays(() => chart.toText());
    expect(text).toContain('a stop, 3000 times');
    expect(steps).toBeGreaterThan(3000);
    expect(steps).toBeLessThan(20 * 3000);
  });

  it('has them beside a state timeline, too', () => {
    const state = {
      name: 'Pump',
      isString: true,
      timestamps: pressure.timestamps,
      values: Array.from(pressure.timestamps, (_, index) => (index % 7 < 4 ? 'on' : 'off')),
    };
    const text = plot([pressure, state], { mark: stateTimeline, events, thresholds }).toText();
    expect(text).toMatch(/╌{20,}/);
    expect(text).toMatch(/│ +a{10,}/);
  });
});

describe('a threshold beside rows of states', () => {
  const state = {
    name: 'Pump',
    isString: true,
    timestamps: pressure.timestamps,
    values: Array.from(pressure.timestamps, (_, index) => (index % 7 < 4 ? 'on' : 'off')),
  };
  const draw = (data: ChartSource[], limits: Parameters<typeof plot>[1]) =>
    plot(data, { mark: stateTimeline, ...limits });

  it('has one caption, and one line in the picture', () => {
    const limits = { thresholds: [{ value: 0.5, label: 'Low', unit: 'bar' }] };
    const chart = draw([pressure, state], limits);
    expect(chart.toText().match(/╌ Low/g)).toHaveLength(1);
    expect(chart.toSvg().match(/>Low</g)).toHaveLength(1);
  });

  it('has neither where there are only states, or the axis does not reach it', () => {
    for (const limit of [
      { value: 0, label: 'Low' },
      { value: 0, label: 'Low', unit: 'bar' },
    ]) {
      const chart = draw([state], { thresholds: [limit] });
      expect(chart.toText()).not.toContain('Low');
      expect(chart.toSvg()).not.toContain('>Low<');
    }
    const far = [
      { value: 700, label: 'Far' },
      { value: 5, label: 'Near' },
    ];
    const cut = plot(pressure, { valueRange: [0, 10], thresholds: far });
    expect(cut.toText()).toContain('╌ Near');
    expect(cut.toText()).not.toContain('Far');
    expect(cut.toSvg()).not.toContain('>Far<');
  });
});

interface Layer {
  data: { values: Record<string, unknown>[] };
  mark: { type: string };
  encoding: Record<string, { datum?: unknown; field?: string; scale?: unknown }>;
}

describe('a chart as Vega-Lite', () => {
  const layersOf = (
    options: Parameters<typeof plot>[1],
    data: Parameters<typeof plot>[0] = pressure,
  ) => (plot(data, options).toVegaLite() as unknown as { layer: Layer[] }).layer;

  it('has events as bands behind the lines, cut at the window', () => {
    const [band, line] = layersOf({ events });
    expect(band?.mark.type).toBe('rect');
    expect(band?.data.values).toEqual([
      { from: START + 6 * HOUR, to: START + 12 * HOUR, event: 'maintenance' },
      { from: START + 18 * HOUR, to: START + 18 * HOUR, event: 'trip' },
      { from: START + 20 * HOUR, to: START + 24 * HOUR, event: 'maintenance' },
    ]);
    expect(band?.encoding.x?.field).toBe('from');
    expect(band?.encoding.x2?.field).toBe('to');
    expect(line?.mark.type).toBe('line');
  });

  it('has the colours that the types of events have in the picture', () => {
    const [band] = layersOf({ events });
    const svg = plot(pressure, { events, theme: 'light' }).toSvg();
    const { domain, range } = (band?.encoding.fill?.scale ?? {}) as Record<
      'domain' | 'range',
      string[]
    >;
    expect(domain).toEqual(['maintenance', 'trip']);
    const drawn = [...svg.matchAll(/data-event="" color="([^"]*)".*?<title>(\w+)/g)];
    for (const [, color, type] of drawn) expect(range[domain.indexOf(type as string)]).toBe(color);
    expect(new Set(drawn.map(([, color]) => color)).size).toBe(2);
  });

  it('has thresholds as rules with their labels', () => {
    const layers = layersOf({ thresholds: [{ value: 7, label: 'High' }, { value: 6 }] });
    const rules = layers.filter(({ mark }) => mark.type === 'rule');
    expect(rules.map(({ encoding }) => encoding.y?.datum)).toEqual([7, 6]);
    const texts = layers.filter(({ mark }) => mark.type === 'text');
    expect(texts.map(({ encoding }) => encoding.text?.datum)).toEqual(['High']);
  });

  it('has thresholds on the panel of their unit', () => {
    const { vconcat } = plot([pressure, temperature], { thresholds }).toVegaLite() as unknown as {
      vconcat: { layer: Layer[] }[];
    };
    expect(
      vconcat.map(({ layer }) =>
        layer.filter(({ mark }) => mark.type === 'rule').map(({ encoding }) => encoding.y?.datum),
      ),
    ).toEqual([[7], [5]]);
  });

  it('has thresholds of a scatter', () => {
    const [, other] = [pressure, temperature];
    const layers = layersOf({ mark: scatter, thresholds: [{ value: 5 }] }, [pressure, other]);
    expect(layers.map(({ mark }) => mark.type)).toEqual(['point', 'rule']);
  });
});
