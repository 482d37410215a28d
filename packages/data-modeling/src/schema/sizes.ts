import type { ContainerPropertyType } from '../api/schema-types.js';

/** The sizes of a property, which can only be raised. */
export const SIZES = ['maxListSize', 'maxTextSize'] as const;

/** Elements of a list whose size is not set, by the API's type. */
const ELEMENTS = { direct: 100, others: 1_000 };

/** The size that a property of the project has: one that is not set has that of the API. */
export function sizeOf(found: ContainerPropertyType, size: (typeof SIZES)[number]): number {
  const set = found[size] ?? undefined;
  if (set !== undefined) return set;
  if (size === 'maxTextSize') return Infinity;
  return found.type === 'direct' ? ELEMENTS.direct : ELEMENTS.others;
}
