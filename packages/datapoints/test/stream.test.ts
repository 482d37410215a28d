import { ConfigError } from '@cdf/core';
import { type Aggregate, type Datapoint, DatapointsApi, type ItemRange } from '@cdf/datapoints';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamCursor } from '../src/query-types.js';
import { commonReading } from '../src/read/reading.js';
import { streamSlices } from '../src/read/stream.js';
import { type FakePoint, type FakeSeries, fakeServer, type WireItem } from './fake-server.js';
import { bucketsOf } from './naive-buckets.js';
import { rounds } from './rounds.js';

const START = Date.UTC(2020, 2, 20);
const HOUR = 3_600_000;
const END = START + 3000 * HOUR;
const MOST = { raw: 50, aggregates: 20 };

function seriesOf(
  id: number,
  runs: readonly { count: number; step: number; gap: number }[],
): FakeSeries {
  const points: FakePoint[] = [];
  let time = START;
  for (const { count, step, gap } of runs) {
    for (let index = 0; index < count; index++, time += step)
      points.push({ timestamp: time, value: points.length });
    time += gap;
  }
  return { id, points };
}

const profile = fc.array(
  fc.record({
    count: fc.integer({ min: 1, max: 800 }),
    step: fc.constantFrom(1000, 60_000, HOUR),
    gap: fc.constantFrom(1, HOUR, 900 * HOUR),
  }),
  { maxLength: 3, size: 'max' },
);

const kind = fc.constantFrom<ItemRange<Aggregate>>(
  {},
  { aggregates: ['max', 'count'], granularity: '1h' },
  { aggregates: ['stepInterpolation'], granularity: '2d', timeZone: 'Europe/Oslo' },
  { aggregates: ['count'], granularity: '3h', timeZone: 'Australia/Lord_Howe' },
  { aggregates: ['count'], granularity: '30m' },
);

describe('stream', () => {
  it('gives everything once, in order, in batches of bounded size, wherever it is resumed', async () => {
    const query = fc.record({
      profiles: fc.array(fc.tuple(profile, kind), { minLength: 1, maxLength: 6 }),
      resumeEvery: fc.constantFrom(1, 3, Infinity),
    });
    await fc.assert(
      fc.asyncProperty(query, async ({ profiles, resumeEvery }) => {
        const series = profiles.map(([runs], index) => seriesOf(index + 1, runs));
        const items = profiles.map(([, rest], index) => ({
          id: index + 1,
          start: START - HOUR,
          end: START + 3000 * HOUR,
          ...rest,
        }));
        const server = fakeServer(series, { mostRaw: MOST.raw, mostAggregates: MOST.aggregates });
        const times: number[][] = items.map(() => []);
        let cursor: StreamCursor | undefined;
        let steps = 0;
        for (let isDone = false; !isDone; ) {
          isDone = true;
          let left = resumeEvery;
          for await (const slice of streamSlices(
            commonReading,
            server.transport,
            { items },
            cursor,
            {},
            { most: MOST, pages: 4 },
          )) {
            expect(++steps).toBeLessThan(2000);
            let fill = 0;
            for (const { info, request, columns } of slice.series) {
              times[info.id - 1]?.push(...columns.timestamps);
              fill +=
                columns.timestamps.length /
                (4 * (request.layout === undefined ? MOST.raw : MOST.aggregates));
            }
            // Half an hour of daylight saving leaves hours no place to be cut at: then the rest
            // comes at once.
            if (!profiles.some(([, { timeZone }]) => timeZone === 'Australia/Lord_Howe'))
              expect(fill).toBeLessThanOrEqual(2.3);
            cursor = JSON.parse(JSON.stringify(slice.cursor)) as StreamCursor;
            if (--left === 0) {
              isDone = false;
              break;
            }
          }
        }
        items.forEach((item, index) => {
          const found = series[index] as FakeSeries;
          const want =
            item.aggregates === undefined
              ? found.points
              : bucketsOf(found, item as unknown as WireItem);
          expect(times[index]).toEqual(
            want.map(({ timestamp }) => timestamp).filter((time) => time < END),
          );
        });
        expect(server.complaints).toEqual([]);
      }),
      { numRuns: rounds(40, 500) },
    );
  });

  it('yields columns of one series or of several', async () => {
    const server = fakeServer([
      seriesOf(1, [{ count: 10, step: HOUR, gap: 1 }]),
      seriesOf(2, [{ count: 3, step: HOUR, gap: 1 }]),
    ]);
    const api = new DatapointsApi(server.transport);
    const rows: Datapoint[] = [];
    for await (const { datapoints } of api.stream({ id: 1 }))
      for (const points of datapoints) rows.push(...points);
    expect(rows.map((row) => row.value)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    let max = 0;
    for await (const { datapoints } of api.stream({
      items: [{ id: 1 }, { id: 2 }],
      start: START,
      aggregates: ['max'],
      granularity: '1h',
    }))
      for (const points of datapoints) max += points.max.reduce((sum, each) => sum + each, 0);
    expect(max).toBe(45 + 3);
  });

  it('rejects a limit, and a cursor of other series', async () => {
    const api = new DatapointsApi(fakeServer([]).transport);
    const first = (query: Parameters<typeof api.stream>[0]) =>
      api.stream(query)[Symbol.asyncIterator]().next();
    await expect(first({ id: 1, limit: 5 })).rejects.toSatisfy(ConfigError.isInstance);
    await expect(
      first({ id: 1, cursor: { now: 1, group: 0, positions: [1, 2] } }),
    ).rejects.toSatisfy(ConfigError.isInstance);
  });

  it('stops fetching when the loop is left', async () => {
    const server = fakeServer([seriesOf(1, [{ count: 800_000, step: 1000, gap: 1 }])]);
    for await (const { datapoints } of new DatapointsApi(server.transport).stream({ id: 1 })) {
      expect(datapoints[0]?.length).toBe(500_000);
      break;
    }
    const requests = server.requestCount();
    await new Promise((resolve) => setImmediate(resolve));
    expect(server.requestCount()).toBe(requests);
    expect(requests).toBeLessThan(20);
  });
});
