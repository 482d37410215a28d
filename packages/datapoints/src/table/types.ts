import type { PointTime } from '../points/point-time.js';

/** A table, without its methods. */
export interface TableParts {
  readonly timestamps: Float64Array;
  readonly columns: ReadonlyMap<string, TableColumn>;
  readonly origins: ReadonlyMap<string, ColumnOrigin>;
}

/** One value per row. NaN, undefined: the series has none at that time. */
export type TableColumn = Float64Array | readonly (string | undefined)[];

/** Where a column comes from. */
export interface ColumnOrigin {
  /** The id of the series. */
  readonly id: number;
  /** The external id of the series, if it has one. */
  readonly externalId?: string | undefined;
  /**
   * What charts call it: the name of the series, where its points were read by a method of the
   * series, else as the column is named.
   */
  readonly label?: string | undefined;
  /** Absent for raw points. */
  readonly aggregate?: string | undefined;
  /** Absent for raw points. */
  readonly granularity?: string | undefined;
  /** Where its buckets begin, if a query or `resample` said so: the zone that times print in. */
  readonly timeZone?: string | undefined;
  /**
   * The unit of the column, else its external id in CDF's unit catalogue. Counts have no unit,
   * durations milliseconds, and variances the square of the unit, such as `(bar)²`.
   */
  readonly unit?: string | undefined;
  /** True where a value of the series holds until the next one. */
  readonly isStep?: boolean | undefined;
  /**
   * Present where the column does not have values: the times of points that are extremes, or
   * statuses.
   */
  readonly content?: 'timestamp' | 'status' | undefined;
  /** The buckets that `resample` has put rows together in, such as `'1h'`. */
  readonly resampledTo?: string | undefined;
}

/** How a table is written as CSV. */
export interface CsvOptions {
  /**
   * `iso`: ISO 8601 with the offset, `Z` in UTC. `local`: `2024-07-01 02:30:00`, as spreadsheets
   * read it, with milliseconds where a row has any; it does not say which pass of a repeated hour
   * it is. `epochMs`: milliseconds since the epoch.
   * @default 'iso'
   */
  timeFormat?: 'iso' | 'local' | 'epochMs' | undefined;
  /**
   * The zone of the times: an IANA name, or `UTC+05:30`. `local` times need it.
   * @default 'UTC'
   */
  timeZone?: string | undefined;
  /**
   * Stands between two cells. `';'` is what spreadsheets expect where numbers have a decimal comma.
   * @default ','
   */
  delimiter?: ',' | ';' | '\t' | undefined;
  /**
   * The decimal mark of numbers. It cannot be the delimiter.
   * @default '.'
   */
  decimal?: '.' | ',' | undefined;
  /**
   * Rows per chunk of `csvChunks`.
   * @default 10000
   */
  chunkRows?: number | undefined;
  /**
   * Puts an apostrophe before strings that a spreadsheet would run as a formula. Numbers are never
   * touched. `false` writes strings as they are, for readers other than spreadsheets.
   * @default true
   */
  guard?: boolean | undefined;
  /**
   * The line with the names of the columns. `false` leaves it out: for the batches of a stream
   * after the first, which have the same columns.
   * @default true
   */
  header?: boolean | undefined;
}

/** Statistics of a column. String columns have only `count` and `unique`. */
export interface ColumnSummary {
  /** The name of the column. */
  readonly column: string;
  /** Rows that have a value. */
  readonly count: number;
  /** Number of different strings. */
  readonly unique?: number | undefined;
  readonly mean?: number | undefined;
  /** The standard deviation of a sample: divided by count - 1. */
  readonly std?: number | undefined;
  readonly min?: number | undefined;
  /** Quantiles, interpolated linearly. */
  readonly p25?: number | undefined;
  readonly p50?: number | undefined;
  readonly p75?: number | undefined;
  readonly max?: number | undefined;
}

/**
 * How `resample` combines the values of a bucket. `mean` weighs every row the same; the `average`
 * of CDF weighs values by how long they held. An empty bucket has NaN, and a count of 0.
 * Series of strings have `count`, `first` and `last`, and no column of the others.
 */
export type ResampleFunction = 'mean' | 'min' | 'max' | 'sum' | 'count' | 'first' | 'last';

/** Where buckets begin. */
export interface ResampleOptions {
  /**
   * The zone of hours, days, weeks, months and quarters: an IANA name, or `UTC+05:30`. Seconds and
   * minutes are counted in UTC.
   * @default 'UTC'
   */
  timeZone?: string | undefined;
  /**
   * `calendar`: at round times; weeks on Monday, quarters in January, April, July and October.
   * `start`: counted from the second, minute, hour, day or month that the first row is in, which is
   * what `retrieve` does from its own `start`; a time counts from there.
   * @default 'calendar'
   */
  origin?: 'calendar' | 'start' | PointTime | undefined;
}
