import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueAxis, valueFormat } from '../src/value-axis.js';

const labels = (low: number, high: number, count = 4): readonly string[] =>
  valueAxis(low, high, count, 'en-GB', false).labels;
const size = fc.double({ min: -290, max: 290, noNaN: true });

describe('a value axis', () => {
  it('contains its values, with 2 to 12 ticks in order, whatever their size', () => {
    fc.assert(
      fc.property(
        size,
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (exponent, from, span) => {
          const low = from * 10 ** exponent;
          const high = low + span * 10 ** exponent;
          const axis = valueAxis(low, high, 5, 'en-GB', false);
          expect(axis.low).toBeLessThanOrEqual(low);
          expect(axis.high).toBeGreaterThanOrEqual(high);
          expect(axis.ticks.length).toBeGreaterThanOrEqual(2);
          expect(axis.ticks.length).toBeLessThanOrEqual(12);
          expect([...axis.ticks].sort((one, other) => one - other)).toEqual(axis.ticks);
          expect(new Set(axis.labels).size).toBe(axis.labels.length);
        },
      ),
    );
  });

  it.each([
    ['ordinary values', 18, 27, ['18', '20', '22', '24', '26']],
    ['fractions', 0.1, 0.4, ['0.1', '0.2', '0.3', '0.4']],
    ['values around zero', -2, 2, ['−2', '−1', '0', '1', '2']],
    ['one value', 100, 100, ['96', '98', '100', '102', '104']],
    ['zero', 0, 0, ['−1.0', '−0.5', '0.0', '0.5', '1.0']],
    ['nothing', Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, []],
    ['huge values', 2e11, 4e11, ['2.0×10¹¹', '2.5×10¹¹', '3.0×10¹¹', '3.5×10¹¹', '4.0×10¹¹']],
    ['tiny values', 1e-9, 3e-9, ['1.0×10⁻⁹', '1.5×10⁻⁹', '2.0×10⁻⁹', '2.5×10⁻⁹', '3.0×10⁻⁹']],
    [
      'a small change of a large value',
      1e8,
      1e8 + 2,
      ['100,000,000.0', '100,000,000.5', '100,000,001.0', '100,000,001.5', '100,000,002.0'],
    ],
  ])('%s: %d to %d', (_, low, high, expected) => {
    expect(labels(low, high)).toEqual(expected);
  });

  it.each([-8e9, -8e306])('has a label for the only tick of an axis from %d', (low) => {
    expect(valueAxis(low, -low / 8, 1, 'en-GB', true)).toMatchObject({ ticks: [0], labels: ['0'] });
  });

  it('writes a single value with what it has, and no more', () => {
    const texts = [0.1 + 0.2, 1234567.89, -40, 6.02214076e23, 1e-7, 0].map(valueFormat('en-GB'));
    expect(texts).toEqual(['0.3', '1,234,567.9', '−40', '6.0221×10²³', '1×10⁻⁷', '0']);
  });
});
