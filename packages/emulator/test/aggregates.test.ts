import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { client, HOUR, type Json, MINUTE } from './helpers.js';

const VECTORS = new URL('../../../../shared/contract/aggregate-vectors.json', import.meta.url);
const haveVectors = existsSync(VECTORS);

async function series(
  points: readonly (readonly [number, number | string, number?])[],
  isStep = false,
) {
  const { post } = client();
  await post('/timeseries', { items: [{ externalId: 's', isStep }] });
  const datapoints = points.map(([timestamp, value, code]) => ({
    timestamp,
    value,
    ...(code ? { status: { code } } : {}),
  }));
  const inserted = await post('/timeseries/data', { items: [{ externalId: 's', datapoints }] });
  expect(inserted).toMatchObject({ status: 200, body: {} });
  return async (query: Record<string, unknown>): Promise<Json[]> => {
    const { body } = await post('/timeseries/data/list', {
      items: [{ externalId: 's', ...query }],
    });
    return body.items?.[0].datapoints ?? body;
  };
}

const ALL = [
  'average', 'max', 'min', 'count', 'sum', 'interpolation', 'stepInterpolation', 'continuousVariance',
  'discreteVariance', 'totalVariation', 'countGood', 'countUncertain', 'countBad', 'durationGood',
  'durationUncertain', 'durationBad', 'maxDatapoint', 'minDatapoint',
]; // biome-ignore format: a list of words

describe('the aggregates that the live API returns', () => {
  if (!haveVectors) {
    if (process.env.CI === 'true')
      throw new Error(`the aggregate vectors are not at ${VECTORS.pathname}`);
    console.warn('skipped: the aggregate vectors are not there');
    it.skip('were not compared: the vectors are not there', () => {});
  }
  const vectors = haveVectors
    ? JSON.parse(readFileSync(VECTORS, 'utf8'))
    : { statusCodes: { expected: {} }, oneMinute: [] };
  const close = (actual: number, expected: number): void =>
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(
      Math.max(1e-12, 1e-8 * Math.abs(expected)),
    );

  for (const [name, expected] of Object.entries<Json>(vectors.statusCodes.expected)) {
    it(`are met for status codes with the settings ${name}`, async () => {
      const { datapoints, start, end, granularity } = vectors.statusCodes;
      const read = await series(datapoints);
      const { treatUncertainAsBad, ignoreBadDataPoints } = expected;
      const query = {
        start,
        end,
        granularity,
        limit: 1000,
        treatUncertainAsBad,
        ignoreBadDataPoints,
      };
      const found = await read({ ...query, aggregates: ALL });
      for (const [index, value] of expected.average.entries()) close(found[index].average, value);
      expected.continuousVariance.forEach((value: number, index: number) => {
        close(found[index].continuousVariance, value);
      });
      expected.stepInterpolation.forEach((value: number | null, index: number) => {
        if (value === null) expect(found[index]).not.toHaveProperty('stepInterpolation');
        else close(found[index].stepInterpolation, value);
      });
      const last = found.at(-1);
      for (const [aggregate, value] of Object.entries<number>(expected.lastBucket))
        close(last[aggregate], value);
    });
  }

  for (const [index, vector] of vectors.oneMinute.entries()) {
    it(`are met for one-minute data across a change of the clocks, case ${index + 1}`, async () => {
      const { datapoints, start, granularity, timeZone, expectedAverage } = vector;
      const read = await series(datapoints);
      const end = start + expectedAverage.length * HOUR;
      const found = await read({ start, end, granularity, timeZone, aggregates: ['average'] });
      expect(found).toHaveLength(expectedAverage.length);
      for (const [place, value] of expectedAverage.entries()) close(found[place].average, value);
    });
  }
});

describe('aggregates', () => {
  it('have no bucket for a day that clocks skip', async () => {
    // Pacific/Apia went from 29 to 31 December 2011.
    const change = Date.UTC(2011, 11, 30, 10);
    const query = { granularity: '1d', timeZone: 'Pacific/Apia', limit: 1000 };
    const window = { start: change - 24 * HOUR, end: change + 72 * HOUR };
    for (const aggregate of ['stepInterpolation', 'interpolation']) {
      const read = await series(
        [
          [change - HOUR, 1],
          [change + HOUR, 2],
        ],
        true,
      );
      const points = await read({ ...query, ...window, aggregates: [aggregate] });
      expect(points.map(({ timestamp, ...values }) => [timestamp - change, values])).toEqual([
        [0, { [aggregate]: 1 }],
        [24 * HOUR, { [aggregate]: 2 }],
      ]);
    }
  });

  const ten = Date.UTC(2024, 0, 1, 10);

  it('follow the worked example with the curve carried to the edge of the hour', async () => {
    const read = await series([
      [ten + 10 * MINUTE, 0],
      [ten + 50 * MINUTE, 10],
      [ten + 80 * MINUTE, 20],
    ]);
    const [first, second] = await read({
      start: ten,
      end: ten + 2 * HOUR,
      granularity: '1h',
      aggregates: ALL,
    });
    expect(first).toMatchObject({
      timestamp: ten,
      count: 2,
      sum: 10,
      discreteVariance: 25,
      totalVariation: 10,
      min: 0,
      max: 10,
    });
    expect(first.average).toBeCloseTo(6.3333, 4);
    expect(first.continuousVariance).toBeCloseTo(13.963, 3);
    expect(first).not.toHaveProperty('interpolation');
    expect(first).not.toHaveProperty('stepInterpolation');
    expect(second).toMatchObject({ count: 1, sum: 20, stepInterpolation: 10, totalVariation: 0 });
    expect(second.average).toBeCloseTo(16.6667, 4);
    expect(second.continuousVariance).toBeCloseTo(3.7037, 4);
    expect(second.interpolation).toBeCloseTo(13.3333, 4);
    expect(second.maxDatapoint).toEqual({ timestamp: ten + 80 * MINUTE, value: 20 });
  });

  it('leave out buckets without points, and integrate a long gap only inside a bucket', async () => {
    const read = await series([
      [ten + 10 * MINUTE, 0],
      [ten + 210 * MINUTE, 10],
    ]);
    const hours = await read({
      start: ten,
      end: ten + 6 * HOUR,
      granularity: '1h',
      aggregates: ['average', 'interpolation', 'stepInterpolation'],
    });
    expect(hours).toEqual([
      { timestamp: ten, average: 0 },
      { timestamp: ten + HOUR, stepInterpolation: 0 },
      { timestamp: ten + 3 * HOUR, average: 10, stepInterpolation: 0 },
      { timestamp: ten + 4 * HOUR, stepInterpolation: 10 },
    ]);
    const [whole] = await read({
      start: ten - 2 * HOUR,
      end: ten + 4 * HOUR,
      granularity: '6h',
      aggregates: ['average', 'continuousVariance'],
    });
    expect(whole.average).toBeCloseTo(5, 10);
    expect(whole.continuousVariance).toBeCloseTo(8.3333, 4);
  });

  it('floor the start to the unit, not to the multiple, and complete the last bucket', async () => {
    const read = await series(
      Array.from({ length: 48 }, (_, index) => [ten + index * HOUR, index] as const),
    );
    const found = await read({
      start: ten + 90 * MINUTE,
      end: ten + 5 * HOUR,
      granularity: '3h',
      aggregates: ['count'],
    });
    expect(found).toEqual([
      { timestamp: ten + HOUR, count: 3 },
      { timestamp: ten + 4 * HOUR, count: 3 },
    ]);
  });

  it('have days of 23 and 25 hours where the clocks change', async () => {
    const start = Date.parse('2024-03-30T00:00:00+01:00');
    const read = await series(
      Array.from({ length: 24 * 4 }, (_, index) => [start + index * HOUR, index] as const),
    );
    const found = await read({
      start,
      end: start + 71 * HOUR,
      granularity: '1d',
      timeZone: 'Europe/Oslo',
      aggregates: ['count'],
    });
    expect(found.map(({ count }) => count)).toEqual([24, 23, 24]);
    const autumn = Date.parse('2024-10-27T00:00:00+02:00');
    const later = await series(
      Array.from({ length: 72 }, (_, index) => [autumn + index * HOUR, index] as const),
    );
    const days = await later({
      start: autumn,
      end: autumn + 49 * HOUR,
      granularity: '1d',
      timeZone: 'Europe/Oslo',
      aggregates: ['count'],
    });
    expect(days.map(({ count }) => count)).toEqual([25, 24]);
  });

  it('have calendar months', async () => {
    const start = Date.UTC(2024, 0, 1);
    const read = await series(
      Array.from({ length: 91 }, (_, index) => [start + index * 24 * HOUR, 1] as const),
    );
    const found = await read({
      start,
      end: Date.UTC(2024, 3, 1),
      granularity: 'month',
      aggregates: ['sum'],
    });
    expect(found.map(({ sum }) => sum)).toEqual([31, 29, 31]);
    expect(found[1].timestamp).toBe(Date.UTC(2024, 1, 1));
  });

  it('carry the last value of a step series into the first bucket', async () => {
    const read = await series(
      [
        [ten - 24 * HOUR, 7],
        [ten + 3 * HOUR, 8],
      ],
      true,
    );
    const found = await read({
      start: ten,
      end: ten + 4 * HOUR,
      granularity: '1h',
      aggregates: ['interpolation', 'count'],
    });
    expect(found).toEqual([
      { timestamp: ten, interpolation: 7 },
      { timestamp: ten + 3 * HOUR, interpolation: 8, count: 1 },
    ]);
  });

  it('count each category by itself and give a bucket of bad points a count of 0', async () => {
    const read = await series([
      [ten, 1],
      [ten + MINUTE, 2, 0x40000000],
      [ten + HOUR, 3, 0x80000000],
    ]);
    const found = await read({
      start: ten,
      end: ten + 2 * HOUR,
      granularity: '1h',
      aggregates: ['count', 'countGood', 'countUncertain', 'countBad'],
    });
    expect(found).toEqual([
      { timestamp: ten, count: 1, countGood: 1, countUncertain: 1, countBad: 0 },
      { timestamp: ten + HOUR, count: 0, countGood: 0, countUncertain: 0, countBad: 1 },
    ]);
  });

  it('page by cursor on the same grid', async () => {
    const { post } = client();
    await post('/timeseries', { items: [{ externalId: 's' }] });
    const datapoints = Array.from({ length: 100 }, (_, index) => ({
      timestamp: ten + index * 7 * MINUTE,
      value: index,
    }));
    await post('/timeseries/data', { items: [{ externalId: 's', datapoints }] });
    const query = {
      externalId: 's',
      start: ten + 5 * MINUTE,
      end: ten + 700 * MINUTE,
      aggregates: ['sum'],
      granularity: '13m',
    };
    const whole = (await post('/timeseries/data/list', { items: [{ ...query, limit: 1000 }] })).body
      .items[0].datapoints;
    const paged: unknown[] = [];
    for (let cursor: string | undefined; ; ) {
      const { body } = await post('/timeseries/data/list', {
        items: [{ ...query, limit: 10, cursor }],
      });
      paged.push(...body.items[0].datapoints);
      cursor = body.items[0].nextCursor;
      if (cursor === undefined) break;
    }
    expect(paged).toEqual(whole);
  });

  it.each([
    [
      'a string series',
      { aggregates: ['count'], granularity: '1d' },
      /not supported for string/,
      true,
    ],
    [
      'an unknown name',
      { aggregates: ['median'], granularity: '1d' },
      /Could not recognize aggregation value: 'median'/,
      false,
    ],
    ['a missing granularity', { aggregates: ['count'] }, /granularity is required/, false],
    ['a week', { aggregates: ['count'], granularity: '1w' }, /Invalid granularity/, false],
    ['121 minutes', { aggregates: ['count'], granularity: '121m' }, /Invalid granularity/, false],
    [
      'an unknown time zone',
      { aggregates: ['count'], granularity: '1d', timeZone: 'Mars/Base' },
      /time zone/,
      false,
    ],
  ])('refuse %s', async (_name, query, message, isString) => {
    const { post } = client();
    await post('/timeseries', { items: [{ externalId: 's', isString }] });
    const { status, body } = await post('/timeseries/data/list', {
      items: [{ externalId: 's', ...query }],
    });
    expect(status).toBe(400);
    expect(body.error.message).toMatch(message);
  });
});
