import type { Transport } from '@cdf/core';
import { type Lane, lanesOf } from './lanes.js';

/** The members of a request that takes its turn in a lane. */
export function inLane(
  transport: Transport,
  lane: Lane,
): { readonly lane: Lane; readonly laneLimit: number } {
  return { lane, laneLimit: lanesOf(transport).limits[lane] };
}
