import { ConfigError } from '@cdf/core';
import { ZONES } from '@cdf/core/resource';
import { describe, expect, it } from 'vitest';
import { BucketGrid, bucketClock } from '../src/read/series/bucket-grid.js';
import { parseGranularity } from '../src/read/series/granularity.js';

const HOUR = 3_600_000;
/** In Oslo clocks went back from 3 to 2 then: 2 o'clock began at 0:00 and at 1:00 of UTC. */
const CLOCKS_BACK = Date.UTC(2020, 9, 25, 1);

describe('a grid of buckets', () => {
  it('is not cut in an hour whose local time comes twice: a server may take one for the other', () => {
    const grid = new BucketGrid(
      CLOCKS_BACK - 50 * HOUR,
      parseGranularity('1h'),
      bucketClock(ZONES, 'Europe/Oslo'),
    );
    expect(grid.cutBefore(CLOCKS_BACK + HOUR / 2)).toBe(CLOCKS_BACK - 2 * HOUR);
    expect(grid.after(CLOCKS_BACK - 2 * HOUR)).toBeUndefined();
    expect(grid.after(CLOCKS_BACK - HOUR)).toBeUndefined();
    expect(grid.after(CLOCKS_BACK)).toBe(CLOCKS_BACK + HOUR);
    expect(grid.cutBefore(CLOCKS_BACK + HOUR)).toBe(CLOCKS_BACK + HOUR);
  });

  it('is cut at every hour where clocks never change', () => {
    for (const timeZone of ['', 'UTC', 'UTC+05:30']) {
      const grid = new BucketGrid(
        CLOCKS_BACK - 50 * HOUR,
        parseGranularity('1h'),
        timeZone === '' ? undefined : bucketClock(ZONES, timeZone),
      );
      expect(grid.after(CLOCKS_BACK - HOUR)).toBe(CLOCKS_BACK);
    }
  });
});

describe('a granularity', () => {
  it.each([
    ['10m', '10m'],
    ['1h', '1h'],
    ['2 weeks', '14d'],
    ['Quarter', '3mo'],
    ['1Y', '12mo'],
    ['day', '1d'],
  ])('of %j is sent as %j', (text, sent) => {
    expect(parseGranularity(text).text).toBe(sent);
  });

  it.each(['1M', 'M', '121s', '0h', '1.5h', 'fortnight', ''])('is not %j', (text) => {
    expect(() => parseGranularity(text)).toThrow(ConfigError);
  });
});
