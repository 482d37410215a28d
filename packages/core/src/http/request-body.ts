import { gzip } from '#platform';
import { ConfigError } from '../errors.js';
import type { RequestSpec } from '../transport.js';
import type { WireBody } from './http-client.js';

/** Below this gzip costs more than it saves. @unit characters */
const WORTH_COMPRESSING = 8192;

export interface EncodedBody {
  readonly body: WireBody | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The bytes of a request.
 *
 * @param compress `auto` compresses large JSON and protobuf, which data points are written in; `always` everything
 * @throws {ConfigError} when JSON cannot say it: a cycle, a BigInt, NaN, Infinity.
 */
export async function encodeBody(
  { body, contentType, method, path }: RequestSpec,
  compress: 'auto' | 'always' | 'never',
): Promise<EncodedBody> {
  if (body === undefined) return { body, headers: {} };
  if (body instanceof Blob || body instanceof ReadableStream)
    return { body, headers: { 'content-type': contentType ?? 'application/octet-stream' } };
  const bytes = body instanceof ArrayBuffer ? new Uint8Array(body) : body instanceof Uint8Array ? body : undefined;
  const data = bytes ?? toJson(body, `${method} ${path}`);
  const type = contentType ?? (bytes === undefined ? 'application/json' : 'application/octet-stream');
  // Protobuf by any of its names, none of which is spelled out: programs that send none carry no trace of it.
  const shrinks = bytes === undefined || /^application\/.*buf$/.test(type);
  const worth = compress === 'always' || (compress === 'auto' && shrinks && data.length > WORTH_COMPRESSING);
  return worth
    ? { body: await gzip(data), headers: { 'content-type': type, 'content-encoding': 'gzip' } }
    : { body: data, headers: { 'content-type': type } };
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
