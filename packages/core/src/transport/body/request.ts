import { ConfigError } from '../../errors.js';
import { printable } from '../../values/text.js';
import type { WireBody } from '../interceptor.js';
import type { RequestSpec } from '../transport.js';

export interface EncodedBody {
  readonly body: WireBody | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The bytes of a request.
 *
 * @throws {ConfigError} for values that JSON cannot carry: a cycle, a BigInt, NaN, Infinity, an
 * invalid date, half a surrogate pair.
 */
export function encodeBody({ body, contentType, method, path }: RequestSpec): EncodedBody {
  if (body === undefined) return { body, headers: {} };
  const bytes = body instanceof ArrayBuffer ? new Uint8Array(body) : body;
  const binary =
    bytes instanceof Uint8Array || bytes instanceof Blob || bytes instanceof ReadableStream;
  const ready = binary || (contentType !== undefined && typeof bytes === 'string');
  return {
    body: ready ? bytes : toJson(body, `${method} ${path}`),
    headers: {
      'content-type': contentType ?? (binary ? 'application/octet-stream' : 'application/json'),
    },
  };
}

function toJson(body: unknown, label: string): string {
  let text: string;
  try {
    text = JSON.stringify(body);
  } catch (error) {
    throw new ConfigError(`${label}: the body cannot be written as JSON`, { cause: error });
  }
  // JSON turns NaN, Infinity and invalid dates into null, and halves of a surrogate pair into
  // escapes that servers store as U+FFFD: data would be lost silently. Looked for only where a null
  // or such a half came out.
  if (/null|\\ud[89a-f]/.test(text ?? ''))
    JSON.stringify(body, function (this: Readonly<Record<string, unknown>>, key, value: unknown) {
      const isText = typeof value === 'string';
      if (
        /\p{Cs}/u.test(isText ? `${key} ${value}` : key) ||
        (typeof value === 'number'
          ? !Number.isFinite(value)
          : value === null && this[key] instanceof Date)
      )
        throw new ConfigError(
          `${label}: ${printable(key) || 'the body'} is ${value === null ? 'an invalid date' : isText ? printable(value) : value}, which JSON cannot carry`,
        );
      return value;
    });
  return text;
}
