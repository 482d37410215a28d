import type { DatapointsTable } from '@cdf/datapoints';
import { toArrowIpc } from '@cdf/datapoints/arrow';
import { type ColumnTable, desc, fromArrow, op } from 'arquero';

/** Series as an Arquero table: `timestamp` is a Date, missing values are null. */
export function toArquero(table: DatapointsTable): ColumnTable {
  return fromArrow(toArrowIpc(table), { useDate: true });
}

/** The mean of a column per day in UTC, the warmest day first. */
export function warmestDays(table: DatapointsTable, column: string): { day: Date; mean: number }[] {
  return toArquero(table)
    .rename({ [column]: 'value' })
    .derive({
      day: (row: { timestamp: Date }) =>
        op.utcdatetime(
          op.utcyear(row.timestamp),
          op.utcmonth(row.timestamp),
          op.utcdate(row.timestamp),
        ),
    })
    .groupby('day')
    .rollup({ mean: (rows: { value: number }) => op.mean(rows.value) })
    .orderby(desc('mean'))
    .objects() as { day: Date; mean: number }[];
}
