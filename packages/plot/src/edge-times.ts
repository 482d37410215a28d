import { localTimes, type ReadLocal, ZONES } from '@cdf/core/resource';
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
