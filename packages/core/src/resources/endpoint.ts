import { evenChunks, MAX_ITEMS } from '../async/chunks.js';
import { loadPart } from '../async/lazy.js';
import { ConfigError, NotFoundError } from '../errors.js';
import type { CallOptions, Transport } from '../transport/transport.js';
import {
  describeIdentifier,
  type Identified,
  type Identifier,
  identifierKey,
  toIdentifier,
} from '../values/identifiers.js';
import type { ResourceDefinition, ResourceObjects } from './definition.js';
import { ResourceList } from './list.js';
import { Listing, type ListingSource, type Page } from './listing.js';
import type { UpdateMode } from './patch.js';
import { withPrototype } from './relations.js';
import type { UpsertResult } from './upsert.js';
import { type QueryBody, toWireQuery } from './wire.js';
import type { ResourceWriter } from './writer.js';

/** What retrieving several resources does about identifiers that nothing has. */
export interface RetrieveMultipleOptions {
  /**
   * Leaves unknown identifiers out of the answer instead of raising `NotFoundError`.
   * @default false
   */
  readonly ignoreUnknownIds?: boolean | undefined;
}

/** The part of a `ResourceEndpoint` that listings need. */
export interface ListEndpoint<T extends Identified, L extends T[]> {
  readonly transport: Transport;
  /** The pages of a list request. */
  source(query: QueryBody): ListingSource<T, L>;
}

/**
 * The requests that all of CDF's metadata services have in common, written once. A resource is a definition; `ResourceApi` is its
 * public face.
 */
export class ResourceEndpoint<T extends Identified, L extends T[]> implements ListEndpoint<T, L> {
  readonly transport: Transport;
  readonly definition: ResourceDefinition<T>;
  readonly #objects: ResourceObjects<T, L>;

  /** @param objects @default items stay what they are, lists are `ResourceList`s */
  constructor(transport: Transport, definition: ResourceDefinition<T>, objects: ResourceObjects<T, L> = PLAIN) {
    this.transport = transport;
    this.definition = definition;
    this.#objects = objects;
  }

  /** The pages of `POST {path}/list`. With a sort they have one cursor: partitions would lose the order. */
  source(query: QueryBody): ListingSource<T, L> {
    const { order } = this.definition;
    const { adopt, toList } = this.#objects;
    const body = toWireQuery(this.definition, query);
    return {
      fetchPage: async (page, options) => {
        const answer = await this.#read<Page<T>>('/list', { ...body, ...page }, options);
        for (const item of answer.items) adopt(item);
        return answer;
      },
      toList,
      keyOf: ({ id }) => id,
      ...(body.sort === undefined && order !== undefined && { compare: order }),
    };
  }

  /** A listing over `source`. */
  list({ limit, ...query }: QueryBody, options?: CallOptions): Listing<T, L> {
    return new Listing<T, L>(this.source(query), { limit }, options);
  }

  /** One item, or `undefined` when there is none of that identifier. One request. */
  async retrieve(identifier: Identifier, extra: object = {}, options?: CallOptions): Promise<T | undefined> {
    const items = [toIdentifier(identifier, `retrieve ${this.definition.noun}`)];
    const answer = await this.#read<Page<T>>('/byids', { ...extra, items, ignoreUnknownIds: true }, options);
    const [item] = answer.items;
    return item === undefined ? undefined : this.#objects.adopt(item);
  }

  /**
   * Items in the order of the identifiers; one named twice is there twice. A request per 1,000.
   * @throws {NotFoundError} with every identifier that is unknown, unless `ignoreUnknownIds`.
   */
  async retrieveMultiple(
    identifiers: readonly Identifier[],
    { ignoreUnknownIds = false, ...extra }: RetrieveMultipleOptions = {},
    options: CallOptions = {},
  ): Promise<L> {
    const { noun } = this.definition;
    const { adopt, toList } = this.#objects;
    if (!Array.isArray(identifiers))
      throw new ConfigError(
        `retrieve ${noun}: several are asked for with an array of identifiers, one with retrieve()`,
      );
    const asked = identifiers.map((identifier) => toIdentifier(identifier, `retrieve ${noun}`));
    const distinct = [...new Map(asked.map((identifier) => [identifierKey(identifier), identifier])).values()];
    // Unknown ids are always ignored on the wire: only so does one call learn of all of them.
    const pages = await Promise.all(
      evenChunks(distinct.length, MAX_ITEMS).map((indexes) => {
        const items = indexes.map((index) => distinct[index]);
        return this.#read<Page<T>>('/byids', { ...extra, items, ignoreUnknownIds: true }, options);
      }),
    );
    const found = new Map<string, T>();
    for (const item of pages.flatMap((page) => page.items)) {
      adopt(item);
      found.set(identifierKey({ id: item.id }), item);
      if (item.externalId !== undefined) found.set(identifierKey({ externalId: item.externalId }), item);
      if (item.instanceId !== undefined) found.set(identifierKey({ instanceId: item.instanceId }), item);
    }
    const missing = distinct.filter((identifier) => !found.has(identifierKey(identifier)));
    if (missing.length > 0 && !ignoreUnknownIds) throw notFound(noun, missing);
    return toList(asked.flatMap((identifier) => found.get(identifierKey(identifier)) ?? []));
  }

  /** The best matches, best first. One request; the service gives at most 1,000. */
  async search(query: QueryBody, options?: CallOptions): Promise<L> {
    const { adopt, toList } = this.#objects;
    const { items } = await this.#read<Page<T>>('/search', toWireQuery(this.definition, query), options);
    return toList(items.map((item) => adopt(item)));
  }

  /** Creates items in requests of 1,000; the answer is in input order. */
  async create(items: readonly object[], options?: CallOptions): Promise<L> {
    return (await this.#writer()).create(items, options);
  }

  /** Updates by patches or whole objects, in requests of 1,000; the answer is in input order. */
  async update(items: readonly object[], mode?: UpdateMode, options?: CallOptions): Promise<L> {
    return (await this.#writer()).update(items, mode, options);
  }

  /**
   * Updates what exists and creates what does not, found by id or external id; a request or three per 1,000.
   * @throws {ConfigError} before anything is sent when an item has no name, or two have the same.
   */
  async upsert(items: readonly object[], mode?: UpdateMode, options?: CallOptions): Promise<UpsertResult<L>> {
    return (await this.#writer()).upsert(items, mode, options);
  }

  /**
   * Deletes items, in requests of 1,000.
   * @throws {NotFoundError} when one is unknown: of its request nothing is deleted then, unless `ignoreUnknownIds` is in `extra`.
   */
  async delete(identifiers: readonly Identifier[], extra: object = {}, options?: CallOptions): Promise<void> {
    return (await this.#writer()).delete(identifiers, extra, options);
  }

  /** The numbers behind `aggregate.*`: the items of one aggregate request. */
  async aggregate<A>(query: QueryBody, options?: CallOptions): Promise<A[]> {
    return (await this.#read<{ items: A[] }>('/aggregate', toWireQuery(this.definition, query), options)).items;
  }

  /** Most programs read. */
  async #writer(): Promise<ResourceWriter<T, L>> {
    const { ResourceWriter } = await loadPart(import('./writer.js'));
    return new ResourceWriter(this.transport, this.definition, this.#objects);
  }

  #read<A>(action: string, body: object, options?: CallOptions): Promise<A> {
    const path = `${this.definition.path}${action}`;
    return this.transport.request<A>({ method: 'POST', path, body, idempotent: true, lane: 'read' }, options);
  }
}

const PLAIN: ResourceObjects<never, never> = {
  adopt: (item) => item,
  toList: (items) => withPrototype(items, ResourceList.prototype),
};

/** A `NotFoundError` for identifiers that an answer did not have. At most five are named. */
function notFound(noun: string, missing: readonly Identifier[]): NotFoundError {
  return new NotFoundError(
    `retrieve ${noun}: ${missing.length} not found (${namesOf(missing)}); pass ignoreUnknownIds to leave them out`,
    {
      status: 400,
      missing,
    },
  );
}

function namesOf(identifiers: readonly Identifier[]): string {
  const named = identifiers.slice(0, 5).map((identifier) => describeIdentifier(identifier));
  return named.join(', ') + (identifiers.length > 5 ? ', …' : '');
}
