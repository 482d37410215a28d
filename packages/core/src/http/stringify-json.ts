import { ConfigError } from '../errors.js';
import { toJson } from '../transport/body/request.js';

/**
 * JSON as CDF reads it: times are epoch milliseconds.
 *
 * @throws {ConfigError} for what JSON cannot carry: a cycle, a BigInt, NaN, Infinity, an invalid date.
 */
export function stringifyJson(data: unknown): string {
  let invalid: string | undefined;
  const text = toJson(data, 'json', function (key, value) {
    // `toJSON` has been called already: the value itself is in its holder.
    const epoch = toEpoch((this as Readonly<Record<string, unknown>>)[key]);
    if (Number.isNaN(epoch)) invalid = key || 'the value';
    return epoch ?? value;
  });
  if (invalid !== undefined) throw new ConfigError(`json: ${invalid} is an invalid date`);
  return text;
}

/** Epoch milliseconds of a `Date` or a Temporal instant; undefined for anything else. */
function toEpoch(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  // Dates of other realms too.
  const isDate = Object.prototype.toString.call(value) === '[object Date]';
  const { epochMilliseconds, toJSON } = value as { epochMilliseconds?: unknown; toJSON?: unknown };
  if (!isDate)
    return typeof epochMilliseconds === 'number' && typeof toJSON === 'function' ? epochMilliseconds : undefined;
  return (value as Date).getTime();
}
