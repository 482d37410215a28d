import { runInNewContext } from 'node:vm';

/** What a caller does with its arguments: it makes an object or an array, and has it back after. */
export interface Manner {
  readonly makeArray: () => unknown[];
  /** @param size how many members it is going to have */
  readonly makeObject: (size: number) => Record<string, unknown>;
  readonly after: (made: readonly object[]) => void;
}

class Rows extends Array<unknown> {}
class Fields {}
const elsewhere = runInNewContext('({ Array, Object })') as typeof globalThis;

/** Callers that no method may be surprised by. */
export const MANNERS = {
  /** Empties its arguments as soon as a method has returned. What still reads them reads nothing. */
  fleeting: manner({
    after: (made) => {
      for (const each of made)
        if (Array.isArray(each)) each.length = 0;
        else for (const name of Object.keys(each)) delete (each as Record<string, unknown>)[name];
    },
  }),
  /** Its arguments are of another realm, as those of test runners and of frames are. */
  foreign: manner({
    makeArray: () => new elsewhere.Array(),
    makeObject: () => new elsewhere.Object() as Record<string, unknown>,
  }),
  /** Its arguments have no prototype. */
  bare: manner({ makeObject: () => Object.create(null) }),
  /** Its arguments are of classes of its own. */
  classy: manner({
    makeArray: () => new Rows(),
    // One without members may be anything, such as a promise that was not awaited.
    makeObject: (size) => (size === 0 ? {} : new Fields()) as Record<string, unknown>,
  }),
} as const;

function manner(of: Partial<Manner>): Manner {
  return { makeArray: () => [], makeObject: () => ({}), after: () => {}, ...of };
}

/** A client, or anything that it gives, as a caller of some manner has it. */
export function calledBy<T>(manner: Manner, value: T): T {
  return new Caller(manner).shadow(value) as T;
}

type Method = (...values: unknown[]) => unknown;

const originals = new WeakMap<object, object>();

/** Methods that write: what is inside an array of theirs, or a single item, is taken as it is. */
const WRITES = /^(create|up|insert|apply)/;

class Caller {
  readonly #manner: Manner;
  readonly #shadows = new WeakMap<object, object>();

  constructor(manner: Manner) {
    this.#manner = manner;
  }

  shadow(value: unknown): unknown {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
    if (originals.has(value) || ArrayBuffer.isView(value)) return value;
    const known = this.#shadows.get(value);
    if (known !== undefined) return known;
    const made = new Proxy(value, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        const fixed = Object.getOwnPropertyDescriptor(target, name);
        if (fixed?.configurable === false && fixed.writable === false) return member;
        // What clients are made of hands values on to others.
        if (name === 'transport') return member;
        return typeof member === 'function'
          ? (...values: unknown[]) => this.#call(member as Method, target, name, values)
          : this.shadow(member);
      },
      apply: (target, self, values) => this.#call(target as Method, self, '', values),
    });
    this.#shadows.set(value, made);
    originals.set(made, value);
    return made;
  }

  #call(method: Method, self: unknown, name: string | symbol, values: unknown[]): unknown {
    if (name === 'then')
      return Reflect.apply(
        method,
        self,
        values.map((callback) => this.#afterwards(callback)),
      );
    const isWrite = WRITES.test(String(name));
    const made = new Map<unknown, object>();
    const own = values.map((value) => this.#copyOf(value, made, isWrite));
    const result: unknown = Reflect.apply(method, self, own);
    this.#manner.after([...made.values()]);
    return name === Symbol.asyncIterator ? result : this.shadow(result);
  }

  #afterwards(callback: unknown): unknown {
    return typeof callback === 'function'
      ? (value: unknown) => callback(this.shadow(value) as never)
      : callback;
  }

  /** @param made the copies of what is plain */
  #copyOf(value: unknown, made: Map<unknown, object>, isWrite = false): unknown {
    const original = originals.get(value as object) ?? value;
    const known = made.get(original);
    if (known !== undefined) return known;
    if (Array.isArray(original) && Object.getPrototypeOf(original) === Array.prototype) {
      const copy = this.#manner.makeArray();
      made.set(original, copy);
      for (const each of original) copy.push(isWrite ? each : this.#copyOf(each, made));
      return copy;
    }
    if (!isPlain(original)) return original;
    const members = Object.entries(original);
    const copy = this.#manner.makeObject(members.length);
    made.set(original, copy);
    for (const [name, each] of members) copy[name] = isWrite ? each : this.#copyOf(each, made);
    return copy;
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  // Views are values, as those of classes are, and what is frozen.
  if ('~standard' in value || Object.isFrozen(value)) return false;
  return Object.getPrototypeOf(value) === Object.prototype;
}
