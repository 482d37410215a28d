import { ConfigError } from '@cdf/core';
import { plot } from '@cdf/plot';
import {
  aggregateLines,
  eventBands,
  lineChart,
  sharedPanel,
  spokenRanges,
  statusMarks,
  thresholdLines,
  timeZone,
} from '@cdf/plot/svg';
import { describe, expect, it } from 'vitest';
import type { ChartPart } from '../src/chart-model.js';
import { LIGHT } from '../src/palette.js';
import { modelOf } from './model-of.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 6, 1);
const timestamps = Float64Array.from([0, 1, 2, 3], (hour) => START + hour * HOUR);
const pressure = {
  id: 1,
  name: 'Pressure',
  unit: 'bar',
  timestamps,
  values: Float64Array.of(1, 2, 3, 4),
};
const temperature = {
  id: 2,
  name: 'Temperature',
  unit: '°C',
  timestamps,
  values: Float64Array.of(20, 21, 22, 21),
};

const draw = (data: Parameters<typeof lineChart>[0], ...parts: ChartPart[]): string =>
  lineChart(data, { theme: 'light' }, parts).toSvg();
const texts = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text]) => text as string);

describe('a chart without parts', () => {
  it('has lines, legend, title, units, dates and UTC', () => {
    const svg = lineChart([pressure, temperature], { title: 'Pump' }).toSvg();
    expect(texts(svg)).toEqual(
      expect.arrayContaining([
        'Pump',
        'Pressure',
        'Temperature',
        'bar',
        '°C',
        '00:00',
        'Wed, 1 Jul 2026',
        'UTC',
      ]),
    );
    expect(svg.match(/data-series/g)).toHaveLength(2);
  });

  it('says that it cannot draw aggregates, and draws what else there is', () => {
    const average = { name: 'Flow', timestamps, average: Float64Array.of(1, 2, 3, 4) };
    expect(() => draw(average)).toThrow(ConfigError);
    expect(() => draw(average)).toThrow('nothing to draw in [Flow (no raw values)]');
    expect(texts(draw([pressure, average]))).toContain('Flow (no raw values)');
  });

  it('names series by their data', () => {
    expect(modelOf(lineChart({ ...pressure, name: undefined, externalId: 'pt-1' })).title).toBe(
      'pt-1',
    );
    expect(modelOf(lineChart({ ...pressure, name: undefined })).title).toBe('1');
  });
});

describe('a part', () => {
  it('aggregateLines: draws an average with minimum and maximum as a line in a band', () => {
    const band = {
      name: 'Flow',
      timestamps,
      aggregates: ['average', 'min', 'max'],
      granularity: '1h',
      average: Float64Array.of(1, 2, 3, 4),
      min: Float64Array.of(0, 1, 2, 3),
      max: Float64Array.of(2, 3, 4, 5),
    };
    const svg = draw(band, aggregateLines);
    expect(svg).toMatch(/fill-opacity="\.2" d="M[^"]+Z"/);
    expect(texts(svg)).toContain('Flow (average, 1h)');
  });

  it('eventBands: draws events, named in the legend', () => {
    const svg = draw(
      pressure,
      eventBands([{ startTime: START, endTime: START + HOUR, type: 'trip' }, {}]),
    );
    expect(svg.match(/data-event/g)).toHaveLength(2);
    expect(texts(svg)).toEqual(expect.arrayContaining(['trip', 'event']));
  });

  it('eventBands: has a colour for each type whatever there is beside it, or the chosen one', () => {
    const maintenance = { startTime: START, endTime: START + 2 * HOUR, type: 'maintenance' };
    const trips = [1, 3].map((hour) => ({
      ...{ startTime: START, endTime: START + hour * HOUR },
      type: 'trip',
    }));
    const bands = (svg: string): string[] =>
      [...svg.matchAll(/<rect data-event="" (\S+)/g)].map(([, color]) => color as string);
    const [first, ...others] = bands(draw(pressure, eventBands([maintenance, ...trips])));
    expect(new Set(others).size).toBe(1);
    expect(others).not.toContain(first);
    // The same in another order, and beside other lines.
    expect(bands(draw([pressure, temperature], eventBands([...trips, maintenance])))).toEqual([
      ...others,
      first,
    ]);
    const chosen = draw(pressure, eventBands([...trips, maintenance], { trip: '#b3261e' }));
    expect(new Set(bands(chosen))).toEqual(new Set(['fill="#b3261e"', first]));
    expect(texts(chosen)).toEqual(expect.arrayContaining(['trip', 'maintenance']));
    expect(() => eventBands(trips, { trip: 'red" onload="x' })).toThrow(ConfigError);
  });

  it('eventBands: is grey where there is one type, and has a colour for any number of them', () => {
    const events = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        ...{ startTime: START + index * MINUTE, endTime: START + (index + 1) * MINUTE },
        type: `type ${index}`,
      }));
    expect(draw(pressure, eventBands(events(1)))).toContain(`data-event="" color="${LIGHT.axis}"`);
    const many = draw(pressure, eventBands(events(20)));
    const bands = [...many.matchAll(/data-event="" color="([^"]*)"/g)].map(([, color]) => color);
    expect(bands).toHaveLength(20);
    expect(new Set(bands)).toEqual(new Set(LIGHT.series));
    const eight = draw(pressure, eventBands(events(8)));
    expect(new Set(eight.match(/data-event="" color="[^"]*/g)).size).toBe(8);
  });

  it('eventBands: says when an event was', () => {
    const svg = draw(
      pressure,
      eventBands([
        { startTime: START, endTime: START + HOUR, type: 'trip', description: 'Low oil' },
        { startTime: START + HOUR },
        { endTime: START + 30 * HOUR },
      ]),
    );
    expect(
      [...svg.matchAll(/<rect data-event[^>]*><title>([^<]*)/g)].map(([, text]) => text),
    ).toEqual([
      'trip: Low oil, 1 Jul 2026, 00:00 to 01:00',
      'event, from 1 Jul 2026, 01:00',
      'event, until 2 Jul 2026, 06:00',
    ]);
  });

  it('eventBands: takes a time beyond all dates for an open end', () => {
    const titles = (...events: Parameters<typeof eventBands>[0]) =>
      [...draw(pressure, eventBands(events)).matchAll(/<rect[^>]*><title>([^<]*)/g)].map(
        ([, text]) => text,
      );
    const at = START + HOUR;
    expect(
      titles(
        { startTime: -Infinity, endTime: at },
        { startTime: Number.NaN, endTime: START + 2 * HOUR },
        { startTime: -1e18, endTime: START + 3 * HOUR },
      ),
    ).toEqual([
      'event, until 1 Jul 2026, 01:00',
      'event, until 1 Jul 2026, 02:00',
      'event, until 1 Jul 2026, 03:00',
    ]);
    expect(
      titles(
        { startTime: START, endTime: Infinity },
        { startTime: at, endTime: 1e18 },
        { startTime: START + 2 * HOUR, endTime: Number.NaN },
      ),
    ).toEqual([
      'event, from 1 Jul 2026, 00:00',
      'event, from 1 Jul 2026, 01:00',
      'event, from 1 Jul 2026, 02:00',
    ]);
    expect(titles({ startTime: -Infinity, endTime: Infinity })).toEqual(['event, always']);
    // One that begins after all dates is not in the chart, and so is one that ended before them.
    expect(titles({ startTime: 1e18 }, { endTime: -1e18 })).toEqual([]);
  });

  it('thresholdLines: draws limits, and the axis reaches them', () => {
    const svg = draw(pressure, thresholdLines([{ value: 40, label: 'High' }]));
    expect(texts(svg)).toEqual(expect.arrayContaining(['High', '40']));
    expect(() => thresholdLines([{ value: Number.NaN }])).toThrow(ConfigError);
  });

  it('statusMarks: marks what is not good', () => {
    const statuses = { indexes: Uint32Array.of(1), codes: Uint32Array.of(0x80000000) };
    expect(texts(draw({ ...pressure, statuses }, statusMarks))).toContain('bad');
    expect(texts(draw({ ...pressure, statuses }))).not.toContain('bad');
  });

  it('sharedPanel: has an axis for each unit in one panel', () => {
    const svg = draw([pressure, temperature], sharedPanel);
    expect(texts(svg)).toEqual(expect.arrayContaining(['bar', '°C']));
    expect(svg).toContain('height="420"');
    expect(svg.match(/transform="scale\(10\)" d="M(\d+ \d+)\S*ZM\1/)).not.toBeNull();
  });

  it('spokenRanges: says the values to screen readers', () => {
    expect(draw(pressure, spokenRanges)).toContain(
      '(UTC). Pressure, from 1 to 4 bar, at last 4.</desc>',
    );
    expect(draw(pressure)).toContain('(UTC).</desc>');
  });

  it('timeZone: writes times in the zone, and names it', () => {
    expect(texts(draw(pressure, timeZone('Europe/Oslo')))).toEqual(
      expect.arrayContaining(['02:00', 'Europe/Oslo, UTC+02:00']),
    );
    expect(() => draw(pressure, timeZone('Mars/Olympus'))).toThrow('Mars/Olympus');
  });

  it('all of them: the same picture as the whole chart has', () => {
    const events = [{ startTime: START, type: 'trip' }];
    const thresholds = [{ value: 5, label: 'High' }];
    const zone = 'America/New_York';
    const whole = plot([pressure, temperature], { events, thresholds, timeZone: zone }).toSvg();
    const parts = [
      aggregateLines,
      statusMarks,
      spokenRanges,
      eventBands(events),
      thresholdLines(thresholds),
      timeZone(zone),
    ];
    expect(lineChart([pressure, temperature], {}, parts).toSvg()).toBe(whole);
  });
});
