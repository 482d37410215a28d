import { MAX_ITEMS } from '../async/chunks.js';
import { ConfigError } from '../errors.js';
import type { CallOptions, Transport } from '../transport/transport.js';
import { type Identified, type Identifier, toIdentifier } from '../values/identifiers.js';
import { readNothing } from './answers.js';
import type { ResourceDefinition, ResourceObjects, UpdatableFields } from './definition.js';
import { toWireUpdate, type UpdateMode } from './patch.js';
import { type UpsertResult, type UpsertStep, upsertInChunks, upsertNames } from './upsert.js';
import { toWireItems } from './wire.js';
import { readWritten, writeInChunks } from './writes.js';

/** The writing half of `ResourceEndpoint`: loaded with the first write. */
export class ResourceWriter<T extends Identified, L extends T[]> {
  readonly #transport: Transport;
  readonly #definition: ResourceDefinition<T>;
  readonly #objects: ResourceObjects<T, L>;
  readonly #readOnly: ReadonlySet<string>;

  constructor(transport: Transport, definition: ResourceDefinition<T>, objects: ResourceObjects<T, L>) {
    this.#transport = transport;
    this.#definition = definition;
    this.#objects = objects;
    this.#readOnly = new Set(['id', 'createdTime', 'lastUpdatedTime', ...(definition.readOnly ?? [])]);
  }

  create(items: readonly object[], options?: CallOptions): Promise<L> {
    return this.#write('create', '', this.#toBodies(items), options);
  }

  update(items: readonly object[], mode?: UpdateMode, options?: CallOptions): Promise<L> {
    return this.#write('update', '/update', this.#toUpdates(items, mode), options);
  }

  async upsert(items: readonly object[], mode?: UpdateMode, options?: CallOptions): Promise<UpsertResult<L>> {
    const { noun } = this.#definition;
    const { adopt, toList } = this.#objects;
    if (!Array.isArray(items)) throw new ConfigError(`upsert ${noun}: what to write is given as an array`);
    upsertNames(items, `upsert ${noun}`);
    const updates = this.#toUpdates(items, mode);
    const bodies = this.#toBodies(items);
    const step =
      (path: string, wire: readonly object[], idempotent: boolean): UpsertStep<T> =>
      (indexes, callOptions, onAttempt) =>
        this.#send(
          path,
          indexes.map((index) => wire[index] as object),
          idempotent,
          callOptions,
          onAttempt,
        );
    const { results, outcomes } = await upsertInChunks<T>(
      this.#transport,
      {
        action: `upsert ${noun}`,
        items,
        maxItems: MAX_ITEMS,
        update: step('/update', updates, true),
        create: step('', bodies, false),
      },
      options,
    );
    return { items: toList(results.map((item) => adopt(item))), outcomes };
  }

  async delete(identifiers: readonly Identifier[], extra: object, options?: CallOptions): Promise<void> {
    const { noun, path } = this.#definition;
    if (!Array.isArray(identifiers))
      throw new ConfigError(`delete ${noun}: what to delete is given as an array of identifiers`);
    await writeInChunks<Identifier, undefined>(
      this.#transport,
      {
        action: `delete ${noun}`,
        items: (identifiers as readonly Identifier[]).map((identifier) => toIdentifier(identifier, `delete ${noun}`)),
        chunks: MAX_ITEMS,
        send: async (items, callOptions, onAttempt) => {
          const body = { ignoreUnknownIds: false, ...extra, items };
          const request = {
            method: 'POST',
            path: `${path}/delete`,
            body,
            idempotent: false,
            lane: 'write',
            onAttempt,
          } as const;
          readNothing(await this.#transport.request(request, callOptions), `POST ${path}/delete`);
          return items.map(() => undefined);
        },
      },
      options,
    );
  }

  async #write(action: string, path: string, items: readonly object[], options?: CallOptions): Promise<L> {
    const { noun } = this.#definition;
    const { adopt, toList } = this.#objects;
    const written = await writeInChunks<object, T>(
      this.#transport,
      {
        action: `${action} ${noun}`,
        items,
        chunks: MAX_ITEMS,
        // Setting, adding what is there and removing what is not do the same the second time.
        send: (chunk, callOptions, onAttempt) => this.#send(path, chunk, action === 'update', callOptions, onAttempt),
      },
      options,
    );
    return toList(written.map((item) => adopt(item)));
  }

  async #send(
    action: string,
    items: readonly object[],
    idempotent: boolean,
    options: CallOptions,
    onAttempt: () => void,
  ): Promise<readonly T[]> {
    const path = `${this.#definition.path}${action}`;
    const request = { method: 'POST', path, body: { items }, idempotent, lane: 'write', onAttempt } as const;
    return readWritten<T>(await this.#transport.request(request, options), `POST ${path}`, items);
  }

  #toBodies(items: readonly object[]): object[] {
    const readOnly = this.#readOnly;
    return toWireItems(this.#definition, items).map((item) => {
      const names = Object.keys(item);
      if (!names.some((name) => readOnly.has(name))) return item;
      return Object.fromEntries(Object.entries(item).filter(([name]) => !readOnly.has(name)));
    });
  }

  #toUpdates(items: readonly object[], mode: UpdateMode | undefined): object[] {
    const { fields } = this.#definition;
    return toWireItems(this.#definition, items).map((item) => toWireUpdate(item, fields as UpdatableFields, mode));
  }
}
