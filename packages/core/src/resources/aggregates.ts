import type { CallOptions } from '../transport/transport.js';
import type { AdvancedFilter, PropertyPath } from '../values/filters.js';
import { unexpected } from './answers.js';
import type { QueryBody } from './wire.js';

/** The items of an aggregate. `F` is the resource's simple filter, `P` its properties. */
export interface AggregateQuery<F = object, P extends string = string> {
  readonly filter?: F | undefined;
  readonly advancedFilter?: AdvancedFilter<P> | undefined;
}

/** Also which of the resulting values or keys count: `{ prefix: { value: 'pump' } }`. */
export interface ValueAggregateQuery<F = object, P extends string = string>
  extends AggregateQuery<F, P> {
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

/** The parameters of an aggregate request. */
export interface AggregateKind {
  readonly aggregate: string;
  readonly properties?: readonly { readonly property: readonly string[] }[];
  readonly path?: readonly string[];
}

/** Sends an aggregate request, and gives the items of its answer. */
export type FetchAggregates = (
  kind: AggregateKind,
  query: QueryBody,
  options?: CallOptions,
) => Promise<unknown[]>;

/**
 * Counts and distinct values of a resource, computed by the service: one request each. The service
 * compares text without case, gives values in lower case and may be a few seconds behind the newest
 * writes.
 */
export interface ResourceAggregates<F extends object = object, P extends string = string> {
  /** How many items match. */
  count(query?: AggregateQuery<F, P>, options?: CallOptions): Promise<number>;

  /** The distinct values of a property, most frequent first: at most 1,000. */
  uniqueValues(
    property: PropertyPath<P>,
    query?: ValueAggregateQuery<F, P>,
    options?: CallOptions,
  ): Promise<UniqueValue[]>;

  /** The keys below a property, by default metadata, most frequent first; at most 1,000. */
  uniqueProperties(
    path?: readonly string[],
    query?: ValueAggregateQuery<F, P>,
    options?: CallOptions,
  ): Promise<UniqueProperty[]>;

  /** About how many distinct values a property has. */
  cardinalityValues(
    property: PropertyPath<P>,
    query?: ValueAggregateQuery<F, P>,
    options?: CallOptions,
  ): Promise<number>;

  /** The approximate number of keys below a property, by default metadata. */
  cardinalityProperties(
    path?: readonly string[],
    query?: ValueAggregateQuery<F, P>,
    options?: CallOptions,
  ): Promise<number>;
}

/** `ResourceAggregates` over a function that sends. */
export class Aggregates implements ResourceAggregates {
  readonly #fetch: FetchAggregates;

  constructor(fetch: FetchAggregates) {
    this.#fetch = fetch;
  }

  async count(query: AggregateQuery = {}, options?: CallOptions): Promise<number> {
    return this.#count({ aggregate: 'count' }, query, options);
  }

  async uniqueValues(
    property: PropertyPath,
    query: ValueAggregateQuery = {},
    options?: CallOptions,
  ): Promise<UniqueValue[]> {
    const kind = { aggregate: 'uniqueValues', properties: [{ property: toArray(property) }] };
    const rows = await this.#rows<string>(kind, query, options);
    return rows.map(({ count, first }) => ({ count, value: first }));
  }

  async uniqueProperties(
    path: readonly string[] = ['metadata'],
    query: ValueAggregateQuery = {},
    options?: CallOptions,
  ): Promise<UniqueProperty[]> {
    const kind = { aggregate: 'uniqueProperties', path };
    const rows = await this.#rows<{ readonly property?: readonly string[] } | null>(
      kind,
      query,
      options,
    );
    return rows.map(({ count, first }) => ({ count, property: first?.property ?? [] }));
  }

  async cardinalityValues(
    property: PropertyPath,
    query: ValueAggregateQuery = {},
    options?: CallOptions,
  ): Promise<number> {
    const kind = { aggregate: 'cardinalityValues', properties: [{ property: toArray(property) }] };
    return this.#count(kind, query, options);
  }

  async cardinalityProperties(
    path: readonly string[] = ['metadata'],
    query: ValueAggregateQuery = {},
    options?: CallOptions,
  ): Promise<number> {
    const kind = { aggregate: 'cardinalityProperties', path };
    return this.#count(kind, query, options);
  }

  /**
   * @throws {DecodeError} when the answer has no number: a count that is 0 by mistake is data lost.
   */
  async #count(kind: AggregateKind, query: AggregateQuery, options?: CallOptions): Promise<number> {
    const [item] = await this.#ask<{ count?: unknown }>(kind, query, options);
    if (typeof item?.count === 'number') return item.count;
    throw unexpected(`aggregate ${kind.aggregate}`, 'it has no count');
  }

  /** @throws {DecodeError} when a row has no count, or no value. */
  async #rows<V>(
    kind: AggregateKind,
    query: AggregateQuery,
    options?: CallOptions,
  ): Promise<{ readonly count: number; readonly first: V }[]> {
    const items = await this.#ask<{ count?: unknown; values?: unknown }>(kind, query, options);
    return items.map(({ count, values }) => {
      if (typeof count === 'number' && Array.isArray(values) && values.length > 0)
        return { count, first: values[0] as V };
      throw unexpected(`aggregate ${kind.aggregate}`, 'a row lacks its count or value');
    });
  }

  #ask<A>(kind: AggregateKind, query: AggregateQuery, options?: CallOptions): Promise<A[]> {
    return this.#fetch(kind, query as QueryBody, options) as Promise<A[]>;
  }
}

function toArray(property: string | readonly string[]): readonly string[] {
  return typeof property === 'string' ? [property] : property;
}
