/** Objects that were read without a part, such as metadata: replacing with them would clear what was never seen. */
const partialObjects = /* @__PURE__ */ new WeakSet<object>();

/** Remembers that an object was read without some of its fields. */
export function markPartial(item: object): void {
  partialObjects.add(item);
}

/** Whether it was. */
export function isPartial(item: object): boolean {
  return partialObjects.has(item);
}
