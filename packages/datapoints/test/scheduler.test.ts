import { RateLimitError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retrieveAll } from '../src/read/retrieve.js';
import { adversary, STEP } from './adversary.js';
import { check, MOST, mostRequests, type Usage } from './check-call.js';
import { type FakeSeries, fakeServer } from './fake-server.js';
import {
  HOUR,
  type Item,
  overtaking,
  type RandomCall,
  randomCall,
  START,
  seriesOf,
} from './random-calls.js';
import { rounds } from './rounds.js';

async function usageOf(
  calls: fc.Arbitrary<RandomCall>,
  most: typeof MOST,
  numRuns: number,
): Promise<Usage[]> {
  const usage: Usage[] = [];
  await fc.assert(
    fc.asyncProperty(calls, async ({ series, items, format, shortPages, seed }) => {
      const used = await check(
        series,
        items,
        { format, shortPages, shuffle: overtaking(seed) },
        most,
      );
      // Pages that are short without a reason cost requests that no client can save.
      if (shortPages) return;
      // Here, so that a failure has a seed.
      for (const each of used)
        expect(each.requests, each.kind).toBeLessThanOrEqual(mostOfWorst(each));
      usage.push(...used);
    }),
    { numRuns },
  );
  return usage;
}

function report(what: string, usage: readonly Usage[]): void {
  const over = usage.filter((each) => each.requests > mostRequests(each)).length;
  console.log(
    `scheduler, ${what}: ${over} of ${usage.length} calls took more than half as many again and ten`,
  );
  for (const kind of ['raw', 'aggregates'] as const) {
    const sum = (field: 'requests' | 'fewest'): number =>
      usage.reduce((total, each) => total + (each.kind === kind ? each[field] : 0), 0);
    console.log(
      `scheduler, ${what}, ${kind}: ${sum('requests')} requests, ${sum('fewest')} at the fewest`,
    );
  }
}

/**
 * Also against series that are made for the worst, a call comes to its end: there are no more cuts
 * where too many were in vain. Found by long runs, and not proved: the worst of 12,000 calls was
 * 116 requests where 9 are the fewest. Runaways took thousands.
 */
const mostOfWorst = ({ fewest }: Usage): number => 8 * fewest + 80;

/** Room for at least a point of each of a hundred series. */
const MOST_OF_MANY = { raw: 400, aggregates: 200 };

describe('the scheduler', () => {
  it('gives exactly what one endless page would, for anything that can be asked', async () => {
    const usage = await usageOf(
      randomCall({ minLength: 1, maxLength: 24 }),
      MOST,
      rounds(100, 3000),
    );
    report('up to 24 series', usage);
  });

  it('gives the same for up to 200 series', async () => {
    const usage = await usageOf(
      randomCall({ minLength: 25, maxLength: 200 }),
      MOST_OF_MANY,
      rounds(20, 1500),
    );
    report('25 to 200 series', usage);
    // Where it fails, the way to the smallest call takes longer than a test has.
  }, 180_000);

  it('gives the same for hundreds of series', async () => {
    const calls = randomCall({ minLength: 300, maxLength: 1000 }).map((call) => ({
      ...call,
      shortPages: false,
    }));
    const usage = await usageOf(calls, MOST_OF_MANY, rounds(3, 200));
    report('300 to 1,000 series', usage);
  }, 180_000);

  it('gives the same where the server ends series as soon as they are counted on', async () => {
    const usage: Usage[] = [];
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          series: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 200 })),
          steps: fc.constantFrom(50, 500, 5000),
          shares: fc.array(fc.constantFrom(0, 0.01, 0.05, 0.1, 0.3, 0.5, 0.9, 1, 1), {
            minLength: 1,
            maxLength: 8,
          }),
          last: fc.constantFrom(0, 1, 10, 1000),
          raw: fc.constantFrom(200, 400, 1000),
          seed: fc.nat(),
        }),
        async ({ series, steps, shares, last, raw, seed }) => {
          const server = adversary({ series, steps, shares, last, turn: overtaking(seed) });
          const items = Array.from({ length: series }, (_, index) => ({
            id: index + 1,
            start: 0,
            end: steps * STEP,
          }));
          const read = await retrieveAll(server.transport, { items }, {}, { raw, aggregates: 100 });
          const points = read.map((each) => each?.columns.timestamps.length ?? 0);
          expect(points).toEqual(server.points());
          const pages = points.reduce((sum, count) => sum + count, 0) / raw;
          const hundreds = Math.ceil(series / 100);
          const fewest = Math.max(Math.ceil(pages), hundreds);
          const used = {
            kind: 'raw' as const,
            requests: server.requestCount(),
            pages,
            hundreds,
            fewest,
          };
          expect(used.requests).toBeLessThanOrEqual(mostOfWorst(used));
          usage.push(used);
        },
      ),
      { numRuns: rounds(150, 8000) },
    );
    report('a server against it', usage);
  });

  it('stays near the fewest requests for typical shapes', async () => {
    const report: string[] = [];
    const shapes: [string, FakeSeries[], Partial<Item>][] = [
      ['1 long series', [seriesOf(1, [{ count: 5000, step: 1000, gap: 1 }], false)], {}],
      [
        '1 long series, limited',
        [seriesOf(1, [{ count: 5000, step: 1000, gap: 1 }], false)],
        { limit: 3000 },
      ],
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
        Array.from({ length: 500 }, (_, id) =>
          seriesOf(id + 1, [{ count: 100, step: 1000, gap: 1 }], false),
        ),
        {},
      ],
      [
        '30 long series',
        Array.from({ length: 30 }, (_, id) =>
          seriesOf(id + 1, [{ count: 900, step: 1000, gap: 1 }], false),
        ),
        {},
      ],
      [
        '100 series of 50 pages in all',
        Array.from({ length: 100 }, (_, id) =>
          seriesOf(id + 1, [{ count: 50, step: 1000, gap: 1 }], false),
        ),
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
      const [used] = await check(
        series,
        items,
        {},
        series.length === 500 ? { raw: 1000, aggregates: 400 } : MOST,
      );
      if (used === undefined) throw new Error('no request was sent');
      report.push(
        `${name}: ${used.requests} of at most ${Math.floor(mostRequests(used))}, ${used.fewest} at the fewest`,
      );
      expect(used.requests, name).toBeLessThanOrEqual(mostRequests(used));
    }
    console.log(report.join('\n'));
  });

  it('does not walk through what a dense beginning promised and is not there, minute by minute', async () => {
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
    for (const used of await check(series, items, {}))
      expect(used.requests).toBeLessThanOrEqual(mostRequests(used));
  });

  it('spends no more on series that do not exist than on others', async () => {
    const when = {
      start: START - HOUR,
      end: START + 51 * HOUR,
      aggregates: ['max'],
      granularity: '1m',
    } as const;
    const items = [2, 2, 2, 2, 2, 1, 1].map((id) => ({ id, ...when }));
    for (const used of await check([seriesOf(1, [], false)], items, {}))
      expect(used.requests).toBeLessThanOrEqual(mostRequests(used));
  });

  it('runs limited, calendar and time zone queries in parallel', async () => {
    const series = [seriesOf(1, [{ count: 1500, step: 24 * HOUR, gap: 1 }], false)];
    for (const rest of [
      { limit: 1000 },
      { aggregates: ['max'], granularity: '1d', timeZone: 'Europe/Oslo' },
      { aggregates: ['max'], granularity: '1mo', limit: 45 },
    ] as const) {
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
      expect(most).toBeGreaterThan(2);
    }
  });

  it.each<[string, number, number, Partial<Item>]>([
    ['100 series of half a page', 100, 500, {}],
    ['one series of 50 pages', 1, 50_000, {}],
    ['10 series of 5 pages', 10, 5000, {}],
    ['2,000 series of a hundredth of a page', 2000, 10, { aggregates: ['max'], granularity: '1s' }],
  ])(
    'keeps 8 of 10 requests under way while it reads %s, and asks for hardly more than pages',
    async (...row) => {
      const [, count, points, rest] = row;
      const step = 1000;
      const series = Array.from({ length: count }, (_, id) =>
        seriesOf(id + 1, [{ count: points, step, gap: 1 }], false),
      );
      const inner = fakeServer(series, { mostRaw: 1000, mostAggregates: 1000 });
      // Latency: all that are under way are answered together, when no more come.
      const waiting: (() => void)[] = [];
      let answeredTogether = 0;
      const transport = memoryTransport(
        async (spec, options) => {
          if (waiting.length === 0)
            setImmediate(() =>
              setImmediate(() => {
                answeredTogether++;
                for (const answer of waiting.splice(0)) answer();
              }),
            );
          await new Promise<void>((resolve) => waiting.push(resolve));
          return inner.transport.request(spec, options);
        },
        { limits: { read: 10, write: 1 } },
      );
      const items = series.map(({ id }) => ({
        id,
        start: START,
        end: START + points * step,
        ...rest,
      })) as Item[];
      const read = await retrieveAll(transport, { items }, {}, { raw: 1000, aggregates: 1000 });
      const pages =
        read.reduce((sum, each) => sum + (each?.columns.timestamps.length ?? 0), 0) / 1000;
      expect(pages).toBeGreaterThan(5);
      expect(inner.requestCount()).toBeLessThanOrEqual(pages * 1.5 + 10);
      // The first request for a few series goes alone: their density is unknown.
      const alone = count <= 10 ? 1 : 0;
      expect((inner.requestCount() - alone) / (answeredTogether - alone)).toBeGreaterThanOrEqual(8);
    },
  );

  it('gives parallel calls what each would get alone, though all share a few slots', async () => {
    const series = Array.from({ length: 20 }, (_, id) =>
      seriesOf(id + 1, [{ count: 700, step: 1000, gap: 1 }], false),
    );
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
    const together = await Promise.all(
      Array.from({ length: 8 }, () => retrieveAll(shared, { items }, {}, MOST)),
    );
    for (const each of together)
      expect(each.map((one) => one?.columns)).toEqual(alone.map((one) => one?.columns));
  });

  it('stops what is on its way when a request fails, and waits for it', async () => {
    const series = Array.from({ length: 6 }, (_, id) =>
      seriesOf(id + 1, [{ count: 700, step: 1000, gap: 1 }], false),
    );
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
