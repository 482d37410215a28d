import type { AnyView } from '../view/definition.js';
import { isView } from '../view/properties.js';

/** Tells views from other objects that have a version, properties and options. */
export function isWholeView(value: unknown): value is AnyView {
  if (!isView(value)) return false;
  const { space, externalId, version, ownProperties } = value;
  return (
    [space, externalId, version].every((part) => typeof part === 'string') &&
    Array.isArray(ownProperties)
  );
}
