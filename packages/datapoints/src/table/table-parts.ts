import { ConfigError, type InstanceId } from '@cdf/core';
import { checkOptions, quoted, refuseUnknown, shown } from '@cdf/core/resource';
import { type Aggregate, isPointAggregate } from '../aggregates.js';
import type {
  AnyDatapoints,
  PointColumn,
  SparseStatuses,
  TableOptions,
} from '../datapoints-types.js';
import { hasIndex, statusAt } from '../points/sparse.js';
import { asOfRows, exactRows, intersectionOf, unionOf } from './index-times.js';
import type { ColumnOrigin, TableColumn, TableParts } from './types.js';
import { uniformRows } from './uniform-rows.js';

/** The kinds of values that each option takes. */
const OPTIONS: Readonly<Record<keyof TableOptions, string>> = {
  join: 'string',
  toleranceMs: 'number from 0',
  columnNames: 'string or function',
  includeAggregateName: 'boolean',
  includeGranularityName: 'boolean',
  includeStatus: 'boolean',
  uniformIndex: 'boolean',
};

const JOINS: Readonly<Record<NonNullable<TableOptions['join']>, true>> = {
  outer: true,
  inner: true,
  asOf: true,
};

/** The rows and columns of a table, and where its columns come from. */
export function tableParts(
  series: readonly AnyDatapoints[],
  options: TableOptions = {},
): TableParts {
  checkOptions(options, OPTIONS, 'table');
  const { join = 'outer', toleranceMs = Infinity, includeStatus = true } = options;
  for (const [name, value] of Object.entries(options)) {
    const kinds = OPTIONS[name as keyof TableOptions];
    // NaN fails the comparison.
    if (
      value !== undefined &&
      !(kinds.includes(typeof value) && (typeof value !== 'number' || value >= 0))
    )
      throw new ConfigError(`table: ${name} must be a ${kinds}, got ${shown(value)}`);
  }
  refuseUnknown([join], JOINS, 'join');
  for (const points of series) checkOrder(points);
  const rows = rowsOf(series, options);
  const columns = new Map<string, TableColumn>();
  const origins = new Map<string, ColumnOrigin>();
  for (const points of series) {
    const found =
      join === 'asOf'
        ? asOfRows(rows, points.timestamps, toleranceMs)
        : exactRows(rows, points.timestamps);
    const base = baseName(points, options.columnNames);
    // A function that names columns names what charts show of them.
    const label = typeof options.columnNames === 'function' ? base : (points.name ?? base);
    const add: AddColumn = (aggregate, suffix, column, content) => {
      const name = freeName(
        columns,
        nameOf(base, aggregate, points.granularity, options) + suffix,
        points.granularity,
      );
      columns.set(name, pick(column, found, rows.length));
      origins.set(name, originOf(points, aggregate, content, label));
    };
    if (points.values !== undefined) {
      add(undefined, '', withoutNulls(points.values, points.nulls));
      if (includeStatus && points.statuses !== undefined)
        addStatus(points.statuses, points.timestamps.length, add);
    }
    for (const aggregate of points.aggregates ?? []) {
      const column = points[aggregate];
      if (column === undefined) continue;
      if (!isPointAggregate(aggregate)) add(aggregate, '', column as Float64Array);
      else {
        add(aggregate, '', (column as PointColumn).values);
        add(aggregate, '|timestamp', (column as PointColumn).timestamps, 'timestamp');
      }
    }
  }
  return { timestamps: rows, columns, origins };
}

type AddColumn = (
  aggregate: Aggregate | undefined,
  suffix: string,
  column: TableColumn,
  content?: ColumnOrigin['content'],
) => void;

function rowsOf(
  series: readonly AnyDatapoints[],
  { join, uniformIndex = false }: TableOptions,
): Float64Array {
  const all = series.map(({ timestamps }) => timestamps);
  const rows =
    join === 'inner'
      ? intersectionOf(all)
      : join === 'asOf'
        ? (all[0] ?? unionOf([]))
        : unionOf(all);
  return uniformIndex ? uniformRows(rows, series) : rows;
}

function addStatus(statuses: SparseStatuses, length: number, add: AddColumn): void {
  const codes = new Float64Array(length);
  statuses.indexes.forEach((index, position) => {
    codes[index] = statuses.codes[position] as number;
  });
  add(undefined, '|status_code', codes, 'status');
  add(
    undefined,
    '|status_symbol',
    Array.from({ length }, (_, index) => statusAt(statuses, index)?.symbol ?? 'Good'),
    'status',
  );
}

function withoutNulls(
  values: Float64Array | readonly string[],
  nulls: Uint32Array | undefined,
): TableColumn {
  if (values instanceof Float64Array || nulls === undefined) return values;
  return values.map((value, index) => (hasIndex(nulls, index) ? undefined : value));
}

function pick(column: TableColumn, found: Int32Array | undefined, length: number): TableColumn {
  if (found === undefined) return column;
  if (!(column instanceof Float64Array))
    return Array.from(found, (index) => (index < 0 ? undefined : column[index]));
  const picked = new Float64Array(length);
  for (let row = 0; row < length; row++) {
    const index = found[row] as number;
    picked[row] = index < 0 ? Number.NaN : (column[index] as number);
  }
  return picked;
}

/** @throws {ConfigError} for times that came from elsewhere, and are in no order or not once each. */
function checkOrder(points: AnyDatapoints): void {
  const { timestamps } = points;
  for (let index = 1; index < timestamps.length; index++)
    if (!((timestamps[index] as number) > (timestamps[index - 1] as number)))
      throw new ConfigError(
        `table: the times of ${quoted(baseName(points))} must ascend, each once; point ${index} does not`,
      );
}

function baseName(
  points: AnyDatapoints,
  names: TableOptions['columnNames'] = 'externalId',
): string {
  if (typeof names === 'function') return names(points);
  const { id, externalId, instanceId } = points as {
    id: number;
    externalId?: string;
    instanceId?: InstanceId;
  };
  return names === 'id' ? String(id) : (externalId ?? instanceId?.externalId ?? String(id));
}

function nameOf(
  base: string,
  aggregate: string | undefined,
  granularity: string | undefined,
  options: TableOptions,
): string {
  if (aggregate === undefined) return base;
  const { includeAggregateName = true, includeGranularityName = false } = options;
  return (
    base +
    (includeAggregateName ? `|${aggregate}` : '') +
    (includeGranularityName ? `|${granularity}` : '')
  );
}

/**
 * A series that appears twice, or is named like the times: told apart by its granularity, else by a
 * number.
 */
function freeName(
  columns: ReadonlyMap<string, unknown>,
  name: string,
  granularity: string | undefined,
): string {
  const isTaken = (wanted: string): boolean => wanted === 'timestamp' || columns.has(wanted);
  if (!isTaken(name)) return name;
  const longer = granularity === undefined ? name : `${name}|${granularity}`;
  if (!isTaken(longer)) return longer;
  let number = 2;
  while (isTaken(`${longer}#${number}`)) number++;
  return `${longer}#${number}`;
}

function originOf(
  points: AnyDatapoints,
  aggregate: Aggregate | undefined,
  content: ColumnOrigin['content'],
  label: string,
): ColumnOrigin {
  const { id, externalId, granularity, timeZone, unit, unitExternalId, isStep } = points;
  return {
    id,
    externalId,
    aggregate,
    granularity: aggregate && granularity,
    timeZone,
    unit: content === undefined ? aggregateUnit(unit ?? unitExternalId, aggregate) : undefined,
    isStep,
    label,
    ...(content && { content }),
  };
}

/** The unit of an aggregate of values: counts have no unit, a variance that of its squares. */
function aggregateUnit(unit: string | undefined, aggregate = ''): string | undefined {
  if (/^count/.test(aggregate)) return undefined;
  if (/^duration/.test(aggregate)) return 'ms';
  return unit && /Variance/.test(aggregate) ? `(${unit})²` : unit;
}
