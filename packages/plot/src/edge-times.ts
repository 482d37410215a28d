import { ConfigError } from '@cdf/core';
import { localTimes, type ReadLocal, ZONES } from '@cdf/core/resource';
import { LATEST } from './draw-options.js';
import type { PlotOptions } from './options.js';
import { nameOfZone } from './parts/time-zone.js';

/**
 * Reads the edges of a chart where they are local times: in its zone, or the one that they name.
 */
export function edgeReader({ timeZone, disambiguation }: PlotOptions): ReadLocal {
  // Made when there is such an edge: an unknown zone is named by what draws in it.
  return (text, what) =>
    localTimes(ZONES, {
      timeZone: timeZone === undefined ? undefined : nameOfZone(timeZone),
      disambiguation,
    }).read(text, what);
}

/** @throws {ConfigError} when the edges of a chart are in the wrong order, or not dates. */
export function checkEdges(start: number = -LATEST, end: number = LATEST): void {
  if (!(start >= -LATEST && start < end && end <= LATEST))
    throw new ConfigError('plot: start must be before end');
}
