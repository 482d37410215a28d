import { printed } from '#print';
import type { AnyDatapoints, TableOptions } from '../datapoints-types.js';
import { DatapointsTable } from './datapoints-table.js';
import { tableParts } from './table-parts.js';

/**
 * Many series on one time index: one row per time, one column per series and aggregate.
 *
 * @throws {ConfigError} for an unknown option or join, and for a uniform index where none is
 * possible.
 */
export function makeTable(
  series: readonly AnyDatapoints[],
  options: TableOptions = {},
): DatapointsTable {
  const { timestamps, columns, origins } = tableParts(series, options);
  return new DatapointsTable(timestamps, columns, origins);
}

// Here and not beside the class: the frames of data points are made of the parts of a table.
printed(DatapointsTable.prototype);
