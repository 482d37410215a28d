import type { DatapointsTable } from '@cdf/datapoints';
import { toArrowIpc } from '@cdf/datapoints/arrow';

/**
 * The part of `nodejs-polars` that this recipe uses. The package is too large to install for an
 * example: `import pl from 'nodejs-polars'`.
 */
export interface Polars<Frame> {
  readIPC(bytes: Buffer): Frame;
}

/** Series as a Polars data frame: `timestamp` is `datetime[ms, UTC]`, missing values are null. */
export function toPolars<Frame>(polars: Polars<Frame>, table: DatapointsTable): Frame {
  return polars.readIPC(Buffer.from(toArrowIpc(table, { format: 'file' })));
}
