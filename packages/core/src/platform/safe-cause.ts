import { inspect, types } from 'node:util';
import { safeText } from '../transport/failure/redact.js';
import { secretFilter } from '../transport/failure/secrets.js';

/**
 * Details of the runtime's errors that come from its own configuration and the operating system,
 * not from a server.
 */
const DETAILS = ['code', 'errno', 'syscall', 'address', 'port', 'hostname', 'proxy', 'setting'];

/**
 * The runtime's own error as the cause of one of ours. One that repeats bytes of a server (undici
 * keeps the bytes of an answer that is not HTTP), or that may hold more than harmless values (a
 * `fetch` of others may keep the request, with its token), is replaced by a copy without it; one
 * that cannot be read is left out.
 */
export function safeCause(error: unknown, secrets: readonly string[]): unknown {
  try {
    return copyOf(error, secretFilter(secrets), 0);
  } catch {
    return undefined;
  }
}

function copyOf(error: unknown, filter: (text: string) => string, depth: number): unknown {
  if (!(error instanceof Error))
    return typeof error === 'string'
      ? safeText(filter(error))
      : /^(object|function|symbol)$/.test(typeof error)
        ? undefined
        : error;
  const { cause, errors } = error as { cause?: unknown; errors?: unknown };
  const deeper = (each: unknown): unknown => copyOf(each, filter, depth + 1);
  const innerCause = depth < 6 && cause !== undefined ? deeper(cause) : undefined;
  const innerErrors = Array.isArray(errors) && depth < 6 ? errors.map(deeper) : undefined;
  const isSame = (innerErrors ?? []).every((each, index) => (errors as unknown[])[index] === each);
  const isSafe = (text: string): boolean =>
    text.length < 500 && safeText(filter(text)) === text.replace(/ +/g, ' ').trim();
  const texts = textsOf(error);
  if (texts?.every(isSafe) && innerCause === cause && isSame) return error;
  const copy = new Error(
    safeText(filter(error.message)),
    innerCause === undefined ? {} : { cause: innerCause },
  );
  Object.defineProperty(copy, 'name', { value: safeText(filter(error.name)), configurable: true });
  if (innerErrors !== undefined) Object.assign(copy, { errors: innerErrors });
  for (const [name, value] of Object.entries(error))
    if (DETAILS.includes(name) && !/^(object|function|symbol)$/.test(typeof value))
      Object.assign(copy, { [name]: typeof value === 'string' ? safeText(filter(value)) : value });
  return copy;
}

/**
 * Every string of an error, besides its cause and inner errors; `undefined` if it has or may have
 * anything but strings, numbers and the like.
 */
function textsOf(error: Error): string[] | undefined {
  if (types.isProxy(error) || inspect.custom in error || 'toJSON' in error) return undefined;
  const texts = [error.name, error.message, ...String(error.stack).split('\n')];
  for (const key of Reflect.ownKeys(error)) {
    texts.push(typeof key === 'symbol' ? (key.description ?? '') : key);
    // The stack is a getter in some versions.
    if (key === 'cause' || key === 'stack') continue;
    const { value, get } = Object.getOwnPropertyDescriptor(error, key) as PropertyDescriptor;
    if (key === 'errors' && Array.isArray(value)) continue;
    if (typeof value === 'string' || Buffer.isBuffer(value)) texts.push(String(value));
    else if (get || typeof value === 'function' || Object(value) === value) return undefined;
  }
  return hasGetters(error) ? undefined : texts;
}

/** True if a class of others may give out more than the properties of its errors. */
function hasGetters(error: Error): boolean {
  let shape = Object.getPrototypeOf(error) as object | null;
  while (shape !== null && shape !== DOMException.prototype && shape !== Object.prototype) {
    if (Object.values(Object.getOwnPropertyDescriptors(shape)).some(({ get }) => get)) return true;
    shape = Object.getPrototypeOf(shape) as object | null;
  }
  return false;
}
