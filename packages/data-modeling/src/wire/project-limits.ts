import type { Transport } from '@cdf/core';
import { lanesOf } from './lanes.js';

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
