import { isLiteral } from './is-literal.js';

/** How deep names are: `[{ instanceId: { space, externalId } }]`. */
export const DEPTH_OF_NAMES = 3;

/**
 * A copy of an argument: what the caller changes later is not seen. Other than arrays, dates and
 * literals are taken as they are, such as an instant of Temporal or a literal that can be iterated;
 * so is an argument that cannot be read, of which its check says why.
 *
 * @param depth how deep names are: nodes that were read may have a plant inside
 */
export function ownCopy<T>(value: T, depth: number = Infinity): T {
  try {
    return copyOf(value, depth, new Map()) as T;
  } catch {
    return value;
  }
}

/** @param made the copies so far: what is there in several places is copied once */
function copyOf(value: unknown, depth: number, made: Map<unknown, unknown>): unknown {
  if (depth === 0 || typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return new Date(value);
  const isArray = Array.isArray(value);
  if (!isArray && !(isLiteral(value) && Object.getOwnPropertySymbols(value).length === 0))
    return value;
  const known = made.get(value);
  if (known !== undefined) return known;
  const own = (member: unknown): unknown => copyOf(member, depth - 1, made);
  const copy = isArray
    ? value.map(own)
    : Object.fromEntries(Object.entries(value).map(([name, member]) => [name, own(member)]));
  made.set(value, copy);
  return copy;
}
