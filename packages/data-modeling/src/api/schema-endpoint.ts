import { type CallOptions, Listing, type Page, type Transport } from '@cdf/core';
import { attachMethods, bindMethods, loadPart, once, ownCopy } from '@cdf/core/resource';
import type { SchemaKind, SchemaQuery } from './schema-kind.js';
import type { SchemaOperations } from './schema-operations.js';

/** The methods that are loaded with the first call of one. */
const OPERATIONS = ['retrieve', 'retrieveMultiple', 'upsert', 'delete'] as const;

/**
 * Reads and writes one kind of the schema. Methods work detached from the object.
 *
 * @typeParam Read options of retrieval
 */
export class SchemaEndpoint<
  T extends object,
  Id extends object,
  Write extends object,
  Query extends SchemaQuery,
  Read extends object,
> {
  readonly #load: () => Promise<SchemaOperations<T, Id, Write, Read>>;
  readonly #names: readonly string[];
  /** The one of that name, or `undefined`. Without a version the newest. One request. */
  declare readonly retrieve: (
    name: Id,
    query?: Read,
    options?: CallOptions,
  ) => Promise<T | undefined>;
  /**
   * Those of some names, in the order of the names. A name without a version gives every version.
   * A request per 100.
   * @throws {NotFoundError} when one is missing, unless `ignoreUnknownIds`
   */
  declare readonly retrieveMultiple: (
    names: readonly Id[],
    query?: Read & { readonly ignoreUnknownIds?: boolean | undefined },
    options?: CallOptions,
  ) => Promise<T[]>;
  /**
   * Creates what is new and changes what exists, in requests of 100. The answer is in input order.
   * The server keeps what an item leaves out: a property that is not sent is not removed.
   * @throws {ConfigError} for two items of one name
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   */
  declare readonly upsert: (items: readonly Write[], options?: CallOptions) => Promise<T[]>;
  /** Deletes; unknown ones are left out. Requests of 100. @returns the names of what was deleted */
  declare readonly delete: (names: readonly Id[], options?: CallOptions) => Promise<Id[]>;

  constructor(transport: Transport, kind: SchemaKind<Id>) {
    this.#names = kind.names;
    this.#load = once(async () => {
      const { SchemaOperations } = await loadPart(import('./schema-operations.js'));
      return new SchemaOperations(transport, kind);
    });
    bindMethods(this);
    attachMethods(this, OPERATIONS, this.#load);
  }

  /** Awaited: the first 25, or `limit`. In `for await`: all of them. A request per 1,000. */
  list(query: Query = {} as Query, options?: CallOptions): Listing<T> {
    // Later changes of the caller's object are not seen.
    const own = ownCopy(query);
    const source = {
      fetchPage: async (
        page: { readonly cursor?: string | undefined; readonly limit: number },
        call: CallOptions,
      ): Promise<Page<T>> => (await this.#load()).page(own, page, call),
      toList: (items: T[]): T[] => items,
      keyOf: (item: T): string =>
        this.#names.map((name) => (item as Record<string, unknown>)[name]).join(':'),
    };
    return new Listing<T>(source, { limit: own?.limit }, options);
  }
}
