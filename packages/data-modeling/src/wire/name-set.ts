import type { NodeReference } from '../view/definition.js';

/** A power of two. */
const SHARDS = 64;

/**
 * Names of nodes. They are in many small sets: the table of a large one lives outside the young
 * heap of V8, and to grow it takes three times as long as to look things up.
 */
export class NameSet {
  readonly #spaces = new Map<string, readonly Set<string>[]>();

  /** Notes a name. Gives whether it is new. */
  add({ space, externalId }: NodeReference): boolean {
    let shards = this.#spaces.get(space);
    if (shards === undefined) {
      shards = Array.from({ length: SHARDS }, () => new Set<string>());
      this.#spaces.set(space, shards);
    }
    // Names often differ at their end.
    const { length } = externalId;
    const end = externalId.charCodeAt(length - 1) * 7 + externalId.charCodeAt(length - 2);
    const names = shards[end & (SHARDS - 1)] as Set<string>;
    // One search for both: whether it is there, and where it belongs.
    const { size } = names;
    return names.add(externalId).size > size;
  }
}
