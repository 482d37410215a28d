// What reads share, in one file: in files of their own it would be in four more, and a page that reads would load six.
import { loadPart } from '@cdf/core/resource';
import { fetchSeries, MOST_POINTS } from './retrieve.js';
import { toSeriesRequests } from './series/series-request.js';
import type { CommonReading } from './stream.js';

export { Results } from '../points/results.js';
export { retrieveLatest } from './latest.js';
export { retrieveAll } from './retrieve.js';

export const commonReading: CommonReading = { toSeriesRequests, fetchSeries, mostPoints: MOST_POINTS };

/** Streams are rare: they come when they are asked for. */
export function loadStream(): Promise<typeof import('./stream.js')> {
  return loadPart(import('./stream.js'));
}
