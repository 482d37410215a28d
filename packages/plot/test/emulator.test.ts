import { ConfigError, EmptyDataError, type Transport } from '@cdf/core';
import { DatapointsApi } from '@cdf/datapoints';
import { plotDatapoints, plotTimeSeries } from '@cdf/plot';
import { TimeSeriesApi } from '@cdf/timeseries';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulated, emulated } from '../../../tooling/emulators/emulated.js';
import { modelOf } from './model-of.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 9, 20);
const window = { start: START, end: START + 10 * DAY };

let transport: Transport;
let project: Emulated;
let sent: string[] = [];

const outputs = {};
const connect = () => {
  const counting: Transport = {
    ...{ project: transport.project, limits: transport.limits, close: () => transport.close() },
    [Symbol.asyncDispose]: () => transport.close(),
    transfer: (spec, options) => transport.transfer(spec, options),
    request: (spec, options) => {
      sent.push(spec.path);
      return transport.request(spec, options);
    },
  };
  const datapoints = new DatapointsApi(counting, { plot: plotDatapoints(outputs) });
  const chartOf = plotTimeSeries(datapoints, outputs);
  return {
    datapoints,
    timeSeries: new TimeSeriesApi(counting, { plot: chartOf }, { plot: chartOf }),
  };
};

beforeAll(async () => {
  project = await emulated();
  ({ transport } = project);
  const { datapoints, timeSeries } = connect();
  await timeSeries.create([
    { externalId: 'pressure', name: 'Inlet pressure', unit: 'bar' },
    { externalId: 'valve', name: 'Valve', unit: '%', isStep: true },
    { externalId: 'idle', name: 'Idle sensor', unit: 'bar' },
    { externalId: 'state', name: 'State', isString: true },
  ]);
  const times = Array.from({ length: 10 * 24 * 6 }, (_, index) => START + index * 600_000);
  const now = Date.now();
  await datapoints.insertMany([
    {
      externalId: 'pressure',
      datapoints: [
        ...times.map((timestamp, index) => ({ timestamp, value: 50 + 10 * Math.sin(index / 40) })),
        ...[3, 2, 1].map((hours) => ({ timestamp: now - hours * HOUR, value: 70 + hours })),
      ],
    },
    {
      externalId: 'valve',
      datapoints: times
        .filter((_, index) => index % 200 === 0)
        .map((timestamp, index) => ({ timestamp, value: index * 10 })),
    },
    {
      externalId: 'state',
      datapoints: times.slice(0, 3).map((timestamp) => ({ timestamp, value: 'open' })),
    },
  ]);
});

afterAll(() => project[Symbol.asyncDispose]());

describe('charts of an emulated project', () => {
  it('series.plot() draws the raw points of the last 24 hours, by name, with one request, and one that counts them', async () => {
    const series = await connect().timeSeries.retrieve({ externalId: 'pressure' });
    sent = [];
    const chart = await series?.plot();
    expect(sent).toEqual(['/timeseries/data/list', '/timeseries/data/list']);
    sent = [];
    await series?.plot({ start: '5h-ago' });
    expect(sent).toEqual(['/timeseries/data/list']);
    const { title, start, end, series: lines } = chart === undefined ? {} : modelOf(chart);
    expect([title, (end ?? 0) - (start ?? 0)]).toEqual(['Inlet pressure', DAY]);
    // With the neighbour on the left: the line reaches the edge.
    expect([...(lines?.[0]?.values ?? [])].slice(-3)).toEqual([73, 72, 71]);
    expect(lines?.[0]?.timestamps[0]).toBeLessThan(start ?? 0);
  });

  it('series.plot() draws the aggregates that CDF computes as a band', async () => {
    const series = await connect().timeSeries.retrieve({ externalId: 'pressure' });
    const chart = await series?.plot({
      ...window,
      aggregates: ['average', 'min', 'max'],
      granularity: '1d',
      timeZone: 'Europe/Oslo',
    });
    const [line] = chart === undefined ? [] : modelOf(chart).series;
    expect(line?.label).toBe('Inlet pressure (average, 1d)');
    // Buckets begin at midnight in Oslo, on both sides of the change to winter time.
    expect(
      new Set(Array.from(line?.timestamps ?? [], (time) => new Date(time).getUTCHours())),
    ).toEqual(new Set([22, 23]));
    line?.values.forEach((average, index) => {
      expect(average).toBeGreaterThanOrEqual(line.low?.[index] ?? Number.NaN);
      expect(average).toBeLessThanOrEqual(line.high?.[index] ?? Number.NaN);
    });
    expect(chart?.toSvg()).toContain('UTC+02:00 → UTC+01:00');
  });

  it('list.plot() draws all of them, steps as steps, a panel for each unit, and says which have nothing', async () => {
    const list = await connect().timeSeries.list({ limit: Infinity });
    const svg = (await list.plot(window)).toSvg();
    for (const text of [
      'Inlet pressure',
      'Valve',
      'Idle sensor (no data)',
      'State (text)',
      '>bar<',
      '>%<',
    ])
      expect(svg).toContain(text);
    const step = /data-series="Valve".*? d="([^"]*)"/.exec(svg)?.[1];
    expect(step).toMatch(/^M\d+ \d+[hv\d-]+$/);
  });

  it('datapoints.plot() draws what was read, and sends nothing', async () => {
    const { datapoints } = connect();
    const read = await datapoints.retrieve({
      items: [{ externalId: 'pressure' }, { externalId: 'valve' }],
      ...window,
    });
    sent = [];
    expect(read.plot({ names: { valve: 'Named here' } }).toText()).toContain('Named here');
    expect(read[0]?.plot().toJSON().title).toBe('pressure');
    expect(sent).toEqual([]);
  });

  it('an empty window is an EmptyDataError with the names', async () => {
    const idle = await connect().timeSeries.retrieve({ externalId: 'idle' });
    await expect(idle?.plot()).rejects.toThrow(EmptyDataError);
    await expect(idle?.plot(window)).rejects.toThrow(
      'from 2026-10-20T00:00:00.000Z to 2026-10-30T00:00:00.000Z in Idle sensor [idle]',
    );
  });

  it('counts the raw points of more than a day first, and does not read more than it may', async () => {
    const list = await connect().timeSeries.list({ limit: Infinity });
    sent = [];
    await expect(list.plot({ ...window, maxPoints: 1000 })).rejects.toThrow(ConfigError);
    expect(sent).toEqual(['/timeseries/data/list']);
    await expect(list.plot({ ...window, maxPoints: 1000 })).rejects.toThrow(
      /about 1,4\d\d raw points .* more than the 1,000 that maxPoints allows; use aggregates: \['average', 'min', 'max'\], granularity: '1h'/,
    );
    expect(
      modelOf(await list.plot({ ...window, maxPoints: 2000 })).series[0]?.timestamps.length,
    ).toBeGreaterThan(1400);
  });

  it('does not read more raw points of a day than it may', async () => {
    const list = await connect().timeSeries.list({ limit: Infinity });
    const day = { start: Date.UTC(2026, 9, 21), end: Date.UTC(2026, 9, 22) };
    await expect(list.plot({ ...day, maxPoints: 100 })).rejects.toThrow(
      /about \d+ raw points .* more than the 100 that maxPoints allows; use aggregates: \['average', 'min', 'max'\], granularity: '10m'/,
    );
    expect(modelOf(await list.plot({ ...day, maxPoints: 1000 })).series.length).toBeGreaterThan(1);
  });
});
