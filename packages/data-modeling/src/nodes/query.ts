import { ConfigError } from '@cdf/core';
import { refuseUnknown } from '@cdf/core/resource';
import type { AnyView } from '../view/definition.js';
import { propertiesOf } from '../view/properties.js';
import type { OrderBy } from '../view/where-types.js';
import { describe } from '../wire/describe.js';
import { allOf, type WireFilter } from '../wire/filters.js';
import { holdsBigint } from '../wire/holds-bigint.js';
import { type Later, toFilter } from '../wire/where.js';
import { checkOptions } from './check-options.js';
import {
  type InstanceQuery,
  type InstanceScope,
  inSpace,
  type WireQuery,
} from './instance-scope.js';

/** @throws {ConfigError} for an option, condition or order that cannot be */
export function toWireQuery(scope: InstanceScope, query: InstanceQuery, what: string): WireQuery {
  const related = ['with', 'include'].find((name) => Object.hasOwn(Object(query), name));
  if (related !== undefined && scope.instance === 'node')
    throw new ConfigError(`${what}: unknown name "${related}"; find({ with }) reads related nodes`);
  checkOptions(query, ['where', 'orderBy', 'limit'], what, propertiesOf(scope.view));
  const { where, orderBy } = query;
  const filter = scopedFilter(scope, where, what);
  const isExact = scope.isExact || holdsBigint(filter);
  return { filter, sort: toSort(scope, orderBy, what), isExact };
}

/** The conditions of a user, and the space. */
export function scopedFilter(
  scope: InstanceScope,
  where: unknown,
  what: string,
  later?: Later,
): WireFilter | undefined {
  return allOf([inSpace(scope), toFilter(scope.view, where, what, scope.instance, later)]);
}

/** Members of every node that can be sorted by. */
const SORTABLE = ['space', 'externalId', 'createdTime', 'lastUpdatedTime'];
const MOST_SORTS = 5;

/** @throws {ConfigError} for a property or direction that cannot be */
export function toSort(
  { view, instance }: Pick<InstanceScope, 'view' | 'instance'>,
  orderBy: OrderBy<AnyView> | undefined,
  what: string,
): readonly WireSort[] | undefined {
  if (orderBy === undefined) return undefined;
  if (typeof orderBy !== 'object' || orderBy === null || Array.isArray(orderBy))
    throw new ConfigError(
      `${what}: orderBy must be an object such as { name: 'asc', power: 'desc' }, got ${describe(orderBy)}`,
    );
  const properties = propertiesOf(view);
  const entries = Object.entries(orderBy as Record<string, unknown>).filter(
    ([, direction]) => direction !== undefined,
  );
  if (entries.length > MOST_SORTS)
    throw new ConfigError(
      `${what}: orderBy takes at most ${MOST_SORTS} properties, got ${entries.length}`,
    );
  return entries.map(([name, given]) => {
    const own = properties.get(name);
    if (own === undefined && !SORTABLE.includes(name))
      refuseUnknown(
        [name],
        Object.fromEntries([...properties.keys(), ...SORTABLE].map((key) => [key, true])),
        `${what}: orderBy`,
      );
    if (own !== undefined && (own.list || own.kind === 'json' || own.reading === null))
      throw new ConfigError(
        `${what}: orderBy: ${name} has no order; it is ${own.list ? 'a list' : own.kind}`,
      );
    const isObject = typeof given === 'object' && given !== null;
    if (isObject) checkOptions(given, ['direction', 'nulls'], `${what}: orderBy: ${name}`);
    const { direction, nulls } = isObject ? (given as Sorting) : { direction: given };
    if (direction !== 'asc' && direction !== 'desc')
      throw new ConfigError(
        `${what}: orderBy: ${name} must be 'asc' or 'desc', got ${describe(direction)}`,
      );
    if (nulls !== undefined && nulls !== 'first' && nulls !== 'last')
      throw new ConfigError(
        `${what}: orderBy: nulls must be 'first' or 'last', got ${describe(nulls)}`,
      );
    return {
      property:
        own === undefined
          ? [instance, name]
          : [view.space, `${view.externalId}/${view.version}`, name],
      direction: direction === 'asc' ? 'ascending' : 'descending',
      nullsFirst: nulls === 'first',
    };
  });
}

/** One property of an order as the API takes it. */
interface WireSort {
  readonly property: readonly string[];
  readonly direction: 'ascending' | 'descending';
  readonly nullsFirst: boolean;
}

interface Sorting {
  readonly direction: unknown;
  readonly nulls?: unknown;
}
