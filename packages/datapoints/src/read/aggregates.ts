// Code for reads of aggregates only, in one file that is loaded with the first of them.
import { AggregatePoints } from '../wire/aggregate-points.js';
import type { PointReader } from '../wire/point-fields.js';

export { BucketGrid, bucketClock } from './series/bucket-grid.js';
export { checkBuckets } from './series/check-buckets.js';

/** @param bytes that are to come */
export function makeAggregateReader(bytes: number): PointReader {
  return new AggregatePoints(bytes);
}
