import { badRequest } from '../errors.js';

/**
 * Checks one value, adds its problems to `problems` and returns it in the form the handlers use.
 */
export type Check<T> = (value: unknown, path: string, problems: string[]) => T;

/** A member that must be there. */
export interface Needed<T> {
  readonly needed: Check<T>;
}

type Field = Check<unknown> | Needed<unknown>;
type FieldsOf<S> = {
  [K in keyof S as S[K] extends Needed<unknown> ? K : never]: S[K] extends Needed<infer T>
    ? T
    : never;
} & {
  [K in keyof S as S[K] extends Needed<unknown> ? never : K]?: S[K] extends Check<infer T>
    ? T | undefined
    : never;
};
/** The type that a shape of checks lets through. */
export type Checked<S> = { [K in keyof FieldsOf<S>]: FieldsOf<S>[K] };

/** Runs a check over a request body; refuses with 400 and every problem found. */
export function parse<T>(check: Check<T>, value: unknown): T {
  const problems: string[] = [];
  const result = check(value, '', problems);
  if (problems.length > 0) throw violations(problems);
  return result;
}

/** The refusal for a request that breaks its schema. */
function violations(problems: readonly string[]): Error {
  const shown = problems.slice(0, 10).join(', ');
  return badRequest(
    `Request had ${problems.length} constraint violations. Please fix the request and try again. [${shown}]`,
  );
}

/** Marks a member of an object as required. */
export function needed<T>(check: Check<T>): Needed<T> {
  return { needed: check };
}

/**
 * An object with these members. An explicit `null` for an optional member means absent, as the API
 * has it. Unknown members are refused unless `open`.
 */
export function object<S extends Record<string, Field>>(
  shape: S,
  options?: { open?: boolean },
): Check<Checked<S>> {
  const fields = new Map(Object.entries(shape));
  const obligatory = [...fields]
    .filter(([, field]) => typeof field !== 'function')
    .map(([name]) => name);
  return (value, path, problems) => {
    if (!isObject(value)) {
      problems.push(`${path || 'body'} must be an object`);
      return {} as Checked<S>;
    }
    const result: Record<string, unknown> = {};
    for (const name of Object.keys(value)) {
      const member = value[name];
      const field = fields.get(name);
      if (field === undefined) {
        if (options?.open !== true) problems.push(`${join(path, name)} is not a known property`);
        continue;
      }
      if (member === null || member === undefined) continue;
      result[name] = (typeof field === 'function' ? field : field.needed)(
        member,
        join(path, name),
        problems,
      );
    }
    for (const name of obligatory) {
      if (!Object.hasOwn(result, name)) problems.push(`${join(path, name)} must not be null`);
    }
    return result as Checked<S>;
  };
}

/** An array whose elements pass `check`. */
export function array<T>(check: Check<T>, size: { min?: number; max?: number } = {}): Check<T[]> {
  const { min = 0, max = Number.POSITIVE_INFINITY } = size;
  return (value, path, problems) => {
    if (!Array.isArray(value)) {
      problems.push(`${path} must be an array`);
      return [];
    }
    if (value.length < min || value.length > max) {
      problems.push(`${path} size must be between ${min} and ${max}`);
      return [];
    }
    return value.map((element: unknown, index) => check(element, `${path}[${index}]`, problems));
  };
}

/** Text with a length in characters, or in bytes when `bytes`. */
export function text(limits: { min?: number; max?: number; bytes?: boolean } = {}): Check<string> {
  const { min = 0, max = Number.POSITIVE_INFINITY, bytes = false } = limits;
  return (value, path, problems) => {
    if (typeof value !== 'string') {
      problems.push(`${path} must be a string`);
      return '';
    }
    const length = bytes ? Buffer.byteLength(value) : value.length;
    if (length < min || length > max)
      problems.push(`${path} size must be between ${min} and ${max}`);
    return value;
  };
}

/** A whole number. */
export function integer(limits: { min?: number; max?: number } = {}): Check<number> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = limits;
  return (value, path, problems) => {
    if (typeof value !== 'number' || !Number.isInteger(value))
      problems.push(`${path} must be an integer`);
    else if (value < min || value > max) problems.push(`${path} must be between ${min} and ${max}`);
    return value as number;
  };
}

/** Any finite number. */
export function number(limits: { min?: number; max?: number } = {}): Check<number> {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = limits;
  return (value, path, problems) => {
    if (typeof value !== 'number') problems.push(`${path} must be a number`);
    else if (!(value >= min && value <= max))
      problems.push(`${path} must be between ${min} and ${max}`);
    return value as number;
  };
}

/** True or false. */
export const boolean: Check<boolean> = (value, path, problems) => {
  if (typeof value !== 'boolean') problems.push(`${path} must be a boolean`);
  return value as boolean;
};

/** One of these words. */
export function oneOf<T extends string>(...words: readonly T[]): Check<T> {
  return (value, path, problems) => {
    if (!words.includes(value as T)) problems.push(`${path} must be one of ${words.join(', ')}`);
    return value as T;
  };
}

/** Anything at all; the handler looks at it itself. */
export const anything: Check<unknown> = (value) => value;

/**
 * Adds a rule of its own to a check; the rule returns a problem, or `undefined`. It runs only on
 * values that passed.
 */
export function where<T>(check: Check<T>, rule: (value: T) => string | undefined): Check<T> {
  return (value, path, problems) => {
    const before = problems.length;
    const result = check(value, path, problems);
    if (problems.length > before) return result;
    const problem = rule(result);
    if (problem !== undefined) problems.push(`${path || 'body'} ${problem}`);
    return result;
  };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True if a member is there: null means absent, as the API has it. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
