// Code that reads share, in one file: in separate files, a page that reads would load six.
import { loadPart, ZONES } from '@cdf/core/resource';
import { readAnswer } from '../wire/answer.js';
import { mostBytes } from './answer-bytes.js';
import type { LatestReading } from './latest.js';
import { matchSeries, namedAs } from './match-series.js';
import { isMissing, mergeMissing } from './missing.js';
import { fetchSeries, MOST_POINTS } from './retrieve.js';
import { checkKind, checkTimes, checkValues } from './series/check-points.js';
import { LATEST, mapItems } from './series/query-items.js';
import { toSeriesRequests, toWireItem } from './series/series-request.js';
import type { CommonReading } from './stream.js';

export { Results } from '../points/results.js';
export { retrieveAll } from './retrieve.js';
export { toItems } from './series/query-items.js';

export const commonReading: CommonReading = {
  toSeriesRequests,
  fetchSeries,
  mostPoints: MOST_POINTS,
};

/** Streams are rare: their code is loaded on use. */
export function loadStream(): Promise<typeof import('./stream.js')> {
  return loadPart(import('./stream.js'));
}

export const latestReading: LatestReading = {
  ...{ LATEST, ZONES, mapItems, toWireItem, readAnswer, mostBytes, matchSeries, namedAs },
  ...{ checkKind, checkTimes, checkValues, isMissing, mergeMissing },
};

/** Pages that draw curves read no latest points. */
export function loadLatest(): Promise<typeof import('./latest.js')> {
  return loadPart(import('./latest.js'));
}
