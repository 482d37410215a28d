import type { ChartSource } from '@cdf/plot';
import type { Checksum, Contender, Scenario } from './scenario.js';

const START = Date.UTC(2026, 0, 1);
/** The most points that a chart of 900 pixels shows: four in each column. */
const SHOWN = 3600;

const expected = (size: number): Checksum => ({ first: START, last: START + (size - 1) * 100 });

/** A noisy wave with a spike now and then, ten points a second: the same every time. */
function makeSeries(size: number): ChartSource & { readonly values: Float64Array } {
  const timestamps = Float64Array.from({ length: size }, (_, index) => START + index * 100);
  let state = 7919;
  const values = timestamps.map((_, index) => {
    state = (state * 16_807) % 2_147_483_647;
    const spike = index % 791_237 === 1000 ? 40 : 0;
    return 50 + 10 * Math.sin(index / (size / 26)) + state / 2_147_483_647 + spike;
  });
  return { name: 'Vibration', unit: 'mm/s', timestamps, values };
}

/** The picture, from columns to SVG: scales, M4, ticks, markup. */
const ours: Contender = {
  async prepare(_, size) {
    const { plot } = await import('@cdf/plot');
    const series = makeSeries(size);
    return {
      async run() {
        const chart = plot(series);
        if (!chart.toSvg().includes('data-series')) throw new Error('the picture has no line');
        const { model } = chart as unknown as {
          readonly model: { readonly start: number; readonly end: number };
        };
        return { first: model.start, last: model.end };
      },
      check: (edges) => edges as Checksum,
    };
  },
};

/** Reads both columns twice and does nothing with them. */
const floor: Contender = {
  async prepare(_, size) {
    const { timestamps, values } = makeSeries(size);
    return {
      async run() {
        let sum = 0;
        for (let pass = 0; pass < 2; pass++)
          for (let index = 0; index < timestamps.length; index++)
            sum += (timestamps[index] as number) + (values[index] as number);
        if (Number.isNaN(sum)) throw new Error('a value is missing');
        return { first: timestamps[0], last: timestamps.at(-1) };
      },
      check: (edges) => edges as Checksum,
    };
  },
};

/**
 * Only thins out, with LTTB, and does not draw. Functions read the columns, which is its fastest
 * way to take them; its own copy of each point takes gigabytes from ten million on.
 */
const lttb: Contender = {
  maxSize: 1_000_000,
  async prepare(_, size) {
    const { createLTTB } = await import('downsample');
    const { timestamps, values } = makeSeries(size);
    const thin = createLTTB({
      x: (time: number) => time,
      y: (_time: number, index: number) => values[index] as number,
    });
    return {
      run: async () => thin(timestamps, SHOWN),
      check(kept) {
        const times = kept as Float64Array;
        return { first: times[0] as number, last: times.at(-1) as number };
      },
    };
  },
};

export const scenarios: readonly Scenario[] = [
  {
    name: 'plot-downsample',
    title: 'Draw a series as SVG',
    unit: 'points',
    sizes: [1_000_000, 10_000_000],
    expected,
    contenders: { floor, ours, downsample: lttb },
    goals: [
      { contender: 'ours', against: 'floor', atMost: 2 },
      { contender: 'ours', against: 'downsample', atMost: 0.2, size: 1_000_000 },
    ],
  },
];
