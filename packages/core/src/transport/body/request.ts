import { ConfigError } from '../../errors.js';
import type { WireBody } from '../interceptor.js';
import type { RequestSpec } from '../transport.js';

export interface EncodedBody {
  readonly body: WireBody | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The bytes of a request.
 *
 * @throws {ConfigError} for values that JSON cannot carry: a cycle, a BigInt, NaN, Infinity.
 */
export function encodeBody({ body, contentType, method, path }: RequestSpec): EncodedBody {
  if (body === undefined) return { body, headers: {} };
  const bytes = body instanceof ArrayBuffer ? new Uint8Array(body) : body;
  const binary = bytes instanceof Uint8Array || bytes instanceof Blob || bytes instanceof ReadableStream;
  const ready = binary || (contentType !== undefined && typeof bytes === 'string');
  return {
    body: ready ? bytes : toJson(body, `${method} ${path}`),
    headers: { 'content-type': contentType ?? (binary ? 'application/octet-stream' : 'application/json') },
  };
}

function toJson(body: unknown, label: string): string {
  let text: string;
  try {
    text = JSON.stringify(body);
  } catch (error) {
    throw new ConfigError(`${label}: the body cannot be written as JSON`, { cause: error });
  }
  // JSON turns NaN and Infinity into null, and data would be lost without a word. Looked for only where a null came out.
  if (text?.includes('null'))
    JSON.stringify(body, (key, value: unknown) => {
      if (typeof value === 'number' && !Number.isFinite(value))
        throw new ConfigError(`${label}: ${key || 'the body'} is ${value}, which JSON cannot carry`);
      return value;
    });
  return text;
}
