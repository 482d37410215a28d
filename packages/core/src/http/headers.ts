import type { ResolvedConfig } from '../config.js';
import { ConfigError } from '../errors.js';
import { quoted } from '../printable.js';
import type { ResponseKind } from '../transport.js';
import { VERSION } from '../version.js';

/** Formats are called by their media types, so that those who ask for another than JSON are the only ones to name it. */
export function isFormat(accept: ResponseKind): boolean {
  return accept !== 'bytes' && accept !== 'stream';
}

/**
 * Later records win. Names are lower case.
 *
 * @throws {ConfigError} when one cannot be a header. Its value is not repeated: it may be secret.
 */
export function mergeHeaders(
  ...records: readonly (Readonly<Record<string, string>> | undefined)[]
): Record<string, string> {
  const merged: Record<string, string> = {};
  for (const record of records)
    for (const [name, value] of Object.entries(record ?? {})) {
      if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
        throw new ConfigError(`the header ${quoted(name.slice(0, 60))} has a name or a value that no header can have`);
      merged[name.toLowerCase()] = value;
    }
  return merged;
}

/** Without what could authenticate: that is the transport's business alone. */
export function withoutCredentials(headers: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const { authorization, 'api-key': _key, cookie, 'proxy-authorization': _proxy, ...rest } = mergeHeaders(headers);
  return rest;
}

/** What every request to the API says about its sender. */
export function clientHeaders(config: ResolvedConfig, accept: ResponseKind): Record<string, string> {
  return {
    accept: isFormat(accept) ? `application/${accept}` : '*/*',
    'x-cdp-sdk': `CdfTypeScriptSDK:${VERSION}`,
    'x-cdp-app': headerText(config.clientName),
    'cdf-version': config.apiVersion,
  };
}

/** Any text as a header: what is not printable ASCII is percent-encoded UTF-8. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, (part) =>
    Array.from(new TextEncoder().encode(part), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(
      '',
    ),
  );
}

/** @throws {ConfigError} when the token cannot be a header. It is not repeated. */
export function authHeader(token: string, scheme: 'bearer' | 'api-key' = 'bearer'): Record<string, string> {
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new ConfigError('the token is empty or has characters that no token has, such as spaces or line breaks');
  return scheme === 'api-key' ? { 'api-key': token } : { authorization: `Bearer ${token}` };
}
