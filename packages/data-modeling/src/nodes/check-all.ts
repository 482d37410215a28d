import { type CdfError, ConfigError } from '@cdf/core';
import { copyOfError } from '@cdf/core/resource';
import { NamePlaces } from '../wire/name-places.js';
import { describeNames } from './describe-names.js';
import type { ItemEncoder } from './item-encoder.js';

/** Items that a message names. */
const MOST_TOLD = 5;
/** Items that have an error of their own. */
const MOST_ERRORS = 1_000;
/** The engine forgets what it has learned of a class when none of its objects is left. */
const none = /* @__PURE__ */ new NamePlaces(0);

/**
 * Checks items that are to be written. Nothing is kept of them: what is kept of a million items
 * costs more time than to read them again.
 *
 * @throws {ConfigError} for items that cannot be written, and for names that several have. The
 * message names the first; `errors` has one for each, whose `failed` is the item
 */
export function checkAll(
  items: readonly unknown[],
  encoder: Pick<ItemEncoder, 'check'>,
  what: string,
): void {
  const faulty = new Set<number>();
  // Not all of them: a million items may have the same fault.
  const errors: CdfError[] = [];
  const places = items.length === 0 ? none : new NamePlaces(items.length);
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    try {
      const name = encoder.check(item, index);
      const before = places.add(name, index);
      if (before !== undefined)
        throw new ConfigError(
          `${what}: ${describeNames([name])} appears twice, at items ${before} and ${index}`,
        );
    } catch (reason) {
      faulty.add(index);
      if (errors.length === MOST_ERRORS) continue;
      const error = reason as CdfError;
      const text = error.message.replace(`${what}: `, '');
      errors.push(copyOfError(error, text, { failed: [item], notAttempted: [item] }));
    }
  }
  const [first] = errors;
  if (first === undefined) return;
  const told = errors.slice(0, MOST_TOLD).map(({ message }) => message);
  const counts =
    faulty.size > 1 ? `${faulty.size} of ${items.length} items cannot be written: ` : '';
  const more = faulty.size > MOST_TOLD ? '; …' : '';
  // Those at fault come first: consoles show the first of them.
  const failed = [
    ...items.filter((_, index) => faulty.has(index)),
    ...items.filter((_, index) => !faulty.has(index)),
  ];
  throw new ConfigError(`${what}: ${counts}${told.join('; ')}${more}`, {
    cause: first,
    failed,
    notAttempted: failed,
    errors,
  });
}
