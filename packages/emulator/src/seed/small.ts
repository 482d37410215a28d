import type { Seed } from '../options.js';
import { DAY, every, HOUR, MINUTE, type Point, readSeed } from './data.js';

const DAYS = 14;
const STEP = 10 * MINUTE;
/** When pump 2 broke down, counted from the beginning. */
const BREAKDOWN = { from: 9 * DAY + 3 * HOUR, to: 9 * DAY + 11 * HOUR };

/**
 * A small water works, two weeks of it: two pumps with their motors lift water into a tank, taking
 * turns day by day, until one of them breaks down. Everything is connected: series, events and
 * files belong to their assets, and to one data set.
 */
export function smallSeed(now: number): Seed {
  const end = Math.floor(now / HOUR) * HOUR;
  const begin = end - DAYS * DAY;
  const points = Object.entries(signals()).map(([externalId, { step, valueAt }]) => ({
    externalId,
    datapoints: every(step, begin, end, valueAt),
  }));
  return { ...readSeed('seed-small.json', { begin, end }), datapoints: points };
}

interface Signal {
  readonly step: number;
  readonly valueAt: (elapsed: number) => Point['value'];
}

function signals(): Record<string, Signal> {
  const level = (elapsed: number): number =>
    round(6 - wave(elapsed + 6 * HOUR, 1.5) - (isBroken(elapsed) ? 1 : 0));
  return { ...ofPump(0), ...ofPump(1), 'tank-level': { step: STEP, valueAt: level } };
}

function ofPump(index: number): Record<string, Signal> {
  const pump = `pump-${index + 1}`;
  const temperature = (elapsed: number): number =>
    round(isRunning(index, elapsed) ? hot(index, elapsed) : 22 + wave(elapsed, 3));
  const pressure = (elapsed: number): number =>
    round(isRunning(index, elapsed) ? 4.2 + index * 0.3 + wave(elapsed, 0.4) : 1.01);
  return {
    [`${pump}-temperature`]: { step: STEP, valueAt: temperature },
    [`${pump}-pressure`]: { step: STEP, valueAt: pressure },
    [`${pump}-state`]: { step: HOUR, valueAt: (elapsed) => stateOf(index, elapsed) },
  };
}

function isBroken(elapsed: number): boolean {
  return elapsed >= BREAKDOWN.from && elapsed < BREAKDOWN.to;
}

/** The pumps take turns; no pump runs while the one on duty is broken. */
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
  const trouble =
    pump === 1 && before > 0 && before < 3 * HOUR ? 30 * (1 - before / (3 * HOUR)) : 0;
  return 58 + 4 * pump + wave(elapsed, 6) + trouble;
}

function wave(elapsed: number, height: number): number {
  return (
    height * Math.sin((elapsed / DAY) * 2 * Math.PI) +
    (height / 8) * Math.sin(elapsed / (17 * MINUTE))
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
