import { ConfigError } from '@cdf/core';
import { toEpoch, toEpochRange } from '@cdf/core/resource';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const now = Date.UTC(2026, 0, 10);

describe('a time argument', () => {
  it.each([
    ['now', now],
    ['2d-ago', now - 2 * 86_400_000],
    ['1w-ahead', now + 7 * 86_400_000],
    ['90s-ago', now - 90_000],
    ['30m-ago', now - 1_800_000],
    ['5h-ahead', now + 5 * 3_600_000],
    ['2025-03-01', Date.UTC(2025, 2, 1)],
    ['2025-03-01T10:20:30.5Z', Date.UTC(2025, 2, 1, 10, 20, 30, 500)],
    ['2025-03-01T10:20:30+02:00', Date.UTC(2025, 2, 1, 8, 20, 30)],
  ])('reads %s', (text, expected) => {
    expect(toEpoch(text, now)).toBe(expected);
  });

  it('reads a date-time without an offset as UTC, wherever the script runs', () => {
    expect(toEpoch('2025-03-01T10:20', now)).toBe(Date.UTC(2025, 2, 1, 10, 20));
  });

  it('reads numbers, dates and Temporal instants', () => {
    expect(toEpoch(12, now)).toBe(12);
    expect(toEpoch(-5, now)).toBe(-5);
    expect(toEpoch(new Date(34), now)).toBe(34);
    expect(toEpoch({ epochMilliseconds: 56 }, now)).toBe(56);
  });

  it.each(['', 'yesterday', '2d', '2d ago', '1y-ago', '2025-13-01', '1,5h-ago'])(
    'refuses %j, saying what works',
    (text) => {
      expect(() => toEpoch(text, now, 'start')).toThrow(/start .*is not a time.*2d-ago/);
    },
  );

  it.each([
    '2024-02-30',
    '2023-02-29',
    '1900-02-29',
    '2024-04-31T12:00',
    '2024-06-31T00:00:00Z',
    '2024-11-31 08:00+01:00',
    '2024-00-10',
    '2024-01-00',
    '2024-12-32',
    '2024-01-01T24:00',
    '2024-01-01T24:00:00Z',
    '2024-01-01T25:00',
    '2024-01-01T10:60',
    '2024-12-31T23:59:60Z',
    '2024-01-01T10:00+24:00',
    '2024-01-01T10:00-01:60',
  ])('rejects %s, a day, an hour or an offset that does not exist', (text) => {
    expect(() => toEpoch(text, now, 'end')).toThrow(`end "${text}" is not a time`);
  });

  it.each([
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2000-02-29T23:59:59.999999999Z', Date.UTC(2000, 1, 29, 23, 59, 59, 999)],
    ['2025-03-01 10:20:30', Date.UTC(2025, 2, 1, 10, 20, 30)],
    ['2025-03-01T10:20-0330', Date.UTC(2025, 2, 1, 13, 50)],
    ['2025-03-01+02:00', Date.UTC(2025, 1, 28, 22)],
    ['0001-01-01', -62_135_596_800_000],
    ['0099-12-31T00:00Z', -59_011_545_600_000],
    ['9999-12-31T23:59:59.999Z', 253_402_300_799_999],
  ])('reads %s in every engine', (text, expected) => {
    expect(toEpoch(text, now)).toBe(expected);
  });

  it('reads every day that exists, and no other, with any offset', () => {
    const parts = fc.record({
      year: fc.integer({ min: 0, max: 9999 }),
      month: fc.integer({ min: 0, max: 13 }),
      day: fc.integer({ min: 0, max: 32 }),
      offset: fc.integer({ min: -1439, max: 1439 }),
    });
    fc.assert(
      fc.property(parts, ({ year, month, day, offset }) => {
        const two = (number: number): string => String(number).padStart(2, '0');
        const date = new Date(0);
        date.setUTCFullYear(year, month - 1, day);
        const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
        const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
        const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T00:00${zone}`;
        if (exists) expect(toEpoch(text, now)).toBe(date.getTime() - offset * 60_000);
        else expect(() => toEpoch(text, now)).toThrow(ConfigError);
      }),
      { numRuns: process.env.CDF_TEST_LONG === '1' ? 20_000 : 300 },
    );
  });

  it.each([Number.NaN, Infinity, 1.5, new Date('x')])('refuses %s', (value) => {
    expect(() => toEpoch(value, now)).toThrow(ConfigError);
  });
});

describe('a part of time', () => {
  it('is given by its start and its end', () => {
    expect(toEpochRange('2d-ago', 'now', now, 'query')).toEqual({
      start: now - 2 * 86_400_000,
      end: now,
    });
  });

  it('has something in it', () => {
    const refusal =
      'query: start (1970-01-01T00:00:00.005Z) must be before end (1970-01-01T00:00:00.005Z, which is exclusive)';
    expect(() => toEpochRange(5, 5, now, 'query')).toThrow(new ConfigError(refusal));
    expect(() => toEpochRange(1e16, 5, now, 'query')).toThrow(
      'start (10000000000000000) must be before end',
    );
    expect(() => toEpochRange(0, 'x', now, 'query')).toThrow('query: end "x" is not a time');
  });
});
