import { ConfigError } from '../errors.js';
import type { CallOptions, Transport } from '../transport/transport.js';
import type { Identified, Identifier } from '../values/identifiers.js';
import { ResourceAggregates } from './aggregates.js';
import { bindMethods } from './bind-methods.js';
import { checkQuery } from './check-query.js';
import type { ResourceDefinition, ResourceObjects } from './definition.js';
import { ResourceEndpoint, type RetrieveMultipleOptions } from './endpoint.js';
import type { Listing } from './listing.js';
import type { UpdateOptions } from './patch.js';
import type { AssetScope } from './relations.js';
import { listInScope } from './scope.js';
import type { UpsertResult } from './upsert.js';
import { type QueryBody, toWireQuery } from './wire.js';

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

/** A class with some or all of the methods of `ResourceApi`, under the types and words of one resource. */
export type ResourceClass<Item extends Identified, Operations> = new (
  transport: Transport,
  definition: ResourceDefinition<Item>,
) => Operations;

/**
 * The public face of a resource: what its definition says, as methods. They work detached from the object.
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
  readonly #endpoint: ResourceEndpoint<T['item'], T['list']>;

  /** @param objects what becomes of items and lists. @default items stay what they are, lists are `ResourceList`s */
  constructor(
    transport: Transport,
    definition: ResourceDefinition<T['item']>,
    objects?: ResourceObjects<T['item'], T['list']>,
  ) {
    this.#endpoint = new ResourceEndpoint(transport, definition, objects);
    const { countsOnly = false } = definition;
    this.aggregate = new ResourceAggregates(
      (kind, query, options) => {
        checkQuery(definition, 'aggregate', query);
        return this.#endpoint.aggregate(countsOnly ? query : { ...query, ...kind }, options);
      },
      countsOnly ? ['uniqueValues', 'uniqueProperties', 'cardinalityValues', 'cardinalityProperties'] : [],
    );
    bindMethods(this, definition.without);
  }

  /** Items in their documented order, unless sorted. Awaited: the first 25, or `limit`. In `for await`: all of them. A request per 1,000. */
  list(query: T['query'] = {}, options?: CallOptions): Listing<T['item'], T['list']> {
    checkQuery(this.#endpoint.definition, 'list', query);
    return this.#endpoint.list(query as QueryBody, options);
  }

  /**
   * What refers to a selection of assets. Awaited: all of it, unless `limit` is given.
   * @throws {ConfigError} when the filter names assets too
   */
  listByAssets(scope: AssetScope, query: T['scopedQuery'] = {}, options?: CallOptions): Listing<T['item'], T['list']> {
    const { definition } = this.#endpoint;
    checkQuery(definition, 'list', query);
    return listInScope(this.#endpoint, scope, toWireQuery(definition, query as QueryBody), definition.assets, options);
  }

  /** The item of that identifier, or `undefined`. One request. */
  retrieve(identifier: Identifier, options?: CallOptions): Promise<T['item'] | undefined> {
    return this.#endpoint.retrieve(identifier, {}, options);
  }

  /**
   * Items in the order of the identifiers. A request per 1,000.
   * @throws {NotFoundError} whose `missing` has every unknown identifier, unless `ignoreUnknownIds`
   */
  async retrieveMultiple(
    identifiers: readonly Identifier[],
    query: RetrieveMultipleOptions = {},
    options?: CallOptions,
  ): Promise<T['list']> {
    checkQuery(this.#endpoint.definition, 'retrieveMultiple', query);
    return this.#endpoint.retrieveMultiple(identifiers, query, options);
  }

  /** The best matches, best first: at most 1,000. One request. */
  async search(query: T['search'], options?: CallOptions): Promise<T['list']> {
    checkQuery(this.#endpoint.definition, 'search', query);
    return this.#endpoint.search(query as QueryBody, options);
  }

  /**
   * Creates items, in requests of 1,000. One for one, a list in input order for several.
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   */
  create(item: T['create'], options?: CallOptions): Promise<T['item']>;
  create(items: readonly T['create'][], options?: CallOptions): Promise<T['list']>;
  create(input: T['create'] | readonly T['create'][], options?: CallOptions): Promise<T['item'] | T['list']> {
    return oneOrMany(input, (items) => this.#endpoint.create(items, options));
  }

  /**
   * Changes items, by patches or by whole objects, in requests of 1,000. The answer is in input order.
   * @param query `mode` says what whole objects do to fields that they do not carry
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   */
  update(item: T['update'], query?: UpdateOptions, options?: CallOptions): Promise<T['item']>;
  update(items: readonly T['update'][], query?: UpdateOptions, options?: CallOptions): Promise<T['list']>;
  async update(
    input: T['update'] | readonly T['update'][],
    query: UpdateOptions = {},
    options?: CallOptions,
  ): Promise<T['item'] | T['list']> {
    checkQuery(this.#endpoint.definition, 'update', query);
    return oneOrMany(input, (items) => this.#endpoint.update(items, query.mode, options));
  }

  /**
   * Updates the items that exist and creates the others, found by id or external id. Not atomic.
   * @throws {ConfigError} before anything is sent, when one has neither id nor external id or two have the same
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   */
  async upsert(
    items: readonly (T['create'] & { readonly id?: number | undefined })[],
    query: UpdateOptions = {},
    options?: CallOptions,
  ): Promise<UpsertResult<T['list']>> {
    checkQuery(this.#endpoint.definition, 'upsert', query);
    return this.#endpoint.upsert(items, query.mode, options);
  }

  /**
   * Deletes items, in requests of 1,000.
   * @throws {NotFoundError} when one is unknown: of its request nothing is deleted then, unless `ignoreUnknownIds`
   */
  async delete(
    identifiers: readonly Identifier[],
    query: RetrieveMultipleOptions = {},
    options?: CallOptions,
  ): Promise<void> {
    checkQuery(this.#endpoint.definition, 'delete', query);
    return this.#endpoint.delete(identifiers, query, options);
  }
}

/** Writes a single item or several, and gives the answer in the same form. */
export async function oneOrMany<I, T, L extends T[]>(
  input: I | readonly I[],
  write: (items: readonly I[]) => Promise<L>,
): Promise<T | L> {
  if (input === undefined || input === null) throw new ConfigError('expected an item or an array of items to write');
  if (Array.isArray(input)) return write(input);
  return (await write([input as I]))[0] as T;
}
