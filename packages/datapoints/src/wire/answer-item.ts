import { DecodeError } from '@cdf/core';
import { describeIdentifier } from '@cdf/core/resource';
import type { SeriesInfo } from '../datapoints-types.js';
import type { Columns, Layout } from '../points/columns.js';

/**
 * One series of an answer. Which columns are wanted of its points is known once it is matched to a
 * request.
 */
export interface AnswerItem {
  readonly info: SeriesInfo;
  readonly nextCursor?: string | undefined;
  /** @throws {DecodeError} also when there are more points than `most`. */
  read(layout: Layout, most: number): Columns;
  /** Takes its points out of a room that was meant for those of another series. */
  leaveRoom?(): void;
}

/**
 * Series of another type have points that are not looked for here: read as numbers they would seem
 * to have none.
 */
export function checkType(info: Pick<SeriesInfo, 'id' | 'externalId' | 'type'>): void {
  const { type } = info;
  if (type === undefined || type === 'numeric' || type === 'string') return;
  throw new DecodeError(
    `data points: ${describeIdentifier(info)} is a time series of type "${type}", which this version cannot read; ` +
      `omit it from the query, or request it with cdfHttp`,
  );
}
