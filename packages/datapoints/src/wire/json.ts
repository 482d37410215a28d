import { DecodeError } from '@cdf/core';
import { readPage } from '@cdf/core/resource';
import type { Aggregate, isPointAggregate } from '../aggregates.js';
import type { PointColumn, SeriesInfo, Status } from '../datapoints-types.js';
import type { Columns, Layout } from '../points/columns.js';
import type { StatusBuilder } from '../points/sparse.js';
import type { AnswerItem, checkType } from './answer-item.js';

/**
 * The code that reading JSON shares with reading protobuf, passed in as arguments: bundlers would
 * put what both import into a script of its own.
 */
export interface CommonDecoding {
  readonly checkType: typeof checkType;
  readonly isPointAggregate: typeof isPointAggregate;
  readonly StatusBuilder: typeof StatusBuilder;
}

interface JsonPoint {
  readonly timestamp: number;
  readonly value?: unknown;
  readonly status?: Partial<Status> | undefined;
}

interface JsonItem extends SeriesInfo {
  readonly nextCursor?: unknown;
  readonly datapoints?: readonly JsonPoint[] | null | undefined;
}

/** The series of a JSON answer that has been parsed. @throws {DecodeError} when it has none. */
export function readJsonAnswer(answer: unknown, common: CommonDecoding): AnswerItem[] {
  return readPage<JsonItem>(answer, 'data points').items.map(
    (item) => new JsonSeries(item, common),
  );
}

/** Members that an answer may omit. */
const FIELDS = [
  ['id', 'number'],
  ['externalId', 'string'],
  ['instanceId', 'object'],
  ['type', 'string'],
  ['unit', 'string'],
  ['unitExternalId', 'string'],
] as const;

/**
 * A class, since calls read thousands of series with a point each: objects of one shape, and no
 * function for each.
 */
class JsonSeries implements AnswerItem {
  readonly info: SeriesInfo;
  readonly nextCursor: string | undefined;
  readonly #points: readonly JsonPoint[] | undefined;
  readonly #common: CommonDecoding;

  constructor({ datapoints, nextCursor, ...rest }: JsonItem, common: CommonDecoding) {
    this.#common = common;
    const info: { -readonly [K in keyof SeriesInfo]?: SeriesInfo[K] } = rest;
    // null stands for what is absent.
    for (const [name, type] of FIELDS) {
      if (info[name] === null) delete info[name];
      else if (info[name] !== undefined && typeof info[name] !== type)
        throw unexpected(name, info[name]);
    }
    info.isString ??= info.type === 'string';
    info.isStep ??= false;
    if (typeof info.isString !== 'boolean') throw unexpected('isString', info.isString);
    if (nextCursor !== undefined && nextCursor !== null && typeof nextCursor !== 'string')
      throw unexpected('nextCursor', nextCursor);
    this.info = info as SeriesInfo;
    this.nextCursor = nextCursor || undefined;
    this.#points = datapoints ?? undefined;
  }

  read(layout: Layout, most: number): Columns {
    this.#common.checkType(this.info);
    return readPoints(this.#points, layout, this.info.isString, most, this.#common);
  }
}

/** Reads points into columns. */
function readPoints(
  points: readonly JsonPoint[] | undefined = [],
  layout: Layout,
  isString: boolean,
  most: number,
  common: CommonDecoding,
): Columns {
  if (!Array.isArray(points))
    throw new DecodeError('data points: datapoints of a series is not an array');
  if (points.length > most)
    throw new DecodeError(
      `data points: a series has ${points.length} points, expected at most ${most}`,
    );
  const rows = points as readonly JsonPoint[];
  if (layout === undefined) return readRaw(rows, isString, common);
  const timestamps = toNumbers(rows, (row) => timeOf(row?.timestamp));
  if (rows.some((row) => 'value' in row))
    throw new DecodeError('data points: got raw points, expected aggregates');
  const aggregates = new Map<Aggregate, Float64Array | PointColumn>();
  for (const name of layout) {
    const cells = rows.map((row) => (row as unknown as Record<string, unknown>)[name]);
    if (common.isPointAggregate(name))
      aggregates.set(name, readExtremes(cells as (JsonPoint | undefined)[], common));
    // JSON leaves a missing aggregate out where protobuf writes NaN.
    else
      aggregates.set(
        name,
        toNumbers(cells, (cell) =>
          cell === undefined || cell === null ? Number.NaN : numberOf(cell),
        ),
      );
  }
  return { timestamps, aggregates };
}

function readRaw(rows: readonly JsonPoint[], isString: boolean, common: CommonDecoding): Columns {
  const { length } = rows;
  const timestamps = new Float64Array(length);
  const numbers = isString ? undefined : new Float64Array(length);
  const texts: string[] = [];
  const nulls: number[] = [];
  for (let index = 0; index < length; index++) {
    const row = rows[index];
    timestamps[index] = timeOf(row?.timestamp);
    const isMissing = isNull(row);
    if (isMissing) nulls.push(index);
    if (numbers === undefined) texts.push(isMissing ? '' : stringOf(row?.value));
    else numbers[index] = isMissing ? Number.NaN : numberOf(row?.value);
  }
  return {
    timestamps,
    values: numbers ?? texts,
    statuses: readStatuses(rows, common),
    nulls: nulls.length > 0 ? Uint32Array.from(nulls) : undefined,
  };
}

function isNull(row: JsonPoint | undefined): boolean {
  return row?.value === undefined || row.value === null;
}

function readExtremes(
  cells: readonly (JsonPoint | undefined)[],
  common: CommonDecoding,
): PointColumn {
  return {
    timestamps: toNumbers(cells, (cell) => (cell ? timeOf(cell.timestamp) : Number.NaN)),
    values: toNumbers(cells, (cell) => (isNull(cell) ? Number.NaN : numberOf(cell?.value))),
    statuses: readStatuses(cells, common),
  };
}

function readStatuses(
  rows: readonly (JsonPoint | undefined)[],
  { StatusBuilder: Builder }: CommonDecoding,
): Columns['statuses'] {
  let statuses: StatusBuilder | undefined;
  for (let index = 0; index < rows.length; index++) {
    const status = rows[index]?.status;
    if (!status?.code) continue;
    if (typeof status.code !== 'number') throw unexpected('status.code', status.code);
    statuses ??= new Builder();
    statuses.add(index, status.code, String(status.symbol ?? ''));
  }
  return statuses?.build();
}

/** `Float64Array.from` with a function costs several times as much. */
function toNumbers<T>(items: readonly T[], read: (item: T) => number): Float64Array {
  const numbers = new Float64Array(items.length);
  for (let index = 0; index < numbers.length; index++) numbers[index] = read(items[index] as T);
  return numbers;
}

/** JSON has neither NaN nor infinities: bad points carry them as strings. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  throw unexpected('value', value);
}

function timeOf(value: unknown): number {
  if (Number.isSafeInteger(value)) return value as number;
  throw unexpected('timestamp', value);
}

function stringOf(value: unknown): string {
  if (typeof value === 'string') return value;
  throw unexpected('value', value);
}

/** @param value its type only, unless it is a number: an error repeats no data */
function unexpected(name: string, value: unknown): DecodeError {
  return new DecodeError(
    `data points: unexpected answer: ${name} is ${typeof value === 'number' ? value : `a ${typeof value}`}`,
  );
}
