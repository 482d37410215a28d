import { float64, TimeUnit, tableFromArrays, tableToIPC, timestamp, utf8 } from '@uwdata/flechette';
import type { DatapointsTable } from './table/datapoints-table.js';

/** How the bytes are framed: a stream, or a file with random access. */
export interface ArrowIpcOptions {
  /** @default 'stream' */
  format?: 'stream' | 'file' | undefined;
}

/**
 * A table as Arrow IPC bytes, for Arquero, DuckDB, Polars and everything else that reads Arrow. `timestamp` is UTC in milliseconds,
 * missing values are null. Needs the package `@uwdata/flechette`.
 */
export function toArrowIpc(table: DatapointsTable, { format = 'stream' }: ArrowIpcOptions = {}): Uint8Array {
  const arrays: [string, Float64Array | unknown[]][] = [['timestamp', table.timestamps]];
  const types: Record<string, ArrowType> = { timestamp: timestamp(TimeUnit.MILLISECOND, 'UTC') };
  for (const [name, column] of table.columns) {
    const isNumber = column instanceof Float64Array;
    arrays.push([name, isNumber ? nullable(column) : column.map((text) => text ?? null)]);
    types[name] = isNumber ? float64() : utf8();
  }
  return tableToIPC(tableFromArrays(arrays, { types }), { format }) ?? new Uint8Array(0);
}

type ArrowType = ReturnType<typeof utf8> | ReturnType<typeof float64> | ReturnType<typeof timestamp>;

function nullable(column: Float64Array): Float64Array | (number | null)[] {
  if (!column.some((value) => Number.isNaN(value))) return column;
  return Array.from(column, (value) => (Number.isNaN(value) ? null : value));
}
