import { ConfigError } from '@cdf/core';
import type { NodeReference } from '../view/definition.js';
import { unreadable } from '../wire/data.js';
import { describe } from '../wire/describe.js';

/** The space of items that do not name one. */
interface DefaultSpace {
  readonly space: string | undefined;
}

const LONGEST = 256;

/**
 * The name of an item, in the default space if it does not name one.
 *
 * @param what names the item in messages
 * @throws {ConfigError} when it cannot be one
 */
export function toName(scope: DefaultSpace, value: unknown, what: () => string): NodeReference {
  if (typeof value !== 'object' || value === null || value instanceof Promise) {
    const expected = scope.space === undefined ? '{ space, externalId }' : '{ externalId }';
    throw new ConfigError(`${what()}: expected ${expected}, got ${describe(value)}`);
  }
  try {
    return readName(scope, value, what);
  } catch (error) {
    throw unreadable(what(), error);
  }
}

function readName({ space }: DefaultSpace, value: object, what: () => string): NodeReference {
  const { space: own = space, externalId } = value as Partial<NodeReference>;
  if (typeof own !== 'string' || own === '')
    throw new ConfigError(`${what()}: missing space; name it here, or once in the settings`);
  if (
    typeof externalId !== 'string' ||
    externalId === '' ||
    externalId.length > LONGEST ||
    externalId.includes('\0')
  )
    throw new ConfigError(
      `${what()}: externalId must be a string of 1 to ${LONGEST} characters, got ${describe(externalId)}`,
    );
  return { space: own, externalId };
}

/** @throws {ConfigError} when it is not an array, or an item is not a name, with its place */
export function toNames(scope: DefaultSpace, values: unknown, what: string): NodeReference[] {
  if (!Array.isArray(values))
    throw new ConfigError(`${what}: expected an array of names, got ${describe(values)}`);
  return Array.from(values, (value, index) =>
    toName(scope, value, () => (values.length === 1 ? what : `${what}: item ${index}`)),
  );
}
