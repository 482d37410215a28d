import { MAX_ITEMS } from '../async/chunks.js';
import { ConfigError } from '../errors.js';
import type { CallOptions, Transport } from '../transport/transport.js';
import { type Identified, type Identifier, ownIdentifier } from '../values/identifiers.js';
import { spelledIdentifier } from '../values/spelled-identifier.js';
import type { ResourceDefinition, ResourceObjects, UpdatableFields } from './definition.js';
import { itemsToWrite } from './items-to-write.js';
import { checkParentNames, withOneParent } from './parent-names.js';
import { refuseMisspelt, toWireUpdate, type UpdateMode } from './patch.js';
import { readNothing } from './read-nothing.js';
import { type UpsertResult, type UpsertStep, upsertInChunks, upsertNames } from './upsert.js';
import { toWireItems } from './wire.js';
import { readWritten, writeInChunks } from './writes.js';

/** The writing half of `ResourceEndpoint`: loaded with the first write. */
export class ResourceWriter<T extends Identified, L extends T[]> {
  readonly #transport: Transport;
  readonly #definition: ResourceDefinition<T>;
  readonly #objects: ResourceObjects<T, L>;
  readonly #readOnly: ReadonlySet<string>;

  constructor(
    transport: Transport,
    definition: ResourceDefinition<T>,
    objects: ResourceObjects<T, L>,
  ) {
    this.#transport = transport;
    this.#definition = definition;
    this.#objects = objects;
    this.#readOnly = new Set([
      'id',
      'createdTime',
      'lastUpdatedTime',
      ...(definition.readOnly ?? []),
    ]);
  }

  async create(items: readonly object[], options?: CallOptions): Promise<L> {
    const bodies = this.#toBodies(items);
    await this.#check(items, options);
    return this.#write('create', '', bodies, options);
  }

  async update(items: readonly object[], mode?: UpdateMode, options?: CallOptions): Promise<L> {
    const updates = this.#toUpdates(items, mode);
    await this.#check(items, options);
    return this.#write('update', '/update', updates, options);
  }

  async upsert(
    items: readonly object[],
    mode?: UpdateMode,
    options?: CallOptions,
  ): Promise<UpsertResult<L>> {
    const { noun } = this.#definition;
    const { adopt, toList } = this.#objects;
    upsertNames(itemsToWrite(items, `upsert ${noun}`), `upsert ${noun}`);
    const updates = this.#toUpdates(items, mode);
    const bodies = this.#toBodies(items);
    await this.#check(items, options);
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

  async delete(
    named: readonly (Identifier | Identified)[],
    extra: object,
    options?: CallOptions,
  ): Promise<void> {
    const { noun, path } = this.#definition;
    if (!Array.isArray(named))
      throw new ConfigError(`delete ${noun}: expected an array of identifiers or of ${noun}`);
    await writeInChunks<Identifier, undefined>(
      this.#transport,
      {
        action: `delete ${noun}`,
        items: named.map((item, index) => toDeleted(item, index, noun)),
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

  async #write(
    action: string,
    path: string,
    items: readonly object[],
    options?: CallOptions,
  ): Promise<L> {
    const { noun } = this.#definition;
    const { adopt, toList } = this.#objects;
    const written = await writeInChunks<object, T>(
      this.#transport,
      {
        action: `${action} ${noun}`,
        items,
        chunks: MAX_ITEMS,
        // Setting, adding and removing do the same the second time.
        send: (chunk, callOptions, onAttempt) =>
          this.#send(path, chunk, action === 'update', callOptions, onAttempt),
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
    const request = {
      method: 'POST',
      path,
      body: { items },
      idempotent,
      lane: 'write',
      onAttempt,
    } as const;
    return readWritten<T>(await this.#transport.request(request, options), `POST ${path}`, items);
  }

  async #check(items: readonly object[], options?: CallOptions): Promise<void> {
    const { hasParents, path } = this.#definition;
    if (hasParents) await checkParentNames(this.#transport, path, items, options);
  }

  #toWire(items: readonly object[]): readonly object[] {
    const wire = toWireItems(this.#definition, items);
    return this.#definition.hasParents ? wire.map((item) => withOneParent(item)) : wire;
  }

  #toBodies(items: readonly object[]): object[] {
    const readOnly = this.#readOnly;
    return this.#toWire(items).map((item) => {
      const names = Object.keys(item);
      if (!names.some((name) => readOnly.has(name))) return item;
      return Object.fromEntries(Object.entries(item).filter(([name]) => !readOnly.has(name)));
    });
  }

  #toUpdates(items: readonly object[], mode: UpdateMode | undefined): object[] {
    const { fields, leftOut, noun } = this.#definition;
    const updates = this.#toWire(items).map((item) =>
      toWireUpdate(item, fields as UpdatableFields, mode, leftOut),
    );
    refuseMisspelt(items, updates, fields as UpdatableFields, this.#readOnly, `update ${noun}`);
    return updates;
  }
}

function toDeleted(item: Identifier | Identified, index: number, noun: string): Identifier {
  const identifier = spelledIdentifier(ownIdentifier(item), `delete ${noun}`);
  // What was read of a node has an id, too.
  if ((identifier.instanceId ?? item.instanceId) !== undefined)
    throw new ConfigError(
      `delete ${noun}: [${index}] is a node; delete it with \`nodes(client, view).delete\`, which deletes what belongs to it`,
    );
  return identifier;
}
