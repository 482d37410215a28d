import { tableFromColumns, tableToIPC } from '@uwdata/flechette';
import type { DatapointsTable } from './table/datapoints-table.js';
import { ipcColumns } from './table/ipc-columns.js';

/** How the bytes are framed: a stream, or a file with random access. */
export interface ArrowIpcOptions {
  /** @default 'stream' */
  format?: 'stream' | 'file' | undefined;
}

/**
 * A table as Arrow IPC bytes, for Arquero, DuckDB, Polars and everything else that reads Arrow.
 * `timestamp` is UTC in milliseconds, missing values are null. Numbers are copied once, into the
 * bytes. Needs the package `@uwdata/flechette`.
 */
export function toArrowIpc(
  table: DatapointsTable,
  { format = 'stream' }: ArrowIpcOptions = {},
): Uint8Array {
  const columns = ipcColumns(table.timestamps, table.columns);
  return tableToIPC(tableFromColumns(columns), { format }) ?? new Uint8Array(0);
}
