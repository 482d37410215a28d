import { ConfigError } from '../errors.js';
import { checkOptions } from './known-names.js';
import { shown } from './text.js';

/** What an option must be: true or false, a function, or something that is checked elsewhere. */
export type OptionKind = 'switch' | 'function' | 'other';

/** The options of every call, for methods that take theirs in the same argument. */
export const CALL_OPTIONS: Readonly<Record<'signal' | 'timeoutMs' | 'onProgress', OptionKind>> = {
  signal: 'other',
  timeoutMs: 'other',
  onProgress: 'function',
};

/**
 * Checks the options of a method before it sends anything.
 *
 * @param known the kind of each option, by its name
 * @throws {ConfigError} for what is no object, for an unknown option, for one of a call in the wrong
 *   argument, and for a switch that is neither true nor false: `'no'` would be on.
 */
export function checkMethodOptions(
  options: object,
  known: Readonly<Record<string, OptionKind>>,
  what: string,
): void {
  for (const name of Object.keys(CALL_OPTIONS))
    if (!Object.hasOwn(known, name) && Object.hasOwn(Object(options), name))
      throw new ConfigError(`${what}: ${name} is a call option; pass it in the last argument`);
  checkOptions(options, known, what);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null) continue;
    const kind = known[name];
    if (kind === 'switch' && typeof value !== 'boolean')
      throw new ConfigError(`${what}: ${name} must be true or false, got ${shown(value)}`);
    if (kind === 'function' && typeof value !== 'function')
      throw new ConfigError(`${what}: ${name} must be a function, got ${shown(value)}`);
  }
}
