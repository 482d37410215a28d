import { safeText } from '../transport/failure/redact.js';
import { secretFilter } from '../transport/failure/secrets.js';

/**
 * Details of the runtime's errors that come from its own configuration and the operating system,
 * not from a server.
 */
const DETAILS = ['code', 'errno', 'syscall', 'address', 'port', 'hostname', 'proxy', 'setting'];

/**
 * The runtime's own error as the cause of one of ours. One that repeats bytes of a server (undici
 * keeps the bytes of an answer that is not HTTP), or that holds objects (a `fetch` of others may
 * keep the request, with its token), is replaced by a copy without it.
 */
export function safeCause(error: unknown, secrets: readonly string[]): unknown {
  return copyOf(error, secretFilter(secrets), 0);
}

function copyOf(error: unknown, filter: (text: string) => string, depth: number): unknown {
  if (!(error instanceof Error))
    return typeof error === 'string'
      ? safeText(filter(error))
      : typeof error === 'object'
        ? undefined
        : error;
  const { cause, errors } = error as { cause?: unknown; errors?: unknown };
  const deeper = (each: unknown): unknown => copyOf(each, filter, depth + 1);
  const own = Object.entries(error).filter(
    ([, value]) => typeof value === 'string' || Buffer.isBuffer(value),
  );
  const texts = [error.message, ...own.map(([, value]) => String(value))];
  const innerCause = depth < 6 && cause !== undefined ? deeper(cause) : undefined;
  const innerErrors = Array.isArray(errors) && depth < 6 ? errors.map(deeper) : undefined;
  const isSame = (innerErrors ?? []).every((each, index) => (errors as unknown[])[index] === each);
  const isSafe = (text: string): boolean =>
    text.length < 500 && safeText(filter(text)) === text.replace(/ +/g, ' ').trim();
  const holdsObjects = Object.entries(error).some(
    ([name, value]) =>
      !['cause', 'errors'].includes(name) &&
      typeof value === 'object' &&
      value !== null &&
      !Buffer.isBuffer(value),
  );
  if (!holdsObjects && innerCause === cause && isSame && texts.every(isSafe)) return error;
  const copy = new Error(
    safeText(filter(error.message)),
    innerCause === undefined ? {} : { cause: innerCause },
  );
  Object.defineProperty(copy, 'name', { value: error.name, configurable: true });
  if (innerErrors !== undefined) Object.assign(copy, { errors: innerErrors });
  for (const [name, value] of Object.entries(error))
    if (DETAILS.includes(name) && typeof value !== 'object')
      Object.assign(copy, { [name]: typeof value === 'string' ? safeText(filter(value)) : value });
  return copy;
}
