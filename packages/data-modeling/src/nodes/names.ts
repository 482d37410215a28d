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
  if (typeof value !== 'object' || value === null || value instanceof Promise)
    throw noName(scope, describe(value), what);
  try {
    return readName(scope, value, what);
  } catch (error) {
    throw unreadable(what(), error);
  }
}

function noName({ space }: DefaultSpace, given: string, what: () => string): ConfigError {
  const expected = space === undefined ? '{ space, externalId }' : '{ externalId }';
  return new ConfigError(`${what()}: expected ${expected}, got ${given}`);
}

function readName(scope: DefaultSpace, value: object, what: () => string): NodeReference {
  const { space } = scope;
  // Writes take streams; what deletes and retrieves takes arrays only.
  if (Symbol.asyncIterator in value || Symbol.iterator in value)
    throw noName(scope, 'a stream; collect it in an array', what);
  if (!('externalId' in value))
    throw new ConfigError(`${what()}: missing externalId, got ${describe(value)}`);
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
