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
import { type ListBody, type ListedResource, listResources, pagesOf } from './list-resources.js';
import type { Listing, ListingSource, Page } from './listing.js';
import type { UpdatableFields, UpdateMode } from './patch.js';
import type { UpsertResult } from './upsert.js';
import type { ResourceWriter } from './writer.js';

/** What differs between the resources of CDF, for `ResourceEndpoint`. */
export interface ResourceDescription<T extends Identified, L extends T[]> extends ListedResource<T, L> {
  /** For messages: `assets`. */
  readonly noun: string;
  readonly updatable: UpdatableFields;
  /** Fields that CDF sets: left out when an item that was read is created again. */
  readonly readOnly?: readonly string[] | undefined;
  /** Gives an item read from the API its methods. */
  adopt(item: T): T;
  toList(items: T[]): L;
}

/** What retrieving several resources does about identifiers that nothing has. */
export interface RetrieveMultipleOptions {
  /**
   * Leaves unknown identifiers out of the answer instead of raising `NotFoundError`.
   * @default false
   */
  readonly ignoreUnknownIds?: boolean | undefined;
}

/**
 * The requests that all of CDF's metadata services have in common, written once. The API classes say what a resource is
 * and delegate here.
 */
export class ResourceEndpoint<T extends Identified, L extends T[]> {
  readonly transport: Transport;
  readonly #description: ResourceDescription<T, L>;

  constructor(transport: Transport, description: ResourceDescription<T, L>) {
    this.transport = transport;
    this.#description = description;
  }

  /** A listing over `POST {path}/list`. */
  list(query: ListBody, options?: CallOptions, awaitLimit?: number): Listing<T, L> {
    return listResources(this.transport, this.#description, query, options, awaitLimit);
  }

  /** The pages of a list request, for listings that are put together from several. */
  source(body: ListBody): ListingSource<T, L> {
    return pagesOf(this.transport, this.#description, body);
  }

  /** One item, or `undefined` when there is none of that identifier. One request. */
  async retrieve(identifier: Identifier, extra: object = {}, options?: CallOptions): Promise<T | undefined> {
    const items = [toIdentifier(identifier, `retrieve ${this.#description.noun}`)];
    const answer = await this.#read<Page<T>>('/byids', { ...extra, items, ignoreUnknownIds: true }, options);
    const [item] = answer.items;
    return item === undefined ? undefined : this.#description.adopt(item);
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
    const { noun, adopt, toList } = this.#description;
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
  async search(body: object, options?: CallOptions): Promise<L> {
    const answer = await this.#read<Page<T>>('/search', body, options);
    return this.#description.toList(answer.items.map((item) => this.#description.adopt(item)));
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
  async aggregate<A>(body: object, options?: CallOptions): Promise<A[]> {
    return (await this.#read<{ items: A[] }>('/aggregate', body, options)).items;
  }

  /** Most programs read. */
  async #writer(): Promise<ResourceWriter<T, L>> {
    const { ResourceWriter } = await loadPart(import('./writer.js'));
    return new ResourceWriter(this.transport, this.#description);
  }

  #read<A>(action: string, body: object, options?: CallOptions): Promise<A> {
    const path = `${this.#description.path}${action}`;
    return this.transport.request<A>({ method: 'POST', path, body, idempotent: true }, options);
  }
}

/** A `NotFoundError` for identifiers that an answer did not have. At most five are named. */
export function notFound(noun: string, missing: readonly Identifier[]): NotFoundError {
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

/** A single thing or several, as a list, and how to give the answer back in the same form. */
export function oneOrMany<I>(input: I | readonly I[]): { items: readonly I[]; single: boolean } {
  if (input === undefined || input === null) throw new ConfigError('nothing was given to write');
  return Array.isArray(input) ? { items: input, single: false } : { items: [input as I], single: true };
}
