import { ConfigError } from '@cdf/core';
import { checkOptions, refuseUnknown } from '@cdf/core/resource';
import { bucketBegins } from './bucket-begins.js';
import type { ResampleFunction, ResampleOptions, TableColumn } from './types.js';

const FUNCTIONS: Readonly<Record<ResampleFunction, (values: Float64Array) => number>> = {
  mean: (values) => sum(values) / values.length,
  min: (values) => values.reduce((least, value) => Math.min(least, value), Infinity),
  max: (values) => values.reduce((most, value) => Math.max(most, value), -Infinity),
  sum,
  count: (values) => values.length,
  first: (values) => values[0] ?? Number.NaN,
  last: (values) => values.at(-1) ?? Number.NaN,
};

/**
 * Rows put together in buckets. Left out are buckets without rows, and strings where a function
 * is about numbers.
 */
export function resampleColumns(
  timestamps: Float64Array,
  columns: ReadonlyMap<string, TableColumn>,
  granularity: string,
  functions: readonly ResampleFunction[],
  options: ResampleOptions = {},
): { timestamps: Float64Array; columns: Map<string, TableColumn>; sources: Map<string, string> } {
  refuseUnknown(functions, FUNCTIONS, 'resample');
  checkOptions(options, { timeZone: true, origin: true }, 'resample');
  if (functions.length === 0) throw new ConfigError('resample: functions must name at least one');
  const begins = bucketBegins(timestamps, granularity, options);
  const firstRows = rowsWhereNew(begins);
  const resampled = new Map<string, TableColumn>();
  const sources = new Map<string, string>();
  for (const [name, column] of columns) {
    const each =
      column instanceof Float64Array
        ? numberBuckets(column, firstRows)
        : textBuckets(column, firstRows);
    for (const wanted of functions) {
      const made = each(wanted);
      if (made === undefined) continue;
      resampled.set(`${name}|${wanted}`, made);
      sources.set(`${name}|${wanted}`, name);
    }
  }
  return {
    timestamps: Float64Array.from(firstRows, (row) => begins[row] as number),
    columns: resampled,
    sources,
  };
}

function rowsWhereNew(begins: Float64Array): number[] {
  const rows: number[] = [];
  for (let row = 0; row < begins.length; row++)
    if (row === 0 || begins[row] !== begins[row - 1]) rows.push(row);
  return rows;
}

type MakeColumn = (wanted: ResampleFunction) => TableColumn | undefined;

function numberBuckets(column: Float64Array, firstRows: readonly number[]): MakeColumn {
  const buckets = firstRows.map((from, index) =>
    column.subarray(from, firstRows[index + 1]).filter((value) => !Number.isNaN(value)),
  );
  return (wanted) =>
    Float64Array.from(buckets, (values) =>
      values.length === 0 && wanted !== 'count' ? Number.NaN : FUNCTIONS[wanted](values),
    );
}

function textBuckets(
  column: Exclude<TableColumn, Float64Array>,
  firstRows: readonly number[],
): MakeColumn {
  const buckets = firstRows.map((from, index) =>
    column.slice(from, firstRows[index + 1]).filter((text) => text !== undefined),
  );
  return (wanted) =>
    wanted === 'count'
      ? Float64Array.from(buckets, ({ length }) => length)
      : wanted === 'first' || wanted === 'last'
        ? buckets.map((texts) => texts.at(wanted === 'first' ? 0 : -1))
        : undefined;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
