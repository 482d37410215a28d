import { ItemList, type Printable } from '@cdf/core';
import { withPrototype } from '@cdf/core/resource';
import type { Granularity } from '../granularity-text.js';
import { type ArrowLibrary, type ArrowOptions, makeArrowTable } from './arrow.js';
import { csvChunks } from './csv.js';
import { describeColumn } from './describe.js';
import { resampleColumns } from './resample.js';
import type {
  ColumnOrigin,
  ColumnSummary,
  CsvOptions,
  ResampleFunction,
  ResampleOptions,
  TableColumn,
} from './types.js';

const OWN = { configurable: true, enumerable: true, writable: true };

/**
 * Series on one time index. A column is named `external id`, and `external id|aggregate` for
 * aggregates; `|granularity` is added by `includeGranularityName`, or when the name would be taken.
 */
export class DatapointsTable {
  /** One per row, ascending, distinct. @unit milliseconds since the epoch */
  readonly timestamps: Float64Array;
  /** One array per column, by its name, each as long as `timestamps`. */
  readonly columns: ReadonlyMap<string, TableColumn>;
  /** Where each column comes from, by its name. */
  readonly origins: ReadonlyMap<string, ColumnOrigin>;
  /**
   * The first and the last rows as a data frame: names, units, times in a zone, counts. In browsers
   * call `installPrinting()` of `@cdf/datapoints/print` first.
   * @throws {ConfigError} for an unknown option or time zone
   */
  declare readonly toText: Printable['toText'];

  constructor(
    timestamps: Float64Array,
    columns: ReadonlyMap<string, TableColumn>,
    origins: ReadonlyMap<string, ColumnOrigin>,
  ) {
    this.timestamps = timestamps;
    this.columns = columns;
    this.origins = origins;
  }

  /** Number of rows. */
  get length(): number {
    return this.timestamps.length;
  }

  /**
   * RFC 4180 with a header, times in UTC or a `timeZone`. Strings that a spreadsheet would run as a
   * formula is prefixed with an apostrophe.
   */
  toCsv(options?: CsvOptions): string {
    return [...this.csvChunks(options)].join('');
  }

  /** The same a part at a time, for files and responses. */
  csvChunks(options?: CsvOptions): Generator<string, void, undefined> {
    return csvChunks(this.timestamps, this.columns, options);
  }

  /** One object per row: `timestamp`, and each column that has a value there. */
  toObjects(): Record<string, number | string>[] {
    return Array.from(this.timestamps, (timestamp, row) => {
      const object: Record<string, number | string> = { timestamp };
      for (const [name, column] of this.columns) {
        const value = column[row];
        if (value === undefined || Number.isNaN(value)) continue;
        // A series may be named like the one name that an assignment does not make a property of.
        if (name === '__proto__') Object.defineProperty(object, name, { ...OWN, value });
        else object[name] = value;
      }
      return object;
    });
  }

  /** The first rows. */
  head(rows: number = 5): this {
    const columns = new Map(
      [...this.columns].map(([name, column]) => [name, column.slice(0, rows)]),
    );
    return this.#like(this.timestamps.slice(0, rows), columns, this.origins);
  }

  /**
   * Count, mean, deviation, extremes and quartiles of each column. Prints itself as a table with a
   * row for each column.
   */
  describe(): ItemList<ColumnSummary> {
    return ItemList.from([...this.columns], ([name, column]) =>
      describeColumn(name, column),
    ) as ItemList<ColumnSummary>;
  }

  /**
   * Rows put together in buckets: `resample('1h', ['mean', 'max'])` has columns such as `a|mean`.
   * Buckets begin at round times in UTC or a `timeZone`, weeks on Monday. With `origin: 'start'`
   * they are counted from the first row, as `retrieve` counts from its start. Buckets without rows
   * are left out. `mean` weighs every row the same: for the average over time of values at uneven
   * distances, ask CDF for `average`.
   *
   * @throws {ConfigError} for an unknown granularity, function or zone.
   */
  resample(
    granularity: Granularity,
    functions: readonly ResampleFunction[] = ['mean'],
    options?: ResampleOptions,
  ): this {
    const { timestamps, columns, sources } = resampleColumns(
      this.timestamps,
      this.columns,
      granularity,
      functions,
      options,
    );
    const origins = new Map<string, ColumnOrigin>();
    for (const [name, source] of sources) {
      const origin = this.origins.get(source);
      if (origin === undefined) continue;
      const unit = name.endsWith('|count') ? undefined : origin.unit;
      const { label, aggregate, resampledTo } = origin;
      const called = resampledTo === undefined ? [label, aggregate] : [label];
      origins.set(name, {
        ...origin,
        unit,
        // Each function is a line of its own.
        label: [...called.filter(Boolean), name.slice(source.length + 1)].join('|'),
        timeZone: options?.timeZone,
        resampledTo: granularity,
      });
    }
    return this.#like(timestamps, columns, origins);
  }

  /**
   * A table of Apache Arrow, made with the caller's library: `table.toArrow(arrow)`. Number columns
   * share their memory with this table; `timestamp` is UTC in milliseconds.
   */
  toArrow<T>(arrow: ArrowLibrary<T>, options?: ArrowOptions): T {
    return makeArrowTable(arrow, this.timestamps, this.columns, options);
  }

  /** Another table, with all methods that this one has. */
  #like(...parts: ConstructorParameters<typeof DatapointsTable>): this {
    return withPrototype(new DatapointsTable(...parts), Object.getPrototypeOf(this));
  }
}
