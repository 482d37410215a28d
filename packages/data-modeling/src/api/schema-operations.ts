import { type CallOptions, ConfigError, NotFoundError, type Page, type Transport } from '@cdf/core';
import { concurrently, evenChunks, readPage, unexpected, writeInChunks } from '@cdf/core/resource';
import { checkOptions } from '../nodes/check-options.js';
import { deletedOf, incomplete, readConfirmed } from '../wire/confirmed.js';
import { describe } from '../wire/describe.js';
import { requestExact } from '../wire/exact-json.js';
import { inLane } from '../wire/in-lane.js';
import { byName, patternOf } from './by-name.js';
import type { SchemaKind, SchemaQuery } from './schema-kind.js';

/** Items that one request takes. */
const MOST_PER_REQUEST = 100;

/** The requests of one kind of the schema: loaded with the first of them. */
export class SchemaOperations<
  T extends object,
  Id extends object,
  Write extends object,
  Read extends object,
> {
  readonly #transport: Transport;
  readonly #kind: SchemaKind<Id>;

  constructor(transport: Transport, kind: SchemaKind<Id>) {
    this.#transport = transport;
    this.#kind = kind;
  }

  /** A page of the list. */
  async page(
    query: SchemaQuery,
    { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
    options: CallOptions,
  ): Promise<Page<T>> {
    const { path, noun, listOptions } = this.#kind;
    checkOptions(query, ['includeGlobal', 'limit', ...listOptions], `list ${noun}`);
    const { limit: _, ...filters } = query;
    const spec = {
      method: 'GET',
      path: `/models/${path}`,
      idempotent: true,
      ...inLane(this.#transport, 'query'),
    } as const;
    return this.#page(
      await requestExact(
        this.#transport,
        { ...spec, query: { ...filters, cursor, limit } },
        options,
      ),
      `GET ${spec.path}`,
    );
  }

  /** The one of that name, or `undefined`. Without a version the newest. One request. */
  async retrieve(
    name: Id,
    query: Read = {} as Read,
    options?: CallOptions,
  ): Promise<T | undefined> {
    const found = await this.#byIds([name], query, options ?? {});
    return found.reduce<T | undefined>(
      (newest, each) => (createdTime(each) >= createdTime(newest) ? each : newest),
      undefined,
    );
  }

  /**
   * Those of some names, in the order of the names. A name without a version gives every version.
   * A request per 100.
   * @throws {NotFoundError} when one is missing, unless `ignoreUnknownIds`
   */
  async retrieveMultiple(
    names: readonly Id[],
    query: Read & { readonly ignoreUnknownIds?: boolean | undefined } = {} as Read,
    options: CallOptions = {},
  ): Promise<T[]> {
    const { ignoreUnknownIds = false, ...read } = query as { readonly ignoreUnknownIds?: boolean };
    const found = await this.#byIds(names, read as Read, options);
    const known = byName(found, names, this.#kind.names);
    const groups = names.map((name) => known.get(patternOf(name, this.#kind.names)) ?? []);
    const missing = names.filter((_, index) => groups[index]?.length === 0);
    if (missing.length > 0 && !ignoreUnknownIds)
      throw new NotFoundError(
        `retrieve ${this.#kind.noun}: not found: ${missing
          .slice(0, 5)
          .map((name) => this.#key(name))
          .join(', ')}`,
        { status: 400, missing: missing as never },
      );
    return groups.flat();
  }

  /**
   * Creates what is new and changes what exists, in requests of 100. The answer is in input order.
   * The server keeps what an item leaves out: a property that is not sent is not removed.
   * @throws {ConfigError} for two items of one name
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   */
  async upsert(items: readonly Write[], options?: CallOptions): Promise<T[]> {
    const { path, noun } = this.#kind;
    const label = `POST /models/${path}`;
    const isItem = (item: unknown): boolean => typeof item === 'object' && item !== null;
    if (!Array.isArray(items) || !items.every(isItem))
      throw new ConfigError(
        `upsert ${noun}: expected an array of ${noun}, got ${Array.isArray(items) ? `one with ${describe(items.find((item) => !isItem(item)))}` : describe(items)}`,
      );
    this.#refuseTwice(items);
    return writeInChunks<Write, T>(
      this.#transport,
      {
        action: `upsert ${noun}`,
        items,
        chunks: MOST_PER_REQUEST,
        // The API takes one change of the schema at a time.
        parallel: 1,
        send: async (chunk, call, onAttempt) => {
          const spec = {
            method: 'POST',
            path: `/models/${path}`,
            body: { items: chunk },
            idempotent: true,
          } as const;
          const answer = await requestExact(
            this.#transport,
            { ...spec, ...inLane(this.#transport, 'schema'), onAttempt },
            call,
          );
          const { items: named, problem } = readConfirmed<T & Id>(answer, label, this.#kind.names);
          const found = chunk.map((item) =>
            named.find((each) => this.#has(each, item as unknown as Id)),
          );
          const isWhole = !found.includes(undefined) && named.length === chunk.length;
          const wrong =
            problem ??
            (isWhole
              ? undefined
              : unexpected(label, `it does not confirm each of ${chunk.length} items`));
          if (wrong !== undefined) throw incomplete(wrong, found);
          return found as T[];
        },
      },
      options,
    );
  }

  /** Deletes; unknown ones are left out. Requests of 100. @returns the names of what was deleted */
  async delete(names: readonly Id[], options?: CallOptions): Promise<Id[]> {
    const { path, noun } = this.#kind;
    const items = this.#names(names);
    const deleted = await writeInChunks<Id, boolean>(
      this.#transport,
      {
        action: `delete ${noun}`,
        items,
        chunks: MOST_PER_REQUEST,
        parallel: 1,
        send: async (chunk, call, onAttempt) => {
          const spec = {
            method: 'POST',
            path: `/models/${path}/delete`,
            body: { items: chunk },
            idempotent: true,
          } as const;
          const answer = await this.#transport.request(
            { ...spec, ...inLane(this.#transport, 'schema'), onAttempt },
            call,
          );
          const { items: named, problem } = readConfirmed<Id>(
            answer,
            `POST ${spec.path}`,
            this.#kind.names,
          );
          return deletedOf(chunk, named, (name) => this.#key(name), `POST ${spec.path}`, problem);
        },
      },
      options,
    );
    return items.filter((_, index) => deleted[index]);
  }

  async #byIds(names: readonly Id[], query: Read, options: CallOptions): Promise<T[]> {
    const { path, noun, names: parts, readOptions } = this.#kind;
    checkOptions(query, readOptions, `retrieve ${noun}`);
    const spec = {
      method: 'POST',
      path: `/models/${path}/byids`,
      idempotent: true,
      ...inLane(this.#transport, 'query'),
      query: query as never,
    } as const;
    const all = this.#names(names);
    const read = async (indexes: readonly number[], signal: AbortSignal): Promise<T[]> => {
      const items = indexes.map((index) => all[index] as Id);
      const label = `POST ${spec.path}`;
      const answer = this.#page(
        await requestExact(this.#transport, { ...spec, body: { items } }, { ...options, signal }),
        label,
      );
      const asked = new Set([...byName(answer.items, items, parts).values()].flat());
      const seen = new Set<string>();
      for (const item of answer.items) {
        const key = this.#key(item);
        if (seen.has(key) || !asked.has(item))
          throw unexpected(label, `${key} was not asked for, or appears twice`);
        seen.add(key);
      }
      return answer.items;
    };
    const limit = this.#transport.limits.read;
    const found = await concurrently(evenChunks(all.length, MOST_PER_REQUEST), read, {
      limit,
      signal: options.signal,
    });
    // A name without a version may be in another request than one with it.
    return [...new Map(found.flat().map((item) => [this.#key(item), item])).values()];
  }

  /** @throws {DecodeError} when an item does not say which one it is */
  #page(answer: unknown, label: string): Page<T> {
    const page = readPage<T>(answer, label);
    for (const item of page.items)
      for (const name of this.#kind.names)
        if (typeof (item as Readonly<Record<string, unknown>>)[name] !== 'string')
          throw unexpected(label, `an item has no ${name}`);
    return page;
  }

  /** Each name once. */
  #names(names: readonly Id[]): Id[] {
    if (!Array.isArray(names))
      throw new ConfigError(
        `${this.#kind.noun}: expected an array of names, got ${describe(names)}`,
      );
    const own = names.map((name) => this.#name(name));
    return [...new Map(own.map((name) => [this.#key(name), name])).values()];
  }

  /** The server would take one of them, and confirm both. */
  #refuseTwice(items: readonly Write[]): void {
    const places = new Map<string, number>();
    for (const [index, item] of items.entries()) {
      const key = this.#key(item);
      const before = places.get(key);
      if (before !== undefined)
        throw new ConfigError(
          `upsert ${this.#kind.noun}: ${key} appears twice, at items ${before} and ${index}`,
        );
      // One without a name has an error of the server.
      if (key !== '') places.set(key, index);
    }
  }

  /** The name of an item, and nothing else of it. @throws {ConfigError} when it cannot be one */
  #name(item: Id): Id {
    const { noun, names } = this.#kind;
    if (typeof item !== 'object' || item === null)
      throw new ConfigError(`${noun}: expected { ${names.join(', ')} }, got ${describe(item)}`);
    const parts = names
      .map((part) => [part, item[part] as unknown] as const)
      .filter(([, value]) => value !== undefined);
    for (const [part, value] of parts)
      if (typeof value !== 'string' || value === '')
        throw new ConfigError(
          `${noun}: ${String(part)} must be a non-empty string, got ${describe(value)}`,
        );
    return Object.fromEntries(parts) as Id;
  }

  #key(item: object): string {
    const parts = this.#kind.names.map((part) => (item as Readonly<Record<string, unknown>>)[part]);
    return parts.filter((part) => part !== undefined).join(':');
  }

  /** Tells whether an item has that name; one without a version is that of every version. */
  #has(item: object, name: Id): boolean {
    return this.#kind.names.every(
      (part) => name[part] === undefined || (item as Partial<Id>)[part] === name[part],
    );
  }
}

function createdTime(item: unknown): number {
  return (
    (item as { readonly createdTime?: number } | undefined)?.createdTime ?? Number.NEGATIVE_INFINITY
  );
}
