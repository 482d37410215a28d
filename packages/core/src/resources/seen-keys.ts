/**
 * Keys that are remembered at least. A set has a largest size, and a loop promises to spare memory.
 */
const REMEMBERED = 1_000_000;

/** The keys seen so far: all of them up to a million, then the last million at least. */
export class SeenKeys {
  readonly #capacity: number;
  #young = new Set<unknown>();
  #old: ReadonlySet<unknown> = new Set<unknown>();

  constructor(capacity: number = REMEMBERED) {
    this.#capacity = capacity;
  }

  /** Notes a key. Gives whether it is new. */
  add(key: unknown): boolean {
    if (this.#young.has(key) || this.#old.has(key)) return false;
    if (this.#young.size === this.#capacity) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    this.#young.add(key);
    return true;
  }

  get isEmpty(): boolean {
    return this.#young.size === 0;
  }
}
