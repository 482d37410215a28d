import type { NodeReference } from '../view/definition.js';
import { referenceKey } from './references.js';

/** Places that are tried for a name before it goes where the crowded ones are. */
const MOST_TRIES = 32;

/**
 * Where the names of a list are that comes once. It is a table of numbers, whose size is known:
 * a `Set` of as many names takes six times as long, and most of that to grow.
 */
export class NamePlaces {
  readonly #externalIds: string[];
  readonly #spaces: string[];
  /** One more than the place of a name; 0 where there is none. Half of them at least stay so. */
  readonly #table: Int32Array;
  readonly #crowded = new Map<string, number>();
  /** Nobody can choose names that are crowded. */
  readonly #seed = Math.floor(Math.random() * 2 ** 31);

  /** @param count how many names there will be */
  constructor(count: number) {
    this.#externalIds = new Array<string>(count);
    this.#spaces = new Array<string>(count);
    this.#table = new Int32Array(2 ** Math.ceil(Math.log2(count + 1) + 1));
  }

  /** Notes the name at a place. Gives the place of the same one before it, if there is one. */
  add(name: NodeReference, place: number): number | undefined {
    const { space, externalId } = name;
    this.#externalIds[place] = externalId;
    this.#spaces[place] = space;
    const mask = this.#table.length - 1;
    let slot = this.#hash(externalId);
    for (let tries = 0; tries < MOST_TRIES; tries++, slot++) {
      const taken = this.#table[slot & mask] as number;
      if (taken === 0) {
        this.#table[slot & mask] = place + 1;
        return undefined;
      }
      if (this.#externalIds[taken - 1] === externalId && this.#spaces[taken - 1] === space)
        return taken - 1;
    }
    const key = referenceKey(name);
    const before = this.#crowded.get(key);
    if (before === undefined) this.#crowded.set(key, place);
    return before;
  }

  #hash(text: string): number {
    let hash = this.#seed;
    for (let index = 0; index < text.length; index++)
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    return (hash ^ (hash >>> 15)) >>> 0;
  }
}
