import { RateLimitError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatapointsView, makeDatapoints } from '../src/datapoints.js';
import type { Datapoints } from '../src/index.js';
import { type RetrieveQuery, retrieveAll } from '../src/read/retrieve.js';
import {
  type FakePoint,
  type FakeSeries,
  type FakeServerSettings,
  fakeServer,
  isVisible,
  type WireItem,
} from './fake-server.js';
import { bucketsOf } from './naive-buckets.js';
import { rounds } from './rounds.js';

const START = Date.UTC(2020, 9, 20);
const HOUR = 3_600_000;
/** Small pages, so that small series take many of them. */
const MOST = { raw: 100, aggregates: 40 };

type Item = RetrieveQuery['items'][number] & { id: number };

/** Runs of points: how many, how far apart, and how long nothing comes after them. */
const profile = fc.array(
  fc.record({
    count: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 60 }) }, fc.integer({ min: 100, max: 1500 })),
    step: fc.constantFrom(1, 1000, 60_000, 7_777, HOUR),
    gap: fc.constantFrom(1, 5000, HOUR, 40 * HOUR, 900 * HOUR),
  }),
  { maxLength: 4, size: 'max' },
);

function seriesOf(
  id: number,
  runs: readonly { count: number; step: number; gap: number }[],
  isString: boolean,
): FakeSeries {
  const points: FakePoint[] = [];
  let time = START;
  for (const { count, step, gap } of runs) {
    for (let index = 0; index < count; index++, time += step) {
      const code = points.length % 7 === 3 ? 0x80000000 : points.length % 11 === 5 ? 0x40000000 : 0;
      const number = (points.length * 37) % 101;
      const status = code === 0 ? {} : { status: { code, symbol: code === 0x40000000 ? 'Uncertain' : 'Bad' } };
      points.push({ timestamp: time, value: isString ? `text ${number}` : number, ...status });
    }
    time += gap;
  }
  return { id, isString, points };
}

const range = fc.record({
  start: fc.constantFrom(0, START - HOUR, START + 90 * 60_000, START + 50 * HOUR + 1),
  end: fc.constantFrom(START + 3000, START + 30 * HOUR, START + 3000 * HOUR),
});

/** Nobody wants to walk through 50 years of minutes. */
const nearRange = fc.record({
  start: fc.constantFrom(START - HOUR, START + 90 * 60_000, START + 50 * HOUR + 1),
  end: fc.constantFrom(START + 51 * HOUR, START + 400 * HOUR),
});

const rawItem = fc.record(
  {
    limit: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 90, max: 700 })),
    includeOutsidePoints: fc.boolean(),
    includeStatus: fc.boolean(),
    ignoreBadDataPoints: fc.boolean(),
    treatUncertainAsBad: fc.boolean(),
  },
  { requiredKeys: [] },
);

const aggregateItem = fc.record(
  {
    aggregates: fc.constantFrom<('count' | 'max' | 'stepInterpolation')[]>(
      ['count', 'max'],
      ['max'],
      ['stepInterpolation'],
      ['stepInterpolation', 'count'],
    ),
    granularity: fc.constantFrom('1m', '90s', '1h', '5h', '1d', '2d', '1mo'),
    timeZone: fc.constantFrom('UTC', 'Europe/Oslo', 'UTC+05:30', 'America/New_York', 'Asia/Kathmandu'),
    limit: fc.integer({ min: 1, max: 300 }),
  },
  { requiredKeys: ['aggregates', 'granularity'] },
);

/** What the answer must be, found without pages, packing or splitting. */
function expected(series: FakeSeries, item: Item): object[] {
  const { limit = Infinity, start = 0, end = 0 } = item as { limit?: number; start?: number; end?: number };
  if (item.aggregates !== undefined)
    return bucketsOf(series, item as unknown as WireItem).slice(0, limit === Infinity ? undefined : limit);
  const visible = series.points
    .filter((point) => isVisible(point, item as unknown as WireItem))
    .map((point) => (item.includeStatus === true ? point : { timestamp: point.timestamp, value: point.value }));
  const inside = visible
    .filter(({ timestamp }) => timestamp >= start && timestamp < end)
    .slice(0, limit === Infinity ? undefined : limit);
  if (item.includeOutsidePoints !== true) return inside;
  return [
    ...visible.filter(({ timestamp }) => timestamp < start).slice(-1),
    ...inside,
    ...visible.filter(({ timestamp }) => timestamp >= end).slice(0, 1),
  ];
}

/** Requests of one kind, and the fewest that could have brought its points. */
interface Usage {
  readonly kind: 'raw' | 'aggregates';
  readonly requests: number;
  readonly fewest: number;
}

/** Every call has to keep to this, for raw points and for aggregates each. */
const mostRequests = ({ fewest }: Usage): number => fewest * 1.2 + 5;

async function check(
  series: readonly FakeSeries[],
  items: readonly Item[],
  settings: FakeServerSettings,
  most: typeof MOST = MOST,
): Promise<Usage[]> {
  const server = fakeServer(series, { ...settings, mostRaw: most.raw, mostAggregates: most.aggregates });
  const read = await retrieveAll(server.transport, { items, ignoreUnknownIds: true }, {}, most);
  const usage: Usage[] = [];
  for (const kind of ['raw', 'aggregates'] as const) {
    let points = 0;
    let count = 0;
    items.forEach((item, index) => {
      if ((item.aggregates === undefined) !== (kind === 'raw')) return;
      count++;
      const found = series.find(({ id }) => id === item.id);
      const each = read[index];
      if (found === undefined) {
        expect(each).toBeUndefined();
        return;
      }
      if (each === undefined) throw new Error('a series is missing');
      const want = expected(found, item);
      const rows = (
        makeDatapoints(each.info, undefined, each.columns, DatapointsView.prototype) as Datapoints
      ).toArray();
      expect(rows).toEqual(want);
      points += want.length;
    });
    const fewest = Math.max(Math.ceil(points / most[kind]), Math.ceil(count / 100));
    if (count > 0) usage.push({ kind, requests: server.requestCount(kind), fewest });
  }
  expect(server.complaints).toEqual([]);
  return usage;
}

describe('the scheduler', () => {
  it('gives exactly what one endless page would, for anything that can be asked', async () => {
    let calls = 0;
    let over = 0;
    const totals: Record<Usage['kind'], [requests: number, fewest: number]> = { raw: [0, 0], aggregates: [0, 0] };
    const query = fc.record({
      series: fc.array(fc.tuple(profile, fc.boolean()), { minLength: 1, maxLength: 12, size: 'max' }),
      items: fc.array(fc.tuple(fc.nat(14), fc.oneof(fc.tuple(range, rawItem), fc.tuple(nearRange, aggregateItem))), {
        minLength: 1,
        maxLength: 20,
      }),
      format: fc.constantFrom<'protobuf' | 'json'>('protobuf', 'json'),
      shortPages: fc.boolean(),
      seed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(query, async ({ series: profiles, items: asked, format, shortPages, seed }) => {
        const series = profiles.map(([runs, isString], index) => seriesOf(index + 1, runs, isString));
        const items = asked
          .map(([id, [when, rest]]) => ({ id: id + 1, ...when, ...rest }))
          .filter(({ start, end }) => start < end)
          .filter(({ id, ...rest }) => !('aggregates' in rest) || series[id - 1]?.isString !== true) as Item[];
        let turn = seed % 5;
        const used = await check(series, items, { format, shortPages, shuffle: () => (turn = (turn * 3 + 1) % 5) });
        // Pages that are short for no reason cost requests that nobody can save.
        if (shortPages) return;
        for (const each of used) {
          totals[each.kind][0] += each.requests;
          totals[each.kind][1] += each.fewest;
          calls++;
          if (each.requests > mostRequests(each)) over++;
          expect(each.requests, each.kind).toBeLessThanOrEqual(mostRequests(each) + 2);
        }
      }),
      { numRuns: rounds(100, 3000) },
    );
    // Made for the worst: of such series about one call in a thousand takes one request more than it should.
    expect(over).toBeLessThanOrEqual(Math.max(2, calls / 200));
    console.log(`scheduler: ${over} of ${calls} calls took more requests than a fifth and five beyond the fewest`);
    for (const [kind, [requests, fewest]] of Object.entries(totals))
      console.log(`scheduler, ${kind}: ${requests} requests, ${fewest} at the fewest`);
  });

  it('stays near the fewest requests for typical shapes', async () => {
    const report: string[] = [];
    const shapes: [string, FakeSeries[], Partial<Item>][] = [
      ['1 long series', [seriesOf(1, [{ count: 5000, step: 1000, gap: 1 }], false)], {}],
      ['1 long series, limited', [seriesOf(1, [{ count: 5000, step: 1000, gap: 1 }], false)], { limit: 3000 }],
      [
        'all points at the end of 50 years',
        [
          seriesOf(
            1,
            [
              { count: 1, step: 1, gap: 400_000 * HOUR },
              { count: 500, step: 1000, gap: 1 },
            ],
            false,
          ),
        ],
        {},
      ],
      [
        '500 short series',
        Array.from({ length: 500 }, (_, id) => seriesOf(id + 1, [{ count: 100, step: 1000, gap: 1 }], false)),
        {},
      ],
      [
        '30 long series',
        Array.from({ length: 30 }, (_, id) => seriesOf(id + 1, [{ count: 900, step: 1000, gap: 1 }], false)),
        {},
      ],
      [
        '100 series of 50 pages in all',
        Array.from({ length: 100 }, (_, id) => seriesOf(id + 1, [{ count: 50, step: 1000, gap: 1 }], false)),
        {},
      ],
      [
        'monthly of many years',
        [seriesOf(1, [{ count: 1500, step: 200 * HOUR, gap: 1 }], false)],
        { aggregates: ['max'], granularity: '1mo', timeZone: 'Europe/Oslo' },
      ],
      [
        'daily in a time zone',
        [seriesOf(1, [{ count: 1500, step: 24 * HOUR, gap: 1 }], false)],
        { aggregates: ['count'], granularity: '1d', timeZone: 'Europe/Oslo' },
      ],
    ];
    for (const [name, series, rest] of shapes) {
      const items = series.map(({ id }) => ({
        id,
        start: START - HOUR,
        end: START + 500_000 * HOUR,
        ...rest,
      })) as Item[];
      const [used] = await check(series, items, {}, series.length === 500 ? { raw: 1000, aggregates: 400 } : MOST);
      if (used === undefined) throw new Error('nothing was asked for');
      report.push(
        `${name}: ${used.requests} of at most ${Math.floor(mostRequests(used))}, ${used.fewest} at the fewest`,
      );
      expect(used.requests, name).toBeLessThanOrEqual(mostRequests(used));
    }
    console.log(report.join('\n'));
  });

  it('keeps a request back for what is left when a dense beginning promised more than there is', async () => {
    const series = [
      seriesOf(1, [], true),
      seriesOf(
        2,
        [
          { count: 122, step: 1, gap: 1 },
          { count: 43, step: 1, gap: 1 },
          { count: 2, step: 1, gap: 1 },
        ],
        false,
      ),
    ];
    const items = [
      { id: 2, start: 0, end: START + 3000, limit: 291, ignoreBadDataPoints: false },
      { id: 1, start: 0, end: START + 3000 },
    ];
    for (const used of await check(series, items, {})) expect(used.requests).toBeLessThanOrEqual(mostRequests(used));
  });

  it('spends no more on series that do not exist than on others', async () => {
    const when = { start: START - HOUR, end: START + 51 * HOUR, aggregates: ['max' as const], granularity: '1m' };
    const items = [2, 2, 2, 2, 2, 1, 1].map((id) => ({ id, ...when }));
    for (const used of await check([seriesOf(1, [], false)], items, {}))
      expect(used.requests).toBeLessThanOrEqual(mostRequests(used));
  });

  it('runs limited, calendar and time zone queries in parallel', async () => {
    const series = [seriesOf(1, [{ count: 1500, step: 24 * HOUR, gap: 1 }], false)];
    for (const rest of [
      { limit: 1000 },
      { aggregates: ['max' as const], granularity: '1d', timeZone: 'Europe/Oslo' },
      { aggregates: ['max' as const], granularity: '1mo', limit: 45 },
    ]) {
      let flying = 0;
      let most = 0;
      const most1 = { raw: 50, aggregates: 5 };
      const inner = fakeServer(series, { mostRaw: 50, mostAggregates: 5 });
      const transport = memoryTransport(async (spec, options) => {
        most = Math.max(most, ++flying);
        await new Promise((resolve) => setImmediate(resolve));
        flying--;
        return inner.transport.request(spec, options);
      });
      await retrieveAll(
        transport,
        { items: [{ id: 1, start: START, end: START + 40_000 * HOUR, ...rest }] },
        {},
        most1,
      );
      expect(most).toBeGreaterThan(3);
    }
  });

  it('gives parallel calls what each would get alone, though all share a few slots', async () => {
    const series = Array.from({ length: 20 }, (_, id) => seriesOf(id + 1, [{ count: 700, step: 1000, gap: 1 }], false));
    const items = series.map(({ id }) => ({ id, start: 0, end: START + 3000 * HOUR }));
    const alone = await retrieveAll(fakeServer(series).transport, { items }, {}, MOST);
    const inner = fakeServer(series, { mostRaw: MOST.raw, mostAggregates: MOST.aggregates });
    let slots = 3;
    const queue: (() => void)[] = [];
    const shared = memoryTransport(
      async (spec, options) => {
        while (slots === 0) await new Promise<void>((resolve) => queue.push(resolve));
        slots--;
        await new Promise((resolve) => setImmediate(resolve));
        slots++;
        queue.shift()?.();
        return inner.transport.request(spec, options);
      },
      { limits: { read: 3, write: 1 } },
    );
    const together = await Promise.all(Array.from({ length: 8 }, () => retrieveAll(shared, { items }, {}, MOST)));
    for (const each of together) expect(each.map((one) => one?.columns)).toEqual(alone.map((one) => one?.columns));
  });

  it('stops what is on its way when a request fails, and waits for it', async () => {
    const series = Array.from({ length: 6 }, (_, id) => seriesOf(id + 1, [{ count: 700, step: 1000, gap: 1 }], false));
    const inner = fakeServer(series, { mostRaw: MOST.raw });
    let flying = 0;
    const transport = memoryTransport(async (spec, options) => {
      flying++;
      await new Promise((resolve) => setImmediate(resolve));
      flying--;
      options.signal?.throwIfAborted();
      if (inner.requestCount() === 9) throw new RateLimitError('slow down', { status: 429 });
      return inner.transport.request(spec, options);
    });
    const items = series.map(({ id }) => ({ id, end: START + 3000 * HOUR }));
    await expect(retrieveAll(transport, { items }, {}, MOST)).rejects.toThrow('slow down');
    expect(flying).toBe(0);
  });
});
