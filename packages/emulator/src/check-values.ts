import { types } from 'node:util';
import { EmulatorError } from './errors.js';

/** A value as a message shows it: strings in quotes, the type of what has members. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return 'an array';
  if (types.isDate(value)) return 'a Date';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}

/** Refuses a value: `{subject} must be {wanted}, got …; {remedy}`. */
export function refuse(subject: string, wanted: string, value: unknown, remedy = ''): never {
  const end = remedy === '' ? '' : `; ${remedy}`;
  throw new EmulatorError(`${subject} must be ${wanted}, got ${shown(value)}${end}`);
}

/** A check of a value that is there; refuses with {@link EmulatorError}. */
export type ValueCheck = (subject: string, value: unknown) => void;

export const aString: ValueCheck = (subject, value) => {
  if (typeof value !== 'string') refuse(subject, 'a string', value);
};

export const aName: ValueCheck = (subject, value) => {
  if (typeof value !== 'string' || value === '')
    refuse(subject, 'a string that is not empty', value);
};

export const aFlag: ValueCheck = (subject, value) => {
  if (typeof value !== 'boolean') refuse(subject, 'true or false', value);
};

/** A whole number; `Infinity` counts as one where there is no `max` and `orAll`. */
export function aWhole(
  limits: { min?: number; max?: number; orAll?: boolean } = {},
  remedy?: string,
): ValueCheck {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, orAll = false } = limits;
  const range =
    max < Number.POSITIVE_INFINITY
      ? ` from ${min} to ${max}`
      : min > Number.NEGATIVE_INFINITY
        ? ` of at least ${min}`
        : '';
  return (subject, value) => {
    if (orAll && value === Number.POSITIVE_INFINITY) return;
    if (Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max) return;
    refuse(subject, `a whole number${range}`, value, remedy);
  };
}

/** An array whose elements pass a check. A string has parts too, but is not meant as a list. */
export function aList(each: ValueCheck): ValueCheck {
  return (subject, value) => {
    if (!Array.isArray(value))
      return refuse(
        subject,
        'an array',
        value,
        typeof value === 'string' ? `pass [${shown(value)}]` : '',
      );
    for (const [index, element] of value.entries()) each(`${subject}[${index}]`, element);
  };
}

/** Checks the members that are there by their names; `undefined` is as good as absent. */
export function checkMembers(
  given: object,
  checks: Readonly<Record<string, ValueCheck | undefined>>,
  subject: (name: string) => string = (name) => name,
): void {
  for (const [name, value] of Object.entries(given))
    if (value !== undefined) checks[name]?.(subject(name), value);
}
