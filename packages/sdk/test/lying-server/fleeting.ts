/**
 * A client, or anything that it gives, whose callers take their arguments back: they are emptied
 * as soon as a method has returned. What still reads them then reads nothing.
 */
export function fleeting<T>(value: T): T {
  return shadow(value) as T;
}

const shadows = new WeakMap<object, object>();
const originals = new WeakMap<object, object>();

function shadow(value: unknown): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
  if (originals.has(value) || ArrayBuffer.isView(value)) return value;
  const known = shadows.get(value);
  if (known !== undefined) return known;
  const made = new Proxy(value, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      const fixed = Object.getOwnPropertyDescriptor(target, name);
      if (fixed?.configurable === false && fixed.writable === false) return member;
      // What clients are made of hands values on to others.
      if (name === 'transport') return member;
      return typeof member === 'function'
        ? (...values: unknown[]) => call(member as Method, target, name, values)
        : shadow(member);
    },
    apply: (target, self, values) => call(target as Method, self, '', values),
  });
  shadows.set(value, made);
  originals.set(made, value);
  return made;
}

type Method = (...values: unknown[]) => unknown;

/** Methods that write: what is inside an array of theirs, or a single item, is taken as it is. */
const WRITES = /^(create|up|insert|apply)/;

function call(method: Method, self: unknown, name: string | symbol, values: unknown[]): unknown {
  if (name === 'then') return Reflect.apply(method, self, values.map(afterwards));
  const isWrite = WRITES.test(String(name));
  const made = new Map<unknown, unknown>();
  const own = values.map((value) => copyOf(value, made, isWrite));
  const result: unknown = Reflect.apply(method, self, own);
  for (const copy of made.values()) empty(copy);
  return name === Symbol.asyncIterator ? result : shadow(result);
}

function afterwards(callback: unknown): unknown {
  return typeof callback === 'function'
    ? (value: unknown) => callback(shadow(value) as never)
    : callback;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  // Views are values, as those of classes are, and what is frozen.
  if ('~standard' in value || Object.isFrozen(value)) return false;
  return Object.getPrototypeOf(value) === Object.prototype;
}

/** @param made the copies of what is plain */
function copyOf(value: unknown, made: Map<unknown, unknown>, isWrite = false): unknown {
  const original = originals.get(value as object) ?? value;
  const known = made.get(original);
  if (known !== undefined) return known;
  if (Array.isArray(original) && Object.getPrototypeOf(original) === Array.prototype) {
    const copy: unknown[] = [];
    made.set(original, copy);
    for (const each of original) copy.push(isWrite ? each : copyOf(each, made));
    return copy;
  }
  if (!isPlain(original)) return original;
  const copy: Record<string, unknown> = {};
  made.set(original, copy);
  for (const [name, each] of Object.entries(original))
    copy[name] = isWrite ? each : copyOf(each, made);
  return copy;
}

function empty(copy: unknown): void {
  if (Array.isArray(copy)) copy.length = 0;
  else if (isPlain(copy)) for (const name of Object.keys(copy)) delete copy[name];
}
