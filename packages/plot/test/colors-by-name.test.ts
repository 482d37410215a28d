import { ConfigError } from '@cdf/core';
import { plot, plotTimeSeries, stateTimeline } from '@cdf/plot';
import { eventBands, lineChart } from '@cdf/plot/svg';
import { describe, expect, it } from 'vitest';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);
const COLOR = '#123456';
const timestamps = Float64Array.of(START, START + HOUR, START + 2 * HOUR);
const flow = {
  id: 7,
  externalId: 'pt-7',
  name: 'High  level',
  timestamps,
  values: Float64Array.of(1, 2, 3),
};
const average = {
  ...flow,
  values: undefined,
  aggregates: ['average'],
  granularity: '1h',
  average: flow.values,
};
const has = (data: object, colors: object, more: object = {}): boolean =>
  plot(data as never, { ...more, colors: colors as never })
    .toSvg()
    .includes(COLOR);

describe('colours by name', () => {
  it('are not those of another series whose name goes on in brackets', () => {
    const backup = { ...flow, id: 8, externalId: 'pt-8', name: 'High level (backup)' };
    expect(has(backup, { 'High level': COLOR })).toBe(false);
    expect(has(backup, { 'High level (backup)': COLOR })).toBe(true);
  });

  it.each([
    ['name', 'High  level'],
    ['name as it is drawn', 'High level'],
    ['external id', 'pt-7'],
    ['id', '7'],
  ])('find a series by its %s, also where it is aggregates', (_, name) => {
    expect(has(flow, { [name]: COLOR })).toBe(true);
    expect(has(average, { [name]: COLOR })).toBe(true);
    expect(has({ ...flow, name: undefined }, { [name]: COLOR })).toBe(!name.startsWith('High'));
  });

  it('find one of several aggregates by its whole name', () => {
    const both = { ...average, aggregates: ['average', 'max'], max: Float64Array.of(4, 5, 6) };
    const svg = plot(both as never, { colors: { 'High level (max, 1h)': COLOR } }).toSvg();
    expect(svg.match(/data-series="[^"]*" stroke="#123456"/g)).toEqual([
      'data-series="High level (max, 1h)" stroke="#123456"',
    ]);
  });

  it('find states and types of events that are not drawn as they were written', () => {
    const name = 'High \u202e level';
    const state = { name: 'Pump', isString: true, timestamps, values: [name, 'on', name] };
    expect(has(state, { [name]: COLOR }, { mark: stateTimeline })).toBe(true);
    const events = [{ type: name, startTime: START }];
    expect(has(flow, { [name]: COLOR }, { events })).toBe(true);
    expect(lineChart(flow, {}, [eventBands(events, { [name]: COLOR })]).toSvg()).toContain(COLOR);
  });

  it('have no effect in a chart without that name, so that charts can share them', () => {
    const plain = plot(flow, { theme: 'light' }).toSvg();
    const colors = { STOPPED: COLOR, constructor: COLOR, toString: COLOR };
    expect(plot(flow, { theme: 'light', colors: colors as never }).toSvg()).toBe(plain);
  });

  it('are an object: a Map is an error, for names, too', () => {
    for (const option of ['colors', 'names'])
      expect(() => plot(flow, { [option]: new Map([['pt-7', COLOR]]) })).toThrow(ConfigError);
    expect(() => plot(flow, { colors: new Map([['pt-7', COLOR]]) as never })).toThrow(
      'plot: colors must be like "#0072b2", in an array or in an object such as { RUNNING: "#0072b2" }, got Map {',
    );
  });
});

it('a series whose external id is a word of JavaScript keeps its name', async () => {
  const api = { retrieve: async () => [{ ...flow, externalId: 'constructor' }] };
  const series = { id: 7, externalId: 'constructor', name: 'Flow' };
  const chart = await plotTimeSeries(api as never)(series)({ start: START, limit: 5 });
  expect(chart.toSvg()).toContain('data-series="Flow"');
});

it('a column with a hostile name is a label that does nothing', () => {
  const column = { id: 1, timestamps, '\u001b[31mred': flow.values };
  expect(plot(column as never).toText()).not.toContain('\u001b');
});
