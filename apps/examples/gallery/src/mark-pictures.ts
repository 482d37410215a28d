import { type ChartSource, histogram, scatter, stateTimeline } from '@cdf/plot';
import type { Picture } from './pictures.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 5, 1);

/**
 * Marks besides lines: the pictures of `apps/docs/pictures`. Made from a seed: the same pictures
 * every time.
 */
export function markPictures(): Picture[] {
  const week = { start: START, end: START + 7 * DAY };
  const pressure = numbers(
    'Discharge pressure',
    'bar',
    2016,
    5 * MINUTE,
    (at, noise) => 8 + 1.5 * Math.sin(at / 290) + noise * 0.15,
  );
  const flow = derived(
    'Flow of pump A',
    'm³/h',
    pressure,
    (value, noise) => 118 - 5.2 * (value - 4) + noise * 1.8,
    2,
  );
  const worn = derived(
    'Flow of pump B',
    'm³/h',
    pressure,
    (value, noise) => 104 - 7.5 * (value - 4) + noise * 2.6,
    3,
  );
  const bearing = numbers(
    'Bearing temperature',
    '°C',
    2016,
    5 * MINUTE,
    (at, noise) => 61 + 4 * Math.sin(at / 290 + 0.6) + noise * 0.8,
    4,
  );
  const oil = numbers(
    'Oil temperature',
    '°C',
    2016,
    5 * MINUTE,
    (at, noise) => 54 + 2 * Math.sin(at / 290 + 0.3) + noise * 0.6 + (at > 1500 ? 4 : 0),
    5,
  );
  const pumpA = states('Pump A', ['running', 'stopped', 'running', 'fault'], 14, 6);
  const pumpB = states('Pump B', ['standby', 'running', 'stopped'], 20, 7);
  const valve = states('Inlet valve', ['open', 'closed'], 9, 8);
  const title = 'Pump station 23';
  return [
    {
      name: 'scatter',
      data: () => [pressure, flow, worn],
      options: { mark: scatter, title: 'Two pumps, one of them worn' },
    },
    { name: 'scatter-dense', data: () => dense(), options: { mark: scatter, theme: 'dark' } },
    { name: 'histogram', data: () => pressure, options: { mark: histogram } },
    {
      name: 'histogram-of-two',
      data: () => [bearing, oil],
      options: { mark: histogram, title: 'Temperatures of a week' },
    },
    {
      name: 'states',
      data: () => [pumpA, pumpB, valve],
      options: { ...week, mark: stateTimeline, title },
    },
    {
      name: 'states-beside-lines',
      data: () => [pressure, flow, pumpA, valve],
      options: {
        ...week,
        mark: stateTimeline,
        title,
        events: [{ type: 'maintenance', startTime: START + 2.2 * DAY, endTime: START + 2.9 * DAY }],
        thresholds: [{ value: 9.2, label: 'High' }],
      },
    },
    {
      name: 'overlay',
      data: () => [pressure, flow, bearing],
      options: { ...week, units: 'overlay', title, thresholds: [{ value: 9.2, label: 'High' }] },
    },
    {
      name: 'states-of-recipes',
      data: () =>
        states(
          'Reactor 4',
          Array.from({ length: 14 }, (_, index) => `recipe ${index + 1}`),
          5,
          9,
        ),
      options: { ...week, mark: stateTimeline, theme: 'dark' },
    },
    {
      name: 'log-axis',
      data: () => decay(),
      options: { valueScale: 'log', title: 'Vacuum pump, from start to base pressure' },
    },
    {
      name: 'gaps-and-steps',
      data: () => withGap(pressure),
      options: { ...week, title: 'A sensor that was away, and its set-point' },
    },
    {
      name: 'narrow',
      data: () => [pressure, bearing, pumpA],
      options: { ...week, mark: stateTimeline, width: 390, title },
    },
  ];
}

/** Normal noise from a seed. */
function noise(seed: number): () => number {
  let state = seed * 7919 + 17;
  const next = (): number => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
}

function numbers(
  name: string,
  unit: string,
  count: number,
  step: number,
  value: (at: number, noise: number) => number,
  seed: number = 1,
): ChartSource & { readonly values: Float64Array } {
  const random = noise(seed);
  const timestamps = Float64Array.from({ length: count }, (_, index) => START + index * step);
  return { name, unit, timestamps, values: timestamps.map((_, index) => value(index, random())) };
}

function derived(
  name: string,
  unit: string,
  from: ReturnType<typeof numbers>,
  value: (of: number, noise: number) => number,
  seed: number,
): ChartSource {
  const random = noise(seed);
  return {
    name,
    unit,
    timestamps: from.timestamps,
    values: from.values.map((each) => value(each, random())),
  };
}

/** Hours that a state holds vary around a mean. */
function states(name: string, cycle: readonly string[], hours: number, seed: number): ChartSource {
  const random = noise(seed);
  const times: number[] = [];
  for (
    let at = START - HOUR;
    at < START + 7 * DAY;
    at += hours * HOUR * (0.15 + random() ** 2 * 0.8)
  )
    times.push(at);
  const values = times.map((_, index) => cycle[index % cycle.length] as string);
  return { name, isString: true, timestamps: Float64Array.from(times), values };
}

function dense(): ChartSource[] {
  const count = 60_000;
  const wind = numbers(
    'Wind speed',
    'm/s',
    count,
    MINUTE,
    (at, random) => Math.abs(8 + 4 * Math.sin(at / 900) + random * 2.2),
    11,
  );
  const power = derived(
    'Power',
    'MW',
    wind,
    (speed, random) => {
      const rated = speed > 25 || speed < 3 ? 0 : Math.min(1, (speed / 12) ** 3);
      return Math.max(0, 3.6 * rated + random * 0.12);
    },
    12,
  );
  return [wind, power];
}

function decay(): ChartSource[] {
  return [
    numbers(
      'Chamber',
      'mbar',
      720,
      MINUTE,
      (at, random) => 1013 * Math.exp(-at / 42) + 2e-5 * (1 + Math.abs(random) / 5),
      13,
    ),
    numbers(
      'Fore line',
      'mbar',
      720,
      MINUTE,
      (at, random) => 1013 * Math.exp(-at / 15) + 2e-2 * (1 + Math.abs(random) / 8),
      14,
    ),
  ];
}

function withGap({ timestamps, values, ...rest }: ReturnType<typeof numbers>): ChartSource[] {
  const kept = (index: number): boolean => index < 700 || index > 1000;
  const level = Float64Array.of(START - DAY, START + 1.5 * DAY, START + 4 * DAY);
  return [
    {
      ...rest,
      timestamps: timestamps.filter((_, index) => kept(index)),
      values: values.filter((_, index) => kept(index)),
    },
    {
      name: 'Set-point',
      unit: 'bar',
      isStep: true,
      timestamps: level,
      values: Float64Array.of(8, 9, 7.5),
    },
  ];
}
