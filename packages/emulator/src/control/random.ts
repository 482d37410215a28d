import type { LatencyRange } from './fault.js';

/** A small seeded generator (mulberry32): the same seed strikes the same requests. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A number from a range; a value that is not a range stays itself. */
export function drawn(value: number | LatencyRange, draw: () => number): number {
  return typeof value === 'number' ? value : value.min + (value.max - value.min) * draw();
}
