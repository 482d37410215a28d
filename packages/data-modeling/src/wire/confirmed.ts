import type { DecodeError } from '@cdf/core';
import { IncompleteAnswer, readObject, readPage, unexpected } from '@cdf/core/resource';

/** The items that the answer to a write confirms. */
export interface Confirmed<T> {
  /** Items that say which one they are. */
  readonly items: readonly T[];
  /** The problem of those that do not. */
  readonly problem: DecodeError | undefined;
}

/**
 * The items of an answer to a write. One that names nothing takes nothing from the others: what
 * they name was written.
 *
 * @throws {DecodeError} when it has no list of items
 */
export function readConfirmed<T extends object>(
  answer: unknown,
  label: string,
  names: readonly (keyof T & string)[],
): Confirmed<T> {
  const { items } = readObject(answer, label) as { readonly items?: unknown };
  if (!Array.isArray(items)) return { items: readPage<T>(answer, label).items, problem: undefined };
  const named = items.filter((item): item is T =>
    names.every((name) => typeof Object(item)[name] === 'string'),
  );
  const wrong = items.length - named.length;
  return {
    items: named,
    problem:
      wrong === 0
        ? undefined
        : unexpected(label, `${wrong} of its ${items.length} items have no name`),
  };
}

/**
 * Tells which of some names the answer to a deletion has: the others did not exist.
 *
 * @throws {IncompleteAnswer} when it names others too, or items without a name
 */
export function deletedOf<Id extends object>(
  sent: readonly Id[],
  items: readonly Id[],
  keyOf: (name: Id) => string,
  label: string,
  problem: DecodeError | undefined,
): readonly boolean[] {
  const asked = new Set(sent.map(keyOf));
  const deleted = new Set(items.map(keyOf));
  const isForeign = [...deleted].some((key) => !asked.has(key));
  const wrong =
    problem ??
    (isForeign ? unexpected(label, 'it names an item that was not asked for') : undefined);
  if (wrong === undefined) return sent.map((name) => deleted.has(keyOf(name)));
  // The answer may have left out the item that it has put in the place of another name.
  throw incomplete(
    wrong,
    sent.map((name) => deleted.has(keyOf(name)) || undefined),
  );
}

/** The error of an answer, with what it confirms all the same. */
export function incomplete<T>(
  error: DecodeError,
  answers: readonly (T | undefined)[],
): IncompleteAnswer<T> {
  return new IncompleteAnswer(error.message, { ...error, answers });
}
