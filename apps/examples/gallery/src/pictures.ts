import type { ChartSource, PlotOptions } from '@cdf/plot';

/** One chart of the gallery. */
export interface Picture {
  readonly name: string;
  /** Made when asked for: one of them has ten million points. */
  readonly data: () => ChartSource | readonly ChartSource[];
  readonly options: PlotOptions;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The clocks of Europe go back on 25 October 2026. */
const START = Date.UTC(2026, 9, 22);

/** Every case that a chart has to look good in. Made from a seed: the same pictures every time. */
export function pictures(): Picture[] {
  const pressure = series('PT-1001', 'Discharge pressure', 'bar', wave(5040, 78, 4, 1));
  const suction = series('PT-1002', 'Suction pressure', 'bar', wave(5040, 64, 3, 2));
  const setPoint = {
    ...series('SP-1001', 'Pressure set-point', 'bar', levels(5040, 3)),
    isStep: true,
  };
  const temperature = series('TT-2001', 'Bearing temperature', '°C', wave(5040, 62, 9, 4));
  const title = 'Pump station 23';
  return [
    { name: 'one-series', data: () => pressure, options: {} },
    { name: 'many-series', data: () => many(), options: { title: 'Twelve wells' } },
    {
      name: 'steps',
      data: () => [setPoint, pressure],
      options: { title: 'Set-point and pressure' },
    },
    {
      name: 'gaps',
      data: () => [withGaps(pressure), suction],
      options: { title: 'Sensor with dropouts' },
    },
    { name: 'band', data: () => band(), options: { title: 'Flare header, hourly' } },
    {
      name: 'events',
      data: () => pressure,
      options: { events: events(), thresholds: limits(), title },
    },
    {
      name: 'two-units',
      data: () => [pressure, temperature, setPoint],
      options: { title, events: events() },
    },
    {
      name: 'two-units-overlay',
      data: () => [pressure, temperature],
      options: { title, units: 'overlay' },
    },
    {
      name: 'dark',
      data: () => [pressure, suction, setPoint, band()],
      options: { title, theme: 'dark', thresholds: limits() },
    },
    { name: 'status', data: () => withStatuses(temperature), options: {} },
    { name: 'ten-million-points', data: () => tenMillion(), options: {} },
    {
      name: 'daylight-saving-day',
      data: () => [pressure, temperature],
      options: {
        title: 'The day of 25 hours',
        timeZone: 'Europe/Oslo',
        start: START + 2.5 * DAY,
        end: START + 4 * DAY,
      },
    },
    {
      name: 'one-point',
      data: () => series('FT-1', 'Flow', 'm³/h', Float64Array.of(42)),
      options: {},
    },
    {
      name: 'few-points',
      data: () => series('LAB-7', 'Lab sample', 'mg/l', wave(9, 5, 1, 5), 5 * HOUR),
      options: {},
    },
    {
      name: 'constant',
      data: () => series('LT-1', 'Level', '%', new Float64Array(1000).fill(100)),
      options: {},
    },
    {
      name: 'huge-values',
      data: () => series('FQ-1', 'Produced volume', 'm³', wave(800, 4e11, 1e11, 6)),
      options: {},
    },
    {
      name: 'tiny-values',
      data: () => series('AT-1', 'Leakage current', 'A', wave(800, 3e-9, 1e-9, 7)),
      options: {},
    },
    {
      name: 'negative-values',
      data: () => series('TT-9', 'Freezer', '°C', wave(800, -18, 2, 8)),
      options: {},
    },
    {
      name: 'long-names',
      data: () => longNames(),
      options: { title: `${'A title that goes on and on '.repeat(8)}and ends` },
    },
    {
      name: 'right-to-left-names',
      data: () => rightToLeft(),
      options: { title: 'ضغط المضخة 23', locale: 'ar-u-nu-latn' },
    },
    {
      name: 'one-hour',
      data: () => series('ST-1', 'Speed', 'rpm', wave(3600, 2950, 20, 9), 1000),
      options: { timeZone: 'Asia/Kolkata' },
    },
    {
      name: 'two-years',
      data: () => series('QT-1', 'Water cut', '%', wave(730, 40, 10, 10), DAY),
      options: { timeZone: 'America/New_York' },
    },
    { name: 'small', data: () => [pressure, suction], options: { title, width: 320, height: 240 } },
    {
      name: 'crowded',
      data: () => many(),
      options: { title: 'Twelve wells in little room', width: 400, height: 260 },
    },
    {
      name: 'some-empty',
      data: () => [pressure, series('PT-1009', 'Idle sensor', 'bar', new Float64Array())],
      options: { title },
    },
    {
      name: 'hostile-names',
      data: () => hostile(),
      options: { title: `${HOSTILE[0]}${HOSTILE[1]}` },
    },
  ];
}

/** Names that try to be something else where they are shown. */
export const HOSTILE: readonly string[] = [
  '</script><script>document.title="owned"</script>',
  '"><img src=x onerror="document.title=\'owned\'">',
  '\u001b[31mred\u001b[0m and \u009b5m',
  'first line\nsecond line\r\nthird',
  '=HYPERLINK("http://example.com";"click")',
  '\u202egnitrevo lone surrogate \ud800 ]]>&amp;<!--',
];

function series(
  externalId: string,
  name: string,
  unit: string,
  values: Float64Array,
  step = 2 * MINUTE,
): ChartSource {
  const timestamps = values.map((_, index) => START + index * step);
  return {
    externalId,
    name: `${externalId} ${name}`,
    unit,
    isStep: false,
    isString: false,
    timestamps,
    values,
  };
}

function wave(length: number, middle: number, height: number, seed: number): Float64Array {
  const random = randomNumbers(seed);
  let drift = 0;
  return new Float64Array(length).map((_, index) => {
    // Pulled back to the middle: a walk of ten million steps would leave the picture.
    drift = drift * 0.999 + (random() - 0.5) * height * 0.04;
    return (
      middle +
      drift +
      height * Math.sin((index / length) * 26 + seed) +
      (random() - 0.5) * height * 0.15
    );
  });
}

function levels(length: number, seed: number): Float64Array {
  const random = randomNumbers(seed);
  let level = 70;
  return new Float64Array(length).map(() => {
    if (random() < 0.004) level = 66 + 2 * Math.floor(random() * 8);
    return level;
  });
}

/** Park and Miller's generator: good enough for a picture, and the same everywhere. */
function randomNumbers(seed: number): () => number {
  let state = seed * 7919 + 1;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function many(): ChartSource[] {
  return Array.from({ length: 12 }, (_, index) =>
    series(
      `W-${index + 1}`,
      'wellhead pressure',
      'bar',
      wave(1200, 30 + index * 12, 4, index + 20),
      8 * MINUTE,
    ),
  );
}

function withGaps(source: ChartSource): ChartSource {
  const values = (source.values as Float64Array).slice();
  for (const [from, to] of [
    [600, 1300],
    [2500, 2560],
    [4000, 4700],
  ])
    values.fill(Number.NaN, from, to);
  return { ...source, values };
}

function band(): ChartSource {
  const average = wave(168, 24, 3, 11);
  const random = randomNumbers(12);
  return {
    externalId: 'PT-1005',
    name: 'PT-1005 Flare header',
    unit: 'bar',
    timestamps: average.map((_, hour) => START + hour * HOUR),
    aggregates: ['average', 'min', 'max'],
    granularity: '1h',
    ...{
      average,
      min: average.map((value) => value - 1 - random() * 2),
      max: average.map((value) => value + 1 + random() * 2),
    },
  };
}

function events(): PlotOptions['events'] {
  return [
    {
      startTime: START + DAY,
      endTime: START + 1.5 * DAY,
      type: 'maintenance',
      description: 'seal replaced',
    },
    {
      startTime: START + 3.2 * DAY,
      endTime: START + 3.4 * DAY,
      type: 'trip',
      description: 'high vibration',
    },
    { startTime: START + 4.6 * DAY, endTime: START + 4.6 * DAY, type: 'inspection' },
    { startTime: START + 6 * DAY, type: 'maintenance', description: 'still going on' },
  ];
}

function limits(): PlotOptions['thresholds'] {
  return [
    { value: 86, label: 'High' },
    { value: 87, label: 'High high' },
    { value: 68, label: 'Low' },
  ];
}

function withStatuses(source: ChartSource): ChartSource {
  return {
    ...source,
    statuses: {
      indexes: Uint32Array.of(300, 1200, 1210, 2600, 4100),
      codes: Uint32Array.of(0x40000000, 0x80000000, 0x80000000, 0x40000000, 0x80000000),
    },
  };
}

function tenMillion(): ChartSource {
  const values = wave(10_000_000, 50, 10, 13);
  for (let spike = 1; spike <= 12; spike++)
    values[spike * 791_237] = 50 + 40 * (spike % 2 === 0 ? 1 : -1);
  return series('VT-1', 'Vibration, ten million points', 'mm/s', values, 60);
}

function longNames(): ChartSource[] {
  const long =
    'Upstream separator inlet gas pressure transmitter, second stage, redundant channel B, compensated';
  return [
    series(
      '1',
      `${long} ${'for temperature and altitude '.repeat(5)}`,
      'kilograms per square centimetre (gauge, at 15 °C)',
      wave(800, 5, 1, 14),
    ),
    series(
      '2',
      `${long} 2`,
      'kilograms per square centimetre (gauge, at 15 °C)',
      wave(800, 8, 1, 15),
    ),
    series(
      '3',
      'WWWWWWWWWWWWMMMMMMMMMMMM漢字漢字漢字漢字'.repeat(6),
      'kilograms per square centimetre (gauge, at 15 °C)',
      wave(800, 2, 1, 16),
    ),
  ];
}

function rightToLeft(): ChartSource[] {
  return [
    { ...series('1', '', 'بار', wave(800, 5, 1, 17)), name: 'ضغط التفريغ (المتوسط)' },
    { ...series('2', '', 'بار', wave(800, 8, 1, 18)), name: 'לחץ יניקה PT-1002' },
  ];
}

function hostile(): ChartSource[] {
  return HOSTILE.map((name, index) => ({
    ...series(`h${index}`, '', '<bar & "psi">', wave(300, 10 * index, 2, index + 40)),
    name,
  }));
}
