import { ConfigError } from '@cdf/core';

/** Servers store half of a surrogate pair as U+FFFD. */
export function quote(text: string): string {
  if (/\p{Cs}/u.test(text))
    throw new ConfigError(
      `JSON cannot carry half of a surrogate pair, in ${JSON.stringify(text.slice(0, 60))}`,
    );
  return JSON.stringify(text);
}

/**
 * The JSON of a value whose `bigint`s are written as integers, exactly.
 *
 * @throws {ConfigError} for what JSON cannot carry: NaN, Infinity, an invalid date, half of a
 * surrogate pair
 */
export function stringifyExact(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new ConfigError(`JSON cannot carry a ${typeof value}`);
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new ConfigError(`JSON cannot carry ${value}`);
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  // Of an array with holes each place has a value, as `JSON.stringify` has it.
  if (Array.isArray(value)) return `[${Array.from(value, stringifyExact).join(',')}]`;
  if (value instanceof Date && Number.isNaN(value.getTime()))
    throw new ConfigError('JSON cannot carry an invalid date');
  // A property of that name is data.
  if (typeof (value as { readonly toJSON?: unknown }).toJSON === 'function')
    return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${quote(name)}:${stringifyExact(member)}`).join(',')}}`;
}
