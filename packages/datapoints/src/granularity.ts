import type { Granularity } from './granularity-text.js';
import { parseGranularity } from './read/series/granularity.js';

/**
 * A string from elsewhere, such as a query or a form, as a granularity that calls take:
 * `granularity('2 weeks')` is `'14d'`. Whole words are understood, and the number may be left out.
 *
 * @throws {ConfigError} for an invalid granularity.
 */
export function granularity(text: string): Granularity {
  return parseGranularity(text).text;
}
