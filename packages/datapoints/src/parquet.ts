import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { toInt64, validityOf } from './table/arrow.js';
import type { DatapointsTable } from './table/datapoints-table.js';
import type { TableColumn } from './table/types.js';

/**
 * Rows that are written together: where values are missing, each of the others takes a number
 * object for as long.
 */
const ROWS = 100_000;

/**
 * A table as the bytes of a Parquet file. `timestamp` is UTC in milliseconds, missing values are
 * null; where each column comes from is in the file's metadata under `cdf.columns`, as JSON. Needs
 * the package `hyparquet-writer`.
 */
export function toParquet(table: DatapointsTable): Uint8Array {
  const columns = [...table.columns];
  const optional = 'OPTIONAL' as const;
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    writer,
    schema: [
      { name: 'root', num_children: columns.length + 1 },
      {
        name: 'timestamp',
        type: 'INT64',
        repetition_type: 'REQUIRED',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
      },
      ...columns.map(([name, column]) =>
        column instanceof Float64Array
          ? { name, type: 'DOUBLE' as const, repetition_type: optional }
          : {
              name,
              type: 'BYTE_ARRAY' as const,
              repetition_type: optional,
              converted_type: 'UTF8' as const,
              logical_type: { type: 'STRING' as const },
            },
      ),
    ],
    kvMetadata: [{ key: 'cdf.columns', value: JSON.stringify(Object.fromEntries(table.origins)) }],
  });
  // What is written into memory is there when they return: their promises are for files.
  for (let from = 0; from < table.length; from += ROWS)
    void file.write({
      columnData: [
        { name: 'timestamp', data: toInt64(table.timestamps.subarray(from, from + ROWS)) },
        ...columns.map(([name, column]) => ({
          name,
          data: nullable(column.slice(from, from + ROWS)),
        })),
      ],
      rowGroupSize: ROWS,
    });
  void file.finish();
  return new Uint8Array(writer.getBuffer());
}

function nullable(column: TableColumn): Float64Array | (number | string | null)[] {
  if (column instanceof Float64Array && validityOf(column, 'null').nullCount === 0) return column;
  // A loop: `Array.from` and `some` call a function for each of millions of values.
  const cells = new Array<number | string | null>(column.length);
  for (let row = 0; row < cells.length; row++) {
    const value = column[row];
    cells[row] = value === undefined || Number.isNaN(value) ? null : value;
  }
  return cells;
}
