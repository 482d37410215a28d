import { ConfigError, EmptyDataError } from '@cdf/core';
import type { DatapointsApi } from '@cdf/datapoints';
import { plotDatapoints, plotTimeSeries } from '@cdf/plot';
import { saveChart } from '@cdf/plot/node';
import { describe, expect, it } from 'vitest';
import { modelOf } from './model-of.js';

const DAY = 86_400_000;
type Query = Record<string, unknown> & { items: { id?: number }[]; start: number; end: number };

/**
 * An API that answers each series with points at the start and in the middle of the window, and
 * keeps what it was asked. A node has the id 7.
 */
function fakeApi(empty: readonly number[] = []): { api: DatapointsApi; queries: Query[] } {
  const queries: Query[] = [];
  const retrieve = async (query: Query) => {
    queries.push(query);
    return query.items.map(({ id = 7 }) => {
      const { start, end } = query;
      const timestamps = Float64Array.from(empty.includes(id) ? [] : [start, (start + end) / 2]);
      const columns = {
        average: timestamps.map(() => 2),
        min: timestamps.map(() => 1),
        max: timestamps.map(() => 3),
      };
      const shared = {
        id,
        externalId: `ts-${id}`,
        unit: 'bar',
        isStep: false,
        isString: false,
        timestamps,
      };
      return 'aggregates' in query
        ? { ...shared, ...columns, aggregates: query.aggregates, granularity: query.granularity }
        : { ...shared, values: timestamps.map(() => id) };
    });
  };
  return { api: { retrieve } as unknown as DatapointsApi, queries };
}

const pump = { id: 1, externalId: 'ts-1', name: 'Pump pressure' };
const valve = { id: 2, externalId: 'ts-2', name: 'Valve position' };

describe('edges that are local times', () => {
  const summer = Date.UTC(2024, 6, 1, 0, 30);

  it('are read in the zone of the chart, or the one that they name', async () => {
    const { api, queries } = fakeApi();
    const range = { start: '2024-07-01 02:30', end: '2024-07-02' };
    const chart = await plotTimeSeries(api)(pump)({ ...range, timeZone: 'Europe/Oslo' });
    expect(queries[0]).toMatchObject({ start: summer, end: Date.UTC(2024, 6, 1, 22) });
    expect(modelOf(chart)).toMatchObject({ start: summer, end: Date.UTC(2024, 6, 1, 22) });
    await plotTimeSeries(api)(pump)({ start: '2024-07-01T02:30[Europe/Oslo]', end: '2024-07-02' });
    expect(queries[1]).toMatchObject({ start: summer, end: Date.UTC(2024, 6, 2) });
    const points = {
      id: 1,
      timestamps: Float64Array.of(summer, summer + 1000),
      values: Float64Array.of(1, 2),
    };
    const drawn = plotDatapoints()([points as never])({ ...range, timeZone: 'Europe/Oslo' });
    expect(modelOf(drawn)).toMatchObject({ start: summer });
  });

  it('that clocks skip are an error that names their neighbours, unless disambiguation chooses', async () => {
    const { api, queries } = fakeApi();
    const range = { start: '2024-03-31 02:30', end: '2024-04-01', timeZone: 'Europe/Oslo' };
    const plot = plotTimeSeries(api)(pump);
    await expect(plot(range)).rejects.toThrow(
      'plot: start "2024-03-31 02:30" does not exist in Europe/Oslo',
    );
    expect(queries).toEqual([]);
    await plot({ ...range, disambiguation: 'later' });
    expect(queries[0]).toMatchObject({ start: Date.UTC(2024, 2, 31, 1, 30) });
  });
});

describe('series.plot()', () => {
  it('asks once for the raw points of the last 24 hours, with their neighbours and statuses', async () => {
    const { api, queries } = fakeApi();
    const before = Date.now();
    const chart = await plotTimeSeries(api)(pump)();
    expect(queries).toHaveLength(1);
    const { items, start, end, includeOutsidePoints, includeStatus, aggregates } =
      queries[0] as Query;
    expect({ items, includeOutsidePoints, includeStatus, aggregates }).toEqual({
      items: [{ id: 1 }],
      includeOutsidePoints: true,
      includeStatus: true,
      aggregates: undefined,
    });
    expect(end - start).toBe(DAY);
    expect(end).toBeGreaterThanOrEqual(before);
    expect(modelOf(chart)).toMatchObject({ start, end, title: 'Pump pressure' });
  });

  it('reads the ids of a list a few times, however long it is', async () => {
    let reads = 0;
    const list = Array.from({ length: 2000 }, (_, index) => ({
      get id() {
        reads++;
        return index + 1;
      },
      isString: false,
    }));
    await plotTimeSeries(fakeApi().api)(list)({ maxPoints: 1e15 });
    expect(reads).toBeLessThan(20 * list.length);
  });

  it('shows series by name, by the names given, or by external id', async () => {
    const labels = async (options: object): Promise<string[]> =>
      modelOf(await plotTimeSeries(fakeApi().api)([pump, valve])(options)).series.map(
        ({ label }) => label,
      );
    expect(await labels({})).toEqual(['Pump pressure', 'Valve position']);
    expect(await labels({ names: { 'ts-1': 'First', 2: 'Second' } })).toEqual(['First', 'Second']);
    expect(await labels({ idLabels: true })).toEqual(['ts-1', 'ts-2']);
  });

  it('asks for aggregates in the time zone of the chart, and draws them as a band', async () => {
    const { api, queries } = fakeApi();
    const aggregates = ['average', 'min', 'max'] as const;
    const chart = await plotTimeSeries(api)(pump)({
      start: '365d-ago',
      aggregates,
      granularity: '1d',
      timeZone: 'Europe/Oslo',
    });
    expect(queries[0]).toMatchObject({ aggregates, granularity: '1d', timeZone: 'Europe/Oslo' });
    expect(queries[0]).not.toHaveProperty('includeOutsidePoints');
    expect(modelOf(chart).series).toMatchObject([
      { label: 'Pump pressure (average, 1d)', unit: 'bar' },
    ]);
    expect(modelOf(chart).series[0]?.low).toBeDefined();
  });

  it('draws the aggregates of a list with a series of text in it, and names that one in the legend', async () => {
    const { api, queries } = fakeApi();
    const state = { id: 3, externalId: 'ts-3', name: 'Pump state', isString: true };
    const options = { aggregates: ['average'], granularity: '1h' } as const;
    const chart = await plotTimeSeries(api)([pump, state, valve])(options);
    expect(queries.map(({ items }) => items)).toEqual([[{ id: 1 }, { id: 2 }]]);
    expect(modelOf(chart).series.map(({ label, absent }) => [label, absent])).toEqual([
      ['Pump pressure (average, 1h)', undefined],
      ['Pump state', 'text'],
      ['Valve position (average, 1h)', undefined],
    ]);
    expect(chart.toSvg()).toContain('Pump state (text)');
    await expect(plotTimeSeries(api)([state])(options)).rejects.toThrow(
      'lines need numbers, and there is only text: Pump state',
    );
    expect(queries).toHaveLength(1);
  });

  it('asks for a series once, however often it is in the list', async () => {
    const { api, queries } = fakeApi();
    await plotTimeSeries(api)([pump, valve, pump])();
    expect(queries[0]?.items).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('asks for nodes by instance, in lists with time series too, and counts those of numbers', async () => {
    const { api, queries } = fakeApi();
    const node = { space: 'plant', externalId: 'flow', name: 'Flow', type: 'numeric' } as const;
    const text = { space: 'plant', externalId: 'state', name: 'State', type: 'string' } as const;
    const chart = await plotTimeSeries(api)([pump, node, node])({ maxPoints: 1e15 });
    expect(queries[0]?.items).toMatchObject([
      { id: 1 },
      { instanceId: { space: 'plant', externalId: 'flow' } },
    ]);
    expect(queries[0]?.items).toHaveLength(2);
    // The series of the node has an external id of its own: the node's is shown.
    expect(modelOf(chart).series).toMatchObject([
      { key: 'ts-1', label: 'Pump pressure' },
      { key: 'plant/flow', label: 'Flow' },
    ]);
    const counted: Query[] = [];
    const retrieve = async (query: Query) => {
      if (query.aggregates === undefined) return api.retrieve(query as never);
      counted.push(query);
      return query.items.map(() => ({ count: Float64Array.of(2) }));
    };
    await plotTimeSeries({ retrieve } as unknown as DatapointsApi)([text, node])({ maxPoints: 10 });
    expect(counted[0]?.items).toMatchObject([{ instanceId: { externalId: 'flow' } }]);
    expect(counted[0]?.items).toHaveLength(1);
  });

  it('names nodes in options by external id, or with their space', async () => {
    const one = { space: 'one', externalId: 'flow' } as const;
    const labels = async (names: Record<string, string>): Promise<string[]> =>
      modelOf(await plotTimeSeries(fakeApi().api)(one)({ names })).series.map(({ label }) => label);
    expect(await labels({})).toEqual(['flow']);
    expect(await labels({ flow: 'Flow' })).toEqual(['Flow']);
    expect(await labels({ 'one/flow': 'First', flow: 'Any' })).toEqual(['First']);
    expect(await labels({ 'two/flow': 'Second' })).toEqual(['flow']);
  });

  it('says which series are empty, and is an error when all are', async () => {
    const some = await plotTimeSeries(fakeApi([2]).api)([pump, valve])();
    expect(some.toSvg()).toContain('Valve position (no data)');
    const none = plotTimeSeries(fakeApi([1, 2]).api)([pump, valve])({
      start: '2026-01-01',
      end: '2026-01-02',
    });
    await expect(none).rejects.toThrow(EmptyDataError);
    await expect(none).rejects.toThrow(
      'from 2026-01-01T00:00:00.000Z to 2026-01-02T00:00:00.000Z in Pump pressure [ts-1], Valve position [ts-2]',
    );
  });

  it('stops reading when there are too many points in the last 24 hours', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const retrieve = (
      query: { aggregates?: unknown },
      call: { signal?: AbortSignal } = {},
    ): Promise<unknown> => {
      if (query.aggregates !== undefined)
        return Promise.resolve([{ count: Float64Array.of(86_400_000) }]);
      signals.push(call.signal);
      // As a read of many pages: it goes on until somebody stops it.
      return new Promise((_, reject) => {
        call.signal?.addEventListener('abort', () => reject(call.signal?.reason));
      });
    };
    const vibration = { id: 3, name: 'Vibration', isString: false };
    const plotted = plotTimeSeries({ retrieve } as unknown as DatapointsApi)(vibration)();
    await expect(plotted).rejects.toThrow('about 86,400,000 raw points');
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  });

  it('stops reading when the caller gives up', async () => {
    const retrieve = (_: unknown, { signal }: { signal?: AbortSignal } = {}): Promise<unknown> =>
      new Promise((_resolve, reject) => {
        if (signal?.aborted) reject(signal.reason);
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
    const ending = new AbortController();
    const plotted = plotTimeSeries({ retrieve } as unknown as DatapointsApi)(pump)(
      {},
      { signal: ending.signal },
    );
    ending.abort(new Error('the page is closed'));
    await expect(plotted).rejects.toThrow('the page is closed');
    await expect(
      plotTimeSeries({ retrieve } as unknown as DatapointsApi)(pump)({}, { signal: ending.signal }),
    ).rejects.toThrow('the page is closed');
  });

  it('sends nothing for an empty list or an invalid time', async () => {
    const { api, queries } = fakeApi();
    await expect(plotTimeSeries(api)([])()).rejects.toThrow(EmptyDataError);
    await expect(plotTimeSeries(api)(pump)({ start: 'once upon a time' })).rejects.toThrow(
      ConfigError,
    );
    for (const window of [
      { start: 2000, end: 1000 },
      { start: -1e18, end: 1000 },
      { start: 0, end: 1e18 },
    ])
      await expect(plotTimeSeries(api)({ ...pump, isString: false })(window)).rejects.toThrow(
        new ConfigError('plot: start must be before end'),
      );
    expect(queries).toEqual([]);
  });
});

describe('datapoints.plot()', () => {
  const [points] = [
    {
      id: 5,
      externalId: 'b',
      isStep: false,
      isString: false,
      length: 2,
      timestamps: Float64Array.of(0, 1000),
      values: Float64Array.of(1, 2),
    },
  ];

  it('draws at once what was read, named by external id or by the names given', () => {
    const relation = plotDatapoints()([points as never]);
    expect(modelOf(relation()).title).toBe('b');
    expect(modelOf(relation({ names: { 5: 'Inlet' } })).title).toBe('Inlet');
  });

  it('gives a chart the outputs that were handed in, and no others', () => {
    const chart = plotDatapoints({ save: saveChart })([points as never])();
    expect(typeof chart.save).toBe('function');
    expect(chart).not.toHaveProperty('show');
    expect(() => plotDatapoints({ toSvg: saveChart })([points as never])()).toThrow('toSvg');
  });
});

describe('nodes of time series', () => {
  const node = { space: 'acme', externalId: 'a', version: 1 };

  it('have the kind of their type, whatever isString is in their view', async () => {
    const { api, queries } = fakeApi();
    const told = { ...node, isString: true, type: 'numeric' } as never;
    await plotTimeSeries(api)(told)({ start: 0, end: DAY, aggregates: ['max'], granularity: '1h' });
    expect(queries[0]?.items).toEqual([{ instanceId: told }]);
  });

  it('that are deleted are an error that advises no option, since plot has none', async () => {
    const { api, queries } = fakeApi();
    await plotTimeSeries(api)([node, pump])({ start: 0, end: DAY });
    expect(queries[0]).toHaveProperty('ignoreUnknownIds', undefined);
  });
});
