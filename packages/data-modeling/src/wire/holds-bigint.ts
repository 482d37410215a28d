/**
 * Tells whether a value has a `bigint` somewhere. Conditions and parameters may, although the view
 * that is read has no such property: a relation leads to one that has.
 */
export function holdsBigint(value: unknown): boolean {
  if (typeof value === 'bigint') return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsBigint);
}
