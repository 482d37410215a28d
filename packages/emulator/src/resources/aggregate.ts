import { badRequest } from '../errors.js';
import {
  olderAggregates,
  propertiesOf,
  type SimpleFilter,
  simpleFilter,
} from '../fields/derive.js';
import { compileFilter } from '../filters/advanced.js';
import { type BucketFilterLimits, bucketFilter } from '../filters/bucket-filter.js';
import { isMetadata, type Properties, propertyAt } from '../filters/properties.js';
import { post, type Route } from '../http/route.js';
import type { Item } from '../model/common.js';
import type { State } from '../state.js';
import { anything, array, type Check, object, oneOf, parse, text } from '../validation/schema.js';
import type { Kind } from './crud.js';

const MAX_BUCKETS = 1000;
const COUNTED_LIMITS: BucketFilterLimits = { children: 99, text: 255 };
const TEXT_LIMITS: BucketFilterLimits = { children: 19, text: 256 };

interface AggregateBody {
  readonly aggregate?: string | undefined;
  readonly properties?: readonly { readonly property?: unknown }[] | undefined;
  readonly path?: unknown;
  readonly keys?: readonly string[] | undefined;
  /** The older form of `properties` for unique values of events. */
  readonly fields?: readonly string[] | undefined;
  readonly filter?: Readonly<Record<string, unknown>> | undefined;
  readonly advancedFilter?: unknown;
  readonly aggregateFilter?: unknown;
}

interface Bucket {
  readonly value: unknown;
  count: number;
}

/** How the answers of one service look. */
interface AggregateStyle {
  /**
   * Time series answer all values as text; assets and events keep numbers and add the deprecated
   * `value`.
   */
  readonly allText: boolean;
  /**
   * Assets and events count the items that have a property, know the deprecated names, and default
   * `path`.
   */
  readonly counted: boolean;
}

/**
 * POST /{kind}/aggregate: counts, distinct values and distinct metadata keys. Exact, where the live
 * API approximates.
 */
export function aggregateRoute<T extends Item>(
  state: State,
  kind: Kind<T>,
  style: AggregateStyle,
): Route {
  const filter = simpleFilter(kind.table, state);
  const properties = propertiesOf(kind.table, state);
  const older = olderAggregates(kind.table);
  const kinds = [
    'count',
    'cardinalityValues',
    'cardinalityProperties',
    'uniqueValues',
    'uniqueProperties',
  ];
  const check: Check<AggregateBody> = object({
    aggregate: oneOf(...kinds, ...(style.counted ? ['metadataKeys', 'metadataValues'] : [])),
    properties: array(object({ property: anything }), { min: 1, max: 1 }),
    path: anything,
    keys: array(text(), { min: 1, max: 1 }),
    ...(older.length === 0 ? {} : { fields: array(oneOf(...older), { min: 1, max: 1 }) }),
    filter: filter.check,
    advancedFilter: anything,
    aggregateFilter: anything,
  });
  return post(`${kind.path}/aggregate`, (body) => {
    const request = parse(check, body ?? {});
    const items = selected(kind, filter, properties, request);
    const { aggregate = 'count' } = request;
    if (aggregate === 'count') return { items: [{ count: countOf(items, request, properties) }] };
    const path =
      aggregate.endsWith('Properties') || aggregate === 'metadataKeys'
        ? pathOf(request, style)
        : undefined;
    const buckets =
      path === undefined ? valueBuckets(items, request, properties, style) : keyBuckets(items);
    const limits = style.counted ? COUNTED_LIMITS : TEXT_LIMITS;
    const accepts =
      request.aggregateFilter === undefined
        ? (): boolean => true
        : bucketFilter(request.aggregateFilter, limits);
    const kept = buckets.filter(({ value }) => accepts(value));
    if (aggregate.startsWith('cardinality')) return { items: [{ count: kept.length }] };
    return {
      items: kept
        .slice(0, MAX_BUCKETS)
        .map(({ value, count }) => answer(value, count, path, style)),
    };
  });
}

function selected<T extends Item>(
  kind: Kind<T>,
  filter: SimpleFilter<T>,
  properties: Properties<T>,
  request: AggregateBody,
): T[] {
  const simple = request.filter === undefined ? undefined : filter.predicate(request.filter);
  const advanced =
    request.advancedFilter === undefined
      ? undefined
      : compileFilter(request.advancedFilter, properties).matches;
  const items: T[] = [];
  for (const item of kind.collection.items()) {
    if ((simple === undefined || simple(item)) && (advanced === undefined || advanced(item)))
      items.push(item);
  }
  return items;
}

function countOf<T>(
  items: readonly T[],
  request: AggregateBody,
  properties: Properties<T>,
): number {
  if (request.aggregateFilter !== undefined)
    throw badRequest('aggregateFilter is not allowed with count');
  if (request.properties === undefined) return items.length;
  const { of } = aggregated(request, properties);
  return items.filter((item) => valuesOf(of(item)).length > 0).length;
}

function valueBuckets<T>(
  items: readonly T[],
  request: AggregateBody,
  properties: Properties<T>,
  style: AggregateStyle,
): Bucket[] {
  const { of } = aggregated(request, properties);
  return bucketsOf(
    items.flatMap((item) => valuesOf(of(item)).map((value) => folded(value, style.allText))),
  );
}

function keyBuckets<T>(items: readonly T[]): Bucket[] {
  return bucketsOf(
    items.flatMap((item) =>
      Object.keys((item as { metadata?: object }).metadata ?? {}).map((key) => key.toLowerCase()),
    ),
  );
}

/** Most frequent first. */
function bucketsOf(values: readonly unknown[]): Bucket[] {
  const counts = new Map<unknown, Bucket>();
  for (const value of values) {
    const bucket = counts.get(value);
    if (bucket === undefined) counts.set(value, { value, count: 1 });
    else bucket.count += 1;
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

function aggregated<T>(
  request: AggregateBody,
  properties: Properties<T>,
): ReturnType<typeof propertyAt<T>> {
  if (request.aggregate === 'metadataValues')
    return propertyAt(properties, ['metadata', request.keys?.[0] ?? '']);
  const property =
    request.properties === undefined ? request.fields : request.properties[0]?.property;
  if (property === undefined) throw badRequest('properties must name the property to aggregate');
  const target = propertyAt(properties, property);
  const isMetadataKey = Array.isArray(property) && property[0] === 'metadata';
  if (!isMetadataKey && !isMetadata(property) && !properties.aggregatable.includes(target.name)) {
    throw badRequest(`Cannot aggregate ${JSON.stringify(property)}`);
  }
  return target;
}

function pathOf(request: AggregateBody, style: AggregateStyle): readonly string[] {
  const { path = style.counted ? ['metadata'] : undefined } = request;
  if (!isMetadata(path)) throw badRequest('path must be ["metadata"]');
  return path as string[];
}

function valuesOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function folded(value: unknown, allText: boolean): unknown {
  if (typeof value === 'string') return allText ? value : value.toLowerCase();
  return allText ? String(value) : value;
}

function answer(
  value: unknown,
  count: number,
  path: readonly string[] | undefined,
  style: AggregateStyle,
): object {
  const values = path === undefined ? [value] : [{ property: [...path, value] }];
  return style.allText ? { count, values } : { count, value, values };
}
