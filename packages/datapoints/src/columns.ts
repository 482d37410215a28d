import { type Aggregate, isPointAggregate } from './aggregates.js';
import { concatIndexes, concatStatuses, sliceIndexes, sliceStatuses } from './sparse.js';
import type { PointColumn, SparseStatuses } from './types.js';

/** Points as one array per thing that was asked for. A page of an answer, or a whole result. */
export interface Columns {
  readonly timestamps: Float64Array;
  readonly values?: Float64Array | readonly string[] | undefined;
  readonly aggregates?: ReadonlyMap<Aggregate, Float64Array | PointColumn> | undefined;
  readonly statuses?: SparseStatuses | undefined;
  readonly nulls?: Uint32Array | undefined;
}

/** Raw, or aggregates: what decides which columns there are. */
export type Layout = readonly Aggregate[] | undefined;

/** No points, with the columns that the layout has. */
export function emptyColumns(layout: Layout, isString: boolean): Columns {
  const none = new Float64Array(0);
  if (layout === undefined) return { timestamps: none, values: isString ? [] : none };
  const column = (name: Aggregate): Float64Array | PointColumn =>
    isPointAggregate(name) ? { timestamps: none, values: none } : none;
  return { timestamps: none, aggregates: new Map(layout.map((name) => [name, column(name)])) };
}

/** Points `from` to before `to`. Numbers are shared, not copied. */
export function sliceColumns(columns: Columns, from: number, to: number): Columns {
  if (from === 0 && to === columns.timestamps.length) return columns;
  const { values, aggregates, statuses, nulls } = columns;
  return {
    timestamps: columns.timestamps.subarray(from, to),
    values: sliceValues(values, from, to),
    aggregates: aggregates && new Map([...aggregates].map(([name, column]) => [name, sliceColumn(column, from, to)])),
    statuses: statuses && sliceStatuses(statuses, from, to),
    nulls: nulls && sliceIndexes(nulls, from, to),
  };
}

function sliceValues(values: Columns['values'], from: number, to: number): Columns['values'] {
  return values instanceof Float64Array ? values.subarray(from, to) : values?.slice(from, to);
}

function sliceColumn(column: Float64Array | PointColumn, from: number, to: number): Float64Array | PointColumn {
  if (column instanceof Float64Array) return column.subarray(from, to);
  return {
    timestamps: column.timestamps.subarray(from, to),
    values: column.values.subarray(from, to),
    statuses: column.statuses && sliceStatuses(column.statuses, from, to),
  };
}

/**
 * Pages in order as one. Takes the pages over: each column is dropped from them once it has been copied, so that at most one
 * column is held twice.
 */
export function concatColumns(pages: Columns[], layout: Layout, isString: boolean): Columns {
  const only = pages.length === 1 ? pages.pop() : undefined;
  if (only !== undefined) return only;
  if (pages.length === 0) return emptyColumns(layout, isString);
  const offsets: number[] = [];
  let length = 0;
  for (const page of pages) {
    offsets.push(length);
    length += page.timestamps.length;
  }
  const held = pages as { -readonly [K in keyof Columns]: Columns[K] }[];
  const take = <T>(get: (page: (typeof held)[number]) => T, drop?: (page: (typeof held)[number]) => void): T[] =>
    held.map((page) => {
      const part = get(page);
      drop?.(page);
      return part;
    });
  const joinStatuses = (parts: (SparseStatuses | undefined)[]): SparseStatuses | undefined =>
    parts.some((part) => part !== undefined) ? concatStatuses(parts, offsets) : undefined;

  const nulls = take((page) => page.nulls);
  const statuses = joinStatuses(take((page) => page.statuses));
  const joined: { -readonly [K in keyof Columns]: Columns[K] } = {
    timestamps: joinNumbers(
      take(
        (page) => page.timestamps,
        (page) => {
          page.timestamps = page.timestamps.subarray(0, 0);
        },
      ),
      length,
    ),
    statuses,
    nulls: nulls.some((part) => part !== undefined) ? concatIndexes(nulls, offsets) : undefined,
  };
  if (layout === undefined) {
    const parts = take(
      (page) => page.values,
      (page) => {
        page.values = undefined;
      },
    );
    joined.values = isString
      ? (parts as (readonly string[])[]).flat()
      : joinNumbers(parts as (Float64Array | undefined)[], length);
    return joined;
  }
  joined.aggregates = new Map(
    layout.map((name) => {
      const parts = take((page) => page.aggregates?.get(name));
      if (!isPointAggregate(name)) return [name, joinNumbers(parts as Float64Array[], length)];
      const points = parts as PointColumn[];
      const column: PointColumn = {
        timestamps: joinNumbers(
          points.map((part) => part.timestamps),
          length,
        ),
        values: joinNumbers(
          points.map((part) => part.values),
          length,
        ),
        statuses: joinStatuses(points.map((part) => part.statuses)),
      };
      return [name, column];
    }),
  );
  return joined;
}

function joinNumbers(parts: (Float64Array | undefined)[], length: number): Float64Array {
  const whole = new Float64Array(length);
  let position = 0;
  for (const part of parts) {
    if (part === undefined) continue;
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}
