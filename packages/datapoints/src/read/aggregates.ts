// What only reads of aggregates need, in one file: loaded when the first of them comes.
import { AggregatePoints } from '../wire/aggregate-points.js';
import type { PointReader } from '../wire/point-fields.js';

export { BucketGrid, bucketClock } from './series/bucket-grid.js';
export { checkBuckets } from './series/check-buckets.js';

/** @param bytes that are to come */
export function makeAggregateReader(bytes: number): PointReader {
  return new AggregatePoints(bytes);
}
