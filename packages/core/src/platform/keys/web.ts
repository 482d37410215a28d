/** A set of keys. */
export function newKeys(): Set<unknown> {
  return new Set();
}
