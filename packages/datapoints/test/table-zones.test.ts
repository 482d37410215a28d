import { localTimeReader } from '@cdf/core';
import { toEpoch } from '@cdf/core/resource';
import {
  type AnyDatapoints,
  type DatapointsTable,
  type Granularity,
  makeTable,
} from '@cdf/datapoints';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketsOf } from './naive-buckets.js';
import { rounds } from './rounds.js';

const HOUR = 3_600_000;
const timeZone = 'Europe/Oslo';

const table = (
  times: readonly number[],
  values: readonly (number | string)[] = times.map((_, index) => index),
) => {
  const isString = typeof values[0] === 'string';
  const columns = isString ? values : Float64Array.from(values as number[]);
  const points = {
    id: 1,
    externalId: 'a',
    isString,
    timestamps: Float64Array.from(times),
    values: columns,
  };
  return makeTable([points as unknown as AnyDatapoints]);
};
const hours = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index * HOUR);
const cells = (csv: string): string[] =>
  csv
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(',')[0] ?? '');
const begins = ({ timestamps }: DatapointsTable): string[] =>
  [...timestamps].map((time) => new Date(time).toISOString().slice(0, 16));

describe('a table as CSV', () => {
  const autumn = hours(Date.UTC(2024, 9, 26, 23), 4);

  it('has times with their offset in a zone, and Z in UTC', () => {
    expect(cells(table(autumn).toCsv({ timeZone }))).toEqual([
      '2024-10-27T01:00:00.000+02:00',
      '2024-10-27T02:00:00.000+02:00',
      '2024-10-27T02:00:00.000+01:00',
      '2024-10-27T03:00:00.000+01:00',
    ]);
    expect(cells(table(autumn).toCsv({ timeZone: 'UTC-03:30' }))[0]).toBe(
      '2024-10-26T19:30:00.000-03:30',
    );
    expect(cells(table(autumn).toCsv())[0]).toBe('2024-10-26T23:00:00.000Z');
  });

  it('has times as spreadsheets read them, with milliseconds where a row has any', () => {
    expect(cells(table(autumn).toCsv({ timeZone, timeFormat: 'local' }))).toEqual([
      '2024-10-27 01:00:00',
      '2024-10-27 02:00:00',
      '2024-10-27 02:00:00',
      '2024-10-27 03:00:00',
    ]);
    expect(cells(table([0, 1]).toCsv({ timeZone: 'UTC', timeFormat: 'local' }))).toEqual([
      '1970-01-01 00:00:00.000',
      '1970-01-01 00:00:00.001',
    ]);
    // Times of an unnamed zone would be taken for those of the reader.
    expect(() => table([0]).toCsv({ timeFormat: 'local' })).toThrow(
      "CSV: timeFormat: 'local' needs a timeZone",
    );
  });

  it('names an unknown zone', () => {
    expect(() => table([0]).toCsv({ timeZone: 'Mars/Olympus' })).toThrow(
      'timeZone "Mars/Olympus" is neither',
    );
    expect(() => table([0]).resample('1d', ['mean'], { timeZone: 'Mars/Olympus' })).toThrow(
      'timeZone "Mars/Olympus"',
    );
  });

  it('reads back: with offsets any times, as local times those that rise through both passes of an hour', () => {
    const zone = fc.constantFrom(
      'Europe/Oslo',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'UTC+05:30',
    );
    const time = fc.integer({ min: -2_208_988_800_000, max: 4_102_444_799_999 });
    fc.assert(
      fc.property(zone, fc.uniqueArray(time, { minLength: 1, maxLength: 20 }), (name, times) => {
        const sorted = times.sort((one, two) => one - two);
        const written = cells(table(sorted).toCsv({ timeZone: name }));
        expect(written.map((text) => toEpoch(text, 0))).toEqual(sorted);
        // Every half hour: the passes can be told apart.
        const dense = Array.from(
          { length: 40 },
          (_, index) => Math.floor((sorted[0] as number) / 1e6) * 1e6 + index * 1.8e6,
        );
        const local = cells(table(dense).toCsv({ timeZone: name, timeFormat: 'local' }));
        const read = local.map(localTimeReader({ timeZone: name }));
        // A first row in a second pass is taken for the first.
        expect(read.slice(5)).toEqual(dense.slice(5));
      }),
      { numRuns: rounds(10, 5000) },
    );
  });
});

describe('resample', () => {
  it('has each bucket once, ascending, where clocks go back over its begin', () => {
    const changes = {
      'America/St_Johns': '2010-11-07T02:31Z',
      'America/Goose_Bay': '2010-11-07T03:01Z',
      'America/Havana': '2023-11-05T05:00Z',
      'Antarctica/Troll': '2024-10-27T01:00Z',
      'Antarctica/Casey': '2010-03-04T15:00Z',
      'Asia/Beirut': '2023-10-28T21:00Z',
      'Atlantic/Azores': '2023-10-29T01:00Z',
      'Australia/Lord_Howe': '2024-04-06T15:00Z',
      'Europe/Oslo': '2024-10-27T01:00Z',
      'Pacific/Apia': '2011-12-30T10:00Z',
    };
    const granularities = ['1h', '2h', '3h', '5h', '6h', '8h', '12h', '1d', '2d', '1w'] as const;
    for (const [zone, change] of Object.entries(changes)) {
      const from = Date.parse(change) - 3 * HOUR;
      const rows = table(Array.from({ length: 720 }, (_, index) => from + index * 30_000));
      for (const granularity of granularities)
        for (const origin of ['calendar', 'start'] as const) {
          const made = rows.resample(granularity, ['count'], { timeZone: zone, origin });
          const what = `${zone} ${granularity} ${origin}: ${begins(made)}`;
          const times = [...made.timestamps];
          expect(times, what).toEqual([...new Set(times)].sort((one, two) => one - two));
        }
    }
  });

  it('has one row for a day that begins twice, from its first begin on', () => {
    // At 0:01 on 7 November clocks went back to 23:01.
    const from = Date.UTC(2010, 10, 7, 2, 29);
    const rows = table([from, ...Array.from({ length: 99 }, (_, i) => from + (i + 2) * 60_000)]);
    const days = rows.resample('1d', ['count'], { timeZone: 'America/St_Johns' });
    expect(days.toObjects().map((row) => row['a|count'])).toEqual([1, 99]);
    expect(begins(days)).toEqual(['2010-11-06T02:30', '2010-11-07T02:30']);
  });

  it('begins days, weeks, months and quarters on the local calendar', () => {
    const year = table(hours(Date.UTC(2023, 11, 31, 23), 366 * 24));
    const resampled = (granularity: Granularity): DatapointsTable =>
      year.resample(granularity, ['count'], { timeZone });
    expect(begins(resampled('1mo')).slice(2, 5)).toEqual([
      '2024-02-29T23:00',
      '2024-03-31T22:00',
      '2024-04-30T22:00',
    ]);
    expect(begins(resampled('1q'))).toEqual([
      '2023-12-31T23:00',
      '2024-03-31T22:00',
      '2024-06-30T22:00',
      '2024-09-30T22:00',
    ]);
    expect(begins(resampled('1y'))).toEqual(['2023-12-31T23:00']);
    expect(begins(resampled('1w')).slice(0, 2)).toEqual(['2023-12-31T23:00', '2024-01-07T23:00']);
    const days = resampled('1d');
    const counts = [...(days.columns.get('a|count') as Float64Array)];
    expect([
      counts.length,
      counts.filter((count) => count === 23),
      counts.filter((count) => count === 25),
    ]).toEqual([366, [23], [25]]);
    expect(begins(year.resample('1q')).slice(0, 2)).toEqual([
      '2023-10-01T00:00',
      '2024-01-01T00:00',
    ]);
  });

  it('keeps hours on the local clock through its changes, and the passes of a repeated hour apart', () => {
    const spring = table(hours(Date.UTC(2024, 2, 30, 23), 23));
    const sixes = spring.resample('6h', ['count'], { timeZone });
    expect(begins(sixes)).toEqual([
      '2024-03-30T23:00',
      '2024-03-31T04:00',
      '2024-03-31T10:00',
      '2024-03-31T16:00',
    ]);
    expect([...(sixes.columns.get('a|count') as Float64Array)]).toEqual([5, 6, 6, 6]);
    const autumn = table(hours(Date.UTC(2024, 9, 26, 22), 25));
    expect(autumn.resample('1h', ['count'], { timeZone }).length).toBe(25);
    expect(
      [
        ...(autumn.resample('2h', ['count'], { timeZone }).columns.get('a|count') as Float64Array),
      ].slice(0, 3),
    ).toEqual([2, 3, 2]);
  });

  it('begins a day whose midnight clocks skip with its first hour', () => {
    const days = table(hours(Date.UTC(2018, 10, 3, 3), 47)).resample('1d', ['count'], {
      timeZone: 'America/Sao_Paulo',
    });
    expect(begins(days)).toEqual(['2018-11-03T03:00', '2018-11-04T03:00']);
    expect([...(days.columns.get('a|count') as Float64Array)]).toEqual([24, 23]);
  });

  it('begins weeks on Monday, and from its start on as retrieve does', () => {
    // A Wednesday.
    const fortnight = table(hours(Date.UTC(2024, 4, 1, 5), 14 * 24));
    expect(begins(fortnight.resample('1w'))).toEqual([
      '2024-04-29T00:00',
      '2024-05-06T00:00',
      '2024-05-13T00:00',
    ]);
    const fromStart = (origin: 'start' | number | Date): string[] =>
      begins(fortnight.resample('1w', ['mean'], { origin }));
    expect(fromStart('start')).toEqual([
      '2024-05-01T00:00',
      '2024-05-08T00:00',
      '2024-05-15T00:00',
    ]);
    expect(fromStart(new Date('2024-04-26T12:00Z'))).toEqual([
      '2024-04-26T00:00',
      '2024-05-03T00:00',
      '2024-05-10T00:00',
    ]);
    expect(fromStart(Date.UTC(2024, 5, 1))).toEqual(fromStart(Date.UTC(2024, 3, 27)));
    expect(() => fromStart('monday' as never)).toThrow('resample: origin "monday" is not a time');
  });

  it('gives with origin what a server gives for the same start, in any zone', () => {
    const granularity = fc.constantFrom<Granularity>(
      '90s',
      '10m',
      '1h',
      '5h',
      '1d',
      '3d',
      '1w',
      '1mo',
      '1q',
      '5mo',
    );
    const zone = fc.constantFrom(undefined, 'Europe/Oslo', 'America/Sao_Paulo', 'UTC+05:30');
    const start = fc.integer({ min: Date.UTC(2017, 0), max: Date.UTC(2020, 0) });
    fc.assert(
      fc.property(
        granularity,
        zone,
        start,
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 60 }),
        (each, name, from, gaps) => {
          let time = from;
          const times = gaps.map((gap) => (time += gap * 0.25 * HOUR));
          const points = times.map((timestamp, value) => ({ timestamp, value }));
          const expected = bucketsOf({ id: 1, points }, {
            start: from,
            end: time + 1,
            granularity: toSent(each),
            timeZone: name,
            aggregates: ['count'],
          } as never);
          const made = table(times).resample(each, ['count'], { timeZone: name, origin: from });
          expect([...made.timestamps]).toEqual(expected.map(({ timestamp }) => timestamp));
          expect([...(made.columns.get('a|count') as Float64Array)]).toEqual(
            expected.map(({ count }) => count),
          );
        },
      ),
      { numRuns: rounds(15, 10_000) },
    );
  });

  it('has first, last and count of strings, and no other column of them', () => {
    const texts = table([0, 1000, 60_000, 120_000], ['on', 'off', 'on', 'broken']).resample('2m', [
      'mean',
      'first',
      'last',
      'count',
    ]);
    expect([...texts.columns.keys()]).toEqual(['a|first', 'a|last', 'a|count']);
    expect(texts.toObjects()).toEqual([
      { timestamp: 0, 'a|first': 'on', 'a|last': 'on', 'a|count': 3 },
      { timestamp: 120_000, 'a|first': 'broken', 'a|last': 'broken', 'a|count': 1 },
    ]);
    expect(texts.origins.get('a|first')).toMatchObject({ id: 1, externalId: 'a' });
  });

  it('has no value of a bucket without a string', () => {
    const numbers = {
      id: 2,
      externalId: 'n',
      timestamps: Float64Array.of(0, 60_000),
      values: Float64Array.of(1, 2),
    };
    const text = {
      id: 1,
      externalId: 't',
      isString: true,
      timestamps: Float64Array.of(0),
      values: ['on'],
    };
    const both = makeTable([numbers, text] as unknown as AnyDatapoints[]).resample('1m', [
      'last',
      'count',
    ]);
    expect(both.toObjects()[1]).toEqual({
      timestamp: 60_000,
      'n|last': 2,
      'n|count': 1,
      't|count': 0,
    });
  });
});

/** As it goes over the wire: weeks are days, quarters months. */
function toSent(granularity: Granularity): string {
  return { '1w': '7d', '1q': '3mo' }[granularity as string] ?? granularity;
}
