import { loadPart, once } from '../async/lazy.js';
import { ConfigError } from '../errors.js';
import type { CallOptions, Transport } from '../transport/transport.js';
import type { Identified } from '../values/identifiers.js';
import { isObject, readPage } from './answers.js';
import type { ResourceDefinition, ResourceObjects } from './definition.js';
import { ResourceList } from './list.js';
import { Listing } from './listing.js';
import type { ListEndpoint, ListingSource } from './listing-source.js';
import type { ResourceOperations } from './operations.js';
import { hasMembers, ownQuery } from './own-query.js';
import { partitionedReader } from './partitioned-reader.js';
import { withPrototype } from './relations.js';
import type { QueryBody } from './wire.js';

/**
 * The requests that all of CDF's metadata services have in common, written once. A resource is a
 * definition; `ResourceApi` is its public face.
 */
export class ResourceEndpoint<T extends Identified, L extends T[]> implements ListEndpoint<T, L> {
  readonly transport: Transport;
  /**
   * All requests but listings. They are loaded when they are needed, since most pages list first.
   */
  readonly operations: () => Promise<ResourceOperations<T, L>>;
  readonly #definition: ResourceDefinition<T>;
  readonly #objects: ResourceObjects<T, L>;

  /** @param objects @default items stay as they are, lists are `ResourceList`s */
  constructor(
    transport: Transport,
    definition: ResourceDefinition<T>,
    objects: ResourceObjects<T, L> = PLAIN,
  ) {
    this.transport = transport;
    this.#definition = definition;
    this.#objects = objects;
    this.operations = once(async () => {
      const { ResourceOperations } = await loadOperations();
      return new ResourceOperations(transport, definition, objects);
    });
  }

  /**
   * The pages of `POST {path}/list`. With a sort they have one cursor: partitions would lose the
   * order.
   */
  source(query: QueryBody): ListingSource<T, L> {
    const { path, order } = this.#definition;
    const { adopt, toList } = this.#objects;
    const source: ListingSource<T, L> = {
      fetchPage: async ({ now, ...page }, options) => {
        const body = { ...(await this.prepare(query, now)), ...page };
        const spec = {
          method: 'POST',
          path: `${path}/list`,
          body,
          idempotent: true,
          lane: 'read',
        } as const;
        const answer = readPage<T>(
          await this.transport.request(spec, options),
          `POST ${path}/list`,
        );
        for (const item of answer.items) adopt(item);
        return answer;
      },
      toList,
      keyOf: ({ id }) => id,
    };
    // Null is refused with the first page.
    if (query?.sort !== undefined || order === undefined) return source;
    const readAll = partitionedReader(order, this.#confirm);
    return { ...source, compare: order, readAll };
  }

  readonly #confirm = async (items: readonly T[], options: CallOptions): Promise<readonly T[]> => {
    // An item without an id cannot be requested.
    const names = items.flatMap(({ id }) => (typeof id === 'number' ? [{ id }] : []));
    return (await this.operations()).retrieveMultiple(names, { ignoreUnknownIds: true }, options);
  };

  /**
   * Items from elsewhere as a list of this resource: of copies, which have its methods.
   *
   * @throws {ConfigError} when one has no id.
   */
  asList(items: readonly Identified[]): L {
    const { noun } = this.#definition;
    if (!Array.isArray(items) || items.some((item) => typeof item?.id !== 'number'))
      throw new ConfigError(`asList: expected an array of ${noun}, each with its id`);
    return this.#objects.toList(items.map((item) => this.#objects.adopt({ ...item })));
  }

  /** A listing over `source`. */
  list(query: QueryBody, options?: CallOptions): Listing<T, L> {
    const [body, limit] = ownQuery(query);
    return new Listing<T, L>(this.source(body), { limit }, options);
  }

  /**
   * Everything, or the first `limit`, that any of several filters lets through, merged in the
   * resource's order or that of the sort. Loaded from here, not by the parts that need it: bundlers
   * keep code that a page already has out of the parts that it loads itself.
   */
  async listMerged(
    query: QueryBody,
    filters: readonly object[],
    options?: CallOptions,
  ): Promise<T[]> {
    const { listMerged } = await loadPart(import('./merging.js'));
    return listMerged(this, query, filters, options);
  }

  prepare(query: QueryBody, now: number): QueryBody | Promise<QueryBody> {
    const { windows = [], options } = this.#definition;
    // The usual query is one already.
    const isPlain =
      hasMembers(query) &&
      Object.keys(query).every((name) => name === 'filter' || options?.list?.includes(name)) &&
      (query.sort ?? query.advancedFilter) === undefined &&
      [query.filter ?? {}, ...Object.values(query.filter ?? {})].every(
        (value) => !isObject(value) || hasMembers(value),
      ) &&
      !TIMES.concat(windows).some((name) => name in (query.filter ?? {}));
    if (isPlain) return query;
    return loadOperations().then(({ prepareQuery }) => prepareQuery(this.#definition, query, now));
  }
}

/** Windows of time in the filter of every resource. */
const TIMES = ['createdTime', 'lastUpdatedTime'];

const PLAIN: ResourceObjects<never, never> = {
  // Plain objects: frameworks that send data on, such as to a page, take no others.
  adopt: (item) => item,
  toList: (items) => withPrototype(items, ResourceList.prototype),
};

function loadOperations(): Promise<typeof import('./operations.js')> {
  return loadPart(import('./operations.js'));
}
