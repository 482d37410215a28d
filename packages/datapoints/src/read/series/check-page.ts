import { DecodeError, type Identifier } from '@cdf/core';
import { describeIdentifier } from '@cdf/core/resource';

/**
 * @param last the time of the last point of the pages before
 * @param cursor where the page leads
 * @param asked the cursor that it was asked for by
 * @throws {DecodeError} when a page does not lead on from the one before.
 */
export function checkPage(
  series: Identifier,
  timestamps: Float64Array,
  last: number,
  cursor: string | undefined,
  asked: string | undefined,
): void {
  const backwards = timestamps.length > 0 && (timestamps[0] as number) <= last;
  const standing = timestamps.length === 0 && cursor !== undefined && cursor === asked;
  if (backwards || standing)
    throw new DecodeError(
      `data points of ${describeIdentifier(series)}: a page ${backwards ? 'repeats points of the one before' : 'is empty and leads to itself'}`,
    );
}
