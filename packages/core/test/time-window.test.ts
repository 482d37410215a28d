import { ConfigError } from '@cdf/core';
import { withEpochWindows } from '@cdf/core/resource';
import { describe, expect, it } from 'vitest';

describe('withEpochWindows', () => {
  it('turns every kind of time into milliseconds and leaves the rest alone', () => {
    const filter = {
      name: 'pump',
      createdTime: { min: '1d-ago', max: new Date(5) },
      endTime: { isNull: true },
    };
    expect(withEpochWindows(filter, ['createdTime', 'endTime', 'startTime'], 86_400_007)).toEqual({
      name: 'pump',
      createdTime: { min: 7, max: 5 },
      endTime: { isNull: true },
    });
  });

  it.each([
    ['a time', new Date(0)],
    ['a number', 5],
    ['true', true],
    ['a text', '1d-ago'],
    ['an array', [1, 2]],
    ['a promise', Promise.resolve({ min: 1 })],
    ['other bounds', { after: 5 }],
    ['a misspelt bound', { mim: 5 }],
  ])('refuses %s in place of a window, which would let everything through', (_, createdTime) => {
    expect(() => withEpochWindows({ createdTime }, ['createdTime'], 0)).toThrow(
      /^createdTime: (expected a window such as \{ min: '1d-ago' \}, got |unknown name )/,
    );
  });

  it.each([
    ['a map', new Map([['name', 'pump']])],
    ['a promise', Promise.resolve({ name: 'pump' })],
    ['an array', [{ name: 'pump' }]],
    ['a text', 'pump'],
  ])('refuses %s as a filter', (_, filter) => {
    expect(() => withEpochWindows(filter as object, [], 0)).toThrow(
      /^filter: expected an object, got /,
    );
  });

  it('names the bound that is not a time', () => {
    expect(() => withEpochWindows({ createdTime: { max: 'soon' } }, ['createdTime'], 0)).toThrow(
      ConfigError,
    );
    expect(() => withEpochWindows({ createdTime: { max: 'soon' } }, ['createdTime'], 0)).toThrow(
      /createdTime\.max/,
    );
  });
});
