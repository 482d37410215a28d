import { quoted } from '@cdf/core/resource';

/** A value for messages, short. */
export function describe(value: unknown): string {
  if (typeof value === 'string')
    return `the string ${quoted(value.length > 60 ? `${value.slice(0, 60)}…` : value)}`;
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Date) return 'a Date';
  if (value instanceof Promise) return 'a Promise; await it';
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  return typeof value === 'object' ? describeMembers(value) : `${typeof value} ${String(value)}`;
}

/** The names of at most five members: what is missing, or can be no name, shows. */
function describeMembers(value: object): string {
  const names = Object.keys(value);
  if (names.length === 0) return 'an object without members';
  const shown = names.slice(0, 5).map((name) => {
    // Not read: it may be a getter that throws.
    const { get, value: member } = Object.getOwnPropertyDescriptor(value, name) ?? {};
    const isShort = ['undefined', 'number', 'boolean'].includes(typeof member) || member === null;
    const text = /^[\w$]+$/.test(name) ? name : quoted(name);
    return isShort && get === undefined ? `${text}: ${member}` : text;
  });
  return `{ ${shown.join(', ')}${names.length > 5 ? ', …' : ''} }`;
}
