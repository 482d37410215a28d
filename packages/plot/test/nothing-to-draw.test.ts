import { ConfigError, EmptyDataError } from '@cdf/core';
import { type ChartSource, plot, stateTimeline } from '@cdf/plot';
import { lineChart } from '@cdf/plot/svg';
import { describe, expect, it } from 'vitest';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);

function series(hours: readonly number[], more: Partial<ChartSource> = {}): ChartSource {
  return {
    name: 'Pressure',
    externalId: 'pt-7',
    timestamps: Float64Array.from(hours, (hour) => START + hour * HOUR),
    values: Float64Array.from(hours),
    ...more,
  };
}

describe('a chart of nothing says', () => {
  it('that the list is empty', () => {
    expect(() => plot([])).toThrow(new EmptyDataError('plot: the list of series is empty'));
  });

  it('that series are empty, where no window was given', () => {
    expect(() => plot([series([]), series([], { name: 'Flow', externalId: 'ft-1' })])).toThrow(
      new EmptyDataError('plot: no data points in Pressure [pt-7], Flow [ft-1]'),
    );
  });

  it.each([
    [{ start: 4, end: 5 }, 'from 2026-01-01T04:00:00.000Z to 2026-01-01T05:00:00.000Z'],
    [{ start: 4 }, 'from 2026-01-01T04:00:00.000Z on'],
    [{ end: 0 }, 'before 2026-01-01T00:00:00.000Z'],
  ])('which window %j is empty', ({ start, end }: { start?: number; end?: number }, window) => {
    const edge = (hour: number | undefined) => (hour === undefined ? hour : START + hour * HOUR);
    expect(() => plot(series([]), { start: edge(start), end: edge(end) })).toThrow(
      new EmptyDataError(`plot: no data points ${window} in Pressure [pt-7]; try an earlier start`),
    );
  });

  it('when the nearest point is', () => {
    const window = { start: START + 4 * HOUR, end: START + 5 * HOUR };
    expect(() => plot([series([0, 1]), series([2, 9], { name: 'Flow' })], window)).toThrow(
      '; the last one before is at 2026-01-01T02:00:00.000Z',
    );
    expect(() => plot(series([9, 10]), window)).toThrow(
      '; the first one after is at 2026-01-01T09:00:00.000Z',
    );
    const withoutValue = series([0, 1], { values: Float64Array.of(5, Number.NaN) });
    expect(() => plot(withoutValue, window)).toThrow('is at 2026-01-01T00:00:00.000Z');
  });

  it('how text is drawn', () => {
    const state = series([1, 2], { name: 's', isString: true, values: ['on', 'off'] });
    expect(() => plot(state)).toThrow(
      new ConfigError(
        'plot: lines need numbers, and there is only text: s [pt-7]; draw it with mark: stateTimeline',
      ),
    );
    expect(plot(state, { mark: stateTimeline }).toText()).toContain('on');
  });

  it('in a chart with few parts, what each series lacks', () => {
    const window = { start: START + 4 * HOUR, end: START + 5 * HOUR };
    const state = series([1, 2], { name: 's', isString: true, values: ['on', 'off'] });
    expect(() => lineChart([series([0, 1]), state], window)).toThrow(
      new EmptyDataError('plot: nothing to draw in [Pressure (no data), s (text)]'),
    );
    expect(() => lineChart(state)).toThrow(new ConfigError('plot: nothing to draw in [s (text)]'));
    expect(() => lineChart([])).toThrow(new EmptyDataError('plot: nothing to draw in []'));
  });
});
