import { ConfigError } from '../../errors.js';
import { shown } from '../../values/text.js';
import type { AccessToken, CredentialProvider, TokenContext } from '../shared/credentials.js';
import { jwtExpiry } from '../shared/jwt.js';
import { TokenCache } from '../shared/token-cache.js';

/**
 * A token that you have, or a function that gets one. A JWT that a function gives is remembered
 * until 30 s before its `exp`; other tokens are not remembered. The function runs once for all calls
 * that wait. It runs again, though the last run may not have ended, when all of them have given up
 * after `timeoutMs`, and when CDF has refused the last token: one that never ends blocks no others.
 *
 * @example
 * new Token(process.env.CDF_TOKEN);
 * new Token(async () => (await myIdentityLibrary.acquireToken()).accessToken);
 */
export class Token implements CredentialProvider {
  readonly #token: AccessToken | undefined;
  readonly #cache: TokenCache | undefined;

  /**
   * @throws {ConfigError} when it is neither a non-empty string without the prefix `Bearer` nor a
   * function.
   */
  constructor(source: string | (() => string | Promise<string>)) {
    if (typeof source !== 'function' && (typeof source !== 'string' || source.trim() === ''))
      throw new ConfigError('new Token(…) needs a token or a function; is its variable set?');
    // A string never changes: it needs no memory and no wait.
    if (typeof source === 'string') this.#token = toToken(source);
    else this.#cache = new TokenCache(async () => toToken(await source()));
  }

  /** @throws {ConfigError} when the function returns no token. Its own exceptions pass through. */
  async getToken(context: TokenContext): Promise<AccessToken> {
    return this.#token ?? (this.#cache as TokenCache).get(context);
  }
}

function toToken(given: unknown): AccessToken {
  if (typeof given !== 'string' || given.trim() === '')
    throw new ConfigError(`the function of new Token(…) returned ${shown(given)}`);
  const value = given.trim();
  if (/^(authorization\s*:\s*)?bearer([\s:]|$)/i.test(value))
    throw new ConfigError('new Token(…) needs the token without "Bearer"; the SDK adds it');
  return { value, expiresAt: jwtExpiry(value) };
}
