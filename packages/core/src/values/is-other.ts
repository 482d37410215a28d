/**
 * Tells objects that are there for something else than their members: promises, dates, and what can
 * be iterated. They have none: such a query would have no conditions, and such an item be empty.
 */
export function isOther(value: object): boolean {
  return (
    isPromise(value) ||
    // A date, of this realm or another.
    typeof (value as { readonly getTime?: unknown }).getTime === 'function' ||
    Symbol.iterator in value ||
    Symbol.asyncIterator in value
  );
}

export function isPromise(value: object): boolean {
  return typeof (value as { readonly then?: unknown }).then === 'function';
}
