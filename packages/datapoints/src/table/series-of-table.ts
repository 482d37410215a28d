import type { AnyDatapoints } from '../datapoints-types.js';
import type { DatapointsTable } from './datapoints-table.js';

/**
 * The columns of a table as series, for functions that take series, such as charts. Rows without a
 * value are left out, and so are columns of statuses and of times.
 */
export function seriesOfTable({ timestamps, columns, origins }: DatapointsTable): AnyDatapoints[] {
  return [...columns].flatMap(([column, values]) => {
    const { content, aggregate, resampledTo, granularity, label, ...info } = origins.get(
      column,
    ) ?? { id: 0 };
    if (content !== undefined) return [];
    const isString = !(values instanceof Float64Array);
    const rows = [...timestamps.keys()].filter((row) => !Number.isNaN(values[row] ?? Number.NaN));
    const pick = (all: Float64Array): Float64Array =>
      Float64Array.from(rows, (row) => all[row] as number);
    const picked = isString ? rows.map((row) => values[row]) : pick(values);
    // Resampled values are not aggregates of CDF any more.
    const own =
      aggregate === undefined || resampledTo !== undefined
        ? { values: picked }
        : {
            // Charts make the unit of the aggregate themselves.
            unit: /Variance/.test(aggregate) ? info.unit?.slice(1, -2) : info.unit,
            aggregates: [aggregate],
            granularity,
            [aggregate]: picked,
          };
    return {
      ...info,
      name: label ?? column,
      isString,
      timestamps: pick(timestamps),
      ...own,
    } as unknown as AnyDatapoints;
  });
}
