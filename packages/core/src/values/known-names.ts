import { ConfigError } from '../errors.js';
import { isOther } from './is-other.js';
import { quoted, shown } from './text.js';

/**
 * How like a name has to be to one that there is: more so where others are allowed, such as `state`
 * beside `status`.
 */
const LIKENESS = { closed: 0.6, open: 0.75 };

/**
 * Rejects unknown names, such as those of options, which would otherwise be ignored silently.
 *
 * @param known has every name as a key
 * @param isOpen true if the caller may have other names there, for its own purposes: then only
 *   misspelt ones are refused
 * @throws {ConfigError} with the name that was meant, or else with all that there are.
 */
export function refuseUnknown(
  given: readonly string[],
  known: object,
  what: string,
  isOpen?: boolean,
): void {
  if (!Array.isArray(given))
    throw new ConfigError(`${what}: expected an array, got ${shown(given)}`);
  for (const name of given as readonly string[]) {
    if (Object.hasOwn(known, name)) continue;
    let best = isOpen ? LIKENESS.open : LIKENESS.closed;
    let hint = isOpen ? '' : `known names: ${Object.keys(known).join(', ')}`;
    for (const each of Object.keys(known)) {
      const likeness = likenessOf(String(name), each);
      if (likeness < best) continue;
      best = likeness;
      hint = `did you mean ${each}?`;
    }
    if (hint) throw new ConfigError(`${what}: unknown name ${quoted(name)}; ${hint}`);
  }
}

/**
 * Rejects unknown options, and what is not an object of options.
 *
 * @throws {ConfigError}
 */
export function checkOptions(options: object, known: object, what: string, isOpen?: boolean): void {
  if (Object(options) !== options || isOther(options))
    throw new ConfigError(`${what}: expected an object of options, got ${shown(options)}`);
  refuseUnknown(Object.keys(options), known, what, isOpen);
}

/** Letters that come in the same order in both, as a part of all: 1 for names that are the same. */
function likenessOf(left: string, right: string): number {
  const letters = right.toLowerCase();
  let shared = 0;
  let end = 0;
  for (const letter of left.toLowerCase()) {
    const found = letters.indexOf(letter, end) + 1;
    if (found > 0) {
      end = found;
      shared += 2;
    }
  }
  return shared / (left.length + right.length);
}
