import type { PropertyType } from './model.js';
import { InvalidValue, valueReader } from './values.js';

/** The fault of a default for a property of this type, if any. */
export function defaultValueProblem(type: PropertyType, value: unknown): string | undefined {
  if (type.list === true) return 'is not allowed for lists';
  return valueReader(type)(value) instanceof InvalidValue
    ? `must be a value of type ${type.type}`
    : undefined;
}
