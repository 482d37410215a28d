import type { LocalTimeOptions } from '@cdf/core';
import { loadPart, localTimes, type ReadLocal } from '@cdf/core/resource';

/**
 * For calls that read no points: zones come with the part that reads, and would be a script of
 * their own elsewhere.
 */
export async function loadReader(): Promise<(options: LocalTimeOptions) => ReadLocal> {
  const { latestReading } = await loadPart(import('./reading.js'));
  return ({ timeZone, disambiguation }) =>
    localTimes(latestReading.ZONES, { timeZone, disambiguation }).read;
}
