import type { Bound, Identified, None, Printable } from '@cdf/core';
import type { Aggregate, PointAggregate } from './aggregates.js';
import type { PointTime } from './points/point-time.js';
import type { DatapointsTable } from './table/datapoints-table.js';

/** An OPC UA status. The two top bits of `code` say good (0), uncertain or bad. */
export interface Status {
  /** Good is 0, uncertain begins at 0x40000000, bad at 0x80000000. */
  readonly code: number;
  /**
   * The name that the API has for it, such as `'BadSensorFailure'`; for a code without a name, that
   * of its category.
   */
  readonly symbol: string;
}

/**
 * Statuses that are not plainly good (0), by the index of their point. All three have the same
 * length.
 */
export interface SparseStatuses {
  /** Ascending. */
  readonly indexes: Uint32Array;
  /** As in `Status`. */
  readonly codes: Uint32Array;
  /** As in `Status`. */
  readonly symbols: readonly string[];
}

/** The column of `maxDatapoint` or `minDatapoint`. */
export interface PointColumn {
  /** NaN where the aggregate has none. @unit milliseconds since the epoch */
  readonly timestamps: Float64Array;
  /** NaN where the aggregate has none. */
  readonly values: Float64Array;
  /** With `includeStatus` only. */
  readonly statuses?: SparseStatuses | undefined;
}

/** The point that is an extreme of its bucket. */
export interface ExtremePoint {
  /** @unit milliseconds since the epoch */
  readonly timestamp: number;
  /** The extreme. */
  readonly value: number;
  /** Absent when good, and without `includeStatus`. */
  readonly status?: Status | undefined;
}

type Column<A extends Aggregate> = A extends PointAggregate ? PointColumn : Float64Array;
type Cell<A extends Aggregate> = A extends PointAggregate ? ExtremePoint | undefined : number;

/** Known aggregates are columns; a set known only at run time makes every column optional. */
type ColumnsOf<A extends Aggregate> = [Aggregate] extends [A]
  ? { readonly [K in A]?: Column<K> }
  : { readonly [K in A]: Column<K> };
type CellsOf<A extends Aggregate> = [Aggregate] extends [A]
  ? { readonly [K in A]?: Cell<K> }
  : { readonly [K in A]: Cell<K> };

/** The value of a raw point: null only for points that are bad. */
export type RawValue = number | string | null;

/** A raw point as a row. */
export interface RawDatapoint<V extends RawValue = RawValue> {
  /** @unit milliseconds since the epoch */
  readonly timestamp: number;
  /**
   * Null only for points that are bad, which are left out unless the query says
   * `ignoreBadDataPoints: false`.
   */
  readonly value: V;
  /** Absent when good, and when the query has no `includeStatus`. */
  readonly status?: Status | undefined;
}

/**
 * One point as a row. Raw points have a `value`; aggregates one number each, NaN where CDF has
 * none.
 */
export type Datapoint<A extends Aggregate = never, V extends RawValue = RawValue> = [A] extends [
  never,
]
  ? RawDatapoint<V>
  : { readonly timestamp: number } & CellsOf<A>;

/**
 * What CDF says of the series that points belong to. Fields that are not known here are kept as
 * well.
 */
export interface SeriesInfo extends Identified {
  /** Where the points were read by a method of their series; CDF sends no name with points. */
  readonly name?: string | undefined;
  /** The unit of the values, as any string. */
  readonly unit?: string | undefined;
  /** The unit that the values are in, by its external id in CDF's unit catalogue. */
  readonly unitExternalId?: string | undefined;
  /** True if a value holds until the next one, instead of lying on a line to it. */
  readonly isStep: boolean;
  /** Strings instead of numbers. */
  readonly isString: boolean;
  /** `'numeric'` or `'string'`, where the API says so. */
  readonly type?: string | undefined;
}

/** The members of every `Datapoints`, whatever the query. */
export interface DatapointsBase<A extends Aggregate, V extends RawValue = RawValue, R = None>
  extends SeriesInfo,
    Printable {
  /** Ascending. @unit milliseconds since the epoch */
  readonly timestamps: Float64Array;
  /** The aggregates of the query. Absent for raw points. */
  readonly aggregates?: readonly Aggregate[] | undefined;
  /** The length of a bucket of aggregates, such as `'1h'`. Absent for raw points. */
  readonly granularity?: string | undefined;
  /**
   * Where the buckets of aggregates begin, as the query said: the zone that times print in. Absent
   * for raw points, and where the query had no `timeZone`.
   */
  readonly timeZone?: string | undefined;
  /** Statuses that are not good. Absent without `includeStatus`. */
  readonly statuses?: SparseStatuses | undefined;
  /** Indexes, ascending, of points without a value. Absent when there are none. */
  readonly nulls?: Uint32Array | undefined;
  /** Number of points. */
  readonly length: number;
  /** The point as a row; negative indexes count from the end. */
  at(index: number): Datapoint<A, V> | undefined;
  /** Every point as a row: makes one object each. */
  toArray(): Datapoint<A, V>[];
  /** Row by row. */
  [Symbol.iterator](): IterableIterator<Datapoint<A, V>>;
  /**
   * The points from `start` to before `end`, as `Array.prototype.slice` counts. Shares the numbers.
   */
  slice(start?: number, end?: number): this;
  /**
   * The points at or after `start` and before `end`. Shares the numbers.
   *
   * @unit milliseconds since the epoch
   * @throws {ConfigError} for a string: pass `new Date('2024-07-01T02:30+02:00')`
   */
  between(start: PointTime, end: PointTime): this;
  /**
   * Index of the first point at or after a time; `length` when there is none.
   *
   * @unit milliseconds since the epoch
   * @throws {ConfigError} as `between` does
   */
  indexAt(timestamp: PointTime): number;
  /** True if the point has no value: a bad point may have none. Its column then holds NaN or ''. */
  isNull(index: number): boolean;
  /** The status of a point; undefined when good, or when the query has no `includeStatus`. */
  statusAt(index: number): Status | undefined;
  /** The points as a table: for CSV, Arrow, Parquet, summaries, charts and resampling. */
  toTable(options?: TableOptions): DatapointsTable & Bound<R>;
  /** Plain data, rows included: what `JSON.stringify` writes. */
  toJSON(): Record<string, unknown>;
}

/** The values of raw points: of numbers, of strings, or of either. */
export type RawColumns<V extends RawValue = RawValue> =
  | (number extends V ? { readonly isString: false; readonly values: Float64Array } : never)
  | (string extends V ? { readonly isString: true; readonly values: readonly string[] } : never);

/**
 * Points of one series as columns. Raw points have `values`; aggregates one column each, under
 * their own names. NaN is where CDF has no value of an aggregate. `A`: the aggregates of the query.
 * `R`: composed relations, such as `plot()`. `V`: the values of raw points: `number` where the
 * query says `isString: false`.
 */
export type Datapoints<
  A extends Aggregate = never,
  R = Record<never, never>,
  V extends RawValue = RawValue,
> = DatapointsBase<A, V, R> & ResultColumns<A, V> & Bound<R>;

/** The columns that points have: their values, or one for each aggregate. */
export type ResultColumns<A extends Aggregate = never, V extends RawValue = RawValue> = [
  A,
] extends [never]
  ? RawColumns<V>
  : ColumnsOf<A>;

/**
 * Where items have different aggregates: which series has which column is known at run time
 * only.
 */
export type MixedDatapoints<A extends Aggregate, R = Record<never, never>> = DatapointsBase<
  A,
  RawValue,
  R
> & {
  readonly values?: Float64Array | readonly string[];
} & { readonly [K in A]?: Column<K> } & Bound<R>;

/** Points of one series, from any query: the input of a chart or a table. */
export type AnyDatapoints = Omit<
  DatapointsBase<Aggregate>,
  'at' | 'toArray' | 'slice' | 'between' | keyof Printable | typeof Symbol.iterator
> & {
  readonly values?: Float64Array | readonly string[];
} & { readonly [K in Aggregate]?: Column<K> };

/** How series become a table: its rows, and the names of its columns. */
export interface TableOptions {
  /**
   * Which times are rows. `outer`: those of any series. `inner`: those that all series have.
   * `asOf`: those of the first series, where the others give their latest value at or before that
   * time.
   * @default 'outer'
   */
  join?: 'outer' | 'inner' | 'asOf' | undefined;
  /**
   * How old a value of an `asOf` join may be.
   * @default Infinity
   * @unit milliseconds
   */
  toleranceMs?: number | undefined;
  /**
   * The names of columns. A series without an external id is named by its id.
   * @default 'externalId'
   */
  columnNames?: 'externalId' | 'id' | ((series: AnyDatapoints) => string) | undefined;
  /**
   * Adds `|average` and the like to the names of aggregates.
   * @default true
   */
  includeAggregateName?: boolean | undefined;
  /**
   * Adds `|1h` and the like to the names of aggregates.
   * @default false
   */
  includeGranularityName?: boolean | undefined;
  /**
   * Adds the columns `…|status_code` (0 is good) and `…|status_symbol` for series that were read
   * with `includeStatus` and have any. Series of a stream that was read with it always have them.
   * @default true
   */
  includeStatus?: boolean | undefined;
  /**
   * Adds the rows that are missing between the first and the last time, for aggregates of one
   * granularity. Days, months and quarters follow the calendar of the time zone that was read in.
   * @default false
   */
  uniformIndex?: boolean | undefined;
}
