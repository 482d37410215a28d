import { AggregatePoints } from './aggregate-points.js';
import type { DatapointsPart } from './part.js';

/** Aggregates over a granularity. */
export const aggregates: DatapointsPart = {
  part: 'aggregates',
  makeReader: (bytes) => new AggregatePoints(bytes),
};
