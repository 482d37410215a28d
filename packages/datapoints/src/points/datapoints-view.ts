import { type Bound, ConfigError, type Identifier, ItemList, type None } from '@cdf/core';
import { shown, toIdentifier } from '@cdf/core/resource';
import { printed } from '#print';
import type { Aggregate } from '../aggregates.js';
import type {
  AnyDatapoints,
  PointColumn,
  SparseStatuses,
  Status,
  TableOptions,
} from '../datapoints-types.js';
import type { DatapointsTable } from '../table/datapoints-table.js';
import { makeTable } from '../table/make-table.js';
import { type Columns, sliceColumns } from './columns.js';
import { epochOf, type PointTime } from './point-time.js';
import { hasIndex, lowerBound, statusAt } from './sparse.js';

type Row = Record<string, unknown> & { readonly timestamp: number };

/** The methods of what `retrieve` gives. The columns are the object's own properties. */
export class DatapointsView {
  declare readonly id: number;
  declare readonly timestamps: Float64Array;
  declare readonly values?: Float64Array | readonly string[];
  declare readonly aggregates?: readonly Aggregate[] | undefined;
  declare readonly statuses?: SparseStatuses | undefined;
  declare readonly nulls?: Uint32Array | undefined;

  get length(): number {
    return this.timestamps.length;
  }

  at(index: number): Row | undefined {
    const position = index < 0 ? this.length + index : index;
    return position >= 0 && position < this.length ? rowAt(this, position) : undefined;
  }

  toArray(): Row[] {
    return Array.from(this.timestamps, (_, index) => rowAt(this, index));
  }

  *[Symbol.iterator](): IterableIterator<Row> {
    for (let index = 0; index < this.length; index++) yield rowAt(this, index);
  }

  slice(start: number = 0, end: number = this.length): this {
    const from = toPosition(start, this.length);
    return withColumns(
      this,
      sliceColumns(columnsOf(this), from, Math.max(from, toPosition(end, this.length))),
    );
  }

  between(start: PointTime, end: PointTime): this {
    return this.slice(this.indexAt(start), this.indexAt(end));
  }

  indexAt(timestamp: PointTime): number {
    const time = epochOf(timestamp) ?? Number.NaN;
    // Every comparison with NaN is false.
    if (Number.isNaN(time))
      throw new ConfigError(`expected epoch milliseconds or a Date, got ${shown(timestamp)}`);
    return lowerBound(this.timestamps, time);
  }

  isNull(index: number): boolean {
    return hasIndex(this.nulls, index);
  }

  statusAt(index: number): Status | undefined {
    return statusAt(this.statuses, index);
  }

  toTable(options?: TableOptions): DatapointsTable {
    return makeTable([this as unknown as AnyDatapoints], options);
  }

  toJSON(): Record<string, unknown> {
    const {
      timestamps: _,
      values: __,
      statuses: ___,
      nulls: ____,
      ...rest
    } = this as unknown as Record<string, unknown>;
    for (const name of this.aggregates ?? []) delete rest[name];
    return { ...rest, datapoints: this.toArray() };
  }
}

printed(DatapointsView.prototype);

/** Points of several series. `filter` and other selections give such a list again. */
export class DatapointsArray<D extends AnyDatapoints, R = None> extends ItemList<D> {
  /** The first item of that identifier, or undefined. */
  get(identifier: Identifier): D | undefined {
    return this.find(named(identifier));
  }

  /** Every item of that identifier: a query may ask for a series more than once. */
  getAll(identifier: Identifier): this {
    return this.filter(named(identifier));
  }

  /** All series on one time index: one row per time, one column per series and aggregate. */
  toTable(options?: TableOptions): DatapointsTable & Bound<R> {
    return makeTable(this, options) as DatapointsTable & Bound<R>;
  }
}

function named(identifier: Identifier): (points: AnyDatapoints) => boolean {
  const { id, externalId, instanceId } = toIdentifier(identifier);
  if (id !== undefined) return (points) => points.id === id;
  if (externalId !== undefined) return (points) => points.externalId === externalId;
  return (points) =>
    points.instanceId?.space === instanceId.space &&
    points.instanceId.externalId === instanceId.externalId;
}

/** The columns of points, whoever made them. */
function columnsOf(
  points: Pick<AnyDatapoints, 'timestamps' | 'values' | 'aggregates' | 'statuses' | 'nulls'>,
): Columns {
  const { timestamps, values, aggregates, statuses, nulls } = points;
  const named = points as unknown as Readonly<Record<Aggregate, Float64Array | PointColumn>>;
  return {
    timestamps,
    values,
    aggregates: aggregates && new Map(aggregates.map((name) => [name, named[name]])),
    statuses,
    nulls,
  };
}

function withColumns<D extends DatapointsView>(points: D, columns: Columns): D {
  const { timestamps, values, aggregates, statuses, nulls } = columns;
  const copy = Object.assign(Object.create(Object.getPrototypeOf(points)), points, { timestamps });
  if (values !== undefined) copy.values = values;
  for (const [name, column] of aggregates ?? []) copy[name] = column;
  if (statuses !== undefined) copy.statuses = statuses;
  if (nulls !== undefined) copy.nulls = nulls;
  return copy;
}

function rowAt(points: DatapointsView, index: number): Row {
  const row: Record<string, unknown> & { timestamp: number } = {
    timestamp: points.timestamps[index] as number,
  };
  if (points.aggregates === undefined) {
    row.value = points.isNull(index) ? null : points.values?.[index];
    const status = points.statusAt(index);
    if (status !== undefined) row.status = status;
    return row;
  }
  const columns = points as unknown as Readonly<Record<Aggregate, Float64Array | PointColumn>>;
  for (const name of points.aggregates) {
    const column = columns[name];
    row[name] = column instanceof Float64Array ? column[index] : extremeAt(column, index);
  }
  return row;
}

function extremeAt(column: PointColumn, index: number): object | undefined {
  const timestamp = column.timestamps[index] as number;
  if (Number.isNaN(timestamp)) return undefined;
  const status = statusAt(column.statuses, index);
  return { timestamp, value: column.values[index], ...(status && { status }) };
}

function toPosition(index: number, length: number): number {
  const whole = Math.trunc(index) || 0;
  return Math.min(length, Math.max(0, whole < 0 ? length + whole : whole));
}
