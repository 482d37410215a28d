import type { Aggregate } from '../aggregates.js';
import type { AnyDatapoints } from '../datapoints-types.js';
import type { DatapointsTable } from './datapoints-table.js';
import type { ColumnOrigin, TableColumn } from './types.js';

/** Columns that a chart draws as one: the aggregates of one series, or a column alone. */
interface Group {
  readonly name: string;
  readonly origin: ColumnOrigin;
  readonly columns: Map<string, TableColumn>;
}

/**
 * The columns of a table as series, for what takes series, such as charts. The aggregates of one series are together, as `retrieve` gives
 * them. Rows without a value are left out.
 */
export function seriesOfTable({ timestamps, columns, origins }: DatapointsTable): AnyDatapoints[] {
  const groups = new Map<string, Group>();
  for (const [column, values] of columns) {
    const origin = origins.get(column) ?? { id: 0 };
    if (origin.content !== undefined) continue;
    const { aggregate, granularity, resampledTo, id } = origin;
    // What was put together anew is no aggregate of CDF any more.
    const isAggregate = aggregate !== undefined && resampledTo === undefined && values instanceof Float64Array;
    const name = isAggregate ? withoutEnds(column, [granularity, aggregate]) : column;
    const key = isAggregate ? JSON.stringify([name, id, granularity]) : column;
    const group = groups.get(key);
    if (group !== undefined && isAggregate && !group.columns.has(aggregate)) group.columns.set(aggregate, values);
    else {
      const own = new Map([[isAggregate ? aggregate : '', values]]);
      groups.set(group === undefined ? key : column, { name, origin, columns: own });
    }
  }
  return [...groups.values()].map((group) => toSeries(timestamps, group));
}

function toSeries(timestamps: Float64Array, { name, origin, columns }: Group): AnyDatapoints {
  const all = [...columns.values()];
  const rows = [...timestamps.keys()].filter((row) => all.some((values) => hasValue(values[row])));
  const pick = (values: TableColumn): Float64Array | (string | undefined)[] =>
    values instanceof Float64Array
      ? Float64Array.from(rows, (row) => values[row] as number)
      : rows.map((row) => values[row]);
  const { id, externalId, unit, isStep = false, granularity } = origin;
  const [[first, values] = ['', [] as TableColumn]] = columns;
  const isString = !(values instanceof Float64Array);
  const info = { id, externalId, name, unit, isStep, isString, timestamps: pick(timestamps) as Float64Array };
  if (first === '') return { ...info, values: pick(values) } as unknown as AnyDatapoints;
  const picked = [...columns].map(([aggregate, each]) => [aggregate, pick(each)]);
  const aggregates = [...columns.keys()] as Aggregate[];
  return { ...info, granularity, aggregates, ...Object.fromEntries(picked) } as unknown as AnyDatapoints;
}

function hasValue(value: number | string | undefined): boolean {
  return value !== undefined && !Number.isNaN(value);
}

function withoutEnds(name: string, ends: readonly (string | undefined)[]): string {
  return ends.reduce((rest: string, end) => (rest.endsWith(`|${end}`) ? rest.slice(0, -`|${end}`.length) : rest), name);
}
