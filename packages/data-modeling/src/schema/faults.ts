import { CdfError } from '@cdf/core';
import { isText } from '../wire/right-values.js';
import { type Fault, mustBe } from './name-rules.js';

export const LONGEST_DESCRIPTION = 1_024;

export function textFault(what: string, value: unknown, longest: number): Fault {
  if (typeof value === 'string' && !isText(value))
    return `${what} has half of a surrogate pair, which JSON cannot carry`;
  return value === undefined || (typeof value === 'string' && value.length <= longest)
    ? undefined
    : mustBe(what, `a string of at most ${longest} characters`, value);
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The message of a ConfigError. */
export function attempt(check: () => unknown): Fault {
  try {
    check();
    return undefined;
  } catch (error) {
    if (CdfError.isInstance(error)) return error.message;
    throw error;
  }
}

/** Words as the keys of what is known. */
export function names(text: string): Readonly<Record<string, true>> {
  return Object.fromEntries(text.split(' ').map((name) => [name, true]));
}
