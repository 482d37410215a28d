import { ConfigError } from '../errors.js';
import { isOther, isPromise } from '../values/is-other.js';
import { shown } from '../values/text.js';

/**
 * The items of a write, each an object that may have members. A list of items that was not awaited,
 * or a collection in the place of an item, would be written as one empty item.
 *
 * @param action for messages: `'create events'`
 * @throws {ConfigError} for what is no array of such items.
 */
export function itemsToWrite<I>(items: readonly I[], action: string): readonly I[] {
  if (!Array.isArray(items))
    throw new ConfigError(`${action}: expected an array, got ${kindOf(items)}`);
  // Also those that are missing: loops over arrays pass over holes.
  for (let index = 0; index < items.length; index++)
    if (!isItem(items[index]))
      throw new ConfigError(
        `${action}: item ${index}: expected an object, got ${kindOf(items[index])}`,
      );
  for (const [index, item] of items.entries()) {
    const { metadata } = item as { readonly metadata?: unknown };
    if (typeof metadata === 'object' && metadata !== null && isOther(metadata))
      throw new ConfigError(
        `${action}: item ${index}: metadata must be an object, got ${kindOf(metadata)}`,
      );
  }
  return items;
}

/** One item, or several. */
export function oneOrSeveral<I>(
  input: I | readonly I[],
  action: string,
): { readonly isOne: boolean; readonly items: readonly I[] } {
  if (Array.isArray(input)) return { isOne: false, items: itemsToWrite(input, action) };
  if (!isItem(input))
    throw new ConfigError(`${action}: expected an item or an array of items, got ${kindOf(input)}`);
  return { isOne: true, items: itemsToWrite([input as I], action) };
}

function isItem(item: unknown): boolean {
  return typeof item === 'object' && item !== null && !isOther(item);
}

/** What was given, and how it gives items. */
function kindOf(given: unknown): string {
  if (Object(given) !== given) return shown(given);
  if (isPromise(given as object)) return 'a promise; await it first';
  if (Symbol.asyncIterator in (given as object))
    return 'an async iterable; collect its items first, with for await';
  return shown(given);
}
