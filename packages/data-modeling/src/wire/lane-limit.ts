import type { CallOptions, Transport } from '@cdf/core';
import { loadPart, untilAborted } from '@cdf/core/resource';
import { type Lane, lanesOf } from './lanes.js';

/**
 * How many requests of a call run at the same time. A call of more requests than the lane takes
 * asks the project first.
 *
 * @param requests of the call
 */
export async function laneLimit(
  transport: Transport,
  lane: Lane,
  requests: number,
  { signal }: CallOptions,
): Promise<number> {
  const { limits } = lanesOf(transport);
  if (requests > limits[lane]) {
    const learned = loadPart(import('./project-limits.js')).then(
      (part) => part.learnLimits(transport),
      // Without the part, as without an answer, the documented limits stay.
      () => {},
    );
    // A call that was aborted meanwhile tells so with its first request.
    await (signal ? untilAborted(learned, signal).catch(() => {}) : learned);
  }
  return limits[lane];
}
