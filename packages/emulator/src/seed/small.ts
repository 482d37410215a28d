import type { Seed } from '../options.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DAYS = 14;
const STEP = 10 * MINUTE;
const PUMPS = ['pump-1', 'pump-2'];
const DATA_SET = { dataSetExternalId: 'water-works' };
/** When pump 2 broke down, counted from the beginning. */
const BREAKDOWN = { from: 9 * DAY + 3 * HOUR, to: 9 * DAY + 11 * HOUR };

/**
 * A small water works, two weeks of it: two pumps with their motors lift water into a tank, taking turns day by day, until one of
 * them breaks down. Everything is connected: series, events and files belong to what they are about, and to one data set.
 */
export function smallSeed(now: number): Seed {
  const begin = Math.floor(now / HOUR) * HOUR - DAYS * DAY;
  return {
    dataSets: [{ externalId: 'water-works', name: 'Water works', description: 'A small plant to look around in' }],
    labels: [
      { externalId: 'rotating', name: 'Rotating equipment' },
      { externalId: 'storage', name: 'Storage' },
    ],
    assets: assets(),
    timeseries: series().map(({ values: _values, ...rest }) => ({ ...rest, ...DATA_SET })),
    datapoints: series().map(({ externalId, values }) => ({ externalId, datapoints: values(begin) })),
    events: events(begin).map((event) => ({ ...event, ...DATA_SET })),
    files: files(begin).map(({ file, content }) => ({ file: { ...file, ...DATA_SET }, content })),
  };
}

function assets(): object[] {
  const below = (parentExternalId: string, externalId: string, name: string, more: object = {}): object => ({
    ...{ externalId, name, parentExternalId, ...DATA_SET },
    ...more,
  });
  const rotating = { labels: [{ externalId: 'rotating' }], metadata: { manufacturer: 'Example' } };
  return [
    { externalId: 'water-works', name: 'Water works', ...DATA_SET },
    below('water-works', 'station', 'Pumping station'),
    ...PUMPS.map((pump, index) => below('station', pump, `Pump ${index + 1}`, rotating)),
    ...PUMPS.map((pump, index) => below(pump, `${pump}-motor`, `Motor of pump ${index + 1}`, rotating)),
    below('water-works', 'tank', 'Tank', { labels: [{ externalId: 'storage' }], metadata: { volume: '1200 m³' } }),
  ];
}

interface Point {
  readonly timestamp: number;
  readonly value: number | string;
}

interface SeededSeries {
  readonly externalId: string;
  readonly name: string;
  readonly assetExternalId: string;
  readonly values: (begin: number) => Point[];
  readonly [member: string]: unknown;
}

function series(): SeededSeries[] {
  const every = (step: number, valueAt: (elapsed: number) => number | string) => (begin: number) =>
    Array.from({ length: (DAYS * DAY) / step }, (_, index) => ({
      timestamp: begin + index * step,
      value: valueAt(index * step),
    }));
  const celsius = { unit: '°C', unitExternalId: 'temperature:deg_c' };
  const bar = { unit: 'bar', unitExternalId: 'pressure:bar' };
  const ofPump = (pump: string, index: number): SeededSeries[] => [
    {
      ...{
        externalId: `${pump}-temperature`,
        name: `${pump} temperature`,
        assetExternalId: `${pump}-motor`,
        ...celsius,
      },
      description: 'Winding of the motor',
      values: every(STEP, (elapsed) => round(isRunning(index, elapsed) ? hot(index, elapsed) : 22 + wave(elapsed, 3))),
    },
    {
      ...{ externalId: `${pump}-pressure`, name: `${pump} pressure`, assetExternalId: pump, ...bar },
      description: 'At the outlet',
      values: every(STEP, (elapsed) =>
        round(isRunning(index, elapsed) ? 4.2 + index * 0.3 + wave(elapsed, 0.4) : 1.01),
      ),
    },
    {
      ...{ externalId: `${pump}-state`, name: `${pump} state`, assetExternalId: pump, isString: true },
      values: every(HOUR, (elapsed) => stateOf(index, elapsed)),
    },
  ];
  return [
    ...PUMPS.flatMap(ofPump),
    {
      ...{
        externalId: 'tank-level',
        name: 'tank level',
        assetExternalId: 'tank',
        unit: 'm',
        unitExternalId: 'length:m',
      },
      values: every(STEP, (elapsed) => round(6 - wave(elapsed + 6 * HOUR, 1.5) - (isBroken(elapsed) ? 1 : 0))),
    },
  ];
}

function isBroken(elapsed: number): boolean {
  return elapsed >= BREAKDOWN.from && elapsed < BREAKDOWN.to;
}

/** The pumps take turns; nobody runs while the one whose turn it is stands broken. */
function isRunning(pump: number, elapsed: number): boolean {
  return Math.floor(elapsed / DAY) % 2 === pump && !(pump === 1 && isBroken(elapsed));
}

function stateOf(pump: number, elapsed: number): string {
  if (pump === 1 && isBroken(elapsed)) return 'broken';
  return isRunning(pump, elapsed) ? 'running' : 'standby';
}

/** Pump 2 runs hotter and hotter in the hours before it breaks down. */
function hot(pump: number, elapsed: number): number {
  const before = BREAKDOWN.from - elapsed;
  const trouble = pump === 1 && before > 0 && before < 3 * HOUR ? 30 * (1 - before / (3 * HOUR)) : 0;
  return 58 + 4 * pump + wave(elapsed, 6) + trouble;
}

function wave(elapsed: number, height: number): number {
  return height * Math.sin((elapsed / DAY) * 2 * Math.PI) + (height / 8) * Math.sin(elapsed / (17 * MINUTE));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function events(begin: number): object[] {
  return [
    ...PUMPS.map((pump, index) => ({
      ...{ externalId: `${pump}-inspection`, type: 'maintenance', subtype: 'inspection', assetExternalIds: [pump] },
      description: `Yearly inspection of ${pump}`,
      startTime: begin + (index + 1) * DAY + 8 * HOUR,
      endTime: begin + (index + 1) * DAY + 10 * HOUR,
    })),
    {
      ...{ externalId: 'pump-2-hot', type: 'alarm', subtype: 'temperature', assetExternalIds: ['pump-2-motor'] },
      description: 'The motor is above 85 °C',
      startTime: begin + BREAKDOWN.from - 30 * MINUTE,
      endTime: begin + BREAKDOWN.from,
    },
    {
      ...{ externalId: 'pump-2-breakdown', type: 'breakdown', assetExternalIds: ['pump-2', 'pump-2-motor'] },
      description: 'A bearing of the motor seized; it was replaced',
      startTime: begin + BREAKDOWN.from,
      endTime: begin + BREAKDOWN.to,
      metadata: { bearing: '6309' },
    },
  ];
}

function files(begin: number): { file: object; content: string }[] {
  return [
    {
      file: {
        ...{ externalId: 'pump-manual', name: 'pump-manual.txt', mimeType: 'text/plain', directory: '/manuals' },
        assetExternalIds: PUMPS,
      },
      content: 'Keep the pump primed. Check the seal every year.\n',
    },
    {
      file: {
        ...{ externalId: 'pump-2-report', name: 'pump-2-report.txt', mimeType: 'text/plain', directory: '/reports' },
        ...{ assetExternalIds: ['pump-2', 'pump-2-motor'], sourceCreatedTime: begin + BREAKDOWN.to },
      },
      content: 'The bearing ran dry. It was replaced in eight hours. Look at the lubrication of pump 1 as well.\n',
    },
  ];
}
