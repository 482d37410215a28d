/**
 * A copy of an argument: what the caller changes later is not seen. Other than arrays, dates and
 * literals are taken as they are, such as an instant of Temporal; so is an argument that cannot be
 * read, of which its check says why.
 */
export function ownCopy<T>(value: T): T {
  try {
    return copyOf(value);
  } catch {
    return value;
  }
}

function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map((each) => copyOf(each)) as T;
  if (value instanceof Date) return new Date(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, copyOf(member)]),
  ) as T;
}
