import { CdfError, type ResourceName } from '@cdf/core';
import { describeIdentifier, describeTime } from '@cdf/core/resource';

/**
 * Points of one series that follow each other in time and share one outcome: what errors of writes
 * account for.
 */
export interface PointRange extends ResourceName {
  /** Time of the first point. @unit milliseconds since the epoch */
  readonly first: number;
  /** Time of the last point. @unit milliseconds since the epoch */
  readonly last: number;
  /** Number of points. */
  readonly count: number;
}

/** Says in the message which points are not, or maybe not, stored: the first few ranges. */
export function nameRanges(error: unknown): unknown {
  if (!CdfError.isInstance(error)) return error;
  const name = (label: string, ranges: readonly unknown[]): string => {
    const named = (ranges as readonly PointRange[]).slice(0, 3).map(describeRange).join('; ');
    return ranges.length === 0
      ? ''
      : `. ${label}: ${named}${ranges.length > 3 ? `; and ${ranges.length - 3} more` : ''}`;
  };
  error.message += name('Not stored', error.failed) + name('Maybe stored', error.unknown);
  return error;
}

/** `externalId "pump", 1000 points from … to …`. */
function describeRange(range: PointRange): string {
  const points = `${range.count} point${range.count === 1 ? '' : 's'}`;
  return `${describeIdentifier(range)}, ${points} from ${describeTime(range.first)} to ${describeTime(range.last)}`;
}
