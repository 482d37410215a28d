import type { ApiError, CallOptions, Transport } from '@cdf/core';
import { readPage } from '@cdf/core/resource';
import type { NodeReference } from '../view/definition.js';
import { readName } from '../wire/reader.js';
import { referenceKey } from '../wire/references.js';
import { send } from '../wire/send.js';
import { allowFirstVersion, type Entry } from './entries.js';
import { isConflict } from './refusals.js';

/** Names that are kept of a stream, which is written in bounded memory. */
const MOST_NAMES = 100_000;

/**
 * The nodes that the items of a write refer to. The API makes those that do not exist, without
 * data: one that a later item of the same write is to create must not be taken for a node of
 * another.
 */
export class MadeTargets {
  readonly #transport: Transport;
  readonly #most: number;
  /** The latest names. */
  readonly #named = new Set<string>();

  /** @param isBounded whether the latest names only are kept */
  constructor(transport: Transport, isBounded: boolean) {
    this.#transport = transport;
    this.#most = isBounded ? MOST_NAMES : Infinity;
  }

  /** Notes nodes that relations of the write may make. */
  note(names: readonly NodeReference[]): void {
    for (const name of names) {
      const key = referenceKey(name);
      this.#named.delete(key);
      this.#named.add(key);
    }
    for (const oldest of this.#named) {
      if (this.#named.size <= this.#most) break;
      this.#named.delete(oldest);
    }
  }

  /**
   * Tells whether a transaction was refused for nodes that relations of the write have made. Another
   * one then writes them, unless someone else has written them by then.
   */
  async cause(
    error: ApiError,
    entries: readonly Entry[],
    json: Uint8Array,
    { onProgress: _, ...options }: CallOptions,
  ): Promise<boolean> {
    if (!isConflict(error)) return false;
    const suspects = entries.filter(
      ({ name, isMade }) =>
        name.existingVersion === 0 && !isMade && this.#named.has(referenceKey(name)),
    );
    if (suspects.length === 0) return false;
    const names = suspects.map(({ name: { space, externalId } }) => ({ space, externalId }));
    const bare = await this.#bare(names, options).catch(() => new Set<string>());
    const made = suspects.filter(({ name }) => bare.has(referenceKey(name)));
    for (const entry of made) {
      entry.isMade = true;
      allowFirstVersion(json, entry.start);
    }
    return made.length > 0;
  }

  /** Those of some nodes with their first version and no data in any view. Two requests at most. */
  async #bare(names: readonly NodeReference[], options: CallOptions): Promise<ReadonlySet<string>> {
    const first = (await this.#ask('/instances/byids', {}, names, options))
      .filter(({ version }) => version === 1)
      .map(({ space, externalId }) => ({ space, externalId }));
    if (first.length === 0) return new Set();
    const inspectionOperations = { involvedContainers: {} };
    const inspected = await this.#ask(
      '/instances/inspect',
      { inspectionOperations },
      first,
      options,
    );
    return new Set(
      inspected
        .filter(({ inspectionResults }) => inspectionResults?.involvedContainers?.length === 0)
        .map(referenceKey),
    );
  }

  async #ask(
    path: string,
    more: object,
    names: readonly NodeReference[],
    options: CallOptions,
  ): Promise<Known[]> {
    const items = names.map((name) => ({ instanceType: 'node', ...name }));
    const body = { items, ...more };
    const request = { path, body, lane: 'query', idempotent: true } as const;
    const label = `POST /models${path}`;
    const { items: found } = readPage<object>(await send(this.#transport, request, options), label);
    return found.map((item) => readName(item, label) as Known);
  }
}

/** A node of an answer, not checked. */
interface Known extends NodeReference {
  readonly version?: unknown;
  readonly inspectionResults?: { readonly involvedContainers?: readonly unknown[] };
}
