import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { downsample, type LinePoints, lowerBound, upperBound } from '../src/m4.js';
import { rasterise } from './rasteriser.js';

const long = process.env.CDF_TEST_LONG === '1';
const WIDTH = 60;
const HEIGHT = 40;

/**
 * Irregular times, values with gaps (infinities are gaps, too), and a window that may be smaller
 * than the data. Made from a seed: arrays of fast-check take a hundred times as long as drawing
 * them.
 */
const line = fc
  .record({
    seed: fc.integer({ min: 1, max: 2 ** 31 - 2 }),
    length: fc.integer({ min: 1, max: 1500 }),
    longest: fc.constantFrom(1, 3, 400),
    missing: fc.constantFrom(0, 0.01, 0.1, 0.5),
  })
  .map(({ seed, length, longest, missing }) => {
    let state = seed;
    const random = (): number => {
      state = (state * 16_807) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const none = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    let time = 0;
    return {
      times: Float64Array.from({ length }, () => (time += 1 + Math.floor(random() * longest))),
      values: Float64Array.from({ length }, () =>
        random() < missing ? (none[Math.floor(random() * 3)] as number) : random() * 100 - 50,
      ),
    };
  });
/** Shares of the data that the window leaves out on each side. */
const margins = fc.tuple(
  fc.double({ min: 0, max: 0.45, noNaN: true }),
  fc.double({ min: 0, max: 0.45, noNaN: true }),
);

interface Case extends LinePoints {
  readonly start: number;
  readonly end: number;
}

const cases = fc.tuple(line, margins).map(([{ times, values }, [before, after]]): Case => {
  const span = times.at(-1) as number;
  const start = Math.floor(span * before);
  // Columns of whole milliseconds: on which side of an edge a point falls is not a question of
  // rounding then.
  return {
    times,
    values,
    start,
    end: start + Math.ceil((span * (1 - after) - start) / WIDTH) * WIDTH,
  };
});

/** The pictures of what is kept and of all points. */
function draw({ times, values, start, end }: Case): [Uint8Array, Uint8Array] {
  const few = downsample(times, values, start, end, WIDTH, Number.POSITIVE_INFINITY);
  const first = Math.max(0, lowerBound(times, start) - 1);
  const last = upperBound(times, end) + 1;
  const finite = values.map((value) => (Number.isFinite(value) ? value : Number.NaN));
  const all = { times: times.subarray(first, last), values: finite.subarray(first, last) };
  return [few, all].map((points) => rasterise(points, start, end, -50, 50, WIDTH, HEIGHT)) as [
    Uint8Array,
    Uint8Array,
  ];
}

/** Stretches without a gap, in the column of pixels that has most of them. */
function mostStretches({ times, values, start, end }: Case): number {
  const counts = new Map<number, number>();
  let isDrawing = false;
  let before = Number.NaN;
  times.forEach((time, index) => {
    const column = Math.floor(((time - start) * WIDTH) / (end - start));
    const isThere = Number.isFinite(values[index]);
    if (isThere && (!isDrawing || column !== before))
      counts.set(column, (counts.get(column) ?? 0) + 1);
    isDrawing = isThere;
    before = column;
  });
  return Math.max(0, ...counts.values());
}

/** The highest and the lowest pixel of each column. */
function extremes(picture: Uint8Array): string[] {
  return Array.from({ length: WIDTH }, (_, column) => {
    const rows = Array.from({ length: HEIGHT }, (_row, row) => row).filter(
      (row) => picture[row * WIDTH + column],
    );
    return `${rows[0]} ${rows.at(-1)}`;
  });
}

describe('down-sampling', () => {
  it('draws the same pixels as all points, whatever the times and the window, with up to four gaps in a column', () => {
    fc.assert(
      fc.property(cases, (each) => {
        fc.pre(mostStretches(each) <= 4);
        const [few, all] = draw(each);
        expect(few.join('')).toBe(all.join(''));
      }),
      { numRuns: long ? 20_000 : 500 },
    );
  });

  it('reaches as high and as low as all points in every column, however many gaps there are', () => {
    fc.assert(
      fc.property(cases, (each) => {
        const [few, all] = draw(each);
        expect(extremes(few).join()).toBe(extremes(all).join());
      }),
      { numRuns: long ? 20_000 : 500 },
    );
  });

  it('keeps at most four points for each column and a few at the edges', () => {
    const times = Float64Array.from({ length: 100_000 }, (_, index) => index);
    const values = times.map((time) => Math.sin(time) * Math.sin(time / 900));
    expect(
      downsample(times, values, 0, 99_999, 500, Number.POSITIVE_INFINITY).times.length,
    ).toBeLessThanOrEqual(2004);
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
    expect([...downsample(times, times, 15, 25, 10, Number.POSITIVE_INFINITY).times]).toEqual([
      10, 20, 30,
    ]);
  });

  it('gives nothing for nothing', () => {
    expect(downsample(new Float64Array(), new Float64Array(), 0, 1, 10, 1).times).toHaveLength(0);
  });
});
