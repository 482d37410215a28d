import type { Seed } from '../options.js';
import { DAY, every, HOUR, lengthOf, type Point, readSeed } from './data.js';

const DAYS = 14;

/** How the values of a series go: a daily wave, or words and steps that come in turn. */
type Signal = { readonly every: string } & (
  | { readonly mean: number; readonly swing: number }
  | { readonly values: readonly Point['value'][] }
);

interface PlantSeed extends Seed {
  readonly signals: Readonly<Record<string, Signal>>;
}

/** The plant of the guides, two weeks of it up to the last full hour, which has points. */
export function plantSeed(now: number): Seed {
  const end = Math.floor(now / HOUR) * HOUR;
  const begin = end - DAYS * DAY + HOUR;
  const { signals, ...seed } = readSeed<PlantSeed>('seed-plant.json', { begin, end });
  const datapoints = Object.entries(signals).map(([externalId, signal]) => {
    const step = lengthOf(signal.every);
    return {
      externalId,
      datapoints: every(step, begin, end + 1, (elapsed) => valueAt(signal, elapsed, step)),
    };
  });
  return { ...seed, datapoints };
}

function valueAt(signal: Signal, elapsed: number, step: number): Point['value'] {
  if ('mean' in signal) return signal.mean + signal.swing * Math.sin((elapsed / DAY) * 2 * Math.PI);
  return signal.values[Math.round(elapsed / step) % signal.values.length] as Point['value'];
}
