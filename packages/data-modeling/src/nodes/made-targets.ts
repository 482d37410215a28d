import type { ApiError, CallOptions, Transport } from '@cdf/core';
import { openScope, readPage } from '@cdf/core/resource';
import type { NodeReference } from '../view/definition.js';
import { readName } from '../wire/reader.js';
import { referenceKey } from '../wire/references.js';
import { send } from '../wire/send.js';
import { allowFirstVersion, type Entry } from './entries.js';
import { isConflict } from './refusals.js';

/** Names that are kept at least of a stream, which is written in bounded memory. */
const MOST_NAMES = 250_000;
/** A look takes no longer, with all retries. @unit milliseconds */
const LONGEST_LOOK = 10_000;

/**
 * The nodes that the items of a write refer to. The API makes those that do not exist, without
 * data: one that a later item of the same write is to create must not be taken for a node of
 * another.
 */
export class MadeTargets {
  readonly #transport: Transport;
  readonly #most: number;
  /** The latest names. Once they are too many, those before them are forgotten. */
  #latest = new Set<string>();
  #earlier: ReadonlySet<string> = new Set();
  /** Nodes of others: nothing is learned by another look. */
  readonly #ofOthers = new Set<string>();
  /** The project did not answer: it is not asked again. */
  #isGivenUp = false;

  /** @param isBounded whether the latest names only are kept */
  constructor(transport: Transport, isBounded: boolean) {
    this.#transport = transport;
    this.#most = isBounded ? MOST_NAMES : Infinity;
  }

  /** Notes nodes that relations of the write may make. */
  note(names: readonly NodeReference[]): void {
    for (const name of names) this.#latest.add(referenceKey(name));
    if (this.#latest.size < this.#most) return;
    this.#earlier = this.#latest;
    this.#latest = new Set();
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
    if (!isConflict(error) || this.#isGivenUp) return false;
    const suspects = entries.filter(
      ({ name, isMade }) => name.existingVersion === 0 && !isMade && this.#isOpen(name),
    );
    if (suspects.length === 0) return false;
    const names = suspects.map(({ name: { space, externalId } }) => ({ space, externalId }));
    const bare = await this.#look(names, options);
    const made = suspects.filter(({ name }) => bare.has(referenceKey(name)));
    for (const entry of made) {
      entry.isMade = true;
      allowFirstVersion(json, entry.start);
    }
    return made.length > 0;
  }

  #isOpen(name: NodeReference): boolean {
    const key = referenceKey(name);
    return (this.#latest.has(key) || this.#earlier.has(key)) && !this.#ofOthers.has(key);
  }

  /** The same, and none where the project does not answer in time. */
  async #look(names: readonly NodeReference[], options: CallOptions): Promise<ReadonlySet<string>> {
    const scope = openScope([options.signal], LONGEST_LOOK);
    try {
      return await this.#bare(names, { ...options, signal: scope.signal });
    } catch {
      this.#isGivenUp = true;
      return new Set();
    } finally {
      scope.end();
    }
  }

  /** Those of some nodes with their first version and no data in any view. Two requests at most. */
  async #bare(names: readonly NodeReference[], options: CallOptions): Promise<ReadonlySet<string>> {
    const found = await this.#ask('/instances/byids', {}, names, options);
    const first = found
      .filter(({ version }) => version === 1)
      .map(({ space, externalId }) => ({ space, externalId }));
    const body = { inspectionOperations: { involvedContainers: {} } };
    const inspected =
      first.length === 0 ? [] : await this.#ask('/instances/inspect', body, first, options);
    const bare = new Set(
      inspected
        .filter(({ inspectionResults }) => inspectionResults?.involvedContainers?.length === 0)
        .map(referenceKey),
    );
    // One that is not there yet may be made by another transaction.
    for (const key of found.map(referenceKey)) if (!bare.has(key)) this.#ofOthers.add(key);
    return bare;
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
