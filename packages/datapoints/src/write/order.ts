import { ConfigError, type Identifier } from '@cdf/core';
import { describeIdentifier, identifierKey } from '@cdf/core/resource';
import { type Columns, concatColumns } from '../points/columns.js';
import { StatusBuilder, statusAt } from '../points/sparse.js';
import type { SeriesPoints, WriteColumns } from './points.js';

/**
 * One entry per series, its points ascending and without repeated times: what was given later wins.
 * A request must not name a series twice, and what is in order and distinct can be sent in any
 * order.
 *
 * @param ordered those that are known to be in order
 */
export function mergeSeries(
  series: readonly SeriesPoints[],
  ordered: ReadonlySet<SeriesPoints>,
): SeriesPoints[] {
  const byKey = new Map<string, SeriesPoints[]>();
  for (const each of series) {
    if (each.columns.timestamps.length === 0) continue;
    const key = identifierKey(each.identifier);
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [each]);
    else same.push(each);
  }
  return [...byKey.values()].map((same) => {
    const first = same[0] as SeriesPoints;
    if (same.length === 1 && ordered.has(first)) return first;
    const { identifier } = first;
    const columns = same.map((each) => each.columns);
    const kinds = new Set(columns.map(kindOf));
    if (kinds.has('string') && kinds.has('number')) throw mixedKinds(identifier);
    return { identifier, columns: inOrder(join(columns, kinds.has('string'))) };
  });
}

/** The kind of the values; unknown if every point lacks a value. */
export function kindOf({
  timestamps,
  values,
  nulls,
}: WriteColumns): 'number' | 'string' | undefined {
  if (nulls?.length === timestamps.length) return undefined;
  return values instanceof Float64Array ? 'number' : 'string';
}

export function mixedKinds(identifier: Identifier): ConfigError {
  return new ConfigError(
    `${describeIdentifier(identifier)}: numbers and strings for one time series; it takes one kind of value`,
  );
}

function join(given: readonly WriteColumns[], isString: boolean): WriteColumns {
  // Points without a value are of either kind.
  const parts = given.map((part) =>
    isString === !(part.values instanceof Float64Array)
      ? part
      : {
          ...part,
          values: isString
            ? new Array<string>(part.values.length).fill('')
            : new Float64Array(part.values.length).fill(NaN),
        },
  );
  const first = parts[0] as WriteColumns;
  if (parts.length === 1) return first;
  // concatColumns takes over what it is given: the caller's columns stay whole.
  const joined = concatColumns(
    parts.map((part) => ({ ...part })),
    undefined,
    isString,
  );
  return {
    ...joined,
    values: joined.values ?? [],
    needsJson: parts.some((part) => part.needsJson),
  };
}

function inOrder(columns: WriteColumns): WriteColumns {
  const { timestamps } = columns;
  if (isAscending(timestamps)) return columns;
  const order = Uint32Array.from(timestamps, (_, index) => index);
  // By time, then by place: the last of a time is the one that counts.
  order.sort(
    (left, right) => (timestamps[left] as number) - (timestamps[right] as number) || left - right,
  );
  const kept = order.filter((index, position) => {
    const next = order[position + 1];
    return next === undefined || timestamps[next] !== timestamps[index];
  });
  return { ...columns, ...gather(columns, kept) };
}

function gather(
  { timestamps, values, statuses, nulls }: WriteColumns,
  kept: Uint32Array,
): Columns & Pick<WriteColumns, 'values'> {
  const builder = new StatusBuilder();
  const isNull = new Set(nulls);
  const nullsKept: number[] = [];
  if (statuses !== undefined || nulls !== undefined)
    kept.forEach((index, position) => {
      const status = statusAt(statuses, index);
      if (status !== undefined) builder.add(position, status.code, status.symbol);
      if (isNull.has(index)) nullsKept.push(position);
    });
  return {
    timestamps: Float64Array.from(kept, (index) => timestamps[index] as number),
    values:
      values instanceof Float64Array
        ? Float64Array.from(kept, (index) => values[index] as number)
        : Array.from(kept, (index) => values[index] as string),
    statuses: builder.build(),
    nulls: nullsKept.length > 0 ? Uint32Array.from(nullsKept) : undefined,
  };
}

function isAscending(timestamps: Float64Array): boolean {
  for (let index = 1; index < timestamps.length; index++)
    if (!((timestamps[index] as number) > (timestamps[index - 1] as number))) return false;
  return true;
}
