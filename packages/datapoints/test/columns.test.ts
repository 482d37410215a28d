import { type Datapoint, type Datapoints, DatapointsApi } from '@cdf/datapoints';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FakePoint, type FakeSeries, fakeServer } from './fake-server.js';
import { rounds } from './rounds.js';

const START = Date.UTC(2021, 0, 1);
const BAD = { code: 0x80000000, symbol: 'Bad' };
const UNCERTAIN = { code: 0x40000000, symbol: 'Uncertain' };

const point = fc.record({
  gap: fc.integer({ min: 1, max: 90_000 }),
  kind: fc.constantFrom('good', 'uncertain', 'bad', 'null', 'nan', 'infinite'),
});
const series = fc.record({ isString: fc.boolean(), rows: fc.array(point, { maxLength: 60 }) });
const index = fc.integer({ min: -70, max: 70 });

function toSeries({
  isString,
  rows,
}: {
  isString: boolean;
  rows: { gap: number; kind: string }[];
}): FakeSeries {
  let timestamp = START;
  const points = rows.map(({ gap, kind }, number): FakePoint => {
    timestamp += gap;
    if (kind === 'good') return { timestamp, value: isString ? `text ${number}` : number };
    if (kind === 'uncertain')
      return { timestamp, value: isString ? `text ${number}` : number, status: UNCERTAIN };
    const odd = { nan: Number.NaN, infinite: -Infinity }[kind] ?? number;
    return { timestamp, value: kind === 'null' ? null : isString ? '' : odd, status: BAD };
  });
  return { id: 1, isString, points };
}

/** Everything that a part of the points says, compared with the same part of the rows. */
function check(points: Datapoints, rows: Datapoint[]): void {
  expect(points.length).toBe(rows.length);
  expect(points.toArray()).toEqual(rows);
  expect([...points]).toEqual(rows);
  expect(points.toJSON().datapoints).toEqual(rows);
  expect([...points.timestamps]).toEqual(rows.map(({ timestamp }) => timestamp));
}

describe('columns', () => {
  it('are cut as an array of rows would be, statuses and missing values included', async () => {
    const query = fc.record({
      series,
      from: index,
      to: index,
      at: index,
      time: fc.integer({ min: 0, max: 3_000_000 }),
    });
    await fc.assert(
      fc.asyncProperty(query, async ({ series: made, from, to, at, time }) => {
        const found = toSeries(made);
        const points = await new DatapointsApi(fakeServer([found]).transport).retrieve({
          id: 1,
          start: START,
          includeStatus: true,
          ignoreBadDataPoints: false,
        });
        const rows = points.toArray();
        expect(rows).toEqual(found.points);
        check(points.slice(from, to), rows.slice(from, to));
        check(points.slice(from).slice(at), rows.slice(from).slice(at));
        expect(points.at(at)).toEqual(rows.at(at));
        const begin = START + time;
        const isWithin = ({ timestamp }: Datapoint): boolean =>
          timestamp >= begin && timestamp < begin + 1_000_000;
        check(points.between(begin, begin + 1_000_000), rows.filter(isWithin));
        const next = rows.findIndex(({ timestamp }) => timestamp >= begin);
        expect(points.indexAt(begin)).toBe(next < 0 ? rows.length : next);
        rows.forEach((row, each) => {
          expect(points.isNull(each)).toBe(row.value === null);
          expect(points.statusAt(each)).toEqual(row.status);
        });
      }),
      { numRuns: rounds(100, 3000) },
    );
  });

  it('with aggregates are cut the same way, with the points that are their extremes', async () => {
    await fc.assert(
      fc.asyncProperty(series, index, index, async (made, from, to) => {
        const found = toSeries({ ...made, isString: false });
        const points = await new DatapointsApi(fakeServer([found]).transport).retrieve({
          id: 1,
          start: START,
          end: START + 10_000_000,
          aggregates: ['count', 'max', 'minDatapoint'],
          granularity: '1m',
        });
        const rows = points.toArray();
        const part = points.slice(from, to);
        expect(part.toArray()).toEqual(rows.slice(from, to));
        expect(part.minDatapoint.timestamps.length).toBe(part.length);
        expect(part.aggregates).toEqual(points.aggregates);
        expect(part.granularity).toBe('1m');
      }),
      { numRuns: rounds(40, 1000) },
    );
  });
});
