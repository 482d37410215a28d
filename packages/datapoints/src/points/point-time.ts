/**
 * A point in time that points are written for: epoch milliseconds, a Date or a Temporal instant.
 */
export type PointTime = number | Date | { readonly epochMilliseconds: number };
