import type { TableColumn } from './types.js';

/**
 * The parts of `apache-arrow` that `toArrow` uses: pass the module itself,
 * `import * as arrow from 'apache-arrow'`.
 */
export interface ArrowLibrary<T> {
  readonly Table: new (schema: never, batches: never) => T;
  readonly RecordBatch: new (schema: never, data: never) => unknown;
  readonly Schema: new (fields: never) => unknown;
  readonly Field: new (name: string, type: never, nullable: boolean) => unknown;
  readonly Struct: new (fields: never) => unknown;
  readonly Float64: new () => unknown;
  readonly Utf8: new () => unknown;
  readonly TimestampMillisecond: new (timeZone: string) => unknown;
  makeData(properties: never): unknown;
  vectorFromArray(values: never, type: never): { readonly data: readonly unknown[] };
}

/** How a table becomes an Arrow table. */
export interface ArrowOptions {
  /**
   * The form of missing numbers: `null`, as Arrow has it, or NaN, which costs no scan of the
   * numbers.
   * @default 'null'
   */
  missing?: 'null' | 'nan' | undefined;
}

/** An Arrow table whose number columns are the very memory of the table's. */
export function makeArrowTable<T>(
  arrow: ArrowLibrary<T>,
  timestamps: Float64Array,
  columns: ReadonlyMap<string, TableColumn>,
  { missing = 'null' }: ArrowOptions = {},
): T {
  const { length } = timestamps;
  const fields: unknown[] = [];
  const children: unknown[] = [];
  const add = (name: string, type: unknown, data: unknown): void => {
    fields.push(new arrow.Field(name, type as never, data !== times));
    children.push(data);
  };
  const make = (properties: object): unknown =>
    arrow.makeData({ length, nullCount: 0, ...properties } as never);
  const time = new arrow.TimestampMillisecond('UTC');
  const times = make({ type: time, data: toInt64(timestamps) });
  add('timestamp', time, times);
  for (const [name, column] of columns) {
    const type = column instanceof Float64Array ? new arrow.Float64() : new arrow.Utf8();
    if (column instanceof Float64Array)
      add(name, type, make({ type, data: column, ...validityOf(column, missing) }));
    else
      add(
        name,
        type,
        arrow.vectorFromArray(column.map((text) => text ?? null) as never, type as never).data[0],
      );
  }
  // By schema and not by an object of vectors: in an object, a column named by a number would come
  // first.
  const schema = new arrow.Schema(fields as never);
  const rows = make({ type: new arrow.Struct(fields as never), children });
  return new arrow.Table(
    schema as never,
    [new arrow.RecordBatch(schema as never, rows as never)] as never,
  );
}

/** One bit per row, set where there is a value; none when all have one. */
export function validityOf(
  column: Float64Array,
  missing: 'null' | 'nan',
): { nullCount: number; nullBitmap?: Uint8Array } {
  let nullCount = 0;
  if (missing === 'null') for (const value of column) if (Number.isNaN(value)) nullCount++;
  if (nullCount === 0) return { nullCount: 0 };
  const nullBitmap = new Uint8Array(Math.ceil(column.length / 64) * 8);
  for (let row = 0; row < column.length; row++)
    if (!Number.isNaN(column[row]))
      nullBitmap[row >> 3] = (nullBitmap[row >> 3] as number) | (1 << (row & 7));
  return { nullCount, nullBitmap };
}

/**
 * Whole numbers as 64-bit integers, written as halves: one BigInt per number would cost ten times
 * as much.
 */
export function toInt64(numbers: Float64Array): BigInt64Array {
  const view = new DataView(new ArrayBuffer(numbers.length * 8));
  for (let index = 0; index < numbers.length; index++) {
    const number = numbers[index] as number;
    const high = Math.floor(number / 0x100000000);
    view.setInt32(index * 8 + LITTLE_ENDIAN_HIGH, high, true);
    view.setUint32(index * 8, number - high * 0x100000000, true);
  }
  return new BigInt64Array(view.buffer);
}

/** Arrow is little-endian, and so is every platform that runs JavaScript today. */
const LITTLE_ENDIAN_HIGH = 4;
