import { evenChunks, MAX_ITEMS } from '../async/chunks.js';
import { callProgress } from '../async/progress.js';
import { ConfigError, NotFoundError } from '../errors.js';
import type { CallOptions, Transport } from '../transport/transport.js';
import { describeIdentifier } from '../values/describe-identifier.js';
import { type Identified, type Identifier, identifierKey } from '../values/identifiers.js';
import { spelledIdentifier } from '../values/spelled-identifier.js';
import { Aggregates } from './aggregates.js';
import { readPage } from './answers.js';
import { checkQuery } from './check-query.js';
import type { ResourceDefinition, ResourceObjects } from './definition.js';
import { oneOrSeveral } from './items-to-write.js';
import type { Page } from './listing-source.js';
import { identitiesOf, readRetrieved } from './match-answers.js';
import type { UpdateOptions } from './patch.js';
import type { RetrieveMultipleOptions } from './queries.js';
import { SeenKeys } from './seen-keys.js';
import type { UpsertResult } from './upsert.js';
import { type QueryBody, toWireQuery } from './wire.js';
import { ResourceWriter } from './writer.js';

/**
 * Every request of a resource but its listings, checked and as the API takes it: loaded with the
 * first of them.
 */
export class ResourceOperations<T extends Identified, L extends T[]> {
  /** The numbers behind `aggregate.*`. */
  readonly aggregates: Aggregates;
  readonly #transport: Transport;
  readonly #definition: ResourceDefinition<T>;
  readonly #objects: ResourceObjects<T, L>;
  readonly #writer: ResourceWriter<T, L>;

  constructor(
    transport: Transport,
    definition: ResourceDefinition<T>,
    objects: ResourceObjects<T, L>,
  ) {
    this.#transport = transport;
    this.#definition = definition;
    this.#objects = objects;
    this.#writer = new ResourceWriter(transport, definition, objects);
    this.aggregates = new Aggregates(async (kind, query, options) => {
      checkQuery(definition, 'aggregate', query);
      const body = toWireQuery(
        definition,
        definition.countsOnly ? query : { ...query, ...kind },
        Date.now(),
      );
      return (await this.#read<object>('/aggregate', body, options)).items;
    });
  }

  /** One item, or `undefined` when it does not exist. One request. */
  async retrieve(
    identifier: Identifier,
    query: object = {},
    options?: CallOptions,
  ): Promise<T | undefined> {
    checkQuery(this.#definition, 'retrieve', query);
    const items = [spelledIdentifier(identifier, `retrieve ${this.#definition.noun}`)];
    const [found] = await this.#byIds(items, query, options);
    const [, item] = found ?? [];
    return item === undefined ? undefined : this.#objects.adopt(item);
  }

  /**
   * Items in the order of the identifiers; one named twice is there twice. A request per 1,000.
   * @throws {NotFoundError} with every identifier that is unknown, unless `ignoreUnknownIds`.
   */
  async retrieveMultiple(
    identifiers: readonly Identifier[],
    query: RetrieveMultipleOptions = {},
    options: CallOptions = {},
  ): Promise<L> {
    checkQuery(this.#definition, 'retrieveMultiple', query);
    const { ignoreUnknownIds = false, ...extra } = query;
    const { noun } = this.#definition;
    const { adopt, toList } = this.#objects;
    if (!Array.isArray(identifiers))
      throw new ConfigError(
        `retrieve ${noun}: expected an array of identifiers; retrieve() takes one`,
      );
    const asked = identifiers.map((identifier) =>
      spelledIdentifier(identifier, `retrieve ${noun}`),
    );
    const distinct = [
      ...new Map(asked.map((identifier) => [identifierKey(identifier), identifier])).values(),
    ];
    // Unknown ids are always ignored on the wire: only so does one call learn of all of them.
    let done = 0;
    const pages = await Promise.all(
      evenChunks(distinct.length, MAX_ITEMS).map(async (indexes) => {
        const items = indexes.map((index) => distinct[index] as Identifier);
        const page = await this.#byIds(items, extra, options);
        done += items.length;
        callProgress(options, done, distinct.length);
        return page;
      }),
    );
    const found = new Map<string, T>();
    for (const [identity, item] of pages.flat()) {
      adopt(item);
      // One item may have been requested under two names.
      for (const each of [identity, ...identitiesOf(item)]) found.set(identifierKey(each), item);
    }
    const missing = distinct.filter((identifier) => !found.has(identifierKey(identifier)));
    if (missing.length > 0 && !ignoreUnknownIds) throw notFound(noun, missing);
    return toList(asked.flatMap((identifier) => found.get(identifierKey(identifier)) ?? []));
  }

  /** The best matches, best first. One request; the service gives at most 1,000. */
  async search(query: QueryBody, options?: CallOptions): Promise<L> {
    checkQuery(this.#definition, 'search', query);
    const { adopt, toList } = this.#objects;
    const { items } = await this.#read<T>(
      '/search',
      toWireQuery(this.#definition, query, Date.now()),
      options,
    );
    const seen = new SeenKeys();
    return toList(
      items.filter(({ id }) => id === undefined || seen.add(id)).map((item) => adopt(item)),
    );
  }

  /** Creates items in requests of 1,000; the answer is in input order. */
  create<I extends object>(input: I | readonly I[], options?: CallOptions): Promise<T | L> {
    const action = `create ${this.#definition.noun}`;
    return oneOrMany(input, (items) => this.#writer.create(items, options), action);
  }

  /** Updates by patches or whole objects, in requests of 1,000; the answer is in input order. */
  async update<I extends object>(
    input: I | readonly I[],
    query: UpdateOptions = {},
    options?: CallOptions,
  ): Promise<T | L> {
    checkQuery(this.#definition, 'update', query);
    const action = `update ${this.#definition.noun}`;
    const { mode } = query;
    return oneOrMany(input, (items) => this.#writer.update(items, mode, options), action);
  }

  /**
   * Updates items that exist and creates the others, found by id or external id; a request or three
   * per 1,000.
   * @throws {ConfigError} before anything is sent when an item has no name, or two have the same.
   */
  async upsert(
    items: readonly object[],
    query: UpdateOptions = {},
    options?: CallOptions,
  ): Promise<UpsertResult<L>> {
    checkQuery(this.#definition, 'upsert', query);
    return this.#writer.upsert(items, query.mode, options);
  }

  /**
   * Deletes items, in requests of 1,000.
   * @throws {NotFoundError} when one is unknown: then its request deletes nothing, unless
   * `ignoreUnknownIds`.
   */
  async delete(
    identifiers: readonly (Identifier | Identified)[],
    query: RetrieveMultipleOptions = {},
    options?: CallOptions,
  ): Promise<void> {
    checkQuery(this.#definition, 'delete', query);
    return this.#writer.delete(identifiers, query, options);
  }

  /** The items that exist, each with its requested name. */
  async #byIds(
    items: readonly Identifier[],
    extra: object,
    options?: CallOptions,
  ): Promise<[Identifier, T][]> {
    const path = `${this.#definition.path}/byids`;
    const body = { ...extra, items, ignoreUnknownIds: true };
    const request = { method: 'POST', path, body, idempotent: true, lane: 'read' } as const;
    const results = readRetrieved<T>(
      await this.#transport.request(request, options),
      `POST ${path}`,
      items,
    );
    return items.flatMap((identity, index): [Identifier, T][] => {
      const item = results[index];
      return item === undefined ? [] : [[identity, item]];
    });
  }

  async #read<I extends object>(
    action: string,
    body: object,
    options?: CallOptions,
  ): Promise<Page<I>> {
    const path = `${this.#definition.path}${action}`;
    const request = { method: 'POST', path, body, idempotent: true, lane: 'read' } as const;
    return readPage<I>(await this.#transport.request(request, options), `POST ${path}`);
  }
}

/**
 * A query of a listing as the API takes it.
 *
 * @throws {ConfigError} for an unknown option, an option in the wrong place, or a bound that is not
 *   a time.
 */
export function prepareQuery<T extends Identified>(
  definition: ResourceDefinition<T>,
  query: QueryBody,
  now: number,
): QueryBody {
  checkQuery(definition, 'list', query);
  return toWireQuery(definition, query, now);
}

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

/**
 * Writes a single item or several, and gives the answer in the same form.
 *
 * @param action for messages: `'create events'`
 * @throws {ConfigError} for what is neither an item nor an array of items.
 */
export async function oneOrMany<I, T, L extends T[]>(
  input: I | readonly I[],
  write: (items: readonly I[]) => Promise<L>,
  action = 'write',
): Promise<T | L> {
  const { isOne, items } = oneOrSeveral(input, action);
  const written = await write(items);
  return isOne ? (written[0] as T) : written;
}
