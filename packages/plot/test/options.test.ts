import { ConfigError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { DatapointsApi } from '@cdf/datapoints';
import { histogram, plot, plotDatapoints, plotTimeSeries, stateTimeline } from '@cdf/plot';
import { pngChart as browserPng, mountChart } from '@cdf/plot/browser';
import { interactiveHtml } from '@cdf/plot/html';
import { saveChart, showChart } from '@cdf/plot/node';
import { pngChart } from '@cdf/plot/png';
import { eventBands, lineChart, thresholdLines } from '@cdf/plot/svg';
import { describe, expect, it } from 'vitest';
import { renderSvg } from '../src/svg.js';
import { modelOf } from './model-of.js';

const data = {
  name: 'Pressure',
  timestamps: Float64Array.of(0, 1000, 2000),
  values: Float64Array.of(1, 2, 3),
};

/** Calls as plain JavaScript makes them: without types. */
const draw = (options: unknown) => () => plot(data, options as never);

function problemOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('an error was expected');
}

async function problemOfAsync(action: () => Promise<unknown>): Promise<string> {
  const error = await action().then(
    () => new Error('an error was expected'),
    (reason: unknown) => reason as Error,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return error.message;
}

describe('an unknown option of a chart', () => {
  it.each([
    [{ timezone: 'Europe/Oslo' }, 'plot: unknown name "timezone"; did you mean timeZone?'],
    [{ titel: 'Pump' }, 'plot: unknown name "titel"; did you mean title?'],
    [{ treshold: [] }, 'plot: unknown name "treshold"; did you mean thresholds?'],
    [{ aggregates: ['average'] }, 'plot: unknown name "aggregates"; known names: '],
  ])('%j is an error that names the option that was meant', (options, message) => {
    expect(problemOf(draw(options))).toContain(message);
    expect(problemOf(() => plotDatapoints()([data as never])(options as never))).toContain(message);
  });

  it('lists all options where it resembles no other', () => {
    const problem = problemOf(draw({ type: 'histogram' }));
    expect(problem).toMatch(/^plot: unknown name "type"; known names: title, .*\bmark\b/);
  });

  it('is an error of a chart with few parts, too', () => {
    expect(problemOf(() => lineChart(data, { titel: 'Pump' } as never))).toBe(
      'plot: unknown option titel',
    );
  });

  it('is an error of series before anything is sent', async () => {
    const transport = memoryTransport({});
    const series = plotTimeSeries(new DatapointsApi(transport))({ id: 1 });
    const problem = (options: unknown) => problemOfAsync(() => series(options as never));
    expect(await problem({ timezone: 'UTC' })).toContain('did you mean timeZone?');
    expect(await problem({ granularty: '1h' })).toContain('did you mean granularity?');
    expect(await problem({ live: 5000 })).toBe(
      'plot: live must be true, false or { intervalMs }, got 5000',
    );
    expect(await problem({ live: { interval: 5000 } })).toContain('did you mean intervalMs?');
    expect(await problem({ maxPoints: '10' })).toBe(
      'plot: maxPoints must be a number from 1, got the string "10"',
    );
    expect(await problem('1d')).toBe('plot: expected an object of options, got the string "1d"');
    expect(transport.requests).toHaveLength(0);
  });

  it('is an error of each output', async () => {
    const chart = plot(data) as never as Record<string, (options?: unknown) => unknown>;
    expect(problemOf(() => chart.toText?.({ colums: 60 }))).toContain('did you mean columns?');
    expect(problemOf(() => chart.toText?.(6))).toBe('toText: expected an object of options, got 6');
    expect(problemOf(() => chart.toText?.({ columns: '60' }))).toBe(
      'toText: columns must be a number, got the string "60"',
    );
    expect(problemOf(() => chart.toText?.({ columns: Number.NaN }))).toBe(
      'toText: columns must be a number, got NaN',
    );
    expect(problemOf(() => chart.toText?.({ color: 'red' }))).toBe(
      'toText: color must be true or false, got the string "red"',
    );
    expect(problemOf(() => chart.toHtml?.({ interactve: false }))).toContain(
      'did you mean interactive?',
    );
    expect(problemOf(() => chart.toHtml?.({ maxPoints: 'all' }))).toContain(
      'toHtml: maxPoints must be a number',
    );
    expect(problemOf(() => interactiveHtml(plot(data), { points: 5 } as never))).toContain(
      'toHtml: unknown name "points"',
    );
    for (const output of ['toSvg', 'toVegaLite'])
      expect(problemOf(() => chart[output]?.({ width: 300 }))).toBe(
        `${output} takes no options; pass them to plot`,
      );
    const options = { scal: 3 } as never;
    expect(await problemOfAsync(() => saveChart(plot(data))('a.svg', options))).toContain(
      'save: unknown name "scal"; did you mean scale?',
    );
    expect(await problemOfAsync(() => pngChart(plot(data))(options))).toContain(
      'toPng: unknown name "scal"; did you mean scale?',
    );
    expect(await problemOfAsync(() => browserPng(plot(data))(options))).toContain(
      'toPng: unknown name "scal"; did you mean scale?',
    );
    const mounted = { onError: () => undefined, rangeSelectr: true } as never;
    expect(problemOf(() => mountChart(plot(data))(undefined as never, mounted))).toBe(
      'mount: unknown option rangeSelectr',
    );
    for (const element of [null, {}, '#chart'])
      expect(problemOf(() => mountChart(plot(data))(element as never))).toBe(
        'mount: pass an element of a page',
      );
    expect(await problemOfAsync(() => showChart(plot(data))({ opn: false } as never))).toContain(
      'show: unknown name "opn"; did you mean open?',
    );
  });
});

describe('an option of another kind is an error that says which, what came and what is expected', () => {
  it.each([
    [
      { thresholds: { value: 4 } },
      'thresholds must be an array of { value, label, unit }, got {"value":4}',
    ],
    [
      { thresholds: [4] },
      'thresholds[0] must be { value, label, unit } with a finite value, got 4',
    ],
    [
      { thresholds: [{ value: 1 }, { value: Number.NaN }] },
      'thresholds[1] must be { value, label, unit } with a finite value, got {"value":null}',
    ],
    [{ thresholds: [{ value: 1, name: 'High' }] }, 'thresholds[0]: unknown name "name"'],
    [{ valueRange: 5 }, 'valueRange must be [lowest, highest], got 5'],
    [{ valueRange: [2, 1] }, 'valueRange must be [lowest, highest], got [2,1]'],
    [{ events: {} }, 'events must be an array of { startTime, endTime, type }, got {}'],
    [
      { events: Promise.resolve([]) },
      'events must be an array of { startTime, endTime, type }, got a Promise; await it',
    ],
    [
      { events: [{ startTime: '2026-01-01' }] },
      'events[0] must have startTime and endTime in milliseconds since the epoch, got {"startTime":"2026-01-01"}',
    ],
    [
      { events: [{}, { endTime: Number.NaN }] },
      'events[1] must have startTime and endTime in milliseconds since the epoch, got {"endTime":null}',
    ],
    [
      { events: [{ start: 0, end: 1000, type: 'Alarm' }] },
      'events[0]: unknown name start; did you mean startTime?',
    ],
    [
      { events: [null] },
      'events[0] must have startTime and endTime in milliseconds since the epoch, got null',
    ],
    [
      { colors: { a: 'red' } },
      'colors must be like "#0072b2", in an array or in an object such as { RUNNING: "#0072b2" }, got {"a":"red"}',
    ],
    [
      { colors: 'red' },
      'colors must be like "#0072b2", in an array or in an object such as { RUNNING: "#0072b2" }, got the string "red"',
    ],
    [
      { colors: [5] },
      'colors must be like "#0072b2", in an array or in an object such as { RUNNING: "#0072b2" }, got [5]',
    ],
    [{ mark: null }, 'mark must be scatter, histogram or stateTimeline, as imported, got null'],
    [
      { mark: 'scatter' },
      'mark must be scatter, histogram or stateTimeline, as imported, got the string "scatter"',
    ],
    [{ width: '1200' }, 'width must be a number from 200 to 10000, got the string "1200"'],
    [{ width: 5 }, 'width must be a number from 200 to 10000, got 5'],
    [{ height: Number.NaN }, 'height must be a number from 120 to 10000, got NaN'],
    [{ theme: 'blue' }, 'theme must be light, dark or auto, got the string "blue"'],
    [{ units: 'both' }, 'units must be panels or overlay, got the string "both"'],
    [{ valueScale: 'ln' }, 'valueScale must be linear or log, got the string "ln"'],
    [{ title: 5 }, 'title must be a string, got 5'],
    [{ locale: {} }, 'locale must be a string, got {}'],
    [
      { names: 'Pump' },
      'names must be an object such as { "pump-1": "Pump 1" }, got the string "Pump"',
    ],
    [{ names: { 1: 5 } }, 'names must be an object such as { "pump-1": "Pump 1" }, got {"1":5}'],
    [{ idLabels: 'yes' }, 'idLabels must be true or false, got the string "yes"'],
    [{ downsample: 0 }, 'downsample must be true or false, got 0'],
    [{ timeZone: 1 }, 'timeZone must be a string, got 1'],
    [{ maxGap: {} }, "maxGap must be milliseconds above 0 or a duration such as '1h', got {}"],
    [{ maxGap: 0 }, "maxGap must be milliseconds above 0 or a duration such as '1h', got 0"],
    [5, 'expected an object of options, got 5'],
    [null, 'expected an object of options, got null'],
    [[histogram], 'expected an object of options, got an array'],
  ])('%j', (options, message) => {
    expect(problemOf(draw(options))).toContain(`plot: ${message}`);
  });

  it('also in a chart with few parts', () => {
    for (const [options, message] of [
      [{ width: '1200' }, 'plot: width must be 200 to 10000'],
      [{ valueRange: 5 }, 'plot: valueRange must be [lowest, highest]'],
      [{ valueRange: [0, Infinity] }, 'plot: valueRange must be [lowest, highest]'],
      [{ colors: {} }, 'plot: colors must be like #0072b2'],
      [{ colors: null }, 'plot: colors must be like #0072b2'],
      [{ start: 20, end: 10 }, 'plot: start must be before end'],
      [{ theme: null }, 'plot: theme must be light, dark or auto'],
    ] as const)
      expect(problemOf(() => lineChart(data, options as never))).toBe(message);
  });

  it('and so is invalid data', () => {
    const problem = (wrong: unknown) => problemOf(() => plot(wrong as never));
    expect(problem(undefined)).toBe(
      'plot: expected { timestamps, values } or an array of them, got undefined',
    );
    expect(problem([data, 5])).toBe('plot: series 2: expected { timestamps, values }, got 5');
    expect(problem(Promise.resolve(data))).toBe(
      'plot: expected { timestamps, values } or an array of them, got a Promise; await it',
    );
    expect(problem({ ...data, timestamps: [0, 1000, 2000] })).toBe(
      'plot: series 1: timestamps must be a Float64Array, got an array; use Float64Array.from(…)',
    );
    expect(problem({ ...data, values: [1, 2, 3] })).toBe(
      'plot: series 1: values must be a Float64Array or an array of strings, got an array of numbers; use Float64Array.from(…)',
    );
  });
});

describe('options are what they were when they were checked', () => {
  const evil = '"/><script>alert(1)</script><g x="';
  const state = { ...data, isString: true, values: ['on', 'off', 'on'] };
  /** Another value each time that it is read. */
  const changing = (name: string, ...values: unknown[]): object => {
    let reads = 0;
    const get = () => values[Math.min(reads++, values.length - 1)];
    return Object.defineProperty({}, name, { get, enumerable: true });
  };
  const isClean = (draw: () => { toSvg(): string }): void => {
    let svg: string;
    try {
      svg = draw().toSvg();
    } catch (error) {
      // Refused: nothing of it is drawn.
      expect(error).toBeInstanceOf(ConfigError);
      return;
    }
    expect(svg).not.toContain('<script');
  };

  it.each([
    ['plot', (options: object) => plot(data, options)],
    ['lineChart', (options: object) => lineChart(data, options)],
  ])('%s reads each of them once', (_, chart) => {
    isClean(() => chart(changing('colors', ['#0072b2'], [evil])));
    isClean(() => chart(changing('width', 900, evil)));
    isClean(() => chart(changing('height', 420, evil)));
    expect(chart(changing('title', 'One', 'Two')).toSvg()).toContain('One');
  });

  it.each([
    ['plot', (options: object) => plot(data, options)],
    ['lineChart', (options: object) => lineChart(data, options)],
  ])('%s does not see what becomes of them later', (_, chart) => {
    const options = { colors: ['#0072b2'], width: 900 as unknown };
    const drawn = chart(options);
    const before = drawn.toSvg();
    options.colors[0] = evil;
    options.width = evil;
    expect(drawn.toSvg()).toBe(before);
    expect(modelOf(drawn as never).options.colors).toEqual(['#0072b2']);
  });

  it('nor does a chart that is drawn again with other data', () => {
    const options = { colors: { Pressure: '#0072b2' }, names: {}, events: [{ type: 'trip' }] };
    const drawn = plot(data, options);
    options.colors.Pressure = evil;
    options.events[0] = { type: 'other' };
    const again = renderSvg((drawn as unknown as { remodel(d: object): never }).remodel(data));
    expect(again).toBe(drawn.toSvg());
    expect(again).toContain('trip');
  });

  it('a colour is a string, and no other thing that looks like one', () => {
    for (const color of [['#0072b2'], new String('#0072b2'), { toString: () => '#0072b2' }]) {
      for (const chart of [plot, lineChart])
        expect(problemOf(() => chart(data, { colors: [color as never] }))).toContain(
          'plot: colors must be',
        );
      const colors = { on: color as never };
      expect(problemOf(() => plot(state, { mark: stateTimeline, colors }))).toContain('colors');
      expect(problemOf(() => eventBands([], colors))).toContain('colors of events');
    }
    const list = { length: 1, 0: evil, every: () => true } as never;
    expect(problemOf(() => lineChart(data, { colors: list }))).toContain('colors must be');
  });

  it('the colours of events are read once, and so are thresholds', () => {
    const colors = changing('trip', '#0072b2', evil) as never;
    isClean(() => lineChart(data, {}, [eventBands([{ type: 'trip' }], colors)]));
    const limit = Object.assign(changing('value', 2, 'NaN'), { label: 'High' }) as never;
    expect(lineChart(data, {}, [thresholdLines([limit])]).toSvg()).not.toContain('NaN');
  });

  it('a label of a threshold is safe text, whatever it is at the second look', () => {
    const label = changing('label', '\u001b[31mHigh', '\u001b[31mHigh', { length: 5 });
    const limit = Object.defineProperties(
      {},
      {
        ...Object.getOwnPropertyDescriptors(label),
        value: { value: 2, enumerable: true },
      },
    ) as never;
    expect(plot(data, { thresholds: [limit] }).toText()).toContain('╌ [31mHigh (2)');
    expect(problemOf(draw({ thresholds: [{ value: 2, label: 5 }] }))).toBe(
      'plot: thresholds[0]: label must be a string, got 5',
    );
    expect(problemOf(draw({ thresholds: [{ value: 2, unit: {} }] }))).toBe(
      'plot: thresholds[0]: unit must be a string, got {}',
    );
  });

  it('outputs read theirs once, too', () => {
    const sizes = changing('columns', 60, Number.NaN) as never;
    expect(plot(data).toText(sizes)).toBe(plot(data).toText({ columns: 60 }));
    const page = changing('interactive', false, true) as never;
    expect(plot(data).toHtml(page)).toBe(plot(data).toHtml({ interactive: false }));
  });
});
