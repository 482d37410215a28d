import { lineChart } from '@cdf/plot/svg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zoneOf } from '../src/parts/time-zone.js';
import { FONT_TICK, textWidth } from '../src/text.js';
import { timeTicks } from '../src/time-ticks.js';

const long = process.env.CDF_TEST_LONG === '1';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/**
 * Half hours, quarter hours, changes of half an hour, a day that was skipped, changes at midnight.
 */
const ZONES = [
  'UTC',
  'Europe/Oslo',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Africa/Cairo',
  'America/Sao_Paulo',
  'Asia/Tehran',
  'Pacific/Kwajalein',
  'America/Havana',
  'Africa/Monrovia',
].map((name) => zoneOf(name, 'en-GB'));
const zone = fc.constantFrom(...ZONES);
const time = fc.integer({ min: Date.UTC(1950, 0), max: Date.UTC(2090, 0) });
const length = fc
  .double({ min: Math.log(10), max: Math.log(40 * 365 * DAY), noNaN: true })
  .map((value) => Math.round(Math.exp(value)));
const label = (name: string, start: number, end: number, most: number): string[] =>
  timeTicks(start, end, most, zoneOf(name, 'en-GB')).map((tick) => tick.label);

describe('a time axis', () => {
  it('has its ticks in order, inside the window and not too many, in any zone', () => {
    fc.assert(
      fc.property(
        zone,
        time,
        length,
        fc.integer({ min: 2, max: 20 }),
        (where, start, span, most) => {
          const times = timeTicks(start, start + span, most, where).map((tick) => tick.time);
          expect(times.length).toBeGreaterThanOrEqual(2);
          expect(times.length).toBeLessThanOrEqual(most + 2);
          for (const [index, at] of times.entries()) {
            expect(at).toBeGreaterThanOrEqual(start);
            expect(at).toBeLessThanOrEqual(start + span);
            if (index > 0) expect(at).toBeGreaterThan(times[index - 1] as number);
          }
        },
      ),
      { numRuns: long ? 20_000 : 400 },
    );
  });

  it('knows the instant of every local time that exists', () => {
    fc.assert(
      fc.property(zone, time, (where, at) => {
        const local = at + where.offsetAt(at);
        const instants = where.fromLocal(local);
        expect(instants).toContain(at);
        for (const instant of instants) expect(instant + where.offsetAt(instant)).toBe(local);
      }),
      { numRuns: long ? 20_000 : 500 },
    );
  });

  it('stays on the clock when the clocks go back: the day of 25 hours', () => {
    const start = Date.UTC(2026, 9, 24, 22);
    expect(label('Europe/Oslo', start, start + 25 * HOUR, 10)).toEqual([
      '00:00',
      '03:00',
      '06:00',
      '09:00',
      '12:00',
      '15:00',
      '18:00',
      '21:00',
      '00:00',
    ]);
    const times = timeTicks(start, start + 25 * HOUR, 10, zoneOf('Europe/Oslo', 'en-GB')).map(
      (tick) => tick.time,
    );
    expect((times[1] as number) - (times[0] as number)).toBe(4 * HOUR);
  });

  it('leaves out the hour that is skipped when the clocks go forward', () => {
    const start = Date.UTC(2026, 2, 29, 0);
    expect(label('Europe/Oslo', start, start + 4 * HOUR, 6)).toEqual([
      '01:00',
      '03:00',
      '04:00',
      '05:00',
      '06:00',
    ]);
  });

  it.each([
    ['Europe/Oslo', Date.UTC(2026, 9, 25, 0), 4, 5, ['02:00', '02:00', '03:00', '04:00', '05:00']],
    [
      'Europe/Oslo',
      Date.UTC(2026, 9, 25, 0),
      2,
      8,
      ['02:00', '02:15', '02:30', '02:45', '02:00', '02:15', '02:30', '02:45', '03:00'],
    ],
    [
      'America/New_York',
      Date.UTC(2026, 10, 1, 4),
      4,
      5,
      ['00:00', '01:00', '01:00', '02:00', '03:00'],
    ],
    [
      'America/Havana',
      Date.UTC(2026, 10, 1, 3),
      5,
      6,
      ['23:00', '00:00', '00:00', '01:00', '02:00', '03:00'],
    ],
    [
      'Australia/Lord_Howe',
      Date.UTC(2026, 3, 4, 14),
      2,
      5,
      ['01:00', '01:30', '01:30', '02:00', '02:30'],
    ],
  ])('labels both times of an hour that is repeated: %s', (name, start, hours, most, expected) => {
    expect(label(name, start, start + hours * HOUR, most)).toEqual(expected);
  });

  it.each([
    [
      'Pacific/Apia',
      Date.UTC(2011, 11, 28, 12),
      4 * DAY,
      6,
      ['Thu 29', 'Sat 31', 'Sun 1', 'Mon 2'],
    ],
    [
      'Pacific/Apia',
      Date.UTC(2011, 11, 30),
      20 * HOUR,
      8,
      ['15:00', '18:00', '21:00', '00:00', '03:00', '06:00', '09:00'],
    ],
    [
      'Pacific/Kwajalein',
      Date.UTC(1993, 7, 19),
      5 * DAY,
      8,
      ['Thu 19', 'Fri 20', 'Sun 22', 'Mon 23', 'Tue 24'],
    ],
    ['Pacific/Fakaofo', Date.UTC(2011, 11, 29, 12), 3 * DAY, 5, ['Sat 31', 'Sun 1', 'Mon 2']],
  ])('goes on after a day that was skipped: %s', (name, start, span, most, expected) => {
    expect(label(name, start, start + span, most)).toEqual(expected);
  });

  it('begins the day at 01:00 where midnight does not exist', () => {
    const ticks = timeTicks(
      Date.UTC(2018, 10, 3, 12),
      Date.UTC(2018, 10, 6, 12),
      4,
      zoneOf('America/Sao_Paulo', 'en-GB'),
    );
    expect(ticks.map((tick) => new Date(tick.time).toISOString())).toContain(
      '2018-11-04T03:00:00.000Z',
    );
  });

  it('says the date once, where it changes', () => {
    const ticks = timeTicks(
      Date.UTC(2026, 0, 1, 18),
      Date.UTC(2026, 0, 2, 7),
      6,
      zoneOf('UTC', 'en-GB'),
    );
    expect(ticks.map(({ label: text, context }) => [text, context])).toEqual([
      ['18:00', 'Thu, 1 Jan 2026'],
      ['21:00', undefined],
      ['00:00', 'Fri, 2 Jan 2026'],
      ['03:00', undefined],
      ['06:00', undefined],
    ]);
  });

  it('writes months and days in the language of the reader', () => {
    const ticks = timeTicks(
      Date.UTC(2026, 2, 1),
      Date.UTC(2026, 7, 1),
      6,
      zoneOf('Europe/Oslo', 'nb-NO'),
    );
    expect(ticks.map((tick) => tick.label)).toContain('mai');
  });
});

describe('the name of a zone', () => {
  it.each([
    ['UTC', '2026-01-01', '2026-12-31', 'UTC'],
    ['Asia/Kolkata', '2026-01-01', '2026-12-31', 'Asia/Kolkata, UTC+05:30'],
    ['Europe/Oslo', '2026-10-24', '2026-10-26', 'Europe/Oslo, UTC+02:00 → UTC+01:00'],
    ['Europe/Oslo', '2026-01-01', '2026-12-31', 'Europe/Oslo, UTC+01:00 / UTC+02:00'],
    ['America/St_Johns', '2026-01-01', '2026-01-02', 'America/St_Johns, UTC−03:30'],
  ])('%s from %s to %s is %s', (name, start, end, expected) => {
    expect(zoneOf(name, 'en-GB').describe(Date.parse(start), Date.parse(end))).toBe(expected);
  });
});

describe('the labels of a time axis', () => {
  const MINUTE = 60_000;
  /** Label and place of each, from left to right. */
  const labelsOf = (span: number, width: number) => {
    const start = Date.UTC(2026, 0, 5, 7, 20);
    const timestamps = Float64Array.of(start, start + span);
    const source = { name: 'P', unit: 'bar', timestamps, values: Float64Array.of(980, 1020) };
    const svg = lineChart(source, { width, theme: 'light' }).toSvg();
    const [, axis = ''] = /<g text-anchor="middle">(.*?)<\/g>/s.exec(svg) ?? [];
    return [...axis.matchAll(/x="([\d.]+)"[^>]*>([^<]+)/g)].map(([, x, text]) => ({
      x: Number(x),
      half: textWidth(text as string, FONT_TICK) / 2,
    }));
  };
  const windows = [
    ...[3, 10, 30, 60, 90].map((minutes) => minutes * MINUTE),
    ...[2, 3, 4, 6, 8, 12, 18, 24, 36].map((hours) => hours * HOUR),
    ...[2, 3, 4, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 182, 270, 365, 548, 730, 1096, 1826].map(
      (days) => days * DAY,
    ),
    ...[10, 25].map((years) => years * 365.25 * DAY),
  ];

  it.each([
    [600, 5, 11],
    [900, 5, 13],
    [300, 2, 6],
  ])('on %i pixels are %i to %i, whatever the window', (width, least, most) => {
    for (const span of windows) {
      const labels = labelsOf(span, width);
      expect(labels.length, `${span / HOUR} h`).toBeGreaterThanOrEqual(least);
      expect(labels.length, `${span / HOUR} h`).toBeLessThanOrEqual(most);
      for (const [index, { x, half }] of labels.entries()) {
        const next = labels[index + 1];
        // The last one may be moved in, so that it is not cut.
        const room = next && next.x + next.half > width - 3 ? 2 : 9.9;
        if (next) expect(next.x - next.half - (x + half)).toBeGreaterThanOrEqual(room);
      }
    }
  });
});
