import type { AnyDatapoints } from '../types.js';

/** One value per row. NaN, undefined: the series has none at that time. */
export type TableColumn = Float64Array | readonly (string | undefined)[];

/** Where a column comes from. */
export interface ColumnOrigin {
  /** Of the series. */
  readonly id: number;
  /** Of the series, if it has one. */
  readonly externalId?: string | undefined;
  /** Absent for raw points. */
  readonly aggregate?: string | undefined;
  /** Absent for raw points. */
  readonly granularity?: string | undefined;
  /** The unit of the values, else its external id in CDF's unit catalogue. */
  readonly unit?: string | undefined;
}

/** How series become a table: its rows, and the names of its columns. */
export interface TableOptions {
  /**
   * Which times are rows. `outer`: those of any series. `inner`: those that all series have. `asOf`: those of the first series, where the
   * others give their latest value at or before that time.
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
   * What columns are named by. Where a series has no external id, its id.
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
   * Adds the columns `…|status_code` (0 is good) and `…|status_symbol` for series that were read with `includeStatus` and have any.
   * @default true
   */
  includeStatus?: boolean | undefined;
  /**
   * Adds the rows that are missing between the first and the last time, for aggregates of one granularity of s, m, h, or of d without a
   * time zone.
   * @default false
   */
  uniformIndex?: boolean | undefined;
}

/** How a table is written as CSV. */
export interface CsvOptions {
  /**
   * ISO 8601 in UTC, or milliseconds since the epoch.
   * @default 'iso'
   */
  timeFormat?: 'iso' | 'epochMs' | undefined;
  /**
   * Rows per chunk of `csvChunks`.
   * @default 10000
   */
  chunkRows?: number | undefined;
}

/** What is in a column. Of text only `count` and `unique`. */
export interface ColumnSummary {
  /** Its name. */
  readonly column: string;
  /** Rows that have a value. */
  readonly count: number;
  /** Different texts. */
  readonly unique?: number | undefined;
  readonly mean?: number | undefined;
  /** Of a sample: divided by count - 1. */
  readonly std?: number | undefined;
  readonly min?: number | undefined;
  /** Quantiles, interpolated linearly. */
  readonly p25?: number | undefined;
  readonly p50?: number | undefined;
  readonly p75?: number | undefined;
  readonly max?: number | undefined;
}

/** What `resample` makes of the numbers of a bucket. A bucket without any has NaN, and a count of 0. */
export type ResampleFunction = 'mean' | 'min' | 'max' | 'sum' | 'count' | 'first' | 'last';
