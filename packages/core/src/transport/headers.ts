import { ConfigError } from '../errors.js';
import { quoted } from '../values/text.js';
import type { ResolvedConfig } from './config.js';
import type { ResponseKind } from './transport.js';
import { VERSION } from './version.js';

/**
 * Formats are called by their media types, so that those who ask for another than JSON are the only
 * ones to name it.
 */
export function isFormat(accept: ResponseKind): boolean {
  return !/^(bytes|stream|response)/.test(accept);
}

// In patterns, space to ~ is printable ASCII.

/** Headers that authenticate: only the transport sets them. */
const CREDENTIALS = /^(authorization|api-key|cookie|proxy-authorization)$/;

/**
 * Later records win. Names are lower case, and headers that could authenticate, or have no value,
 * are left out.
 *
 * @throws {ConfigError} when one cannot be a header. Its value is not repeated: it may be secret.
 */
export function mergeHeaders(
  ...records: readonly (Readonly<Record<string, string>> | undefined)[]
): Record<string, string> {
  const merged: Record<string, string> = {};
  for (const record of records)
    for (const [given, value] of Object.entries(record ?? {})) {
      const name = given.toLowerCase();
      if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !/^[\t -~\x80-\xff]*$/.test(value))
        throw new ConfigError(
          `the header ${quoted(given.slice(0, 60))} has an invalid name or value`,
        );
      if (!CREDENTIALS.test(name) && value != null) merged[name] = value;
    }
  return merged;
}

/** Headers about the sender, on every request to the API. */
export function clientHeaders(
  config: ResolvedConfig,
  accept: ResponseKind,
): Record<string, string> {
  return {
    accept: isFormat(accept) ? `application/${accept}` : '*/*',
    'x-cdp-sdk': `CdfTypeScriptSDK:${VERSION}`,
    'x-cdp-app': headerText(config.clientName),
    'cdf-version': config.apiVersion,
  };
}

/** Any string as a header: characters that are not printable ASCII are percent-encoded UTF-8. */
function headerText(text: string): string {
  // Halves of characters have no encoding.
  return text.replace(/\p{Cs}/gu, '\ufffd').replace(/[^ -~]+/g, (part) => encodeURIComponent(part));
}

/** @throws {ConfigError} when the token cannot be a header. It is not repeated. */
export function authHeader(
  token: string,
  scheme: 'bearer' | 'api-key' = 'bearer',
): Record<string, string> {
  if (!/^[!-~]+$/.test(token))
    throw new ConfigError('the token is empty, or has spaces or other invalid characters');
  return scheme === 'api-key' ? { 'api-key': token } : { authorization: `Bearer ${token}` };
}
