import process from 'node:process';
import { ConfigError } from '@cdf/core';
import { fromLocal, toEpoch, toLocalIso, ZONES, zoneOffsets } from '@cdf/core/resource';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesOf, clockOf, ZONES_OF_THE_WORLD } from './helpers/zone-clocks.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const long = process.env.CDF_TEST_LONG === '1';

describe('the offsets of a time zone', () => {
  it.each([
    ['UTC', Date.UTC(2026, 6, 1), 0],
    ['Europe/Oslo', Date.UTC(2026, 6, 1), 120],
    ['Europe/Oslo', Date.UTC(2026, 0, 1), 60],
    ['America/New_York', Date.UTC(2026, 0, 1), -300],
    ['America/St_Johns', Date.UTC(2026, 0, 1), -210],
    ['Asia/Kolkata', Date.UTC(2026, 0, 1), 330],
    ['Pacific/Kiritimati', Date.UTC(2026, 0, 1), 840],
    ['UTC+05:30', 0, 330],
    ['UTC-03:00', 0, -180],
  ])('of %s at %d are %d minutes', (zone, time, minutes) => {
    expect(zoneOffsets(zone)(time)).toBe(minutes * MINUTE);
  });

  it('change in the very millisecond in which clocks do', () => {
    const offsetAt = zoneOffsets('Europe/Oslo');
    const change = Date.UTC(2026, 2, 29, 1);
    expect([offsetAt(change - 1), offsetAt(change)]).toEqual([60 * MINUTE, 120 * MINUTE]);
  });

  it('have seconds where a zone had them', () => {
    expect(zoneOffsets('Africa/Monrovia')(Date.UTC(1950, 0, 1))).toBe(-44.5 * MINUTE);
  });

  it('go to the first and the last date that there is', () => {
    const offsetAt = zoneOffsets('Asia/Tokyo');
    expect([offsetAt(8.64e15), offsetAt(9e15)]).toEqual([9 * HOUR, 9 * HOUR]);
    expect(offsetAt(-9e15)).toBe(offsetAt(-8.64e15));
  });

  it.each(['Mars/Olympus', '', 'UTC+5', '[Europe/Oslo]', '\u001b[2J'.repeat(100)])(
    'are those of no zone %j',
    (zone) => {
      expect(() => zoneOffsets(zone)).toThrow(RangeError);
      expect(() => ZONES.offsetsOf(zone)).toThrow(ConfigError);
      expect(() => ZONES.offsetsOf(zone)).toThrow(
        /^timeZone ".{0,600}" is neither an IANA name nor an offset like UTC\+05:30$/,
      );
    },
  );
});

describe('local times and Intl', () => {
  // The calendar and clock of Intl are the other witness: offsets are read from another of its
  // answers.
  const zones = long ? ZONES_OF_THE_WORLD : ['Europe/Oslo', 'Australia/Lord_Howe', 'Pacific/Apia'];
  const [from, to] = long ? [1970, 2041] : [2009, 2013];

  it.each(zones)('agree around every change of clocks: %s', (zone) => {
    const offsetAt = zoneOffsets(zone);
    const clock = clockOf(zone);
    const changes = changesOf(clock, Date.UTC(from), Date.UTC(to));
    for (const change of changes) {
      const before = clock(change - 1) - (change - 1);
      const after = clock(change) - change;
      for (const step of [-36 * HOUR, -3 * HOUR, -HOUR, -1, 0, 1, HOUR, 3 * HOUR, 36 * HOUR])
        expect(change + step + offsetAt(change + step)).toBe(clock(change + step));
      // Before, at, within, at the end of and after the local time that is skipped or repeated.
      const [low, high] = [change + Math.min(before, after), change + Math.max(before, after)];
      for (const local of [
        low - HOUR,
        low - 1,
        low,
        (low + high) / 2,
        high - 1,
        high,
        high + HOUR,
      ]) {
        const found = fromLocal(offsetAt, local);
        const shown = [local - before, local - after].filter((time) => clock(time) === local);
        expect(found.instants).toEqual([...new Set(shown)].sort((one, two) => one - two));
        if (found.instants.length === 0) expect(found.change).toBe(change);
      }
    }
    expect(changes.length > 0).toBe(!['Asia/Tokyo', 'UTC'].includes(zone) || from > 1970);
  });

  it.each(zones)(
    'agree in every third hour, or now and then where there is little time: %s',
    (zone) => {
      const offsetAt = zoneOffsets(zone);
      const clock = clockOf(zone);
      let wrong = 0;
      const step = long ? 3 * HOUR : 37 * HOUR;
      for (let time = Date.UTC(from); time < Date.UTC(to); time += step)
        if (time + offsetAt(time) !== clock(time)) wrong++;
      expect(wrong).toBe(0);
    },
  );

  it('are written so that they read back, in any zone and any year', () => {
    const known = new Map(ZONES_OF_THE_WORLD.map((zone) => [zone, zoneOffsets(zone)]));
    const time = fc.integer({ min: -2_208_988_800_000, max: 4_102_444_799_999 });
    fc.assert(
      fc.property(time, fc.constantFrom(...known), (each, [, offsetAt]) => {
        const text = toLocalIso(each, offsetAt(each));
        expect(toEpoch(text, 0)).toBe(each);
      }),
      { numRuns: long ? 100_000 : 200 },
    );
  });
});
