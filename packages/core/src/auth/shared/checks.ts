import { ConfigError } from '../../errors.js';
import { isLoopback } from '../../transport/url.js';

/**
 * @param mayBeLocal whether http URLs of this machine are accepted
 * @throws {ConfigError} when it is not an https URL.
 */
export function checkEndpoint(name: string, url: string | undefined, mayBeLocal = true): string {
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined)
    throw new ConfigError(`${name} must be a URL such as 'https://login.example.com/token'`);
  if (
    parsed.protocol !== 'https:' &&
    !(parsed.protocol === 'http:' && mayBeLocal && isLoopback(parsed))
  )
    throw new ConfigError(`${name} would send a secret unencrypted; use https`);
  return parsed.href;
}

/** @throws {ConfigError} naming every text of `values` that is not set. */
export function checkTexts(what: string, values: Readonly<Record<string, unknown>>): void {
  const unset = Object.keys(values).filter(
    (key) => typeof values[key] !== 'string' || values[key] === '',
  );
  if (unset.length > 0) throw new ConfigError(`${what}: ${unset.join(', ')} must be set`);
}

/** @throws {ConfigError} when it is no array, such as one string of all scopes. */
export function checkScopes(scopes: unknown): void {
  if (!Array.isArray(scopes)) throw new ConfigError("scopes must be an array, such as ['openid']");
}
