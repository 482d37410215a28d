// Values that `find` has put where a relation was. They look like what is written, and may lack
// some of it: by a condition, by a limit, or since a node has no data.

const values = /* @__PURE__ */ new WeakSet<object>();

/** Notes that a value was read along. @returns the value */
export function readAlong<T extends object>(value: T): T {
  values.add(value);
  return value;
}

/** Tells whether a value was read along. */
export function isReadAlong(value: unknown): boolean {
  return values.has(value as object);
}
