import type { CallOptions, Transport } from '@cdf/core';
import { untilAborted } from '@cdf/core/resource';
import { type Lane, lanesOf } from './lanes.js';

/** The statistics of a project that tell how many requests it takes at the same time. */
const NAMES = {
  query: 'concurrentReadLimit',
  apply: 'concurrentWriteLimit',
  delete: 'concurrentDeleteLimit',
} as const;
/** A project that answers more is not believed. */
const MOST = 1_000;
/**
 * Requests wait no longer for an answer that only says how many there may be.
 *
 * @unit milliseconds
 */
const LONGEST = 5_000;

/**
 * Asks the project how many requests it takes at the same time, once for each transport. Without an
 * answer the documented limits stay. Never rejects.
 */
export function learnLimits(transport: Transport): Promise<void> {
  const lanes = lanesOf(transport);
  lanes.learned ??= ask(transport).then(
    (statistics) => {
      for (const lane of Object.keys(NAMES) as (keyof typeof NAMES)[]) {
        const limit: unknown = Object(statistics)[NAMES[lane]];
        if (Number.isInteger(limit) && (limit as number) >= 1)
          lanes.limits[lane] = Math.min(limit as number, MOST);
      }
    },
    () => {},
  );
  return lanes.learned;
}

async function ask(transport: Transport): Promise<unknown> {
  // In the lane of other resources: this one may be full.
  const spec = { method: 'GET', path: '/models/statistics', idempotent: true } as const;
  return transport.request(spec, { signal: AbortSignal.timeout(LONGEST) });
}

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
    const learned = learnLimits(transport);
    // A call that was aborted meanwhile tells so with its first request.
    await (signal ? untilAborted(learned, signal).catch(() => {}) : learned);
  }
  return limits[lane];
}
