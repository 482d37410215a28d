import { badRequest } from '../errors.js';
import type { Entry } from '../instances/entry.js';
import type { Value } from '../schema/values.js';
import {
  array,
  boolean,
  type Check,
  isObject,
  needed,
  object,
  oneOf,
  text,
} from '../validation/schema.js';
import { type Compare, compareOf } from './compare.js';
import { type FilterContext, propertyAccess } from './property-reference.js';

const MAX_SORTS = 5;

/** One property of a sort as requests write it. */
export interface SortItem {
  readonly property: readonly string[];
  readonly direction?: 'ascending' | 'descending' | undefined;
  readonly nullsFirst?: boolean | undefined;
}

export const sortCheck: Check<SortItem[]> = array(
  object({
    property: needed(array(text(), { min: 1 })),
    direction: oneOf('ascending', 'descending'),
    nullsFirst: boolean,
  }) as Check<SortItem>,
  { max: MAX_SORTS },
);

export const searchSortCheck: Check<SortItem[]> = array(
  object({
    property: needed(array(text(), { min: 1 })),
    direction: oneOf('ascending', 'descending'),
  }) as Check<SortItem>,
  { max: MAX_SORTS },
);

/**
 * Where an instance is in an order: its values, and its place in the order of creation, which
 * breaks ties.
 */
export interface Position {
  readonly values: readonly (Value | null)[];
  readonly seq: number;
}

/** The place that a cursor holds; refuses one that was made up. */
export function asPosition(value: unknown): Position {
  const { values, seq } = (isObject(value) ? value : {}) as { values?: unknown; seq?: unknown };
  if (!Array.isArray(values) || typeof seq !== 'number')
    throw badRequest('The cursor is not one that was given out.');
  return { values, seq };
}

export interface Order {
  readonly positionOf: (entry: Entry) => Position;
  readonly compare: (left: Position, right: Position) => number;
}

/** The order that a sort asks for; `undefined` for that of creation. */
export function orderOf(
  sort: readonly SortItem[] | undefined,
  context: FilterContext,
): Order | undefined {
  if (sort === undefined || sort.length === 0) return undefined;
  const keys = sort.map(({ property, direction, nullsFirst = false }) => {
    const { get, name, type } = propertyAccess(property, context);
    if (type.list === true || type.type === 'json')
      throw badRequest(`Cannot sort by '${name}': lists and json have no order.`);
    const compare = nullable(compareOf(type), direction === 'descending', nullsFirst);
    // Relations are in the order of the nodes to which they lead.
    const placeOf = (value: Value): Value =>
      type.type === 'direct' ? (context.instances.get(value as string)?.seq ?? 0) : value;
    const read = (entry: Entry): Value | null => {
      const value = get(entry);
      return value === undefined ? null : placeOf(value);
    };
    return { read, compare };
  });
  return {
    positionOf: (entry) => ({ values: keys.map(({ read }) => read(entry)), seq: entry.seq }),
    compare: (left, right) => {
      for (const [index, { compare }] of keys.entries()) {
        const order = compare(left.values[index] ?? null, right.values[index] ?? null);
        if (order !== 0) return order;
      }
      return left.seq - right.seq;
    },
  };
}

type NullableCompare = (left: Value | null, right: Value | null) => number;

/** Nulls have their place whatever the direction. */
function nullable(compare: Compare, isDescending: boolean, nullsFirst: boolean): NullableCompare {
  return (left, right) => {
    if (left === null || right === null) {
      if (left === right) return 0;
      return (left === null) === nullsFirst ? -1 : 1;
    }
    return isDescending ? compare(right, left) : compare(left, right);
  };
}
