import { createTransport, EmptyDataError, Token, type Transport } from '@cdf/core';
import { DatapointsApi } from '@cdf/datapoints';
import {
  histogram,
  plotTimeSeries,
  type SeriesPlotOptions,
  scatter,
  stateTimeline,
} from '@cdf/plot';
import { TimeSeriesApi } from '@cdf/timeseries';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEmulator } from '../../emulator/src/index.js';
import type { ChartModel } from '../src/chart-model.js';
import { layoutChart } from '../src/layout.js';
import type { LiveView } from '../src/live.js';
import { renderSvg, wholeView } from '../src/svg.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const NOW = Date.UTC(2026, 0, 1, 12);

let transport: Transport;
let datapoints: DatapointsApi;
let timeSeries: TimeSeriesApi;

describe('a live chart', () => {
  beforeEach(async () => {
    vi.useFakeTimers({ now: NOW, toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    // In this process: what waits for a network would wait for the clock.
    const emulator = createEmulator();
    transport = createTransport({
      clientName: 'test',
      project: emulator.project,
      baseUrl: emulator.url,
      credentials: new Token(() => emulator.issueToken()),
      fetch: emulator.fetch,
    });
    datapoints = new DatapointsApi(transport);
    timeSeries = new TimeSeriesApi(transport);
    await timeSeries.create([
      { externalId: 'a', name: 'Level', unit: 'm' },
      { externalId: 'b', name: 'Flow', unit: 'm' },
      { externalId: 'text', name: 'Mode', isString: true },
    ]);
  });
  afterEach(async () => {
    await transport.close();
    vi.useRealTimers();
  });

  const insert = (externalId: string, ...points: [time: number, value: number][]) =>
    datapoints.insert(
      { externalId },
      points.map(([timestamp, value]) => ({ timestamp, value })),
    );

  async function live(names: string[], options: SeriesPlotOptions = {}) {
    const series = await timeSeries.retrieveMultiple(names.map((externalId) => ({ externalId })));
    const chart = await plotTimeSeries(datapoints)(series)({
      start: '10m-ago',
      live: { intervalMs: SECOND },
      ...options,
    });
    const models: ChartModel[] = [];
    const errors: unknown[] = [];
    const { follow } = chart as unknown as { follow: (view: LiveView) => () => void };
    const stop = follow({
      show: (model) => void models.push(model),
      onError: (error) => void errors.push(error),
    });
    const turn = async (): Promise<ChartModel> => {
      const before = models.length + errors.length;
      await vi.advanceTimersByTimeAsync(SECOND);
      while (models.length + errors.length === before)
        await new Promise((resolve) => setImmediate(resolve));
      expect(errors).toEqual([]);
      return models.at(-1) as ChartModel;
    };
    const drawn = (index = 0): number[] => [...(models.at(-1)?.series[index]?.timestamps ?? [])];
    return { chart, models, turn, drawn, stop };
  }

  const stored = async (start: number, end: number): Promise<number[]> => [
    ...(await datapoints.retrieve({ externalId: 'a', start, end, includeOutsidePoints: true }))
      .timestamps,
  ];

  it.each([{}, { end: '1h-ahead' }, { includeOutsidePoints: false }])(
    'draws each new point where there is one in the future: %j',
    async (options) => {
      await insert('a', [NOW - MINUTE, 1], [NOW + 30 * MINUTE, 9]);
      const { turn, drawn, stop } = await live(['a'], options);
      for (let second = 0; second < 5; second++) {
        await insert('a', [NOW + second * SECOND + 500, second]);
        await turn();
        const isOutside = !('includeOutsidePoints' in options);
        expect(drawn()).toEqual([
          NOW - MINUTE,
          ...Array.from({ length: second + 1 }, (_, index) => NOW + index * SECOND + 500),
          ...(isOutside ? [NOW + 30 * MINUTE] : []),
        ]);
      }
      stop();
    },
  );

  it('draws a point that comes late, behind others: at once in the last minute, else in time', async () => {
    await insert('a', [NOW - 5 * MINUTE, 1], [NOW - 1, 2]);
    const { turn, drawn, stop } = await live(['a']);
    await insert('a', [NOW - 50 * SECOND, 3]);
    await turn();
    expect(drawn()).toEqual([NOW - 5 * MINUTE, NOW - 50 * SECOND, NOW - 1]);
    await insert('a', [NOW - 4 * MINUTE, 4]);
    await turn();
    expect(drawn()).not.toContain(NOW - 4 * MINUTE);
    for (let more = 0; more < 58; more++) await turn();
    expect(drawn()).toContain(NOW - 4 * MINUTE);
    stop();
  });

  it('has what a new chart would have, whatever comes, changes or is removed at its newest part', async () => {
    await insert('a', [NOW - 9 * MINUTE, 1], [NOW - 30 * SECOND, 2], [NOW + 20 * SECOND, 3]);
    const { turn, drawn, models, stop } = await live(['a']);
    for (let second = 0; second < 40; second++) {
      await insert('a', [NOW + second * SECOND - (second % 7) * 3 * SECOND - 1, second]);
      if (second % 10 === 9)
        await datapoints.deleteRange({
          externalId: 'a',
          start: NOW + (second - 9) * SECOND,
          end: NOW + (second - 5) * SECOND,
        });
      await turn();
      const { start, end } = models.at(-1) as ChartModel;
      expect(drawn()).toEqual(await stored(start, end));
    }
    stop();
  });

  it('draws what comes also while the whole window cannot be read', async () => {
    await insert('a', [NOW - MINUTE, 1]);
    const { models, turn, drawn, stop } = await live(['a']);
    // The 60th turn reads all of it.
    for (let second = 0; second < 59; second++) await turn();
    const retrieve = vi.spyOn(datapoints, 'retrieve');
    retrieve.mockRejectedValueOnce(new Error('the window is too large'));
    const before = models.length;
    await expect(turn()).rejects.toThrow();
    expect(models).toHaveLength(before);
    await insert('a', [Date.now(), 2]);
    await vi.advanceTimersByTimeAsync(SECOND);
    while (models.length === before) await new Promise((resolve) => setImmediate(resolve));
    expect(drawn()).toHaveLength(2);
    stop();
  });

  it('moves on while there is no point, and goes on with the next one', async () => {
    await insert('a', [NOW - 3 * SECOND, 7]);
    const { turn, stop } = await live(['a'], { start: '5s-ago' });
    let model = await turn();
    for (let more = 0; more < 4; more++) model = await turn();
    expect([model.start, model.end]).toEqual([NOW, NOW + 5 * SECOND]);
    expect(model.series.map(({ timestamps }) => timestamps.length)).toEqual([0]);
    const layout = layoutChart(model, wholeView(model));
    expect(layout.panels.map(({ unit, height }) => [unit, height > 200])).toEqual([['m', true]]);
    expect(renderSvg(model)).toContain('Level (no data)');
    await insert('a', [NOW + 5 * SECOND + 1, 8]);
    model = await turn();
    expect(model.series.map(({ label, values }) => [label, values.at(-1)])).toEqual([['Level', 8]]);
    stop();
  });

  it.each<[string, SeriesPlotOptions]>([
    ['as a line', {}],
    ['with its extras', { thresholds: [{ value: 5 }], events: [{ type: 'stop' }] }],
    ['on a shared panel', { units: 'overlay' }],
    ['on a logarithmic axis', { valueScale: 'log' }],
    ['of aggregates', { aggregates: ['average', 'min', 'max'], granularity: '1s' }],
    ['as a histogram', { mark: histogram }],
    ['as a scatter', { mark: scatter }],
    ['as states', { mark: stateTimeline }],
  ])('waits for the first point, and has every output meanwhile: %s', async (_, options) => {
    const { chart, turn, stop } = await live(['a', 'b'], options);
    const texts = [
      chart.toSvg(),
      chart.toText(),
      JSON.stringify([chart.toVegaLite(), chart.toJSON()]),
      String(chart),
    ];
    for (const text of texts) expect(text).not.toMatch(/\b(NaN|Infinity|undefined)\b/);
    expect(texts[0]).toMatch(/>Level[^<]*\(no data\)</);
    expect(chart.toHtml()).toContain('(no data)');
    await insert('a', [NOW - 1, 10], [NOW + 500, 11]);
    await insert('b', [NOW - 1, 10], [NOW + 500, 12]);
    const model = await turn();
    expect(model.series.map(({ label }) => label).join()).not.toContain('no data');
    stop();
  });

  it('of two series that becomes a scatter waits for both, and rejects one', async () => {
    await insert('a', [NOW - 1, 1]);
    const { turn, stop } = await live(['a', 'b'], { mark: scatter });
    await insert('a', [NOW + 500, 2]);
    expect((await turn()).series.map(({ label }) => label)).toEqual([
      'Level (no common times)',
      'Flow (no data)',
    ]);
    stop();
    await expect(live(['a'], { mark: scatter })).rejects.toThrow(/needs two series/);
  });

  it('of values that have no place on a logarithmic axis is empty, too', async () => {
    await insert('a', [NOW - 1, -1]);
    const { chart, turn, stop } = await live(['a'], { valueScale: 'log' });
    expect(chart.toSvg()).toContain('Level (no value above 0)');
    await insert('a', [NOW + 500, 1]);
    expect((await turn()).series[0]?.label).toBe('Level');
    stop();
  });

  it('still rejects series that it can never draw, and a chart that is not live an empty window', async () => {
    await datapoints.insert({ externalId: 'text' }, [{ timestamp: NOW - 1, value: 'on' }]);
    await expect(live(['text'])).rejects.toThrow(/only text/);
    await expect(live(['a'], { live: false })).rejects.toThrow(EmptyDataError);
  });
});
