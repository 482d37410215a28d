import { ConfigError } from '../errors.js';
import { shown } from '../values/text.js';
import type { CallOptions } from './transport.js';

/** Timers cannot wait longer. @unit milliseconds */
const LONGEST = 2 ** 31 - 1;

/**
 * Checks the options of a call.
 *
 * @throws {ConfigError} for an unknown option, which would be ignored silently; for a `timeoutMs` of
 * 0 or of more than 24 days, with which a timer ends at once; and for an `onProgress` that cannot be
 * called.
 */
export function checkCall({ timeoutMs, signal: _, onProgress, ...others }: CallOptions): void {
  const problems = Object.keys(others).map(
    (name) => `unknown call option ${name}; known options: signal, timeoutMs, onProgress`,
  );
  problems.push(...numberProblems({ timeoutMs }, 1));
  if (onProgress != null && typeof onProgress !== 'function')
    problems.push(`onProgress must be a function, got ${typeof onProgress}`);
  if (problems.length > 0) throw new ConfigError(problems.join());
}

/** A line for each number that no timer or counter can be. @param prefix of their names */
export function numberProblems(values: object, least: number, prefix = ''): string[] {
  return Object.entries(values)
    .filter(
      ([, value]) =>
        value !== undefined && !(Number.isInteger(value) && value >= least && value <= LONGEST),
    )
    .map(([key, value]) => {
      const bounds = Number(value) > LONGEST ? `at most ${LONGEST}` : `at least ${least}`;
      return `${prefix}${key} must be a whole number, ${bounds}, got ${shown(value)}`;
    });
}
