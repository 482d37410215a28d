import { quoted } from '@cdf/core/resource';

/** A value for messages, short. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return `the string ${quoted(value.length > 60 ? `${value.slice(0, 60)}…` : value)}`;
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Date) return 'a Date';
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  return typeof value === 'object' ? 'an object' : `${typeof value} ${String(value)}`;
}
