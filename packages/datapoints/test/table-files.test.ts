import { toArrowIpc } from '@cdf/datapoints/arrow';
import { toParquet } from '@cdf/datapoints/parquet';
import { tableFromIPC } from '@uwdata/flechette';
import * as arrow from 'apache-arrow';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { DatapointsTable } from '../src/table/datapoints-table.js';
import { ipcColumns } from '../src/table/ipc-columns.js';
import { read } from './table-series.js';

describe('Arrow and Parquet', () => {
  it('shares its numbers with an Arrow table, and has nulls where values are missing', async () => {
    const table = (await read(1, 2, 3)).toTable();
    const made = table.toArrow(arrow);
    const column = made.getChild('pressure');
    expect(column?.data[0]?.values.buffer).toBe(
      (table.columns.get('pressure') as Float64Array).buffer,
    );
    expect([...(made.getChild('temperature') ?? [])]).toEqual([null, 10.5, null, 12.25, 13]);
    expect([...(made.getChild('3') ?? [])]).toEqual(['on', null, null, '=HYPERLINK("x")', null]);
    expect([...(made.getChild('timestamp') ?? [])]).toEqual([...table.timestamps]);
    expect(String(made.schema.fields[0]?.type)).toBe('Timestamp<MILLISECOND, UTC>');
    expect(table.toArrow(arrow, { missing: 'nan' }).getChild('temperature')?.nullCount).toBe(0);
  });

  it('writes IPC bytes that two other libraries read', async () => {
    const table = (await read(1, 2, 3)).toTable();
    for (const format of ['stream', 'file'] as const) {
      const bytes = toArrowIpc(table, { format });
      const readers: { getChild(name: string): Iterable<unknown> | null }[] = [
        arrow.tableFromIPC(bytes),
        tableFromIPC(bytes),
      ];
      for (const back of readers) {
        expect([...(back.getChild('timestamp') ?? [])]).toEqual([...table.timestamps]);
        expect([...(back.getChild('temperature') ?? [])]).toEqual([null, 10.5, null, 12.25, 13]);
        expect([...(back.getChild('3') ?? [])]).toEqual([
          'on',
          null,
          null,
          '=HYPERLINK("x")',
          null,
        ]);
      }
    }
  });

  it('makes IPC bytes of the numbers where they are, missing ones or not', async () => {
    const { timestamps, columns } = (await read(1, 2, 3)).toTable();
    const made = new Map(ipcColumns(timestamps, columns));
    for (const name of ['pressure', 'temperature']) {
      const values = made.get(name)?.data[0]?.values;
      expect(ArrayBuffer.isView(values) && values.buffer).toBe(
        (columns.get(name) as Float64Array).buffer,
      );
      expect(made.get(name)?.nullCount).toBe(name === 'pressure' ? 1 : 2);
    }
  });

  it('has bytes for tables without rows, and for part of a table', async () => {
    const table = (await read(1, 2, 3)).toTable();
    for (const rows of [0, 1, 4]) {
      const part = table.head(rows);
      for (const back of [arrow.tableFromIPC(toArrowIpc(part)), part.toArrow(arrow)]) {
        expect(back.numRows).toBe(rows);
        expect([...(back.getChild('temperature') ?? [])]).toEqual(
          [null, 10.5, null, 12.25].slice(0, rows),
        );
        expect([...(back.getChild('timestamp') ?? [])]).toEqual(
          [...table.timestamps].slice(0, rows),
        );
      }
      const bytes = toParquet(part);
      const file = bytes.buffer.slice(
        bytes.byteOffset,
        bytes.byteOffset + bytes.byteLength,
      ) as ArrayBuffer;
      expect((await parquetReadObjects({ file })).map(({ pressure }) => pressure)).toEqual(
        [1, 2, 3, 4].slice(0, rows),
      );
    }
  });

  it('writes Parquet that an independent reader reads, times in UTC', async () => {
    const table = (await read(1, 2, 3)).toTable();
    const bytes = toParquet(table);
    const file = bytes.buffer.slice(
      bytes.byteOffset,
      bytes.byteOffset + bytes.byteLength,
    ) as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    const temperatures = table.columns.get('temperature') as Float64Array;
    expect(rows.map((row) => (row.timestamp as Date).getTime())).toEqual([...table.timestamps]);
    expect(rows.map(({ temperature }) => temperature ?? Number.NaN)).toEqual([...temperatures]);
    expect(rows.map((row) => row['3'] ?? undefined)).toEqual(table.columns.get('3'));
    const metadata = parquetMetadata(file);
    expect(metadata.schema[1]?.logical_type).toMatchObject({
      type: 'TIMESTAMP',
      isAdjustedToUTC: true,
      unit: 'MILLIS',
    });
    expect(metadata.key_value_metadata?.[0]?.value).toContain('"pressure"');
  });

  it('writes Parquet of more rows than are written together, with values that only some of them lack', async () => {
    const length = 250_001;
    const timestamps = Float64Array.from({ length }, (_, row) => row * 1000);
    const values = Float64Array.from({ length }, (_, row) => (row === 150_000 ? Number.NaN : row));
    const table = new DatapointsTable(timestamps, new Map([['a', values]]), new Map());
    const file = toParquet(table).buffer as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(length);
    const isRight = (row: number): boolean =>
      Number(rows[row]?.timestamp) === row * 1000 &&
      (rows[row]?.a ?? null) === (row === 150_000 ? null : row);
    expect(rows.flatMap((_, row) => (isRight(row) ? [] : [row]))).toEqual([]);
  });
});
