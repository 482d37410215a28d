/** Deeper than any filter that the API takes, and far from where recursion ends. */
const MOST_LEVELS = 1000;

/**
 * The same filter with its dates in epoch milliseconds: JSON would make them strings, which compare
 * with no time. An invalid date becomes NaN, which no request carries.
 */
export function withEpochDates<F>(filter: F, level = 0): F {
  if (filter instanceof Date) return filter.getTime() as F;
  if (level > MOST_LEVELS) return filter;
  const map = (value: unknown): unknown => withEpochDates(value, level + 1);
  if (Array.isArray(filter)) return filter.map(map) as F;
  // A value with its own JSON form keeps it.
  if (Object.getPrototypeOf(filter ?? 0) !== Object.prototype) return filter;
  return Object.fromEntries(
    Object.entries(filter as object).map(([name, value]) => [name, map(value)]),
  ) as F;
}
