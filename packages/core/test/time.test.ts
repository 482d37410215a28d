import { describe, expect, it } from 'vitest';
import { ConfigError } from '../src/index.js';
import { toEpoch, toEpochRange } from '../src/resource.js';

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

  it.each([Number.NaN, Infinity, 1.5, new Date('x')])('refuses %s', (value) => {
    expect(() => toEpoch(value, now)).toThrow(ConfigError);
  });
});

describe('a part of time', () => {
  it('is given by its start and its end', () => {
    expect(toEpochRange('2d-ago', 'now', now, 'query')).toEqual({ start: now - 2 * 86_400_000, end: now });
  });

  it('has something in it', () => {
    const refusal =
      'query: start (1970-01-01T00:00:00.005Z) must be before end (1970-01-01T00:00:00.005Z, which is exclusive)';
    expect(() => toEpochRange(5, 5, now, 'query')).toThrow(new ConfigError(refusal));
    expect(() => toEpochRange(1e16, 5, now, 'query')).toThrow('start (10000000000000000) must be before end');
    expect(() => toEpochRange(0, 'x', now, 'query')).toThrow('query: end "x" is not a time');
  });
});
