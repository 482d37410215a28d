/**
 * A point in time that points are written for: epoch milliseconds, a Date or a Temporal instant.
 */
export type PointTime = number | Date | { readonly epochMilliseconds: number };

/** Its epoch milliseconds; NaN for an invalid Date, and `undefined` for anything but a time. */
export function epochOf(time: unknown): number | undefined {
  if (typeof time === 'number') return time;
  if (time instanceof Date) return time.getTime();
  const { epochMilliseconds } = Object(time) as { readonly epochMilliseconds?: unknown };
  return typeof epochMilliseconds === 'number' ? epochMilliseconds : undefined;
}
