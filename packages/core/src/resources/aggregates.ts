import type { CallOptions } from '../transport/transport.js';
import type { AdvancedFilter, PropertyPath } from '../values/filters.js';

/** Which items an aggregate is about. `F` is the resource's simple filter, `P` its properties. */
export interface AggregateQuery<F = object, P extends string = string> {
  readonly filter?: F | undefined;
  readonly advancedFilter?: AdvancedFilter<P> | undefined;
}

/** Also which of the resulting values or keys count: `{ prefix: { value: 'pump' } }`. */
export interface ValueAggregateQuery<F = object, P extends string = string> extends AggregateQuery<F, P> {
  readonly aggregateFilter?: object | undefined;
}

/** A value and how many items have it. */
export interface UniqueValue {
  readonly count: number;
  readonly value: string | number | boolean;
}

/** A property such as `['metadata', 'key']` and how many items have it. */
export interface UniqueProperty {
  readonly count: number;
  readonly property: readonly string[];
}

/** The part of `ResourceEndpoint` that aggregates need. */
export interface AggregateSource {
  aggregate<A>(body: object, options?: CallOptions): Promise<A[]>;
}

/**
 * Counts and distinct values of a resource, computed by the service: one request each. The service compares text without
 * case, gives values in lower case and may be a few seconds behind the newest writes.
 */
export class ResourceAggregates<F = object, P extends string = string> {
  readonly #source: AggregateSource;

  constructor(source: AggregateSource) {
    this.#source = source;
  }

  /** How many items match. */
  async count(query: AggregateQuery<F, P> = {}, options?: CallOptions): Promise<number> {
    const [item] = await this.#source.aggregate<{ count: number }>({ ...query, aggregate: 'count' }, options);
    return item?.count ?? 0;
  }

  /** The distinct values of a property, most frequent first: at most 1,000. */
  async uniqueValues(
    property: PropertyPath<P>,
    query: ValueAggregateQuery<F, P> = {},
    options?: CallOptions,
  ): Promise<UniqueValue[]> {
    const body = { ...query, aggregate: 'uniqueValues', properties: [{ property: toArray(property) }] };
    const items = await this.#source.aggregate<{ count: number; values: (string | number | boolean)[] }>(body, options);
    return items.map(({ count, values }) => ({ count, value: values[0] as string }));
  }

  /** The keys below a property, metadata unless said otherwise, most frequent first: at most 1,000. */
  async uniqueProperties(
    path: readonly string[] = ['metadata'],
    query: ValueAggregateQuery<F, P> = {},
    options?: CallOptions,
  ): Promise<UniqueProperty[]> {
    const body = { ...query, aggregate: 'uniqueProperties', path };
    const items = await this.#source.aggregate<{ count: number; values: { property: string[] }[] }>(body, options);
    return items.map(({ count, values }) => ({ count, property: values[0]?.property ?? [] }));
  }

  /** About how many distinct values a property has. */
  async cardinalityValues(
    property: PropertyPath<P>,
    query: ValueAggregateQuery<F, P> = {},
    options?: CallOptions,
  ): Promise<number> {
    const body = { ...query, aggregate: 'cardinalityValues', properties: [{ property: toArray(property) }] };
    return (await this.#source.aggregate<{ count: number }>(body, options))[0]?.count ?? 0;
  }

  /** About how many keys there are below a property, metadata unless said otherwise. */
  async cardinalityProperties(
    path: readonly string[] = ['metadata'],
    query: ValueAggregateQuery<F, P> = {},
    options?: CallOptions,
  ): Promise<number> {
    const body = { ...query, aggregate: 'cardinalityProperties', path };
    return (await this.#source.aggregate<{ count: number }>(body, options))[0]?.count ?? 0;
  }
}

function toArray(property: string | readonly string[]): readonly string[] {
  return typeof property === 'string' ? [property] : property;
}
