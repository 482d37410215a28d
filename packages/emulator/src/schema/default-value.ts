import type { PropertyType } from './model.js';
import { InvalidValue, valueReader } from './values.js';

/** What is wrong with the default of a property of this type, if anything. */
export function defaultValueProblem(type: PropertyType, value: unknown): string | undefined {
  if (type.list === true) return 'is not allowed for lists';
  return valueReader(type)(value) instanceof InvalidValue ? `must be a value of type ${type.type}` : undefined;
}
