import { CdfError, ConfigError } from '@cdf/core';
import { quoted } from '@cdf/core/resource';

// Arguments as data. A function, a promise that was not awaited or an object that is part of itself
// would be lost on the way to JSON, or end in an error that names no member.

/**
 * Checks that an argument is data: values, times, and arrays and objects of them.
 *
 * @param what comes before the path in messages
 * @throws {ConfigError} with the path of the member that is something else, or cannot be read
 */
export function checkData(value: unknown, what: string): void {
  walk({ what, path: [], within: [], leaf: undefined }, value);
}

/**
 * A copy of a value as JSON carries it: times as strings, objects with `toJSON` as it says.
 *
 * @param takesBigints a schema has let them through: they are written as integers
 * @throws {ConfigError} with the path of the member that JSON cannot carry
 */
export function toJsonData<T>(value: T, what: string, takesBigints = false): T {
  const leaf: Place['leaf'] = (member, refuse) =>
    takesBigints && typeof member === 'bigint' ? member : toJsonValue(member, refuse);
  return walk({ what, path: [], within: [], leaf }, value) as T;
}

/** An argument that throws when it is looked at. */
export function unreadable(what: string, error: unknown): Error {
  // Messages of this package name the member already.
  if (CdfError.isInstance(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new ConfigError(`${what} cannot be read: ${reason}`, { cause: error });
}

interface Place {
  readonly what: string;
  readonly path: readonly (string | number)[];
  readonly within: readonly object[];
  /** Makes the copy of a single value. */
  readonly leaf: ((value: unknown, refuse: Refuse) => unknown) | undefined;
}

type Refuse = (got: string) => ConfigError;

/** @returns a copy, where there is a `leaf` */
function walk(place: Place, value: unknown): unknown {
  try {
    return copyOf(place, value);
  } catch (error) {
    throw unreadable(shown(place), error);
  }
}

function copyOf(place: Place, value: unknown): unknown {
  const { within, leaf } = place;
  const refuse: Refuse = (got) => new ConfigError(`${shown(place)}: expected a value, got ${got}`);
  if (typeof value === 'function' || typeof value === 'symbol') throw refuse(`a ${typeof value}`);
  if (typeof value !== 'object' || value === null || isTime(value)) return leaf?.(value, refuse);
  if (within.length === DEEPEST)
    throw new ConfigError(`${shown(place)}: more than ${DEEPEST} values inside one another`);
  if (within.includes(value)) throw new ConfigError(`${shown(place)} is part of itself`);
  const { toJSON } = value as { readonly toJSON?: unknown };
  if (leaf !== undefined && typeof toJSON === 'function')
    return walk({ ...place, within: [...within, value] }, toJSON.call(value));
  const member = (name: string | number): unknown =>
    read({ ...place, path: [...place.path, name], within: [...within, value] }, value, name);
  if (Array.isArray(value)) return Array.from(value.keys(), member);
  const names = Object.keys(value);
  if (names.length === 0 && !isPlain(value)) throw refuse(className(value));
  const copies = names.map((name) => [name, member(name)] as const);
  return leaf && Object.fromEntries(copies.filter(([, copy]) => copy !== undefined));
}

function read(place: Place, object: object, name: string | number): unknown {
  let value: unknown;
  try {
    value = (object as Readonly<Record<string, unknown>>)[name];
  } catch (error) {
    throw unreadable(shown(place), error);
  }
  const isLeftOut = value === undefined && typeof name === 'string';
  return isLeftOut ? undefined : walk(place, value);
}

function toJsonValue(value: unknown, refuse: Refuse): unknown {
  if (typeof value === 'bigint') throw refuse(`the bigint ${value}, which JSON cannot carry`);
  if (value === undefined) throw refuse('undefined');
  if (typeof value === 'number' && !Number.isFinite(value))
    throw refuse(`${value}, which JSON cannot carry`);
  if (typeof value === 'string' && /\p{Cs}/u.test(value))
    throw refuse(`half of a surrogate pair, in ${quoted(value.slice(0, 60))}`);
  if (typeof value !== 'object' || value === null) return value;
  const time =
    value instanceof Date
      ? value
      : new Date((value as { epochMilliseconds: number }).epochMilliseconds);
  if (Number.isNaN(time.getTime())) throw refuse('an invalid date');
  return time.toISOString();
}

/** A date, or an instant of Temporal. Data may have a member of that name too. */
export function isTime(value: object): boolean {
  return value instanceof Date || ('epochMilliseconds' in value && !isPlain(value));
}

/**
 * Made by a literal, in this realm or in another one. Not core's: with an import of it here, Vite
 * loads 1.6 kB more with a page's first view.
 */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function className(object: object): string {
  if (object instanceof Promise) return 'a Promise; await it';
  return `an instance of ${quoted(String(object.constructor?.name)).slice(1, -1)}`;
}

/** Values inside one another. V8 ends the process where the stack ends within a search of a text. */
const DEEPEST = 500;
/** Parts of a path that messages have. */
const MOST_SHOWN = 20;

/** `list nodes: where.or[1].name` */
function shown({ what, path }: Place): string {
  if (path.length === 0) return what.replace(/:? $/, '');
  const text = path
    .slice(0, MOST_SHOWN)
    .map((part) =>
      typeof part === 'number'
        ? `[${part}]`
        : /^[\w$]+$/.test(part)
          ? `.${part}`
          : `[${quoted(part)}]`,
    );
  if (path.length > MOST_SHOWN) text.push('…');
  const isFirst = what.endsWith(' ') && text[0]?.startsWith('.');
  return (what + (isFirst ? text.join('').slice(1) : text.join(''))).trimEnd();
}
