import type { CallOptions, Transport } from '@cdf/core';
import { readPage } from '@cdf/core/resource';
import type { NodeReference } from '../view/definition.js';
import { readName } from '../wire/reader.js';
import { referenceKey } from '../wire/references.js';
import { send } from '../wire/send.js';

/** Names that are kept: a stream is written in bounded memory. */
const MOST_NAMES = 100_000;

/**
 * The nodes that the items of a write refer to. The API makes those that do not exist, without
 * data: one that a later item of the same write is to create must not be taken for a node of
 * another.
 */
export class MadeTargets {
  readonly #transport: Transport;
  /** The latest names. */
  readonly #named = new Set<string>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Notes the nodes that an item refers to. */
  note(names: readonly NodeReference[]): void {
    for (const name of names) {
      const key = referenceKey(name);
      this.#named.delete(key);
      this.#named.add(key);
    }
    for (const oldest of this.#named) {
      if (this.#named.size <= MOST_NAMES) break;
      this.#named.delete(oldest);
    }
  }

  /** Tells whether an item refers to a node. */
  has(name: NodeReference): boolean {
    return this.#named.has(referenceKey(name));
  }

  /**
   * Those of some nodes that relations have made and that were not written since: they have their
   * first version, and no data in any view. At most two requests.
   */
  async of(names: readonly NodeReference[], options: CallOptions): Promise<ReadonlySet<string>> {
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
