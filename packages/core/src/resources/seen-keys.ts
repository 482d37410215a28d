import { newKeys } from '#keys';

/**
 * Keys that are remembered at least. A set has a largest size, and a loop promises to spare memory.
 */
const REMEMBERED = 1_000_000;

const none = /* @__PURE__ */ newKeys();

/** The keys seen so far: all of them up to a million, then the last million at least. */
export class SeenKeys {
  readonly #capacity: number;
  #young = newKeys();
  #old = none;

  constructor(capacity: number = REMEMBERED) {
    this.#capacity = capacity;
  }

  /** Notes a key. Gives whether it is new. */
  add(key: unknown): boolean {
    if (this.#old.size > 0 && this.#old.has(key)) return false;
    // One search for both: `has` and `add` would each look for the place.
    const { size } = this.#young;
    if (this.#young.add(key).size === size) return false;
    if (size + 1 === this.#capacity) {
      this.#old = this.#young;
      this.#young = newKeys();
    }
    return true;
  }

  get isEmpty(): boolean {
    return this.#young.size + this.#old.size === 0;
  }
}
