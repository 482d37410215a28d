import { ConfigError } from '../errors.js';
import { printable } from '../values/text.js';

/**
 * JSON as CDF reads it: times are epoch milliseconds.
 *
 * @throws {ConfigError} for values that JSON cannot carry: a cycle, a BigInt, NaN, Infinity, an
 *   invalid date, half of a surrogate pair.
 */
export function stringifyJson(data: unknown): string {
  let problem: string | undefined;
  let text: string;
  try {
    text = JSON.stringify(
      data,
      function (this: Readonly<Record<string, unknown>>, key: string, value: unknown) {
        // `toJSON` has been called already: the value itself is in its holder.
        const epoch = toEpoch(this[key]);
        const written = epoch ?? value;
        // JSON would turn them into null.
        if (typeof written === 'number' && !Number.isFinite(written))
          problem ??= `${key || 'the value'} is ${epoch === undefined ? written : 'an invalid date'}`;
        return written;
      },
    );
  } catch (error) {
    throw new ConfigError('json: the value cannot be written as JSON', { cause: error });
  }
  // Servers store a half as U+FFFD.
  if (/\\ud[89a-f]/.test(text ?? ''))
    JSON.stringify(data, (key, value: unknown) => {
      if (/\p{Cs}/u.test(typeof value === 'string' ? `${key} ${value}` : key))
        problem ??= `${printable(key) || 'the value'} has half of a surrogate pair`;
      return value;
    });
  if (problem !== undefined) throw new ConfigError(`json: ${problem}, which JSON cannot carry`);
  return text;
}

/** Epoch milliseconds of a `Date` or a Temporal instant; undefined for anything else. */
function toEpoch(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  // Dates of other realms too.
  const isDate = Object.prototype.toString.call(value) === '[object Date]';
  const { epochMilliseconds, toJSON } = value as { epochMilliseconds?: unknown; toJSON?: unknown };
  if (!isDate)
    return typeof epochMilliseconds === 'number' && typeof toJSON === 'function'
      ? epochMilliseconds
      : undefined;
  return (value as Date).getTime();
}
