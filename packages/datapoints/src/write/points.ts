import { ConfigError, type Identifier } from '@cdf/core';
import {
  describeIdentifier,
  IDENTIFIER_NAMES,
  nodeForm,
  refuseUnknown,
  shown,
  spelledIdentifier,
  withoutNode,
} from '@cdf/core/resource';
import type { SparseStatuses } from '../datapoints-types.js';
import type { Columns } from '../points/columns.js';
import type { PointTime } from '../points/point-time.js';
import { toColumnTimes, toPointTime } from './point-times.js';
import { checkIndexes, checkWhole, toSparse } from './sparse-input.js';
import type { StatusInput } from './status.js';

/** A point as a row. Only a bad point may be without a value, NaN or infinite. */
export interface DatapointRow {
  /** A whole number of milliseconds, from 1900 to 2099. */
  readonly timestamp: PointTime;
  /** Numbers between -1e100 and 1e100, or strings of up to 1023 bytes; one kind per series. */
  readonly value?: number | string | null | undefined;
  /** @default good */
  readonly status?: StatusInput | undefined;
}

/** A point as a tuple, as some clients have them. */
export type DatapointTuple = readonly [
  timestamp: PointTime,
  value: number | string | null,
  status?: StatusInput,
];

/** Points as columns of equal length, as `retrieve` returns raw points. */
export interface DatapointColumns {
  /** @unit milliseconds since the epoch */
  readonly timestamps: ArrayLike<number>;
  /** Null, like an index in `nulls`, for bad points without a value. */
  readonly values: ArrayLike<number | null> | ArrayLike<string | null>;
  /** Sparse, as read; or one per point, undefined for good. */
  readonly statuses?: SparseStatuses | readonly (StatusInput | undefined)[] | undefined;
  /** Indexes of points without a value. */
  readonly nulls?: ArrayLike<number> | undefined;
}

/** Points in any form. */
export type DatapointsInput = readonly (DatapointRow | DatapointTuple)[] | DatapointColumns;

/** Raw points as `retrieve` gave them. They go to the series that they came from, by its id. */
export interface ReadColumns extends DatapointColumns {
  readonly id: number;
  readonly isString: boolean;
}

/** Points of one series. Those of a node are `{ instanceId: node, datapoints }`. */
export type SeriesInput =
  | (Identifier & (DatapointColumns | { readonly datapoints: DatapointsInput } | DatapointRow))
  | ReadColumns;

/** Points of one series as they are written: not checked, in the caller's order. */
export interface SeriesPoints {
  readonly identifier: Identifier;
  readonly columns: WriteColumns;
}

export interface WriteColumns extends Columns {
  readonly values: Float64Array | readonly string[];
  /**
   * A status that has a symbol but no code, or points without any value: JSON can say that,
   * protobuf cannot. A request is JSON as a whole then, and JSON of JavaScript writes -0 as 0.
   */
  readonly needsJson: boolean;
}

type Names<T> = Readonly<Record<keyof T, true>>;

const ROW: Names<DatapointRow> = { timestamp: true, value: true, status: true };
const COLUMNS: Names<DatapointColumns> = {
  timestamps: true,
  values: true,
  statuses: true,
  nulls: true,
};
const SERIES = { ...IDENTIFIER_NAMES, datapoints: true };
/** Every name of a series with points, in any form. */
const POINTS = { ...SERIES, ...COLUMNS, ...ROW };

export function toSeriesPoints(input: SeriesInput, what: string): SeriesPoints {
  if (nodeForm(input) !== undefined) return pointsOfNode(input, what);
  // A series that was read has every known name; the id is always among them.
  const isRead = 'isString' in input && !('space' in input);
  const identifier = spelledIdentifier(isRead ? { id: input.id } : input, what);
  const name = describeIdentifier(identifier);
  if ('datapoints' in input) {
    refuseUnknown(Object.keys(input), SERIES, name, true);
    return { identifier, columns: toColumns(input.datapoints, name) };
  }
  if ('timestamp' in input) return { identifier, columns: toColumns([input], name) };
  if (!('timestamps' in input)) {
    refuseUnknown(Object.keys(input), POINTS, name, true);
    throw new ConfigError(
      `${name}: expected datapoints, timestamps with values, or a timestamp with a value; got ${shown(input)}`,
    );
  }
  return { identifier, columns: toColumns(input, name) };
}

/**
 * Points beside the members of a node, which are properties of its view: a copy may have them where
 * it shows that points are meant.
 */
function pointsOfNode(input: SeriesInput, what: string): SeriesPoints {
  const identifier = spelledIdentifier(input as Identifier, what);
  const name = describeIdentifier(identifier);
  const { datapoints, timestamps, values } = input as Partial<DatapointColumns> & {
    readonly datapoints?: DatapointsInput | undefined;
  };
  if (datapoints !== undefined) withoutNode(input, { timestamps: true }, name);
  else withoutNode(input, timestamps === undefined ? ROW : { statuses: true, nulls: true }, name);
  const points = datapoints ?? (timestamps && ({ timestamps, values } as DatapointColumns));
  if (nodeForm(input) === 'read' || points === undefined)
    throw new ConfigError(
      `${name}: a node has no points; write { instanceId: node, datapoints: … }`,
    );
  return { identifier, columns: toColumns(points, name) };
}

/** @throws {ConfigError} when the points are invalid, or mix numbers and strings. */
export function toColumns(input: DatapointsInput, name: string): WriteColumns {
  if (typeof input !== 'object' || input === null)
    throw new ConfigError(`${name}: points must be rows or columns`);
  if ('timestamps' in input) return fromColumns(input, name);
  if (!Array.isArray(input))
    throw new ConfigError(`${name}: points must be rows { timestamp, value } or columns`);
  return fromRows(input as readonly (DatapointRow | DatapointTuple)[], name);
}

/** Rows may have other members. A misspelt member would be lost silently. */
function refuseMisspelt(rows: readonly (DatapointRow | DatapointTuple)[], name: string): void {
  const known = new Set(Object.keys(ROW));
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index];
    if (typeof row !== 'object' || row === null || isTuple(row)) continue;
    for (const key in row) {
      // There are millions of rows, and nearly all have these two alone: comparing is several times
      // faster than looking up.
      if (key === 'timestamp' || key === 'value' || known.has(key)) continue;
      refuseUnknown([key], ROW, `${name}, point ${index}`, true);
      known.add(key);
    }
  }
}

function fromRows(rows: readonly (DatapointRow | DatapointTuple)[], name: string): WriteColumns {
  refuseMisspelt(rows, name);
  return plainRows(rows) ?? anyRows(rows, name);
}

/**
 * Rows of a time and a number, as nearly all are: straight into columns. Gives up at the first that
 * is something else.
 */
function plainRows(rows: readonly (DatapointRow | DatapointTuple)[]): WriteColumns | undefined {
  const timestamps = new Float64Array(rows.length);
  const values = new Float64Array(rows.length);
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index];
    if (typeof row !== 'object' || row === null || isTuple(row)) return undefined;
    const { timestamp, value, status } = row;
    if (typeof value !== 'number' || status !== undefined) return undefined;
    values[index] = value;
    if (typeof timestamp === 'number') timestamps[index] = timestamp;
    else if (timestamp instanceof Date) timestamps[index] = timestamp.getTime();
    else return undefined;
  }
  return { timestamps, values, needsJson: false };
}

function anyRows(rows: readonly (DatapointRow | DatapointTuple)[], name: string): WriteColumns {
  const timestamps = new Float64Array(rows.length);
  const values: unknown[] = new Array(rows.length);
  const statuses: (StatusInput | undefined)[] = new Array(rows.length);
  rows.forEach((row, index) => {
    if (typeof row !== 'object' || row === null)
      throw new ConfigError(
        `${name}, point ${index}: expected { timestamp, value }, got a ${typeof row}`,
      );
    const [timestamp, value, status] = isTuple(row) ? row : [row.timestamp, row.value, row.status];
    // Whole numbers are checked later, together with all else that can be wrong with them.
    timestamps[index] =
      typeof timestamp === 'number' ? timestamp : toPointTime(timestamp, `${name}, point ${index}`);
    values[index] = value;
    statuses[index] = status;
  });
  return finish(timestamps, values, statuses, undefined, name);
}

function isTuple(row: DatapointRow | DatapointTuple): row is DatapointTuple {
  return Array.isArray(row);
}

function fromColumns(input: DatapointColumns, name: string): WriteColumns {
  // Columns that were read have many members that are not written.
  if (!('isString' in input)) refuseUnknown(Object.keys(input), COLUMNS, name, true);
  const { values, statuses, nulls } = input;
  const timestamps =
    input.timestamps instanceof Float64Array
      ? input.timestamps
      : toColumnTimes(Object(input.timestamps) as ArrayLike<unknown>, name);
  if (values === undefined || values === null)
    throw new ConfigError(`${name}: columns have no values; aggregates cannot be written back`);
  if (values.length !== timestamps.length)
    throw new ConfigError(`${name}: ${timestamps.length} timestamps but ${values.length} values`);
  return finish(timestamps, values, statuses, nulls, name);
}

function finish(
  timestamps: Float64Array,
  input: ArrayLike<unknown>,
  statuses: DatapointColumns['statuses'],
  nullIndexes: ArrayLike<number> | undefined,
  name: string,
): WriteColumns {
  const nulls = nullIndexes === undefined ? [] : Array.from(nullIndexes);
  checkWhole(nulls, timestamps.length - 1, `${name}: nulls`);
  const values = toValues(input, nulls, name);
  const { sparse, needsJson } = toSparse(statuses, timestamps.length, `${name}: statuses`);
  const ordered = nulls.length > 0 ? Uint32Array.from(nulls).sort() : undefined;
  checkIndexes(ordered, timestamps.length, `${name}: nulls`);
  checkIndexes(sparse?.indexes, timestamps.length, `${name}: statuses`);
  // The kind of points is unknown where all lack a value: JSON, unlike protobuf, need not
  // say it.
  const isUnknown = nulls.length > 0 && nulls.length === values.length && input !== values;
  return {
    timestamps,
    values,
    statuses: sparse,
    nulls: ordered,
    needsJson: needsJson || isUnknown,
  };
}

/** Numbers or strings, never both; adds the places of null and undefined to `nulls`. */
function toValues(
  input: ArrayLike<unknown>,
  nulls: number[],
  name: string,
): Float64Array | string[] {
  if (input instanceof Float64Array) return input;
  const plain = toNumbers(input);
  if (plain !== undefined) return plain;
  const first = Array.prototype.find.call(
    input,
    (value) => value !== null && value !== undefined,
  ) as unknown;
  const isString = typeof first === 'string';
  const numbers = isString ? undefined : new Float64Array(input.length);
  const strings: string[] | undefined = isString ? new Array(input.length) : undefined;
  const known = new Set(nulls);
  for (let index = 0; index < input.length; index++) {
    const value = input[index];
    if (value === null || value === undefined) {
      if (!known.has(index)) nulls.push(index);
      if (strings !== undefined) strings[index] = '';
      else if (numbers !== undefined) numbers[index] = Number.NaN;
    } else if (typeof value !== (isString ? 'string' : 'number'))
      throw new ConfigError(
        `${name}, point ${index}: a ${typeof value} among ${isString ? 'strings' : 'numbers'}; a time series takes one kind of value`,
      );
    else if (strings !== undefined) strings[index] = value as string;
    else if (numbers !== undefined) numbers[index] = value as number;
  }
  return strings ?? numbers ?? [];
}

function toNumbers(input: ArrayLike<unknown>): Float64Array | undefined {
  const numbers = new Float64Array(input.length);
  for (let index = 0; index < numbers.length; index++) {
    const value = input[index];
    if (typeof value !== 'number') return undefined;
    numbers[index] = value;
  }
  return numbers;
}
