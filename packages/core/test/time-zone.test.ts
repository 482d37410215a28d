import { describe, expect, it } from 'vitest';
import { zoneOffsets } from '../src/resource.js';

const MINUTE = 60_000;

describe('the offsets of a time zone', () => {
  it.each([
    ['UTC', Date.UTC(2026, 6, 1), 0],
    ['Europe/Oslo', Date.UTC(2026, 6, 1), 120],
    ['Europe/Oslo', Date.UTC(2026, 0, 1), 60],
    ['America/New_York', Date.UTC(2026, 0, 1), -300],
    ['America/St_Johns', Date.UTC(2026, 0, 1), -210],
    ['Asia/Kolkata', Date.UTC(2026, 0, 1), 330],
    ['Pacific/Kiritimati', Date.UTC(2026, 0, 1), 840],
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

  it('are those of no unknown zone', () => {
    expect(() => zoneOffsets('Mars/Olympus')).toThrow(RangeError);
  });
});
