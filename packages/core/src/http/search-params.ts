import { stringifyJson } from './stringify-json.js';

/**
 * Search parameters as CDF reads them: strings, numbers and booleans as they are, times as epoch
 * milliseconds, arrays and other objects as JSON. Members that are null or undefined are omitted.
 *
 * @throws {ConfigError} for values that JSON cannot carry: a cycle, a BigInt, NaN, Infinity, an
 *   invalid date.
 *
 * @example
 * const searchParams = toSearchParams({ assetIds: [1, 2], cursor: undefined });
 * await http.get('timeseries', { searchParams }).json();
 */
export function toSearchParams(record: Readonly<Record<string, unknown>>): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(record))
    if (value !== undefined && value !== null)
      parameters.set(name, typeof value === 'string' ? value : stringifyJson(value));
  return parameters;
}
