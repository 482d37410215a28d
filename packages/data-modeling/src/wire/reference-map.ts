import type { NodeReference } from '../view/definition.js';

/** Values by the names of nodes. Keys are the strings that are there: none is made for a name. */
export class ReferenceMap<T> {
  readonly #spaces = new Map<string, Map<string, T>>();

  get({ space, externalId }: NodeReference): T | undefined {
    return this.#spaces.get(space)?.get(externalId);
  }

  set({ space, externalId }: NodeReference, value: T): void {
    let known = this.#spaces.get(space);
    if (known === undefined) {
      known = new Map();
      this.#spaces.set(space, known);
    }
    known.set(externalId, value);
  }
}
