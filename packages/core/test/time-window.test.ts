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

  it('names the bound that is not a time', () => {
    expect(() => withEpochWindows({ createdTime: { max: 'soon' } }, ['createdTime'], 0)).toThrow(
      ConfigError,
    );
    expect(() => withEpochWindows({ createdTime: { max: 'soon' } }, ['createdTime'], 0)).toThrow(
      /createdTime\.max/,
    );
  });
});
