import { ConfigError } from '@cdf/core';
import { ZONES } from '@cdf/core/resource';
import { plot } from '@cdf/plot';
import { lineChart, timeZone } from '@cdf/plot/svg';
import { describe, expect, it } from 'vitest';
import { modelOf } from './model-of.js';

const START = Date.UTC(2026, 0, 1, 18, 30);
const data = {
  name: 'Pressure',
  timestamps: Float64Array.from({ length: 13 }, (_, index) => START + index * 3_600_000),
  values: Float64Array.from({ length: 13 }, (_, index) => index),
};

describe('a zone that is unknown', () => {
  it('is the error that data points have', () => {
    const problem = (() => {
      try {
        ZONES.offsetsOf('Oslo');
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    })();
    expect(problem).toContain('"Oslo"');
    expect(() => plot(data, { timeZone: 'Oslo' })).toThrow(new ConfigError(problem));
    expect(() => lineChart(data, {}, [timeZone('Oslo')])).toThrow(new ConfigError(problem));
  });

  it('is not confused with a locale that is unknown', () => {
    for (const draw of [plot, lineChart])
      expect(() => draw(data, { locale: 'not a locale' })).toThrow(
        new ConfigError('plot: unknown locale "not a locale"'),
      );
  });
});

describe('an offset in place of a zone', () => {
  it('is what ticks and dates are written in, as data points are read', () => {
    const svg = plot(data, { timeZone: 'UTC+05:30', theme: 'light' }).toSvg();
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text]) => text);
    expect(texts).toContain('Fri, 2 Jan 2026');
    expect(texts).toContain('00:00');
    expect(texts).toContain('UTC+05:30');
    // A tick at the left edge: it is midnight there.
    expect(svg).toMatch(/text-anchor="middle"><text[^>]*>00:00/);
  });

  it.each([
    ['UTC+05:30', 8.64e15 - 5],
    ['UTC-05:30', -8.64e15],
  ])('draws the ends of all dates, too: %s', (zone, first) => {
    const ends = { timestamps: Float64Array.of(first, first + 5), values: Float64Array.of(1, 2) };
    expect(plot(ends, { timeZone: zone }).toSvg()).toContain(zone);
  });

  it('names the zone in the tooltip', () => {
    const { zone } = modelOf(lineChart(data, {}, [timeZone('UTC-03:00')]));
    expect(zone.format({ dateStyle: 'medium', timeStyle: 'long' })(START)).toBe(
      '1 Jan 2026, 15:30:00 UTC-03:00',
    );
  });
});
