import { DecodeError } from '@cdf/core';
import { type Aggregate, isPointAggregate } from '../aggregates.js';
import type { Columns, Layout } from '../columns.js';
import { StatusBuilder } from '../sparse.js';
import type { PointColumn, SeriesInfo, Status } from '../types.js';
import { type AnswerItem, checkType } from './answer-item.js';

interface JsonPoint {
  readonly timestamp: number;
  readonly value?: unknown;
  readonly status?: Partial<Status> | undefined;
}

interface JsonItem extends SeriesInfo {
  readonly nextCursor?: string | undefined;
  readonly datapoints?: readonly JsonPoint[] | undefined;
}

/** The series of a JSON answer that has been parsed. @throws {DecodeError} when it has none. */
export function readJsonAnswer(answer: unknown): AnswerItem[] {
  const items = (answer as { items?: unknown } | null)?.items;
  if (!Array.isArray(items)) throw new DecodeError('data points: the answer has no items');
  return (items as JsonItem[]).map((item) => {
    const { datapoints, nextCursor, ...info } = item;
    return {
      info: { ...info, isString: info.isString ?? false, isStep: info.isStep ?? false },
      nextCursor,
      read(layout, most) {
        checkType(info);
        return readPoints(datapoints, layout, info.isString ?? false, most);
      },
    };
  });
}

/** Reads points into columns. */
function readPoints(
  points: readonly JsonPoint[] | undefined = [],
  layout: Layout,
  isString: boolean,
  most: number,
): Columns {
  if (!Array.isArray(points)) throw new DecodeError('data points: the answer has a series whose points are no list');
  if (points.length > most)
    throw new DecodeError(`data points: ${points.length} points where at most ${most} were asked for`);
  const rows = points as readonly JsonPoint[];
  const timestamps = toNumbers(rows, (row) => numberOf(row?.timestamp));
  if (layout === undefined) return { timestamps, ...readRaw(rows, isString) };
  const aggregates = new Map<Aggregate, Float64Array | PointColumn>();
  for (const name of layout) {
    const cells = rows.map((row) => (row as unknown as Record<string, unknown>)[name]);
    if (isPointAggregate(name)) aggregates.set(name, readExtremes(cells as (JsonPoint | undefined)[]));
    // JSON leaves a missing aggregate out where protobuf writes NaN.
    else
      aggregates.set(
        name,
        toNumbers(cells, (cell) => (cell === undefined ? Number.NaN : numberOf(cell))),
      );
  }
  return { timestamps, aggregates };
}

function readRaw(rows: readonly JsonPoint[], isString: boolean): Omit<Columns, 'timestamps'> {
  let nulls: number[] | undefined;
  for (let index = 0; index < rows.length; index++)
    if (isNull(rows[index])) {
      nulls ??= [];
      nulls.push(index);
    }
  return {
    values: isString
      ? rows.map((row) => (isNull(row) ? '' : String(row.value)))
      : toNumbers(rows, (row) => (isNull(row) ? Number.NaN : numberOf(row.value))),
    statuses: readStatuses(rows),
    nulls: nulls && Uint32Array.from(nulls),
  };
}

function isNull(row: JsonPoint | undefined): boolean {
  return row?.value === undefined || row.value === null;
}

function readExtremes(cells: readonly (JsonPoint | undefined)[]): PointColumn {
  return {
    timestamps: toNumbers(cells, (cell) => cell?.timestamp ?? Number.NaN),
    values: toNumbers(cells, (cell) => (cell?.value === undefined ? Number.NaN : numberOf(cell.value))),
    statuses: readStatuses(cells),
  };
}

function readStatuses(rows: readonly (JsonPoint | undefined)[]): Columns['statuses'] {
  let statuses: StatusBuilder | undefined;
  for (let index = 0; index < rows.length; index++) {
    const status = rows[index]?.status;
    if (!status?.code) continue;
    statuses ??= new StatusBuilder();
    statuses.add(index, status.code, status.symbol ?? '');
  }
  return statuses?.build();
}

/** `Float64Array.from` with a function costs several times as much. */
function toNumbers<T>(items: readonly T[], read: (item: T) => number): Float64Array {
  const numbers = new Float64Array(items.length);
  for (let index = 0; index < numbers.length; index++) numbers[index] = read(items[index] as T);
  return numbers;
}

/** JSON has no NaN and no infinities: bad points carry them as text. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  throw new DecodeError(`data points: a number was expected, got ${typeof value}`);
}
