import { ConfigError } from '../../errors.js';
import type { WireBody } from '../attempt.js';
import type { RequestSpec } from '../transport.js';

export interface EncodedBody {
  readonly body: WireBody | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The bytes of a request.
 *
 * @param compress gives the smaller bytes, where it is worth it
 * @throws {ConfigError} when JSON cannot say it: a cycle, a BigInt, NaN, Infinity.
 */
export async function encodeBody(
  { body, contentType, method, path }: RequestSpec,
  compress?: (data: string | Uint8Array, contentType: string) => Promise<Uint8Array> | undefined,
): Promise<EncodedBody> {
  if (body === undefined) return { body, headers: {} };
  const type = (usual: string): { 'content-type': string } => ({ 'content-type': contentType ?? usual });
  const binary = 'application/octet-stream';
  if (body instanceof Blob || body instanceof ReadableStream) return { body, headers: type(binary) };
  const bytes = body instanceof ArrayBuffer ? new Uint8Array(body) : body instanceof Uint8Array ? body : undefined;
  const data = bytes ?? toJson(body, `${method} ${path}`);
  const headers = type(bytes === undefined ? 'application/json' : binary);
  const smaller = await compress?.(data, headers['content-type']);
  return smaller === undefined
    ? { body: data, headers }
    : { body: smaller, headers: { ...headers, 'content-encoding': 'gzip' } };
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
