import { type Aggregate, isPointAggregate, type PointAggregate } from '../aggregates.js';
import type { PointColumn, SparseStatuses } from '../datapoints-types.js';
import { concatIndexes, concatStatuses, sliceIndexes, sliceStatuses } from './sparse.js';

/** Points as one array per requested member. A page of an answer, or a whole result. */
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
    aggregates:
      aggregates &&
      new Map([...aggregates].map(([name, column]) => [name, sliceColumn(column, from, to)])),
    statuses: statuses && sliceStatuses(statuses, from, to),
    nulls: nulls && sliceIndexes(nulls, from, to),
  };
}

function sliceValues(values: Columns['values'], from: number, to: number): Columns['values'] {
  return values instanceof Float64Array ? values.subarray(from, to) : values?.slice(from, to);
}

function sliceColumn(
  column: Float64Array | PointColumn,
  from: number,
  to: number,
): Float64Array | PointColumn {
  if (column instanceof Float64Array) return column.subarray(from, to);
  return {
    timestamps: column.timestamps.subarray(from, to),
    values: column.values.subarray(from, to),
    statuses: column.statuses && sliceStatuses(column.statuses, from, to),
  };
}

/** Room for a whole result of raw numbers, which pages may be in already. */
export interface NumberRoom {
  /**
   * Puts the parts of a column together.
   *
   * @param offsets of the parts, which are in order
   * @returns undefined where there is no room for all of them
   */
  join(
    column: 'timestamps' | 'values',
    parts: readonly Float64Array[],
    offsets: readonly number[],
    length: number,
  ): Float64Array | undefined;
}

/**
 * Pages in order as one. Takes the pages over: what has been copied is dropped from them at once,
 * so that at most one column is held twice.
 *
 * @param room where raw numbers are joined, if they fit
 */
export function concatColumns(
  pages: Columns[],
  layout: Layout,
  isString: boolean,
  room?: NumberRoom,
): Columns {
  if (pages.length === 0) return emptyColumns(layout, isString);
  if (pages.length === 1 && room === undefined) return pages[0] as Columns;
  const offsets: number[] = [];
  let length = 0;
  for (const page of pages) {
    offsets.push(length);
    length += page.timestamps.length;
  }
  const held = pages as { -readonly [K in keyof Columns]: Columns[K] }[];
  const joinNumbers = (
    take: (page: Columns) => Float64Array | undefined,
    drop?: (page: (typeof held)[number]) => void,
  ) => {
    const whole = new Float64Array(length);
    held.forEach((page, index) => {
      const part = take(page);
      if (part !== undefined) whole.set(part, offsets[index]);
      drop?.(page);
    });
    return whole;
  };
  const joined = (column: 'timestamps' | 'values'): Float64Array | undefined =>
    room?.join(
      column,
      held.map((page) => page[column] as Float64Array),
      offsets,
      length,
    );
  const joinStatuses = (
    take: (page: Columns) => SparseStatuses | undefined,
  ): SparseStatuses | undefined => {
    const parts = held.map(take);
    return parts.some((part) => part !== undefined) ? concatStatuses(parts, offsets) : undefined;
  };
  const joinExtremes = (name: PointAggregate): PointColumn => {
    const of = (page: Columns): PointColumn | undefined =>
      page.aggregates?.get(name) as PointColumn | undefined;
    return {
      timestamps: joinNumbers((page) => of(page)?.timestamps),
      values: joinNumbers((page) => of(page)?.values),
      statuses: joinStatuses((page) => of(page)?.statuses),
    };
  };
  const common = {
    statuses: joinStatuses((page) => page.statuses),
    nulls: held.some((page) => page.nulls !== undefined)
      ? concatIndexes(
          held.map((page) => page.nulls),
          offsets,
        )
      : undefined,
    timestamps:
      joined('timestamps') ??
      joinNumbers(
        (page) => page.timestamps,
        (page) => {
          page.timestamps = new Float64Array(0);
        },
      ),
  };
  if (layout !== undefined) {
    const aggregates = new Map<Aggregate, Float64Array | PointColumn>();
    for (const name of layout)
      aggregates.set(
        name,
        isPointAggregate(name)
          ? joinExtremes(name)
          : joinNumbers((page) => page.aggregates?.get(name) as Float64Array | undefined),
      );
    return { ...common, aggregates };
  }
  if (isString)
    return {
      ...common,
      values: (held as { values: readonly string[] }[]).flatMap((page) => page.values),
    };
  const values =
    joined('values') ??
    joinNumbers(
      (page) => page.values as Float64Array,
      (page) => {
        page.values = undefined;
      },
    );
  return { ...common, values };
}
