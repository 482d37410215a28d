import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { downsample, type LinePoints, lowerBound, upperBound } from '../src/m4.js';
import { rasterise } from './rasteriser.js';

const long = process.env.CDF_TEST_LONG === '1';
const WIDTH = 60;
const HEIGHT = 40;

/** Irregular times, values with gaps, and a window that may be smaller than the data. */
const line = fc
  .array(
    fc.record({
      step: fc.integer({ min: 1, max: 400 }),
      value: fc.oneof(
        { weight: 9, arbitrary: fc.double({ min: -50, max: 50, noNaN: true }) },
        { weight: 1, arbitrary: fc.constant(Number.NaN) },
      ),
    }),
    { minLength: 1, maxLength: 1500 },
  )
  .map((points) => {
    let time = 0;
    return {
      times: Float64Array.from(points, ({ step }) => (time += step)),
      values: Float64Array.from(points, ({ value }) => value),
    };
  });
const window = fc.tuple(fc.double({ min: 0, max: 0.45, noNaN: true }), fc.double({ min: 0.55, max: 1, noNaN: true }));

describe('down-sampling', () => {
  it('draws the same pixels as all points, whatever the times, the gaps and the window', () => {
    fc.assert(
      fc.property(line, window, ({ times, values }, [from, to]) => {
        const span = times.at(-1) as number;
        const [start, end] = [Math.floor(span * from), Math.max(Math.ceil(span * to), Math.floor(span * from) + 1)];
        const few = downsample(times, values, start, end, WIDTH, Number.POSITIVE_INFINITY);
        const first = Math.max(0, lowerBound(times, start) - 1);
        const last = upperBound(times, end) + 1;
        const all = { times: times.subarray(first, last), values: values.subarray(first, last) };
        const draw = (points: LinePoints) => rasterise(points, start, end, -50, 50, WIDTH, HEIGHT);
        expect(draw(few)).toEqual(draw(all));
      }),
      { numRuns: long ? 20_000 : 500 },
    );
  });

  it('keeps at most four points for each column and a few at the edges', () => {
    const times = Float64Array.from({ length: 100_000 }, (_, index) => index);
    const values = times.map((time) => Math.sin(time) * Math.sin(time / 900));
    expect(downsample(times, values, 0, 99_999, 500, Number.POSITIVE_INFINITY).times.length).toBeLessThanOrEqual(2004);
  });

  it('is bounded where every other point is missing', () => {
    const times = Float64Array.from({ length: 200_000 }, (_, index) => index);
    const values = times.map((time) => (time % 2 === 0 ? time : Number.NaN));
    const { times: kept } = downsample(times, values, 0, 199_999, 100, Number.POSITIVE_INFINITY);
    expect(kept.length).toBeLessThan(100 * 6 * 5);
  });

  it('breaks the line where points are further apart than the longest gap', () => {
    const { times, values } = downsample(
      Float64Array.of(0, 1, 2, 10, 11),
      Float64Array.of(1, 2, 3, 4, 5),
      0,
      11,
      100,
      3,
    );
    expect([...times]).toEqual([0, 1, 2, 10, 10, 11]);
    expect([...values]).toEqual([1, 2, 3, Number.NaN, 4, 5]);
  });

  it('keeps the neighbours of the window, so that lines reach its edges', () => {
    const times = Float64Array.of(0, 10, 20, 30, 40);
    expect([...downsample(times, times, 15, 25, 10, Number.POSITIVE_INFINITY).times]).toEqual([10, 20, 30]);
  });

  it('gives nothing for nothing', () => {
    expect(downsample(new Float64Array(), new Float64Array(), 0, 1, 10, 1).times).toHaveLength(0);
  });
});
