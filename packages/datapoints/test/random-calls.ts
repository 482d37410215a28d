import fc from 'fast-check';
import type { RetrieveQuery } from '../src/read/retrieve.js';
import type { FakePoint, FakeSeries } from './fake-server.js';

export const START = Date.UTC(2020, 9, 20);
export const HOUR = 3_600_000;
export type Item = RetrieveQuery['items'][number] & { id: number };

/** Runs of points: how many, how far apart, and how long nothing comes after them. */
const profile = fc.array(
  fc.record({
    count: fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 1, max: 60 }) },
      fc.integer({ min: 100, max: 1500 }),
    ),
    step: fc.constantFrom(1, 1000, 60_000, 7_777, HOUR),
    gap: fc.constantFrom(1, 5000, HOUR, 40 * HOUR, 900 * HOUR),
  }),
  { maxLength: 4, size: 'max' },
);

export function seriesOf(
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
      const status =
        code === 0 ? {} : { status: { code, symbol: code === 0x40000000 ? 'Uncertain' : 'Bad' } };
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

/** A walk through 50 years of minutes would take too long. */
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
    timeZone: fc.constantFrom(
      'UTC',
      'Europe/Oslo',
      'UTC+05:30',
      'America/New_York',
      'Asia/Kathmandu',
    ),
    limit: fc.integer({ min: 1, max: 300 }),
  },
  { requiredKeys: ['aggregates', 'granularity'] },
);

/** A call, and the series that the server has for it. */
export interface RandomCall {
  readonly series: readonly FakeSeries[];
  readonly items: readonly Item[];
  readonly format: 'protobuf' | 'json';
  /** Pages that are short for no reason. */
  readonly shortPages: boolean;
  /** In which order answers come. */
  readonly seed: number;
}

/** Anything that can be asked, of series made for the worst. */
export function randomCall(items: {
  readonly minLength: number;
  readonly maxLength: number;
}): fc.Arbitrary<RandomCall> {
  return fc
    .record({
      profiles: fc.array(fc.tuple(profile, fc.boolean()), {
        minLength: 1,
        maxLength: 12,
        size: 'max',
      }),
      asked: fc.array(
        fc.tuple(
          fc.nat(14),
          fc.oneof(fc.tuple(range, rawItem), fc.tuple(nearRange, aggregateItem)),
        ),
        {
          ...items,
          size: 'max',
        },
      ),
      format: fc.constantFrom<'protobuf' | 'json'>('protobuf', 'json'),
      shortPages: fc.boolean(),
      seed: fc.nat(),
    })
    .map(({ profiles, asked, ...rest }) => {
      const series = profiles.map(([runs, isString], index) => seriesOf(index + 1, runs, isString));
      const kept = asked
        .map(([id, [when, settings]]) => ({ id: id + 1, ...when, ...settings }))
        .filter(({ start, end }) => start < end)
        .filter(
          ({ id, ...item }) => !('aggregates' in item) || series[id - 1]?.isString !== true,
        ) as Item[];
      return { series, items: kept, ...rest };
    });
}

/** Lets answers overtake each other. */
export function overtaking(seed: number): () => number {
  let turn = seed % 5;
  return () => (turn = (turn * 3 + 1) % 5);
}
