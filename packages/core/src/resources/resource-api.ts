import type { CallOptions, Transport } from '../transport/transport.js';
import type { Identified, Identifier } from '../values/identifiers.js';
import { ownCopy } from '../values/own-copy.js';
import type { ResourceAggregates } from './aggregates.js';
import { attachMethods, bindMethods } from './bind-methods.js';
import type { ResourceDefinition, ResourceObjects } from './definition.js';
import { ResourceEndpoint } from './endpoint.js';
import type { Listing } from './listing.js';
import type { UpdateOptions } from './patch.js';
import type { RetrieveMultipleOptions } from './queries.js';
import type { AssetScope } from './relations.js';
import { listInScope } from './scope.js';
import type { UpsertResult } from './upsert.js';
import type { QueryBody } from './wire.js';

/** The types of one resource. */
export interface ResourceTypes {
  item: Identified;
  list: Identified[];
  create: object;
  update: object;
  filter: object;
  property: string;
  query: object;
  /** A query beside a selection of assets. */
  scopedQuery: object;
  search: object;
}

/**
 * A class with some or all of the methods of `ResourceApi`, under the types and words of one
 * resource.
 */
export type ResourceClass<Item extends Identified, Operations> = new (
  transport: Transport,
  definition: ResourceDefinition<Item>,
) => Operations;

/** The methods that are loaded with the first call of one. */
const OPERATIONS = ['retrieveMultiple', 'search', 'create', 'update', 'upsert', 'delete'] as const;
const AGGREGATES = [
  'count',
  'uniqueValues',
  'uniqueProperties',
  'cardinalityValues',
  'cardinalityProperties',
] as const;

/** What can be iterated, such as a set or a generator, as the array of its items at the call. */
function asArray(items: unknown): unknown {
  const iterable = (typeof items === 'object' && items) as Iterable<unknown> | undefined;
  return iterable?.[Symbol.iterator] ? [...iterable] : items;
}

/**
 * The public methods of a resource, as its definition says. They work detached from the object.
 *
 * @example
 * const EventResource: ResourceClass<CdfEvent, EventOperations> = ResourceApi<EventTypes>;
 * export class EventsApi extends EventResource {
 *   constructor(transport: Transport) {
 *     super(transport, EVENTS);
 *   }
 * }
 */
export class ResourceApi<T extends ResourceTypes> {
  /** Counts and distinct values. One request each. */
  readonly aggregate: ResourceAggregates<T['filter'], T['property']>;
  /**
   * Items in the order of the identifiers. A request per 1,000.
   * @throws {NotFoundError} whose `missing` has every unknown identifier, unless `ignoreUnknownIds`
   */
  declare readonly retrieveMultiple: (
    identifiers: readonly Identifier[],
    query?: RetrieveMultipleOptions,
    options?: CallOptions,
  ) => Promise<T['list']>;
  /** The best matches, best first: at most 1,000. One request. */
  declare readonly search: (query: T['search'], options?: CallOptions) => Promise<T['list']>;
  /**
   * Creates items, in requests of 1,000. One for one, a list in input order for several.
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   */
  declare readonly create: {
    (item: T['create'], options?: CallOptions): Promise<T['item']>;
    (items: readonly T['create'][], options?: CallOptions): Promise<T['list']>;
  };
  /**
   * Changes items, by patches or by whole objects, in requests of 1,000. The answer is in input
   * order.
   * @param query `mode` decides on fields that whole objects do not carry
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   */
  declare readonly update: {
    (item: T['update'], query?: UpdateOptions, options?: CallOptions): Promise<T['item']>;
    (
      items: readonly T['update'][],
      query?: UpdateOptions,
      options?: CallOptions,
    ): Promise<T['list']>;
  };
  /**
   * Updates the items that exist and creates the others, found by id or external id. Not atomic.
   * @throws {ConfigError} before anything is sent, when one has neither id nor external id or two
   * have the same
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   */
  declare readonly upsert: (
    items: readonly (T['create'] & { readonly id?: number | undefined })[],
    query?: UpdateOptions,
    options?: CallOptions,
  ) => Promise<UpsertResult<T['list']>>;
  /**
   * Deletes items, by identifier or as they were read, in requests of 1,000.
   * @throws {NotFoundError} when one is unknown: then its request deletes nothing, unless
   * `ignoreUnknownIds`
   */
  declare readonly delete: (
    identifiers: readonly (Identifier | Identified)[],
    query?: RetrieveMultipleOptions,
    options?: CallOptions,
  ) => Promise<void>;
  readonly #endpoint: ResourceEndpoint<T['item'], T['list']>;
  readonly #assets: number | undefined;

  /**
   * @param objects the classes of items and lists.
   * @default items stay as they are, lists are `ResourceList`s
   */
  constructor(
    transport: Transport,
    definition: ResourceDefinition<T['item']>,
    objects?: ResourceObjects<T['item'], T['list']>,
  ) {
    const endpoint = new ResourceEndpoint<T['item'], T['list']>(transport, definition, objects);
    const { countsOnly, without = [], assets } = definition;
    this.#endpoint = endpoint;
    this.#assets = assets;
    this.aggregate = attachMethods(
      {} as ResourceAggregates<T['filter'], T['property']>,
      countsOnly ? ['count'] : AGGREGATES,
      async () => (await endpoint.operations()).aggregates,
    );
    bindMethods(this, without);
    attachMethods(
      this,
      // Members that the class defines itself, or lacks on purpose, stay.
      OPERATIONS.filter((name) => !(name in this)),
      endpoint.operations,
      asArray,
    );
  }

  /**
   * Items in their documented order, unless sorted. Awaited: the first 25, or `limit`. In
   * `for await`: all of them. A request per 1,000.
   */
  list(query: T['query'] = {}, options?: CallOptions): Listing<T['item'], T['list']> {
    return this.#endpoint.list(query as QueryBody, options);
  }

  /** Items that refer to a selection of assets. Awaited: all of them, unless `limit` is given. */
  listByAssets(
    scope: AssetScope,
    query: T['scopedQuery'] = {},
    options?: CallOptions,
  ): Listing<T['item'], T['list']> {
    return listInScope(this.#endpoint, scope, query as QueryBody, this.#assets, options);
  }

  /**
   * Items from elsewhere, such as JSON from disk, as a list with its methods. Sends nothing. The
   * list has copies.
   * @throws {ConfigError} when an item is not an object with an id
   */
  asList(items: readonly Identified[]): T['list'] {
    return this.#endpoint.asList(items);
  }

  /** The item of that identifier, or `undefined`. One request. */
  async retrieve(identifier: Identifier, options?: CallOptions): Promise<T['item'] | undefined> {
    const [named, own] = ownCopy([identifier, options], 3);
    return (await this.#endpoint.operations()).retrieve(named, {}, own);
  }
}
