import type { Identifier } from '@cdf/core';
import type { Aggregate } from '../../aggregates.js';
import type { Columns } from '../../points/columns.js';
import { unexpectedPoints } from './check-points.js';

/**
 * Aggregates of the good points of a bucket: where a bucket has one of them, it has all that were
 * requested.
 */
const TOGETHER: readonly Aggregate[] = ['min', 'max', 'sum', 'count'];

/**
 * @throws {DecodeError} for a bucket without an aggregate that the others prove. Any other
 * aggregate may be missing: a bucket may have no good point, or an interpolated value only
 */
export function checkBuckets(series: Identifier, { timestamps, aggregates }: Columns): void {
  const columns = TOGETHER.flatMap((name) => {
    const column = aggregates?.get(name);
    return column instanceof Float64Array ? [{ name, column }] : [];
  });
  // A count may be there for a bucket that has no good point.
  const proof = columns.filter(({ name }) => name !== 'count');
  if (proof.length === 0 || columns.length < 2) return;
  // Most buckets have all of them, which is seen at a tenth of the cost.
  if (!columns.some(({ column }) => hasGap(column))) return;
  for (let index = 0; index < timestamps.length; index++) {
    if (!proof.some(({ column }) => !Number.isNaN(column[index]))) continue;
    const missing = columns.find(({ column }) => Number.isNaN(column[index]));
    if (missing !== undefined)
      throw unexpectedPoints(
        series,
        `the bucket of timestamps[${index}], ${timestamps[index]}, has no ${missing.name}, but aggregates that depend on it`,
      );
  }
}

function hasGap(column: Float64Array): boolean {
  for (let index = 0; index < column.length; index++) if (Number.isNaN(column[index])) return true;
  return false;
}
