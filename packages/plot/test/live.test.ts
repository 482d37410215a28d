import { ConfigError } from '@cdf/core';
import type { DatapointsApi } from '@cdf/datapoints';
import { type PlottableSeries, plotTimeSeries, type SeriesPlotOptions } from '@cdf/plot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChartModel } from '../src/chart-model.js';
import type { LiveView } from '../src/live.js';
import { appended } from '../src/live-points.js';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 0, 1, 12);
type Item = { readonly id?: number; readonly instanceId?: unknown; readonly start?: number };
type Query = {
  readonly items: readonly Item[];
  readonly start?: number;
  readonly end: number;
  aggregates?: unknown;
};

/** A series with a point each minute, whose value is its minute. */
function fakeApi(): { api: DatapointsApi; queries: Query[]; fail: (error?: Error) => void } {
  const queries: Query[] = [];
  let failure: Error | undefined;
  const retrieve = async (query: Query) => {
    queries.push(query);
    if (failure) throw failure;
    return query.items.map(({ id = 7, start = query.start ?? 0 }) => {
      const times: number[] = [];
      for (let time = Math.ceil(start / MINUTE) * MINUTE; time < query.end; time += MINUTE)
        times.push(time);
      const timestamps = Float64Array.from(times);
      const values = timestamps.map((time) => time / MINUTE);
      return {
        id,
        isStep: false,
        isString: false,
        timestamps,
        ...(query.aggregates
          ? { aggregates: ['max'], granularity: '1m', max: values }
          : { values }),
      };
    });
  };
  return {
    api: { retrieve } as unknown as DatapointsApi,
    queries,
    fail: (error) => (failure = error),
  };
}

const level = { id: 1, name: 'Level' };

describe('a live chart', () => {
  beforeEach(() => void vi.useFakeTimers({ now: NOW }));
  afterEach(() => void vi.useRealTimers());

  async function live(
    api: DatapointsApi,
    options: SeriesPlotOptions = {},
    series: PlottableSeries = level,
  ) {
    const chart = await plotTimeSeries(api)(series)({
      start: '1h-ago',
      live: { intervalMs: MINUTE },
      ...options,
    });
    const models: ChartModel[] = [];
    const errors: unknown[] = [];
    const { follow } = chart as unknown as { follow: (view: LiveView) => () => void };
    const stop = follow({
      show: (model) => void models.push(model),
      onError: (error) => void errors.push(error),
    });
    return { chart, models, errors, stop };
  }

  it('reads only what is new, and shows a window that moves on without losing or doubling a point', async () => {
    const { api, queries } = fakeApi();
    const { models, stop } = await live(api);
    await vi.advanceTimersByTimeAsync(3 * MINUTE);
    stop();
    expect(queries.slice(1).map(({ items }) => items[0]?.start)).toEqual(
      [1, 0, -1].map((ago) => NOW - ago * MINUTE),
    );
    const last = models.at(-1) as ChartModel;
    expect([last.start, last.end]).toEqual([NOW - 57 * MINUTE, NOW + 3 * MINUTE]);
    const times = [...(last.series[0]?.timestamps ?? [])];
    // One before the window: the line reaches its edge.
    expect(times).toEqual(Array.from({ length: 61 }, (_, index) => NOW + (index - 58) * MINUTE));
    expect([...(last.series[0]?.values ?? [])]).toEqual(times.map((time) => time / MINUTE));
  });

  it('reads the aggregates of the whole window anew: the last bucket changes', async () => {
    const { api, queries } = fakeApi();
    const { models, stop } = await live(api, { aggregates: ['max'], granularity: '1m' });
    await vi.advanceTimersByTimeAsync(MINUTE);
    stop();
    expect(queries[1]).toMatchObject({
      items: [{ id: 1, start: NOW - 59 * MINUTE }],
      aggregates: ['max'],
    });
    expect(models[0]?.series[0]?.label).toBe('Level (max, 1m)');
  });

  it.each([{}, { aggregates: ['max'], granularity: '1m' }] as const)(
    'of a node reads by instance again, and keeps its name: %j',
    async (options) => {
      const { api, queries } = fakeApi();
      const node = { space: 'plant', externalId: 'flow' };
      const { models, stop } = await live(api, options, node);
      await vi.advanceTimersByTimeAsync(2 * MINUTE);
      stop();
      expect(queries.map(({ items }) => items[0])).toMatchObject(
        Array.from({ length: 3 }, () => ({ instanceId: node })),
      );
      expect(models.map(({ series }) => [series[0]?.key, series[0]?.label.split(' ')[0]])).toEqual([
        ['plant/flow', 'flow'],
        ['plant/flow', 'flow'],
      ]);
    },
  );

  it('hands on what went wrong, and goes on', async () => {
    const { api, fail } = fakeApi();
    const { models, errors, stop } = await live(api);
    fail(new Error('503'));
    await vi.advanceTimersByTimeAsync(2 * MINUTE);
    expect([models.length, errors.map(String)]).toEqual([0, ['Error: 503', 'Error: 503']]);
    fail(undefined);
    await vi.advanceTimersByTimeAsync(MINUTE);
    stop();
    expect(models[0]?.series[0]?.timestamps.at(-1)).toBe(NOW + 2 * MINUTE);
  });

  it('sends nothing after it was stopped', async () => {
    const { api, queries } = fakeApi();
    const { models, errors, stop } = await live(api);
    stop();
    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    expect([queries.length, models.length, errors.length]).toEqual([1, 0, 0]);
  });

  it('needs an end that moves on, and an interval', async () => {
    const { api, queries } = fakeApi();
    for (const options of [
      { live: true, end: '2026-01-01' },
      { live: { intervalMs: 0 } },
      { live: { intervalMs: NaN } },
    ])
      await expect(plotTimeSeries(api)(level)(options)).rejects.toThrow(ConfigError);
    expect(queries).toEqual([]);
    const still = await plotTimeSeries(api)(level)({ start: '1h-ago' });
    expect(still).not.toHaveProperty('follow');
  });

  it('keeps the statuses of points with their points', () => {
    const of = (times: number[], marked: number[]) => ({
      timestamps: Float64Array.from(times),
      values: Float64Array.from(times),
      statuses: {
        indexes: Uint32Array.from(marked),
        codes: Uint32Array.from(marked, (index) => (times[index] as number) + 1),
      },
    });
    const joined = appended(of([1, 2, 3, 4, 5], [0, 3, 4]), of([5, 6, 7], [0, 2]), {
      from: 5,
      start: 4,
    });
    expect([...joined.timestamps]).toEqual([3, 4, 5, 6, 7]);
    expect([...(joined.statuses?.indexes ?? [])]).toEqual([1, 2, 4]);
    expect([...(joined.statuses?.codes ?? [])]).toEqual([5, 6, 8]);
  });
});
