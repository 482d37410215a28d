import {
  type Batch,
  batchType,
  Column,
  columnFromArray,
  float64,
  TimeUnit,
  timestamp,
  utf8,
} from '@uwdata/flechette';
import { toInt64, validityOf } from './arrow.js';
import type { TableColumn } from './types.js';

type DataType = ReturnType<typeof float64> | ReturnType<typeof timestamp>;

/**
 * The columns of a table for flechette. Numbers stay where they are: a bitmap beside them says
 * which are missing.
 */
export function ipcColumns(
  timestamps: Float64Array,
  columns: ReadonlyMap<string, TableColumn>,
): [name: string, column: Column<unknown>][] {
  const time = numberColumn(timestamp(TimeUnit.MILLISECOND, 'UTC'), toInt64(timestamps), {
    nullCount: 0,
  });
  const rest = [...columns].map(([name, column]): [string, Column<unknown>] => [
    name,
    column instanceof Float64Array
      ? numberColumn(float64(), column, validityOf(column, 'null'))
      : columnFromArray(
          column.map((text) => text ?? null),
          utf8(),
        ),
  ]);
  return [['timestamp', time], ...rest];
}

function numberColumn(
  type: DataType,
  values: Float64Array | BigInt64Array,
  { nullCount, nullBitmap }: { nullCount: number; nullBitmap?: Uint8Array },
): Column<unknown> {
  if (values.length === 0) return new Column([], type);
  const NumberBatch = batchType(type, {}) as new (options: object) => Batch<unknown>;
  const validity = nullBitmap ?? new Uint8Array(0);
  return new Column(
    [new NumberBatch({ length: values.length, nullCount, type, validity, values })],
    type,
  );
}
