import { writeFile } from 'node:fs/promises';
import type { DatapointsTable } from '@cdf/datapoints';
import { toParquet } from '@cdf/datapoints/parquet';
import { DuckDBInstance, type JS } from '@duckdb/node-api';

/** Runs SQL over a Parquet file that a table is written to. In the SQL the table is `points`. */
export async function queryParquet(
  table: DatapointsTable,
  path: string,
  sql: string,
): Promise<Record<string, JS>[]> {
  await writeFile(path, toParquet(table));
  return query(`read_parquet(${quote(path)})`, sql);
}

/**
 * The same over CSV, which is written a part at a time: for tables whose text does not fit into
 * memory.
 */
export async function queryCsv(
  table: DatapointsTable,
  path: string,
  sql: string,
): Promise<Record<string, JS>[]> {
  await writeFile(path, table.csvChunks());
  // Names of series may hold anything: what separates and quotes is said, not guessed.
  return query(
    `read_csv(${quote(path)}, delim = ',', quote = '"', escape = '"', header = true, new_line = '\\r\\n')`,
    sql,
  );
}

async function query(source: string, sql: string): Promise<Record<string, JS>[]> {
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  try {
    await connection.run("set timezone = 'UTC'");
    await connection.run(`create view points as select * from ${source}`);
    return (await connection.runAndReadAll(sql)).getRowObjectsJS();
  } finally {
    connection.closeSync();
    database.closeSync();
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
