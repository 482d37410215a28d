import { ConfigError } from '@cdf/core';
import { refuseUnknown } from '@cdf/core/resource';
import { parseGranularity } from '../read/series/granularity.js';
import type { ResampleFunction, TableColumn } from './types.js';

const FUNCTIONS: Readonly<Record<ResampleFunction, (values: Float64Array) => number>> = {
  mean: (values) => sum(values) / values.length,
  min: (values) => values.reduce((least, value) => Math.min(least, value), Infinity),
  max: (values) => values.reduce((most, value) => Math.max(most, value), -Infinity),
  sum,
  count: (values) => values.length,
  first: (values) => values[0] ?? Number.NaN,
  last: (values) => values.at(-1) ?? Number.NaN,
};

/** Rows put together in buckets that begin at whole multiples of the granularity, in UTC. Buckets without rows are left out. */
export function resampleColumns(
  timestamps: Float64Array,
  columns: ReadonlyMap<string, TableColumn>,
  granularity: string,
  functions: readonly ResampleFunction[],
): { timestamps: Float64Array; columns: Map<string, TableColumn>; sources: Map<string, string> } {
  refuseUnknown(functions, FUNCTIONS, 'resample');
  if (functions.length === 0) throw new ConfigError('resample: functions must name at least one');
  const begins = beginsOf(timestamps, granularity);
  const firstRows = rowsWhereNew(begins);
  const resampled = new Map<string, TableColumn>();
  const sources = new Map<string, string>();
  for (const [name, column] of columns) {
    if (!(column instanceof Float64Array)) continue;
    const buckets = firstRows.map((from, index) =>
      column.subarray(from, firstRows[index + 1] ?? column.length).filter((value) => !Number.isNaN(value)),
    );
    for (const each of functions) {
      const make = FUNCTIONS[each];
      const isCount = each === 'count';
      resampled.set(
        `${name}|${each}`,
        Float64Array.from(buckets, (values) => (values.length === 0 && !isCount ? Number.NaN : make(values))),
      );
      sources.set(`${name}|${each}`, name);
    }
  }
  return { timestamps: Float64Array.from(firstRows, (row) => begins[row] as number), columns: resampled, sources };
}

function rowsWhereNew(begins: Float64Array): number[] {
  const rows: number[] = [];
  for (let row = 0; row < begins.length; row++) if (row === 0 || begins[row] !== begins[row - 1]) rows.push(row);
  return rows;
}

/** For each time where its bucket begins. Weeks begin on Mondays. */
function beginsOf(timestamps: Float64Array, granularity: string): Float64Array {
  const { count, unit } = parseGranularity(granularity);
  if (unit === 'mo')
    return timestamps.map((time) => {
      const date = new Date(time);
      const month = Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / count) * count;
      return Date.UTC(Math.floor(month / 12), month % 12);
    });
  const size = count * { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit];
  const shift = unit === 'd' && count % 7 === 0 ? 4 * 86_400_000 : 0;
  return timestamps.map((time) => Math.floor((time - shift) / size) * size + shift);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
